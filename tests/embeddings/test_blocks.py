from __future__ import annotations

import numba
import numpy as np
import pytest
from scipy.special import expit

from mt2st.embeddings.kernels import context_groups
from mt2st.embeddings.kernels.blocks import AT_ONCE, LEAST, TARGETS_PADDED_TO, make_scores, make_update, to_steps
from mt2st.embeddings.lanes import LANES

GUARD = np.float32(777)
MOST = 23
WIDTHS = [LANES, 2 * LANES, 5 * LANES, 13 * LANES]
_score_one, _score_two = make_scores(1, 4), make_scores(2, 4)
_update_one, _update_two = make_update(1, keep=False), make_update(2, keep=False)


@numba.njit
def score(size, contexts, targets, count, width, out):
    context_groups.score(size, contexts, targets, count, width, out)


@numba.njit
def update(size, contexts, targets, count, width, steps):
    context_groups.update(size, contexts, targets, count, width, steps)


@numba.njit
def score_by_fours(size, contexts, targets, count, width, out):
    if size == 1:
        _score_one(contexts, targets, count, width, out)
    else:
        _score_two(contexts, targets, count, width, out)


@numba.njit
def changes(size, contexts, targets, count, width, steps):
    if size == 1:
        _update_one(contexts, targets, count, width, steps)
    else:
        _update_two(contexts, targets, count, width, steps)


@numba.njit
def steps_of(scores, count, signs, rate, products):
    return to_steps(scores, count, signs, rate, products)


class Block:
    """Contexts and targets of random numbers, each row with numbers before and behind it that must stay."""

    def __init__(self, contexts, count, width, at_once, seed=0):
        random = np.random.default_rng(seed)
        self.size, self.count, self.width = contexts, count, width
        # No row starts on a whole register.
        self.contexts, self.targets = (
            random.normal(size=(rows, width + 3)).astype(np.float32) for rows in (contexts, count)
        )
        # Behind the last target: addresses that are read and have no effect.
        listed = [*range(count), *[0] * (-count % at_once)]
        self.context_list = self.contexts.ctypes.data + 4 + np.arange(contexts) * self.contexts.strides[0]
        self.target_list = self.targets.ctypes.data + 4 + np.array(listed) * self.targets.strides[0]

    def run(self, kernel, numbers):
        lists = self.context_list.ctypes.data, self.target_list.ctypes.data
        kernel(self.size, *lists, self.count, 4 * self.width, numbers.ctypes.data)

    def rows(self):
        """Copies of what is within the width, in float64."""
        return (array[:, 1:-2].astype(np.float64) for array in (self.contexts, self.targets))

    def edges(self):
        return [array[:, place].copy() for array in (self.contexts, self.targets) for place in (0, -2, -1)]


CASES = [(score, contexts, AT_ONCE[contexts - 1]) for contexts in range(1, 7)]
CASES += [(score_by_fours, 1, 4), (score_by_fours, 2, 4)]


@pytest.mark.parametrize("kernel, contexts, at_once", CASES)
@pytest.mark.parametrize("width", WIDTHS)
def test_scores_are_products(kernel, contexts, at_once, width):
    assert TARGETS_PADDED_TO % AT_ONCE[contexts - 1] == 0
    for count in range(1, MOST + 1):
        block = Block(contexts, count, width, at_once, seed=count)
        written = (count + -count % at_once) * contexts
        out = np.full(written + 2 * LANES, GUARD)
        block.run(kernel, out)
        context_rows, target_rows = block.rows()
        expected = target_rows @ context_rows.T
        np.testing.assert_allclose(out[: count * contexts], expected.ravel(), atol=2e-5, rtol=1e-5)
        # The target list's filling is scored too, nothing else.
        np.testing.assert_allclose(
            out[count * contexts : written].reshape(-1, contexts), expected[[0] * (-count % at_once)], atol=2e-5
        )
        assert (out[written:] == GUARD).all()


@pytest.mark.parametrize("contexts", range(1, 7))
@pytest.mark.parametrize("width", WIDTHS)
def test_an_update_moves_both_sides(contexts, width):
    for count in range(1, MOST + 1):
        block = Block(contexts, count, width, 1, seed=count)
        steps = np.random.default_rng(count).normal(scale=0.1, size=(count, contexts)).astype(np.float32)
        before, context_rows, target_rows = block.edges(), *block.rows()
        kept = steps.copy()
        block.run(update, steps)
        context_new, target_new = block.rows()
        np.testing.assert_allclose(context_new, context_rows + steps.T.astype(np.float64) @ target_rows, atol=2e-6)
        np.testing.assert_allclose(target_new, target_rows + steps.astype(np.float64) @ context_rows, atol=2e-6)
        np.testing.assert_array_equal(steps, kept)
        assert all((a == b).all() for a, b in zip(block.edges(), before, strict=True))


@pytest.mark.parametrize("contexts", [1, 2])
@pytest.mark.parametrize("width", WIDTHS)
def test_without_keep_contexts_become_what_they_would_have_moved_by(contexts, width):
    for count in (1, 2, 7, MOST):
        block = Block(contexts, count, width, 1, seed=count)
        steps = np.random.default_rng(count).normal(scale=0.1, size=(count, contexts)).astype(np.float32)
        before, context_rows, target_rows = block.edges(), *block.rows()
        block.run(changes, steps)
        context_new, target_new = block.rows()
        np.testing.assert_allclose(context_new, steps.T.astype(np.float64) @ target_rows, atol=2e-6)
        np.testing.assert_allclose(target_new, target_rows + steps.astype(np.float64) @ context_rows, atol=2e-6)
        assert all((a == b).all() for a, b in zip(block.edges(), before, strict=True))


@pytest.mark.parametrize("contexts", range(1, 7))
def test_a_target_that_is_named_twice_moves_twice(contexts):
    block = Block(contexts, 4, 3 * LANES, 1)
    block.target_list[2] = block.target_list[0]
    steps = np.random.default_rng(1).normal(scale=0.5, size=(4, contexts)).astype(np.float32)
    context_rows, target_rows = block.rows()
    block.run(update, steps)
    moves, untouched = np.zeros_like(context_rows), target_rows[2].copy()
    for j, target in enumerate([0, 1, 0, 3]):
        moves += np.outer(steps[j], target_rows[target])
        target_rows[target] += steps[j] @ context_rows
    context_new, target_new = block.rows()
    np.testing.assert_allclose(context_new, context_rows + moves, atol=5e-6)
    np.testing.assert_allclose(target_new, target_rows, atol=5e-6)
    np.testing.assert_array_equal(target_new[2], untouched)


def take_steps(scores, true_pairs=(), rate=0.25):
    """Return the steps and the logarithm of the probabilities' product, NaN where it is refused.

    What lies behind the room that is asked for must stay.
    """
    count = len(scores)
    memory, signs = np.full(count + 3 * LANES, GUARD), np.ones(LANES, np.float32)
    memory[:count] = scores
    signs[list(true_pairs)] = -1
    products = np.full(LANES + 1, 2.0)
    finite = steps_of(memory.ctypes.data, count, signs.ctypes.data, np.float32(rate), products.ctypes.data)
    assert (memory[count + LANES :] == GUARD).all() and products[LANES] == 2
    assert finite or (products == 2).all()
    with np.errstate(divide="ignore"):
        return memory[:count], np.log(products[:LANES] / 2).sum() if finite else np.nan


@pytest.mark.parametrize("count", range(1, 70))
def test_steps_and_the_product_of_probabilities(count):
    random = np.random.default_rng(count)
    scores, true_pairs = random.normal(scale=2, size=count), range(min(count, 1 + count % 6))
    labels = np.isin(np.arange(count), true_pairs)
    steps, given = take_steps(scores, true_pairs)
    np.testing.assert_allclose(steps, 0.25 * (labels - expit(scores)), atol=1e-7, rtol=1e-5)
    assert given == pytest.approx(np.log(expit(np.where(labels, scores, -scores))).sum(), rel=1e-5, abs=1e-4)


def test_steps_over_the_whole_range():
    scores = np.concatenate([np.linspace(-30, 30, 4001), [-1e30, -100, -88, 0, 88, 100, 1e30]]).astype(np.float32)
    steps, _ = take_steps(scores, rate=1)
    np.testing.assert_allclose(steps, -expit(scores.astype(np.float64)), atol=1.5e-7)
    # Small probabilities lose digits only below 1e-6, where a step counts for nothing.
    middle = abs(scores) < 8
    np.testing.assert_allclose(steps[middle], -expit(scores[middle].astype(np.float64)), rtol=2e-4)


def test_true_pairs_may_lie_anywhere_in_the_first_register():
    steps, given = take_steps([1.0, 50.0, -50.0, 2.0, 3.0], [0, 3], rate=1)
    np.testing.assert_allclose(steps, [expit(-1), -1, 0, expit(-2), -expit(3)], atol=2e-7)
    assert given == pytest.approx(np.log(expit(1) * expit(2) * expit(-3) * LEAST), rel=1e-5)


@pytest.mark.parametrize("score", [30, 1e30])
@pytest.mark.parametrize("count", [1, 3, LANES, 2 * LANES + 1])
def test_probabilities_are_cut_off(score, count):
    _, given = take_steps([score] * count)
    assert given == pytest.approx(count * np.log(1e-7), rel=1e-6)
    _, given = take_steps([-score] * min(count, LANES), range(min(count, LANES)))
    assert given == pytest.approx(min(count, LANES) * np.log(1e-7), rel=1e-6)
    assert take_steps([-score] * count)[1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("count", [1, 5, LANES, LANES + 1, 3 * LANES - 1])
def test_a_score_that_is_not_finite_is_seen_wherever_it_is(value, count):
    for place in range(count):
        scores = np.zeros(count)
        scores[place] = value
        assert not np.isfinite(take_steps(scores)[1])
        assert not np.isfinite(take_steps(scores, [0])[1])
