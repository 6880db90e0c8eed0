"""A task of a word list on the shared table: by hand, its weight, its state."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.models.pytorch.table import TorchTable  # noqa: E402
from mt2st.tasks import Sampler  # noqa: E402
from mt2st.tasks.lexical.alignment import AlignmentTask  # noqa: E402
from mt2st.tasks.lexical.offset import OffsetTask  # noqa: E402
from mt2st.tasks.lexical.similarity import SimilarityTask  # noqa: E402
from mt2st.tasks.lexical.table_task import TableTask  # noqa: E402

QUADRUPLES = np.array([[0, 1, 2, 3], [3, 2, 1, 0]])


def offset_task(table, rate=0.1):
    sampler = Sampler(2, 1, 1, seed=1, name="o")
    return TableTask(TorchTable(table, rate), lambda shared: OffsetTask("o", shared, QUADRUPLES, sampler))


@pytest.fixture
def table():
    return np.random.default_rng(3).normal(size=(5, 4)).astype(np.float32)


def test_a_step_is_the_rate_s_share_of_the_size_of_the_rows_that_move(table):
    before = table.copy()
    size = np.sqrt(np.mean(before[:4] ** 2))
    offset_task(table).learn(np.array([0]), weight=0.25, rate=0.5)
    # Adam's first step is its rate in each number, whatever the gradient.
    np.testing.assert_allclose(np.abs(table - before)[:4], 0.1 * 0.25 * 0.5 * size, rtol=1e-3)
    assert np.array_equal(table[4], before[4]), "a word in no quadruple rests"


def test_vectors_of_another_size_move_in_proportion(table):
    longer, before = 100 * table, table.copy()
    for each in (table, longer):
        offset_task(each).learn(np.arange(2), weight=1.0, rate=1.0)
    np.testing.assert_allclose(longer - 100 * before, 100 * (table - before), rtol=1e-2)


def test_a_batch_without_examples_moves_nothing(table):
    before, task = table.copy(), offset_task(table)
    assert task.learn(np.arange(0), weight=1.0, rate=1.0).terms == 0
    assert np.array_equal(table, before)


def test_a_batch_without_a_gradient_has_no_loss_and_moves_nothing(table):
    # Two pairs are in order or not: no ranks to learn.
    pairs, sampler = np.array([[0, 1], [2, 3], [1, 4]]), Sampler(3, 1, 1, seed=1, name="s")
    task = TableTask(
        TorchTable(table, rate=0.1), lambda shared: SimilarityTask("s", shared, pairs, np.arange(3.0), sampler)
    )
    before = table.copy()
    outcome = task.learn(np.arange(2), weight=1.0, rate=1.0)
    assert (outcome.terms, outcome.loss, outcome.examples) == (0, 0.0, 2) and np.array_equal(table, before)
    assert task.learn(np.arange(3), weight=1.0, rate=1.0).terms == 3 and not np.array_equal(table, before)


def test_the_state_goes_on_where_it_was(table):
    other = table.copy()
    one, two = offset_task(table), offset_task(other)
    one.learn(np.arange(2), 1.0, 1.0)
    other[:] = table
    for name, array in two.arrays().items():
        array[...] = one.arrays()[name]
    for task in (one, two):
        task.learn(np.array([1]), 0.5, 1.0)
    assert np.array_equal(table, other)
    assert "table" not in one.arrays(), "the table is the shared part's to save"


def test_the_head_learns_at_its_own_rate_and_is_saved(table):
    pairs, sampler = np.array([[0, 2], [1, 3]]), Sampler(2, 1, 1, seed=1, name="d")
    task = TableTask(
        TorchTable(table, rate=0.1, head_rate=0.01),
        lambda shared: AlignmentTask("d", shared, pairs, sampler, mapping=True, neighbours=1),
    )
    task.learn(np.arange(2), weight=0.5, rate=1.0)
    moved = np.abs(task.arrays()["head.weight"] - np.eye(4))
    assert moved.max() == pytest.approx(0.005, rel=1e-3)
