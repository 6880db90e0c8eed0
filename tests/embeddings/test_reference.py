from __future__ import annotations

import numpy as np
import pytest

from mt2st.embeddings.table import whole_rows

METHODS = ["skipgram", "cbow"]
SENTENCES = [[0, 1, 2, 3, 4], [5, 5, 1, 0], [], [3], [6, 2], [2, 4, 2, 6, 0, 1, 3, 5, 1] * 8]
ALL_BITS = 2**64 - 1
# Words after which a piece ends with its sentence.
PIECE = 250
# Where the streams of negatives and reaches begin, from the key.
NEGATIVES, REACHES = 0x632BE59BD9B4E019, 0xD1342543DE82EF95


def random_bits(key, i):
    """SplitMix64's output function in Python's whole numbers."""
    z = (key + i * 0x9E3779B97F4A7C15) & ALL_BITS
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & ALL_BITS
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & ALL_BITS
    return z ^ z >> 31


def sigmoid(score):
    return 1 / (1 + np.exp(-score))


def negatives_of(words, group, problem, negative, key):
    """The negatives that some words share, but for those that are one of them."""
    found = []
    for i in range(negative):
        bits = random_bits(key + NEGATIVES, group * negative + i)
        column = (bits >> 32) * len(problem.alias.alias) >> 32
        stands = (bits & 0xFFFFFFFF) / 2**32 < problem.alias.threshold[column]
        found.append(column if stands else int(problem.alias.alias[column]))
    return [word for word in found if word not in words]


def window_of(ends, i, window, key):
    """The places around word i that its reach covers; its sentence is from ``ends[i][0]`` to ``ends[i][1]``."""
    reach = 1 + ((random_bits(key + REACHES, i) >> 32) * window >> 32)
    return [j for j in range(*ends[i]) if j != i and abs(j - i) <= reach]


def skipgram_steps(words, ends, block, problem, window, negative, key):
    """Yield what is trained at once: contexts, each a list of places, targets, labels, which count as pairs."""
    for i in block:
        targets = [words[i], *negatives_of([words[i]], i, problem, negative, key)]
        near = window_of(ends, i, window, key)
        for group in np.array_split(near, -(-len(near) // 6)):
            labels = np.zeros((len(targets), len(group)))
            labels[0] = 1
            yield [[j] for j in group], targets, labels, np.ones_like(labels)


def cbow_steps(words, ends, block, problem, window, negative, key):
    for i in block[::2]:
        two = words[i : i + 2]
        targets = [*two[::-1], *negatives_of(two, i // 2, problem, negative, key)]
        labels = np.eye(len(targets), len(two))
        paired = np.ones_like(labels)
        paired[: len(two)] = np.eye(len(two))[::-1]
        labels[: len(two)] = np.eye(len(two))[::-1]
        yield [window_of(ends, i + k, window, key) for k in range(len(two))], targets, labels, paired


STEPS = {"skipgram": skipgram_steps, "cbow": cbow_steps}


def mean_of(table, places, words, problem):
    return table[[row for place in places for row in problem.rows[words[place]]]].mean(0)


def train_block(method, words, ends, block, problem, table, output, window, negative, rate, key):
    """Train in place on one block; input rows move at its end only."""
    moved, loss, pairs = np.zeros((len(words), table.shape[1])), 0.0, 0
    for contexts, targets, labels, paired in STEPS[method](words, ends, block, problem, window, negative, key):
        means = np.array([mean_of(table, places, words, problem) for places in contexts])
        if method == "skipgram":
            means += moved[[place for (place,) in contexts]]
        right = sigmoid(means @ output[targets].T).T
        loss -= (paired * np.log(np.maximum(np.where(labels, right, 1 - right), 1e-7))).sum()
        steps, moves = rate * paired * (labels - right), np.zeros_like(means)
        for target, step in zip(targets, steps, strict=True):
            moves += np.outer(step, output[target])
            output[target] += step @ means
        for places, move in zip(contexts, moves, strict=True):
            moved[places] += move
        pairs += len(contexts)
    for word, move in zip(words, moved, strict=True):
        for row in problem.rows[word]:
            table[row] += move
    return loss, pairs


def pieces(sentences, order, problem, seed):
    """Yield each piece: its key, its words, the ends of each word's sentence, and how many words were kept."""
    cuts = [sentences[place][at : at + 1000] for place in order for at in range(0, max(len(sentences[place]), 1), 1000)]
    number = 0
    while cuts:
        key, words, ends, kept, read = random_bits(seed, number), [], [], 0, 0
        while cuts and len(words) < PIECE:
            cut = cuts.pop(0)
            draws = [(random_bits(key, read + i) >> 40) / 2**24 for i in range(len(cut))]
            new = [word for word, draw in zip(cut, draws, strict=True) if draw < problem.keep[word]]
            kept, read = kept + len(new), read + len(cut)
            if len(new) > 1:
                ends += [(len(words), len(words) + len(new))] * len(new)
                words += new
        number += 1
        yield key, words, ends, kept


def blocks(ends):
    """Return the blocks of a piece: whole sentences of up to 32 words together, or 32 words, and no pair parted."""
    found, start = [], 0
    while start < len(ends):
        stop = max([end for _, end in ends[start:] if end - start <= 32], default=start + 32)
        stop = min(stop + stop % 2, len(ends))
        found.append(range(start, stop))
        start = stop
    return found


def train_by_hand(method, problem, sentences, order, window, negative, rate, seed):
    """Train in float64 and return both tables, the loss, pairs and words kept."""
    table, output = problem.table.astype(np.float64), problem.output.astype(np.float64)
    loss, pairs, kept = 0.0, 0, 0
    for key, words, ends, new in pieces(sentences, order, problem, seed):
        kept += new
        for block in blocks(ends):
            found = train_block(method, words, ends, block, problem, table, output, window, negative, rate, key)
            loss, pairs = loss + found[0], pairs + found[1]
    return table, output, (loss, pairs, kept)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("subwords", [False, True])
@pytest.mark.parametrize(("window", "negative", "seed"), [(1, 0, 0), (2, 3, 42), (5, 5, ALL_BITS), (9, 20, 9)])
@pytest.mark.parametrize("keep", [None, [0.5, 0.9, 0.0, 0.7, 1.0, 0.3, 0.6]])
def test_the_plain_kernels_do_what_was_defined(pair_problem, method, subwords, window, negative, seed, keep):
    problem, order = pair_problem(subwords=subwords), [4, 1, 0, 3, 2, 5]
    if keep:
        problem.keep[:] = keep
    table, output, (loss, *numbers) = train_by_hand(method, problem, SENTENCES, order, window, negative, 0.01, seed)
    found = problem.train(method, SENTENCES, True, order, window, negative, 0.01, seed)
    assert found == (pytest.approx(loss, rel=1e-5), *numbers, 0)
    assert found[1] > 10
    np.testing.assert_allclose(problem.table, table, atol=1e-5)
    np.testing.assert_allclose(problem.output, output, atol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_long_sentences_are_cut(pair_problem, method):
    problem = pair_problem(words=50, size=3)
    sentences = [np.random.default_rng(3).integers(0, 50, length).tolist() for length in (1001, 2)]
    table, output, (loss, *numbers) = train_by_hand(method, problem, sentences, [0, 1], 3, 2, 0.02, 5)
    assert problem.train(method, sentences, True, None, 3, 2, 0.02, 5) == (pytest.approx(loss, rel=1e-5), *numbers, 0)
    np.testing.assert_allclose(problem.table, table, atol=1e-5)
    np.testing.assert_allclose(problem.output, output, atol=1e-5)


def slopes(function, array, step=1e-5):
    """Return the gradient of a function of an array, by differences."""
    found = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        value = array[place]
        array[place] = value + step
        above = function()
        array[place] = value - step
        found[place] = (above - function()) / (2 * step)
        array[place] = value
    return found


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("subwords", [False, True])
def test_a_small_step_is_down_the_losses_gradient(pair_problem, method, plain, subwords):
    problem, words, rate = pair_problem(size=3, subwords=subwords, scale=1), [0, 1, 2, 0, 6], 2**-12
    table, output, key = problem.table.astype(np.float64), problem.output.astype(np.float64), random_bits(8, 0)

    def loss(weigh):
        total = 0.0
        for contexts, targets, labels, paired in STEPS[method](words, [(0, 5)] * 5, range(5), problem, 3, 4, key):
            means = np.array([mean_of(table, places, words, problem) for places in contexts])
            right = sigmoid(np.where(labels, 1, -1) * (output[targets] @ means.T))
            sizes = [sum(len(problem.rows[words[place]]) for place in places) for places in contexts]
            total -= (paired * np.log(right) * (sizes if weigh else 1)).sum()
        return total

    # Every row of a mean moves by the mean's whole gradient: as many times its own as the mean has rows.
    inputs, outputs = slopes(lambda: loss(True), table), slopes(lambda: loss(False), output)
    assert problem.train(method, [words], plain, None, 3, 4, rate, 8)[0] == pytest.approx(loss(False), rel=2e-3)
    for after, before, slope in ((problem.table, table, inputs), (problem.output, output, outputs)):
        assert abs(slope).max() > 0.3
        np.testing.assert_allclose((after - before) / rate, -slope, atol=0.01 * abs(slope).max())


def both(pair_problem, method, sentences, size, subwords, words=60, quanta=1, **settings):
    """Train by the fast kernel and by the plain one; return both problems and what both returned, added up."""
    fast, plain = (pair_problem(words=words, size=size, subwords=subwords, seed=size) for _ in range(2))
    random = np.random.default_rng(2)
    keep = random.uniform(0.3, 1, words)
    fast.keep[:] = plain.keep[:] = keep
    found = np.zeros((2, 4))
    for quantum in range(quanta):
        order = random.permutation(len(sentences))
        for each, problem in enumerate((fast, plain)):
            found[each] += problem.train(method, sentences, each == 1, order, seed=quantum + 7, **settings)
    return fast, plain, found


def agree(fast, plain, found, atol):
    assert found[0, 1:].tolist() == found[1, 1:].tolist() and found[0, 1] > 50 and found[0, 3] == 0
    assert found[0, 0] == pytest.approx(found[1, 0], rel=1e-6)
    for mine, other in ((fast.table, plain.table), (fast.output, plain.output)):
        np.testing.assert_allclose(mine, other, atol=atol, rtol=1e-5)


LENGTHS = [5, 1, 0, 2, 30, 63, 64, 65, 66, 1500]
CORPUS = [np.random.default_rng(4).integers(0, 60, length).tolist() for length in LENGTHS]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("subwords", [False, True])
@pytest.mark.parametrize("size", [1, 8, 37, 104])
@pytest.mark.parametrize(
    ("window", "negative"), [(1, 0), (1, 7), (2, 1), (3, 4), (4, 6), (5, 5), (7, 12), (13, 20), (80, 2)]
)
def test_the_fast_kernels_agree_with_the_plain_ones(pair_problem, method, subwords, size, window, negative):
    # The few rows that all words share move most, a thousand times a call: rounding adds up there.
    settings = {"window": window, "negative": negative, "rate": 1e-4 if subwords else 1e-3}
    agree(*both(pair_problem, method, CORPUS, size, subwords, **settings), atol=4e-5 if subwords else 2e-6)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("subwords", [False, True])
def test_they_agree_over_many_quanta(pair_problem, method, subwords):
    sentences = CORPUS[:6]
    found = both(pair_problem, method, sentences, 20, subwords, quanta=60, window=4, negative=5, rate=0.001)
    agree(*found, atol=5e-6)


@pytest.mark.parametrize("method", METHODS)
def test_what_fills_up_rows_stays_zero(pair_problem, method):
    problem = pair_problem(words=60, size=37)
    problem.train(method, CORPUS, window=5, negative=5, rate=0.5)
    for table in (problem.table, problem.output):
        assert whole_rows(table).shape[1] > 37 and not whole_rows(table)[:, 37:].any()
