import numpy as np
import pytest

from mt2st.embeddings import new_table
from mt2st.errors import DataError
from mt2st.tasks import Outcome, Sampler, TargetRows, Workers
from mt2st.tasks.bag_targets import BagTargets
from mt2st.text import Ragged


def toy(examples=200, seed=1, missing=0.0, ratings=False):
    """Word 1 means the first label and is worth 10, word 2 the second and 20; words 3 to 8 mean nothing."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, (examples, 2))
    rows = [[*(k + 1 for k in (0, 1) if row[k]), *random.integers(3, 9, 2)] for row in truth]
    targets = truth.astype(np.float32)
    if ratings:
        targets = 50 + (truth * [10, 20]).sum(1, keepdims=True).astype(np.float32)
    targets[random.random(targets.shape) < missing] = np.nan
    return TargetRows(Ragged.from_lists(rows), targets, ("a", "b")[: targets.shape[1]])


def make(data, loss, workers=1, **options):
    table, sampler = new_table(9, 8, seed=1, scale=4.0), Sampler(len(data), 20, 20, 1, "t")
    rates = {"head_rate": 0.1, "table_rate": 0.1, **options}
    return BagTargets("t", table, np.ones(9, np.float32), data, sampler, loss, **rates, workers=Workers(workers))


def train(task):
    for step in range(20):
        task.learn(task.sampler.draw(), 1.0, 1 - step / 20)


@pytest.mark.parametrize("missing", [0.0, 0.6])
def test_labels_that_hold_at_once_are_learned(missing):
    task, unseen = make(toy(missing=missing), "logistic"), toy(seed=2)
    train(task)
    assert ((task.outputs(unseen.rows) > 0) == unseen.targets).mean() > 0.97


@pytest.mark.parametrize("loss", ["squared", "huber"])
def test_ratings_are_learned_in_their_own_unit(loss):
    task, unseen = make(toy(ratings=True, missing=0.2), loss), toy(seed=2, ratings=True)
    train(task)
    assert np.corrcoef(task.outputs(unseen.rows)[:, 0], unseen.targets[:, 0])[0, 1] > 0.9
    assert np.abs(task.outputs(unseen.rows) - unseen.targets).mean() < 4


def test_a_batch_without_labels_changes_nothing():
    data = toy(missing=0.5)
    task, empty = make(data, "logistic"), np.flatnonzero(data.counts == 0)
    before = np.array(task.table), task.head.copy()
    assert task.learn(empty, 1.0, 1.0) == Outcome(0.0, 0, len(empty), data.rows.size_of(empty))
    assert (task.table == before[0]).all() and (task.head == before[1]).all()


def test_weight_and_rate_scale_the_step():
    one, other = (make(toy(), "squared", head_rate=rate, table_rate=rate) for rate in (0.1, 0.4))
    one.learn(np.arange(5), 1.0, 1.0)
    other.learn(np.arange(5), 0.5, 0.5)
    np.testing.assert_allclose(one.table, other.table, rtol=1e-6)


def test_two_threads_learn_too():
    task, unseen = make(toy(400), "logistic", workers=2), toy(seed=2)
    train(task)
    assert ((task.outputs(unseen.rows) > 0) == unseen.targets).mean() > 0.95


def test_ratings_are_no_labels():
    with pytest.raises(DataError, match="labels are 1, 0 or not known"):
        make(toy(ratings=True), "logistic")
