"""Cosines read off steps agree with gradients worked out apart."""

import numpy as np
import pytest

from mt2st.embeddings import new_table
from mt2st.models import NativeShared
from mt2st.tasks import BagClassification, LabelledRows, Sampler
from mt2st.text import Ragged
from mt2st.training.cosines import Cosines, cosine
from mt2st.training.ledger import Ledger


def task(name, table, rows, labels):
    data = LabelledRows(Ragged.from_lists(rows), np.array(labels, np.int32), ("no", "yes"))
    sampler = Sampler(len(data), 1, 1, seed=1, name=name)
    weights = np.ones(len(table), np.float32)
    return BagClassification(name, table, weights, data, sampler, head_rate=0.0, table_rate=1e-3, head_seed=3)


def gradient(one, table):
    """Return the gradient of one example's loss with respect to the table, in float64."""
    (start, stop), label = one.data.rows.offsets[:2], one.data.labels[0]
    ids = one.data.rows.ids[start:stop]
    head, bias = one.head[:, :-1].astype(float), one.head[:, -1].astype(float)
    logits = head @ table[ids].astype(float).mean(0) + bias
    chance = np.exp(logits) / np.exp(logits).sum()
    found = np.zeros(table.shape)
    for row in ids:
        found[row] += head.T @ (chance - np.eye(2)[label]) / len(ids)
    return found


def test_the_cosine_is_that_of_the_gradients():
    table = new_table(6, 4, seed=1, scale=4.0)
    first, second = task("p", table, [[0, 1, 2]], [1]), task("a", table, [[1, 2, 5]], [0])
    looked_at = np.array([0, 1, 2, 3])
    a, b = (gradient(each, table)[looked_at].ravel() for each in (first, second))
    expected = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    cosines = Cosines(NativeShared(table, looked_at=looked_at), "p", Ledger(["p", "a"]))
    for each in (first, second):
        with cosines.comparing(each.name):
            each.learn(np.array([0]), 1.0, 1.0)
    assert cosines.means.take() == {"a": pytest.approx(expected, abs=2e-3)}
    assert cosines.means.take() == {}
    assert cosines.ledger.comparison_seconds > 0


def test_means_are_taken_and_what_moved_nothing_is_passed_over():
    table = new_table(4, 2, seed=1)
    cosines = Cosines(NativeShared(table, looked_at=np.arange(4)), "p", Ledger(["p", "a", "b"]))
    for move in (1.0, -1.0, 1.0):
        with cosines.comparing("p"):
            table[0, 0] += 1
        with cosines.comparing("a"):
            table[0, 0] += move
        with cosines.comparing("b"):
            pass
    again = Cosines(cosines.shared, "p", cosines.ledger)
    again.means.load_state_dict(cosines.means.state_dict())
    assert again.means.take() == {"a": pytest.approx(1 / 3)}


def test_a_task_that_runs_without_the_primary_before_it_is_not_compared():
    table = new_table(4, 2, seed=1)
    cosines = Cosines(NativeShared(table, looked_at=np.arange(4)), "p", Ledger(["p", "a"]))
    with cosines.comparing("a"):
        table += 1
    assert cosines.means.take() == {}


def test_cosine_of_nothing_is_none():
    assert np.isnan(cosine(np.zeros(3, np.float32), np.ones(3, np.float32)))
