from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from mt2st.embeddings import AliasTable
from mt2st.embeddings.kernels.skipgram import below, next_random, pair_step, skipgram_update, unit
from mt2st.text import Ragged

SENTENCES = [[0, 1, 2, 3, 4], [5, 5, 1, 0], [], [3], [2, 4, 2, 6, 0, 1, 3, 5, 1]]
LN3 = np.log(3)


class Draws:
    """The kernels' random numbers in Python's whole numbers: Knuth's MMIX generator, upper 32 bits."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return self.state >> 32

    def below(self, limit):
        return self.next() * limit >> 32

    def unit(self):
        return (self.next() >> 8) / 2**24


def sigmoid(score):
    return 1 / (1 + np.exp(-score))


def reference(vectors, contexts, sentences, keep, alias_table, window, negative, rate, seed):
    """Train in float64, by word2vec's formulas, on the draws that the kernel makes."""
    vectors, contexts, draws = vectors.astype(np.float64), contexts.astype(np.float64), Draws(seed)
    loss, pairs, words = 0.0, 0, 0
    for sentence in sentences:
        kept = [word for word in sentence if draws.unit() < keep[word]]
        words += len(kept)
        for centre, target in enumerate(kept):
            reach = 1 + draws.below(window)
            near = kept[max(0, centre - reach) : centre] + kept[centre + 1 : centre + reach + 1]
            for word in near:
                old, gradient = vectors[word].copy(), np.zeros(vectors.shape[1])
                chosen = [(target, 1)]
                for _ in range(negative):
                    column = draws.below(len(alias_table.alias))
                    stands = draws.unit() < alias_table.threshold[column]
                    chosen.append((column if stands else int(alias_table.alias[column]), 0))
                for place, (row, label) in enumerate(chosen):
                    if place and row == target:
                        continue
                    score = old @ contexts[row]
                    loss -= np.log(sigmoid(score if label else -score))
                    gradient += (label - sigmoid(score)) * contexts[row]
                    contexts[row] += rate * (label - sigmoid(score)) * old
                vectors[word] += rate * gradient
                pairs += 1
    return vectors, contexts, loss, pairs, words


class Model:
    """Two tables drawn at random, and what else `skipgram_update` needs."""

    def __init__(self, words=7, size=4, seed=0):
        random = np.random.default_rng(seed)
        self.vectors = random.normal(size=(words, size)).astype(np.float32)
        self.contexts = random.normal(size=(words, size)).astype(np.float32)
        self.keep = np.ones(words, np.float32)
        self.negatives = AliasTable.of(np.arange(1.0, words + 1))

    def update(self, sentences, order=None, window=2, negative=3, rate=0.1, seed=42):
        rows = Ragged.from_lists(sentences)
        return skipgram_update(
            self.vectors,
            self.contexts,
            rows.ids,
            rows.offsets,
            np.arange(len(rows)) if order is None else np.array(order, np.int64),
            self.keep,
            self.negatives.threshold,
            self.negatives.alias,
            window,
            negative,
            np.float32(rate),
            np.uint64(seed),
        )

    def pair(self, word, target, negative, rate=0.4):
        state, gradient = np.array([7], np.uint64), np.empty(self.vectors.shape[1], np.float32)
        threshold, alias = self.negatives.threshold, self.negatives.alias
        return pair_step(
            self.vectors, self.contexts, word, target, threshold, alias, negative, np.float32(rate), state, gradient
        )

    def force(self, row):
        """Make every negative this row."""
        self.negatives = AliasTable.of(np.eye(len(self.vectors))[row])


def by_hand():
    """The word 0 at (1, 0), the target 1 at (0, 2), the row 2 at (ln 3, 0): scores of 0 and ln 3."""
    model = Model(3, 2)
    model.vectors[:] = [[1, 0], [5, 5], [6, 6]]
    model.contexts[:] = [[8, 8], [0, 2], [LN3, 0]]
    return model


def test_random_numbers_are_those_of_the_generator():
    state, draws = np.array([2**64 - 3], np.uint64), Draws(2**64 - 3)
    for _ in range(50):
        assert next_random(state) == draws.next()
        assert below(state, 1000) == draws.below(1000)
        assert unit(state) == draws.unit()


def test_random_numbers_are_even():
    state = np.array([5], np.uint64)
    sixths = np.bincount([below(state, 6) for _ in range(12_000)], minlength=6)
    assert len(sixths) == 6 and stats.chisquare(sixths).pvalue > 0.01
    assert stats.kstest([unit(state) for _ in range(5_000)], "uniform").pvalue > 0.01


def test_a_pair_without_negatives_by_hand():
    model = by_hand()
    # sigma(0) = 1/2, so both rows move by 0.4 / 2 of the other's old value.
    assert model.pair(0, 1, negative=0) == pytest.approx(np.log(2), rel=1e-6)
    np.testing.assert_allclose(model.vectors, [[1, 0.4], [5, 5], [6, 6]], rtol=1e-6)
    np.testing.assert_allclose(model.contexts, [[8, 8], [0.2, 2], [LN3, 0]], rtol=1e-6)


def test_a_pair_with_one_negative_by_hand():
    model = by_hand()
    model.force(2)
    # sigma(ln 3) = 3/4: the negative's row moves by -0.3 of (1, 0), the word by -0.3 of (ln 3, 0) besides.
    assert model.pair(0, 1, negative=1) == pytest.approx(-np.log(1 / 2) - np.log(1 / 4), rel=1e-6)
    np.testing.assert_allclose(model.vectors, [[1 - 0.3 * LN3, 0.4], [5, 5], [6, 6]], rtol=1e-6)
    np.testing.assert_allclose(model.contexts, [[8, 8], [0.2, 2], [LN3 - 0.3, 0]], rtol=1e-6)


def test_a_row_drawn_twice_has_moved_by_its_second_time():
    model = by_hand()
    model.force(2)
    second = sigmoid(LN3 - 0.3)
    loss = model.pair(0, 1, negative=2)
    assert loss == pytest.approx(np.log(2) + np.log(4) - np.log(1 - second), rel=1e-6)
    assert model.contexts[2, 0] == pytest.approx(LN3 - 0.3 - 0.4 * second, rel=1e-6)
    # The word itself waits: its score with the row's new value is still by the word's old one.
    assert model.vectors[0, 0] == pytest.approx(1 - 0.3 * LN3 - 0.4 * second * (LN3 - 0.3), rel=1e-6)


def test_a_negative_that_is_the_target_is_passed_over():
    model, without = by_hand(), by_hand()
    model.force(1)
    assert model.pair(0, 1, negative=4) == without.pair(0, 1, negative=0)
    np.testing.assert_array_equal(model.vectors, without.vectors)
    np.testing.assert_array_equal(model.contexts, without.contexts)


def test_a_sentence_of_two_words_is_two_pairs():
    model = by_hand()
    model.force(2)
    vectors, contexts, loss, _, _ = reference(
        model.vectors, model.contexts, [[0, 1]], [1, 1, 1], model.negatives, window=9, negative=1, rate=0.01, seed=1
    )
    total, *numbers = model.update([[0, 1]], window=9, negative=1, rate=0.01, seed=1)
    assert (total, numbers) == (pytest.approx(loss, rel=1e-5), [2, 2, 0])
    np.testing.assert_allclose(model.vectors, vectors, rtol=1e-5)
    np.testing.assert_allclose(model.contexts, contexts, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("window", "negative", "seed"), [(1, 0, 0), (2, 3, 42), (5, 5, 2**64 - 1), (3, 60, 9), (20, 1, 3)]
)
@pytest.mark.parametrize("keep", [None, [0.5, 0.9, 0.0, 0.7, 1.0, 0.3, 0.6]])
def test_an_update_is_word2vecs_on_the_same_draws(window, negative, seed, keep):
    model, order = Model(), [4, 1, 0, 3, 2, 4]
    if keep:
        model.keep[:] = keep
    vectors, contexts, loss, pairs, words = reference(
        model.vectors,
        model.contexts,
        [SENTENCES[place] for place in order],
        model.keep,
        model.negatives,
        window,
        negative,
        0.05,
        seed,
    )
    found = model.update(SENTENCES, order, window, negative, rate=0.05, seed=seed)
    assert found == (pytest.approx(loss, rel=1e-4), pairs, words, 0)
    assert pairs > 0
    np.testing.assert_allclose(model.vectors, vectors, atol=1e-5, rtol=1e-4)
    np.testing.assert_allclose(model.contexts, contexts, atol=1e-5, rtol=1e-4)


def test_losses_of_certain_scores_are_cut_off():
    model = by_hand()
    model.vectors[0], model.contexts[1], model.contexts[2] = [100, 0], [-1, 0], [1, 0]
    model.force(2)
    # Both probabilities round to 0; 30 negatives would also take their product under the least float64.
    assert model.pair(0, 1, negative=30, rate=0) == pytest.approx(-31 * np.log(1e-7), rel=1e-6)


def reaches(words, window, seed):
    """Return a matrix that says which words each centre of one sentence of distinct words was paired with."""
    # Orthogonal vectors and contexts at zero: a context row gathers half of each word that it is paired with.
    model = Model(words, words)
    model.vectors[:], model.contexts[:] = np.eye(words), 0
    model.update([range(words)], window=window, negative=0, rate=1e-3, seed=seed)
    return model.contexts > 2.5e-4


def test_each_centre_reaches_evenly_from_one_to_the_window():
    words, window = 300, 4
    counts = np.zeros(window + 1, np.int64)
    for seed in range(4):
        pairs = reaches(words, window, seed)
        for centre in range(window, words - window):
            distances = sorted(np.flatnonzero(pairs[centre]) - centre)
            reach = distances[-1]
            assert distances == [step for step in range(-reach, reach + 1) if step]
            counts[reach] += 1
    assert counts[0] == 0
    assert stats.chisquare(counts[1:]).pvalue > 0.01


def test_the_ends_of_a_sentence_are_within_reach_and_other_sentences_are_not():
    assert reaches(3, 1, seed=0).astype(int).tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    model = Model(8, 2)
    assert model.update([[0, 1], [2], [3, 4, 5]], window=1)[1:] == (2 + 0 + 4, 6, 0)
    assert model.update([[0, 1], [2], [3, 4, 5]], order=[1], window=1) == (0.0, 0, 1, 0)
    assert model.update([[]], order=[]) == (0.0, 0, 0, 0)


@pytest.mark.parametrize("keep", [0.0, 0.01, 0.3, 0.95, 1.0])
def test_words_are_kept_at_their_rate(keep):
    model, draws = Model(), 20_000
    model.keep[:] = [1, 0, keep, 0, 0, 0, 0]
    _, pairs, words, _ = model.update([[2]] * draws, seed=6)
    assert pairs == 0
    assert abs(words - draws * keep) <= 3 * np.sqrt(draws * keep * (1 - keep))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("negative", [0, 2])
def test_a_pair_whose_target_is_not_finite_moves_nothing(value, negative):
    model = Model()
    model.contexts[3, 1] = value
    model.force(6)
    vectors, contexts = model.vectors.copy(), model.contexts.copy()
    assert not np.isfinite(model.pair(0, 3, negative))
    np.testing.assert_array_equal(model.vectors, vectors)
    np.testing.assert_array_equal(model.contexts, contexts)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("negative", [0, 1, 2, 7])
def test_a_word_that_is_not_finite_moves_nothing(value, negative):
    model = Model()
    model.vectors[0, 1] = value
    vectors, contexts = model.vectors.copy(), model.contexts.copy()
    assert not np.isfinite(model.pair(0, 3, negative))
    np.testing.assert_array_equal(model.vectors, vectors)
    np.testing.assert_array_equal(model.contexts, contexts)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("negative", [1, 2, 3])
def test_a_negative_that_is_not_finite_leaves_the_word(value, negative):
    model = Model()
    model.contexts[6, 1] = value
    model.force(6)
    vectors, contexts = model.vectors.copy(), model.contexts.copy()
    assert not np.isfinite(model.pair(0, 3, negative))
    np.testing.assert_array_equal(model.vectors, vectors)
    # The target's row came before the bad one and has moved by a step of its own.
    np.testing.assert_array_equal(np.delete(model.contexts, 3, 0), np.delete(contexts, 3, 0))
    assert np.isfinite(model.contexts[3]).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_pairs_that_are_not_finite_are_counted_and_do_not_spread(value):
    model, without = Model(), Model()
    for each in (model, without):
        each.contexts[3] = value
        each.force(6)
    # A window of 1 makes six pairs of the words 0 3 1 2: two have word 3 as the target.
    total, pairs, words, bad = model.update([[0, 3, 1, 2]], window=1)
    assert (pairs, words, bad) == (4, 4, 2)
    expected = [without.pair(word, target, 3, rate=0.1) for word, target in [(3, 0), (3, 1), (2, 1), (1, 2)]]
    assert total == pytest.approx(sum(expected), rel=1e-6)
    np.testing.assert_array_equal(model.vectors, without.vectors)
    np.testing.assert_array_equal(model.contexts, without.contexts)
    assert np.isfinite(model.vectors).all()


def test_like_neighbours_make_like_words():
    # 0 and 1 each stand beside 2 only, 3 and 4 beside 5 only.
    sentences, model = [[0, 2], [1, 2], [3, 5], [4, 5]] * 10, Model(6, 8, seed=1)
    model.vectors *= 0.1
    model.contexts *= 0.1
    losses = [model.update(sentences, rate=0.1, seed=seed)[0] for seed in range(40)]
    assert losses[-1] < 0.7 * losses[0]
    unit_vectors = model.vectors / np.linalg.norm(model.vectors, axis=1, keepdims=True)
    near = unit_vectors @ unit_vectors.T
    assert min(near[0, 1], near[3, 4]) > max(near[a, b] for a in (0, 1) for b in (3, 4)) + 0.5


def test_the_seed_alone_decides_an_update():
    tables = []
    for seed in (1, 1, 2):
        model = Model()
        model.update(SENTENCES, seed=seed)
        tables.append(np.concatenate([model.vectors, model.contexts]))
    assert [np.array_equal(a, b) for a, b in pairwise(tables)] == [True, False]
