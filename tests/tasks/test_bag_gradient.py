"""The norm of a bag classifier's gradient, against torch's autograd and against the update that a step makes."""

import numpy as np
import pytest

from mt2st.embeddings import new_table
from mt2st.tasks import BagClassification, LabelledRows, Sampler
from mt2st.text import Ragged

TEXTS = [[0, 3, 5], [2, 2, 4], [1], [], [5, 2, 0, 2, 1, 2]]
LABELS = np.array([1, 0, 2, 2, 1], np.int32)


def make(rate=1e-3):
    data = LabelledRows(Ragged.from_lists(TEXTS), LABELS, ("a", "b", "c"))
    weights = np.linspace(0.2, 1, 8, dtype=np.float32)
    table = new_table(8, 5, seed=2, scale=5)
    return BagClassification("film", table, weights, data, Sampler(5, 1, 1, seed=1, name="film"), rate, rate)


def expected(task, batch, columns):
    torch = pytest.importorskip("torch")
    table = torch.tensor(task.table.astype(np.float64), requires_grad=True)
    head, weights = torch.tensor(task.head.astype(np.float64)), torch.tensor(task.row_weights.astype(np.float64))
    losses = []
    for example in batch:
        text = TEXTS[example]
        mean = (weights[text, None] * table[text]).sum(0) / max(weights[text].sum(), 1e-30)
        logits = head[:, :-1] @ mean + head[:, -1]
        losses.append(torch.nn.functional.cross_entropy(logits[None], torch.tensor([int(LABELS[example])])))
    torch.stack(losses).mean().backward()
    return float(table.grad[:, columns].norm())


@pytest.mark.parametrize("batch", [[0], [1, 1], [0, 1, 2, 3, 4], [3]])
def test_it_is_autograds(batch):
    task = make()
    assert task.gradient_norm(np.array(batch)) == pytest.approx(expected(task, batch, slice(None)), rel=1e-5)


def test_it_is_that_of_columns_that_train():
    task = make()
    task.freeze(np.array([0, 3]))
    assert task.gradient_norm(np.arange(5)) == pytest.approx(expected(task, range(5), [1, 2, 4]), rel=1e-5)


def test_it_is_the_update_divided_by_the_rate():
    task = make(rate=1e-3)
    norm, before = task.gradient_norm(np.array([0])), task.table.copy()
    task.learn(np.array([0]), 1.0, 1.0)
    assert np.linalg.norm(task.table - before) / 1e-3 == pytest.approx(norm, rel=1e-3)


def test_of_nothing_it_is_nothing():
    assert make().gradient_norm(np.empty(0, np.int64)) == 0.0


def test_where_no_column_trains_there_is_none():
    task = make()
    task.freeze(np.arange(5))
    assert np.isnan(task.gradient_norm(np.arange(5)))
