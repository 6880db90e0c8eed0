from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from mt2st.embeddings.lanes import LANES

SENTENCES = [[0, 1, 2, 3, 4], [5, 5, 1, 0], [], [3], [2, 4, 2, 6, 0, 1, 3, 5, 1]]
LN3 = np.log(3)


def by_hand(pair_problem):
    """The words 0 at (1, 0) and 1 at (0, 0), the output rows 0 at (0, 0), 1 at (0, 2) and 2 at (ln 3, 0)."""
    problem = pair_problem(3, 2)
    problem.table[:], problem.output[:] = [[1, 0], [0, 0], [6, 6]], [[0, 0], [0, 2], [LN3, 0]]
    return problem


def test_two_words_without_negatives_by_hand(pair_problem):
    problem = by_hand(pair_problem)
    # Word 0 has word 1's vector, (0, 0), as its context, a score of 0: that vector would move by 0.2 of (0, 0).
    # Word 1 has (1, 0), a score of 0 too: the vector moves by 0.4 / 2 of (0, 2), the output row by 0.2 of (1, 0).
    found = problem.train("skipgram", [[0, 1]], negative=0, rate=0.4)
    assert found == (pytest.approx(2 * np.log(2), rel=1e-6), 2, 2, 0)
    np.testing.assert_allclose(problem.table, [[1, 0.4], [0, 0], [6, 6]], rtol=1e-6)
    np.testing.assert_allclose(problem.output, [[0, 0], [0.2, 2], [LN3, 0]], rtol=1e-6)


def test_a_negative_by_hand(pair_problem):
    problem = by_hand(pair_problem)
    problem.force(2)
    # Word 1's context (1, 0) scores ln 3 with output row 2, sigma = 3/4: the row moves by -0.3 of (1, 0), the vector
    # by -0.3 of the row as it is by then. Before, word 0's context (0, 0), at sigma = 1/2, moved by -0.2 of the row.
    found = problem.train("skipgram", [[0, 1]], negative=1, rate=0.4)
    assert found == (pytest.approx(3 * np.log(2) + np.log(4), rel=1e-6), 2, 2, 0)
    np.testing.assert_allclose(problem.table, [[1 - 0.3 * LN3, 0.4], [-0.2 * LN3, 0], [6, 6]], rtol=1e-6)
    np.testing.assert_allclose(problem.output, [[0, 0], [0.2, 2], [LN3 - 0.3, 0]], rtol=1e-6)


def test_a_negative_that_is_drawn_twice_moves_twice_by_one_score(pair_problem):
    problem = by_hand(pair_problem)
    problem.force(2)
    found = problem.train("skipgram", [[0, 1]], negative=2, rate=0.4)
    assert found[0] == pytest.approx(4 * np.log(2) + 2 * np.log(4), rel=1e-6)
    assert problem.output[2].tolist() == pytest.approx([LN3 - 0.6, 0], rel=1e-6)
    # The vector moves by the row as it was, and as its first move left it.
    assert problem.table[0, 0] == pytest.approx(1 - 0.3 * LN3 - 0.3 * (LN3 - 0.3), rel=1e-6)


def test_a_negative_that_is_the_word_itself_is_left_out(pair_problem):
    problem, without = by_hand(pair_problem), by_hand(pair_problem)
    problem.force(1)
    # Word 0 has row 1 as its negative, at a score of 0; for word 1 it is the true row.
    found = problem.train("skipgram", [[0, 1]], negative=1, rate=0.4)
    assert found == (pytest.approx(3 * np.log(2), rel=1e-6), 2, 2, 0)
    problem, without = by_hand(pair_problem), by_hand(pair_problem)
    same = [[0, 0]]
    problem.force(0)
    assert problem.train("skipgram", same, negative=4) == without.train("skipgram", same, negative=0)
    np.testing.assert_array_equal(problem.table, without.table)
    np.testing.assert_array_equal(problem.output, without.output)


def reaches(pair_problem, words, window, seed):
    """Return a matrix that says which words each word of one sentence of distinct words was paired with."""
    # Orthogonal vectors and outputs at zero: an output row gathers half of each vector that it is paired with.
    problem = pair_problem(words, words)
    problem.table[:], problem.output[:] = np.eye(words), 0
    problem.train("skipgram", [range(words)], window=window, negative=0, rate=1e-3, seed=seed)
    return problem.output > 2.5e-4


def test_each_word_reaches_evenly_from_one_to_the_window(pair_problem):
    words, window = 300, 4
    counts = np.zeros(window + 1, np.int64)
    for seed in range(4):
        pairs = reaches(pair_problem, words, window, seed)
        for centre in range(window, words - window):
            distances = sorted(np.flatnonzero(pairs[centre]) - centre)
            reach = distances[-1]
            assert distances == [step for step in range(-reach, reach + 1) if step]
            counts[reach] += 1
    assert counts[0] == 0
    assert stats.chisquare(counts[1:]).pvalue > 0.01


def test_the_ends_of_a_sentence_are_within_reach_and_other_sentences_are_not(pair_problem):
    assert reaches(pair_problem, 3, 1, seed=0).astype(int).tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]
    problem, sentences = pair_problem(8, 2), [[0, 1], [2], [3, 4, 5]]
    assert problem.train("skipgram", sentences, window=1)[1:] == (2 + 0 + 4, 6, 0)
    assert problem.train("skipgram", sentences, order=[1], window=1) == (0.0, 0, 1, 0)
    assert problem.train("skipgram", [[]], order=[]) == (0.0, 0, 0, 0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("plain", [False, True])
def test_an_output_row_that_is_not_finite_spoils_its_own_pairs_only(pair_problem, value, plain):
    problem, without = pair_problem(), pair_problem()
    for each in (problem, without):
        each.output[3] = value
        each.force(6)
    # A window of 1 makes six pairs of the words 0 3 1 2: two have word 3 as the target.
    loss, pairs, words, bad = problem.train("skipgram", [[0, 3, 1, 2]], plain, window=1)
    assert (pairs, words, bad) == (4, 4, 2)
    assert 0 < loss < 20
    assert np.isfinite(problem.table).all() and np.isfinite(np.delete(problem.output, 3, 0)).all()
    np.testing.assert_array_equal(problem.output[3], without.output[3])
    # Each word was the context of another target too.
    assert (problem.table[[0, 3, 1, 2]] != without.table[[0, 3, 1, 2]]).any(1).tolist() == [False, True, True, True]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("plain", [False, True])
def test_an_input_row_that_is_not_finite_spoils_its_own_groups_only(pair_problem, value, plain):
    problem = pair_problem()
    problem.table[0, 9] = value
    loss, pairs, words, bad = problem.train("skipgram", [[0, 3, 1, 2, 5]], plain, window=1)
    # 0 is a context of 3 alone, in one group with 1.
    assert (pairs, words, bad) == (6, 5, 2)
    assert np.isfinite(loss)
    assert np.isfinite(np.delete(problem.table, 0, 0)).all() and np.isfinite(problem.output).all()


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_negative_that_is_not_finite_spoils_all_of_its_pairs(pair_problem, value):
    problem = pair_problem()
    problem.output[6, 1] = value
    problem.force(6)
    table, output = problem.table.copy(), problem.output.copy()
    assert problem.train("skipgram", [[0, 3, 1, 2]], window=1) == (0.0, 0, 4, 6)
    np.testing.assert_array_equal(problem.table, table)
    np.testing.assert_array_equal(problem.output, output)


def test_losses_of_certain_scores_are_cut_off(pair_problem):
    problem = by_hand(pair_problem)
    problem.table[:2], problem.output[:] = [100, 0], [[-1, 0], [-1, 0], [1, 0]]
    problem.force(2)
    found = problem.train("skipgram", [[0, 1]], negative=3, rate=0)
    assert found[0] == pytest.approx(-2 * 4 * np.log(1e-7), rel=1e-6)
    # A group's product of probabilities has a least value of its own, which a float64 can hold.
    assert problem.train("skipgram", [[0, 1]], negative=60, rate=0)[0] == pytest.approx(
        -2 * 61 * np.log(1e-7), rel=1e-6
    )
    # A product of very many probabilities has a least value of its own in each lane.
    found = problem.train("skipgram", [[0, 1]], negative=60 * LANES, rate=0)
    assert found[0] == pytest.approx(-2 * LANES * np.log(1e-200), rel=1e-6)


def test_like_neighbours_make_like_words(pair_problem):
    # 0 and 1 each stand beside 2 only, 3 and 4 beside 5 only.
    sentences, problem = [[0, 2], [1, 2], [3, 5], [4, 5]] * 10, pair_problem(6, 8, scale=0.1, seed=1)
    losses = [problem.train("skipgram", sentences, rate=0.1, seed=seed)[0] for seed in range(40)]
    assert losses[-1] < 0.7 * losses[0]
    unit_vectors = problem.table / np.linalg.norm(problem.table, axis=1, keepdims=True)
    near = unit_vectors @ unit_vectors.T
    assert min(near[0, 1], near[3, 4]) > max(near[a, b] for a in (0, 1) for b in (3, 4)) + 0.5


@pytest.mark.parametrize("subwords", [False, True])
def test_the_seed_alone_decides_an_update(pair_problem, subwords):
    tables = []
    for seed in (1, 1, 2):
        problem = pair_problem(subwords=subwords)
        problem.train("skipgram", SENTENCES, seed=seed)
        tables.append(np.concatenate([problem.table, problem.output]))
    assert [np.array_equal(a, b) for a, b in pairwise(tables)] == [True, False]
