"""Documents as means: the kernel against its definition in float64, and what the model makes of it."""

from __future__ import annotations

from threading import Thread

import numpy as np
import pytest

from mt2st.embeddings import AliasTable, keep_probability, new_table
from mt2st.embeddings.documents import DocumentModel
from mt2st.embeddings.table import whole_rows
from mt2st.errors import ConfigError, DataError
from mt2st.text import Ragged

ALL_BITS = 2**64 - 1
NEGATIVES = 0x632BE59BD9B4E019
WORDS, PAIRS = 12, 5
# Of one row, of none, of two words, of over ten rows, of a piece and of several, one of which is cut.
LENGTHS = [1, 0, 2, 3, 40, 251, 7, 1300]


def random_bits(key, i):
    """SplitMix64's output function in Python's whole numbers."""
    z = (key + i * 0x9E3779B97F4A7C15) & ALL_BITS
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & ALL_BITS
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & ALL_BITS
    return z ^ z >> 31


def negatives_of(words, group, alias, negative, key):
    """The negatives that one or two words share, but for those that are one of them."""
    found = []
    for i in range(negative):
        bits = random_bits(key + NEGATIVES, group * negative + i)
        column = (bits >> 32) * len(alias.alias) >> 32
        stands = (bits & 0xFFFFFFFF) / 2**32 < alias.threshold[column]
        found.append(column if stands else int(alias.alias[column]))
    return [word for word in found if word not in words]


def pieces(words, keep, seed, number):
    """Yield the parts of a document that are trained on together, each with its key: of 250 words or whole cuts."""
    cuts = [words[at : at + 1000] for at in range(0, max(len(words), 1), 1000)]
    while cuts:
        key, piece, kept, read = random_bits(seed, number), [], 0, 0
        number += 1
        while cuts and len(piece) < 250:
            cut = cuts.pop(0)
            draws = [(random_bits(key, read + i) >> 40) / 2**24 for i in range(len(cut))]
            new = [word for word, draw in zip(cut, draws, strict=True) if draw < keep[word]]
            kept, read = kept + len(new), read + len(cut)
            piece += new if len(new) > 1 else []
        yield key, piece, kept


def train_by_hand(table, output, squares, documents, sentences, order, keep, alias, negative, rate, seed):
    """Train in place, in float64, by the definition; return loss, words it is over, and words kept."""
    loss, trained, kept, number = 0.0, 0, 0, 0
    for place in order:
        rows = documents[place]
        if len(rows) < 2:
            continue
        total, change = table[rows].sum(0), np.zeros(table.shape[1])
        length = total @ total / (len(rows) - 1) ** 2
        for key, piece, new in pieces(sentences[place], keep, seed, number):
            number, kept = number + 1, kept + new
            for start in range(0, len(piece), 2):
                two = piece[start : start + 2]
                means = (total - table[two]) / (len(rows) - 1)
                targets = [*two[::-1], *negatives_of(two, start // 2, alias, negative, key)]
                labels, counts = np.zeros((len(targets), len(two))), np.ones((len(targets), len(two)))
                labels[: len(two)] = counts[: len(two)] = np.eye(len(two))[::-1]
                right = 1 / (1 + np.exp(-output[targets] @ means.T))
                loss -= (counts * np.log(np.maximum(np.where(labels > 0, right, 1 - right), 1e-7))).sum()
                wrong = counts * (labels - right)
                for target, step in zip(targets, wrong, strict=True):
                    change += step.sum() * output[target]
                    squares[1][target] += (step**2).sum() * length
                    output[target] += rate / np.sqrt(1 + squares[1][target] / 100) * (step @ means)
                trained += len(two)
        for row in rows:
            gradient = min(1, 10 / (len(rows) - 1)) * change
            squares[0][row] += gradient @ gradient
            table[row] += rate / np.sqrt(1 + squares[0][row] / 100) * gradient
    return loss, trained, kept


def problem(seed=0, scale=3.0, size=9, **settings):
    """Return a model of random documents, each with some pairs, and their words."""
    random = np.random.default_rng(seed)
    sentences = [random.integers(0, WORDS, length).tolist() for length in LENGTHS]
    pairs = [random.integers(WORDS, WORDS + PAIRS, len(words) // 2).tolist() for words in sentences]
    documents = [words + own for words, own in zip(sentences, pairs, strict=True)]
    table = new_table(WORDS + PAIRS, size, seed=seed + 1, scale=scale)
    counts = np.arange(3, 3 + WORDS) ** 3
    model = DocumentModel(table, counts, Ragged.from_lists(documents), **settings)
    model.output[:] = random.normal(scale=0.3, size=model.output.shape)
    return model, documents, sentences


@pytest.mark.parametrize("size", [1, 9, 40])
@pytest.mark.parametrize(
    ("negative", "sample", "seed"), [(0, 0.0, 1), (3, 0.0, ALL_BITS), (5, 0.05, 42), (20, 0.01, 7)]
)
def test_the_kernel_does_what_was_defined(size, negative, sample, seed):
    model, documents, sentences = problem(size=size, negative=negative, sample=sample)
    table, output = model.table.astype(np.float64), model.output.astype(np.float64)
    keep, alias = keep_probability(model.counts, sample), AliasTable.of(model.counts**0.75)
    order = [7, 2, 0, 4, 1, 3, 6, 5]
    for held in (model.squares, model.output_squares):  # as of rows that were trained before, some of them long
        held[:] = np.random.default_rng(3).choice([0, 50, 1000], len(held))
    squares = model.squares.astype(np.float64), model.output_squares.astype(np.float64)
    expected = train_by_hand(table, output, squares, documents, sentences, order, keep, alias, negative, 4e-4, seed)
    found = model.advance(Ragged.from_lists(sentences), np.array(order), 4e-4, seed)
    assert found == (pytest.approx(expected[0], rel=1e-5), *expected[1:], 0)
    assert found.pairs > 300
    np.testing.assert_allclose(model.table, table, atol=1e-4)
    np.testing.assert_allclose(model.output, output, atol=1e-4)
    np.testing.assert_allclose(model.squares, squares[0], rtol=1e-3)
    np.testing.assert_allclose(model.output_squares, squares[1], rtol=1e-3)
    assert abs(model.table - new_table(WORDS + PAIRS, size, seed=1, scale=3.0)).max() > 0.005
    assert not whole_rows(model.table)[:, size:].any()


def test_two_words_by_hand():
    """Each word's mean is the other's row: scores 0 and 2 ln 3, so sigma is 1/2 and 9/10.

    Steps are 1/2 and 1/10, the sum of the rows is (2, 1), and the gradient of the means is (3/2 + ln 3 / 10, 0).
    """
    table = new_table(2, 2, seed=1)
    table[:] = [[2, 0], [0, 1]]
    model = DocumentModel(table, np.array([1, 1]), Ragged.from_lists([[0, 1]]), negative=0, sample=0)
    ln3 = np.log(3)
    model.output[:] = [[3, 0], [ln3, 0]]
    found = model.advance(Ragged.from_lists([[0, 1]]), np.array([0]), 0.4, 1)
    assert found == (pytest.approx(np.log(2) - np.log(0.9), rel=1e-6), 2, 2, 0)
    squares, square = 5 * np.array([0.25, 0.01]), (1.5 + 0.1 * ln3) ** 2
    np.testing.assert_allclose(model.output_squares, squares, rtol=1e-6)
    np.testing.assert_allclose(model.squares, [square, square], rtol=1e-6)
    first, second = 0.4 / np.sqrt(1 + squares / 100)
    np.testing.assert_allclose(model.output, [[3, first / 2], [ln3 + second / 5, 0]], rtol=1e-6)
    # Both rows move by both means' gradients.
    step = 0.4 / np.sqrt(1 + square / 100) * (1.5 + 0.1 * ln3)
    np.testing.assert_allclose(table, [[2 + step, 0], [step, 1]], rtol=1e-6)


def test_documents_of_one_row_have_no_mean():
    model, _, sentences = problem()
    before = model.table.copy()
    assert model.advance(Ragged.from_lists(sentences), np.array([0, 1]), 0.5, 1) == (0.0, 0, 0, 0)
    np.testing.assert_array_equal(model.table, before)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_row_that_is_not_finite_spoils_its_own_documents_only(value):
    documents = Ragged.from_lists([[0, 1, 2, 6], [3, 4, 5, 3]])
    sentences, table = Ragged.from_lists([[0, 1, 2], [3, 4, 5, 3]]), new_table(7, 9, seed=1, scale=10)
    table[6, 3] = value
    model = DocumentModel(table, np.ones(6, np.int64), documents, negative=0, sample=0)
    before = table.copy()
    loss, trained, kept, bad = model.advance(sentences, np.array([0, 1]), 0.5, 3)
    assert (trained, kept, bad) == (4, 7, 3) and np.isfinite(loss)
    np.testing.assert_array_equal(table[[0, 1, 2, 6]], before[[0, 1, 2, 6]])
    assert (table[3:6] != before[3:6]).any(1).all()
    assert np.isfinite(table[:6]).all() and np.isfinite(model.output).all()


def test_an_output_row_that_is_not_finite_spoils_the_means_that_meet_it():
    documents, table = Ragged.from_lists([[0, 1, 2, 3, 4]]), new_table(5, 9, seed=1, scale=10)
    model = DocumentModel(table, np.ones(5, np.int64), documents, negative=0, sample=0)
    model.output[2] = np.nan
    loss, trained, _, bad = model.advance(documents, np.array([0]), 0.5, 3)
    # Words 2 and 3 are scored together.
    assert (trained, bad) == (3, 2) and np.isfinite(loss)
    assert np.isfinite(table).all() and np.isfinite(np.delete(model.output, 2, 0)).all()


def topics(number=400, seed=0):
    """Documents of 12 words, all of one of two halves of the words."""
    random = np.random.default_rng(seed)
    return Ragged.from_lists([random.integers(0, 20, 12) + 20 * (place % 2) for place in range(number)])


def test_documents_of_a_topic_come_near_each_other():
    documents, table = topics(), new_table(40, 8, seed=1)
    model = DocumentModel(table, np.bincount(documents.ids), documents, sample=0)
    start = model.advance(documents, np.arange(400), 0.0, 0).loss
    for key in range(5):
        end = model.advance(documents, np.arange(400), 0.02, key).loss
    assert end < 0.6 * start
    means = np.array([table[documents.row(place)].mean(0) for place in range(400)])
    unit = means / np.linalg.norm(means, axis=1, keepdims=True)
    near = unit @ unit.T
    assert near[::2, ::2].mean() > near[::2, 1::2].mean() + 0.5


def trained(threads, keys=range(5)):
    documents = topics()
    model = DocumentModel(new_table(40, 8, seed=1), np.bincount(documents.ids), documents, sample=0, threads=threads)
    order = np.random.default_rng(2).permutation(400)

    def train(part):
        for key in keys:
            model.advance(documents, order[part::threads].copy(), 0.02, 10 * part + key)

    running = [Thread(target=train, args=(part,)) for part in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return model, model.advance(documents, np.arange(400), 0.0, 99)


def test_the_key_alone_decides_an_update():
    first, again, other = (trained(1, keys)[0] for keys in (range(2), range(2), range(1, 3)))
    np.testing.assert_array_equal(first.table, again.table)
    np.testing.assert_array_equal(first.output, again.output)
    assert not np.array_equal(first.table, other.table)


def test_two_threads_end_near_one_threads_loss():
    start = trained(1, range(0))[1].loss
    one, two = trained(1)[1], trained(2)[1]
    assert two.not_finite == 0 and two.loss < 0.6 * start
    assert two.loss == pytest.approx(one.loss, rel=0.15)


def test_a_model_goes_on_from_its_arrays():
    documents = topics()
    counts = np.bincount(documents.ids)
    whole, half, rest = (DocumentModel(new_table(40, 8, seed=s), counts, documents, seed=s) for s in (1, 1, 9))
    for key in range(4):
        whole.advance(documents, np.arange(400), 0.1, key)
    for key in range(2):
        half.advance(documents, np.arange(400), 0.1, key)
    rest.table[:] = half.table
    for name, array in rest.arrays().items():
        array[:] = half.arrays()[name]
    for key in range(2, 4):
        rest.advance(documents, np.arange(400), 0.1, key)
    np.testing.assert_array_equal(rest.table, whole.table)
    np.testing.assert_array_equal(rest.output, whole.output)


def test_errors_name_what_is_wrong():
    table, counts = new_table(4, 8, seed=1), np.ones(4, np.int64)
    with pytest.raises(DataError, match="documents"):
        DocumentModel(table, counts, Ragged.from_lists([[0, 4]]))
    with pytest.raises(ConfigError, match="negative must be 0 or more, -1 found"):
        DocumentModel(table, counts, Ragged.from_lists([[0, 1]]), negative=-1)
    model = DocumentModel(table, counts, Ragged.from_lists([[0, 1]]))
    with pytest.raises(DataError, match="lists of words and documents must be as many, 2 and 1 found"):
        model.advance(Ragged.from_lists([[0, 1], [2]]), np.array([0]), 0.1, 1)
