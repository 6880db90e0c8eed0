from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mt2st.embeddings.lanes import LANES

SENTENCES = [[0, 1, 2, 3, 4], [5, 5, 1, 0], [], [3], [2, 4, 2, 6, 0, 1, 3, 5, 1]]
LN3 = np.log(3)


def by_hand(pair_problem):
    problem = pair_problem(4, 2)
    problem.table[:], problem.output[:] = [[1, 0], [2, 1], [3, 4], [6, 6]], [[0, 0], [0, 2], [LN3, 0], [0, 0]]
    return problem


def test_two_words_by_hand(pair_problem):
    problem = by_hand(pair_problem)
    problem.force(2)
    # Word 0's window is (2, 1): scores 0 with row 0 and 2 ln 3 with row 2, sigma = 9/10. Word 1's is (1, 0): scores 0
    # with row 1 and ln 3 with row 2, sigma = 3/4. Word 0 against row 1, and 1 against row 0, are no pairs.
    found = problem.train("cbow", [[0, 1]], negative=1, rate=0.4)
    assert found == (pytest.approx(2 * np.log(2) + np.log(10) + np.log(4), rel=1e-6), 2, 2, 0)
    np.testing.assert_allclose(
        problem.table, [[1 - 0.3 * LN3, 0.4], [2 - 0.36 * LN3, 1], [3, 4], [6, 6]], rtol=1e-6, atol=1e-7
    )
    np.testing.assert_allclose(
        problem.output, [[0.4, 0.2], [0.2, 2], [LN3 - 0.36 * 2 - 0.3, -0.36], [0, 0]], rtol=1e-6, atol=1e-7
    )


def test_a_lone_third_word_has_the_mean_of_its_window(pair_problem):
    problem = by_hand(pair_problem)
    problem.output[:] = 0
    # All output rows are 0, so means move nothing; each row moves by half the rate of its own window's mean.
    assert problem.train("cbow", [[0, 1, 2]], window=1, negative=0, rate=0.5)[1:] == (3, 3, 0)
    np.testing.assert_allclose(problem.output, [[0.5, 0.25], [0.5, 0.5], [0.5, 0.25], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(problem.table, [[1, 0], [2, 1], [3, 4], [6, 6]], rtol=1e-6)


def test_every_row_of_a_window_moves_by_its_means_whole_gradient(pair_problem):
    problem = by_hand(pair_problem)
    problem.table[:3], problem.output[:] = 0, [[2, 0], [0, 4], [6, 0], [0, 0]]
    # Means of 0, sigma = 1/2: a window's rows move by a quarter of the target's output row at a rate of 1/2.
    problem.train("cbow", [[0, 1, 2]], window=1, negative=0, rate=0.5)
    np.testing.assert_allclose(problem.table[:3], [[0, 1], [0.5 + 1.5, 0], [0, 1]], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("row", [0, 1])
def test_negatives_that_are_one_of_the_two_words_are_left_out(pair_problem, row):
    problem, without = by_hand(pair_problem), by_hand(pair_problem)
    problem.force(row)
    assert problem.train("cbow", [[0, 1]], negative=4) == without.train("cbow", [[0, 1]], negative=0)
    np.testing.assert_array_equal(problem.table, without.table)
    np.testing.assert_array_equal(problem.output, without.output)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("plain", [False, True])
def test_an_output_row_that_is_not_finite_spoils_its_own_two_windows_only(pair_problem, value, plain):
    problem, without = pair_problem(), pair_problem()
    for each in (problem, without):
        each.output[3] = value
        each.force(6)
    loss, windows, words, bad = problem.train("cbow", [[0, 3, 1, 2, 5]], plain, window=1)
    assert (windows, words, bad) == (3, 5, 2)
    assert 0 < loss < 20
    assert np.isfinite(problem.table).all() and np.isfinite(np.delete(problem.output, 3, 0)).all()
    # The windows of 1, 2 and 5 hold 3, 1, 2 and 5.
    np.testing.assert_array_equal(problem.table[0], without.table[0])
    assert (problem.table[[3, 1, 2, 5]] != without.table[[3, 1, 2, 5]]).any(1).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("plain", [False, True])
def test_an_input_row_that_is_not_finite_spreads_to_no_other(pair_problem, value, plain):
    problem = pair_problem()
    problem.table[0, 9] = value
    # Word 0 lies in the windows of 5 and 6, and in no other; after it come words that another sentence trains on.
    loss, windows, words, bad = problem.train("cbow", [[1, 2, 3, 4, 5, 0, 6], [1, 2, 3]], plain, window=1)
    assert (words, windows + bad) == (10, 10)
    assert 2 <= bad <= 4
    assert np.isfinite(loss)
    assert np.isfinite(np.delete(problem.table, 0, 0)).all() and np.isfinite(problem.output).all()


def test_words_before_their_end_are_not_trained_on(pair_problem):
    assert pair_problem().train("cbow", [[4], []]) == (0.0, 0, 1, 0)
    assert pair_problem().train("cbow", [[]], order=[]) == (0.0, 0, 0, 0)


def test_losses_of_certain_scores_are_cut_off(pair_problem):
    problem = by_hand(pair_problem)
    problem.table[:2], problem.output[:3] = [100, 0], [[-1, 0], [-1, 0], [1, 0]]
    problem.force(2)
    found = problem.train("cbow", [[0, 1]], negative=3, rate=0)
    assert found[0] == pytest.approx(-2 * 4 * np.log(1e-7), rel=1e-6)
    assert problem.train("cbow", [[0, 1]], negative=60, rate=0)[0] == pytest.approx(-2 * 61 * np.log(1e-7), rel=1e-6)
    # A product of very many probabilities has a least value of its own in each lane.
    found = problem.train("cbow", [[0, 1]], negative=60 * LANES, rate=0)
    assert found[0] == pytest.approx(-LANES * np.log(1e-200), rel=1e-6)


def test_like_neighbours_make_like_words(pair_problem):
    sentences, problem = [[0, 2], [1, 2], [3, 5], [4, 5]] * 10, pair_problem(6, 8, scale=0.1, seed=1)
    losses = [problem.train("cbow", sentences, rate=0.1, seed=seed)[0] for seed in range(40)]
    assert losses[-1] < 0.7 * losses[0]
    unit_vectors = problem.table / np.linalg.norm(problem.table, axis=1, keepdims=True)
    near = unit_vectors @ unit_vectors.T
    assert min(near[0, 1], near[3, 4]) > max(near[a, b] for a in (0, 1) for b in (3, 4)) + 0.5


@pytest.mark.parametrize("subwords", [False, True])
def test_the_seed_alone_decides_an_update(pair_problem, subwords):
    tables = []
    for seed in (1, 1, 2):
        problem = pair_problem(subwords=subwords)
        problem.train("cbow", SENTENCES, seed=seed)
        tables.append(np.concatenate([problem.table, problem.output]))
    assert [np.array_equal(a, b) for a, b in pairwise(tables)] == [True, False]
