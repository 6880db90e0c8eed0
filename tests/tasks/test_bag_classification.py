from __future__ import annotations

import numpy as np
import pytest

from mt2st.embeddings import new_table
from mt2st.embeddings.kernels.bag import bag_logits
from mt2st.embeddings.table import whole_rows
from mt2st.errors import ConfigError
from mt2st.tasks import Outcome, Sampler
from mt2st.tasks.bag_classification import BagClassification
from mt2st.tasks.labelled import LabelledRows
from mt2st.tasks.task import Classifies
from mt2st.tasks.workers import Workers
from mt2st.text import Ragged

SIZE = 400


def toy(count=SIZE):
    """Texts of four words, two of their class and two of any."""
    random = np.random.default_rng(3)
    labels = random.integers(0, 2, count).astype(np.int32)
    texts = [[*(random.choice(10, 2) + 10 * label), *random.choice(30, 2)] for label in labels]
    return LabelledRows(Ragged.from_lists(texts), labels, ("neg", "pos"))


def make(data=None, workers=None, steps=10, passes=8.0, name="film", **settings):
    data = toy() if data is None else data
    settings = {"head_rate": 0.3, "table_rate": 0.3, **settings}
    sampler = Sampler(len(data), passes, steps, seed=1, name=name)
    weights = np.linspace(0.5, 1, 30, dtype=np.float32)
    return BagClassification(
        name, new_table(30, 6, seed=2, scale=6), weights, data, sampler, workers=workers or Workers(), **settings
    )


def train(task, steps=10):
    outcomes = [task.learn(task.sampler.draw(), 1.0, 1 - step / steps) for step in range(steps)]
    return [outcome.loss / outcome.terms for outcome in outcomes]


def test_it_learns():
    task = make()
    losses = train(task)
    accuracy = (task.logits(task.data.rows).argmax(1) == task.data.labels).mean()
    assert losses[-1] < 0.5 * losses[0] and accuracy > 0.9


def test_one_worker_is_the_same_bit_for_bit():
    first, second = make(), make()
    assert train(first) == train(second)
    np.testing.assert_array_equal(first.table, second.table)
    np.testing.assert_array_equal(first.head, second.head)


def test_two_workers_come_to_much_the_same():
    one, two = train(make()), train(make(workers=Workers(2)))
    assert one != two
    # Each thread moves a copy of the head, and the table without locks: the way differs, the end hardly.
    assert abs(one[-1] - two[-1]) < 0.05
    assert two[-1] < 0.5 * two[0]


def test_the_heads_moves_of_all_workers_add_up():
    # With the table at rest, two workers are two halves that begin at the same head.
    batch, tasks = np.arange(200), [make(table_rate=0.0, workers=Workers(count)) for count in (2, 1, 1)]
    before = tasks[0].head.copy()
    outcome = tasks[0].learn(batch, 1.0, 1.0)
    halves = [task.learn(part, 1.0, 1.0) for task, part in zip(tasks[1:], np.split(batch, 2), strict=True)]
    moves = sum(task.head - before for task in tasks[1:])
    np.testing.assert_allclose(tasks[0].head, before + moves, atol=1e-6)
    assert outcome == Outcome(pytest.approx(sum(half.loss for half in halves)), 200, 200, 800)


def test_an_empty_batch_does_nothing():
    task = make()
    table, head = task.table.copy(), task.head.copy()
    assert task.learn(np.empty(0, np.int64), 1.0, 1.0) == Outcome(0.0, 0, 0, 0)
    np.testing.assert_array_equal(task.table, table)
    np.testing.assert_array_equal(task.head, head)


@pytest.mark.parametrize(("weight", "rate"), [(2.0, 1.0), (1.0, 0.5), (0.5, 3.0), (0.0, 1.0)])
def test_weight_and_rate_scale_the_step(weight, rate):
    steps = {}
    for factors in ((1.0, 1.0), (weight, rate)):
        task = make()
        table, head = task.table.copy(), task.head.copy()
        task.learn(np.array([7]), *factors)
        steps[factors] = task.table - table, task.head - head
    for whole, scaled in zip(steps[1.0, 1.0], steps[weight, rate], strict=True):
        assert abs(whole).max() > 0.005
        np.testing.assert_allclose(scaled, weight * rate * whole, atol=1e-6)


def test_head_and_table_have_their_own_rates_by_hand():
    # One word of weight 1 at (1, 0), a head of (1, 0) and (-1, 0): logits of 1 and -1.
    data = LabelledRows(Ragged.from_lists([[0]]), np.array([1], np.int32), ("a", "b"))
    task = BagClassification(
        "film",
        new_table(1, 2, seed=1),
        np.ones(1, np.float32),
        data,
        Sampler(1, 1, 1, 1, "film"),
        head_rate=0.5,
        table_rate=0.25,
    )
    task.head[:] = [[1, 0, 0], [-1, 0, 0]]
    task.table[:] = [[1, 0]]
    outcome = task.learn(np.array([0]), 2.0, 0.5)
    error = 1 / (1 + np.exp(-2.0))  # the wrong class's share
    assert outcome == Outcome(pytest.approx(np.log(1 + np.exp(2.0)), rel=1e-6), 1, 1, 1)
    np.testing.assert_allclose(task.table, [[1 - 0.25 * 2 * error, 0]], rtol=1e-5)
    step = 0.5 * error
    np.testing.assert_allclose(task.head, [[1 - step, 0, -step], [-1 + step, 0, step]], rtol=1e-5)


def test_outcomes_count_examples_and_features():
    data = LabelledRows(Ragged.from_lists([[1, 2, 3], [], [4]]), np.array([0, 1, 0], np.int32), ("neg", "pos"))
    outcome = make(data).learn(np.array([0, 1, 0]), 1.0, 1.0)
    assert (outcome.terms, outcome.examples, outcome.words, outcome.not_finite) == (3, 3, 6, 0)


@pytest.mark.parametrize(("stop_at_bad", "terms"), [(False, 3), (True, 1)])
def test_losses_that_are_not_finite_are_counted(stop_at_bad, terms):
    rows = Ragged.from_lists([[1], [2, 5], [3], [4]])
    task = make(LabelledRows(rows, np.zeros(4, np.int32), ("neg", "pos")), stop_at_bad=stop_at_bad)
    task.table[5] = np.nan
    outcome = task.learn(np.array([0, 1, 2, 3]), 1.0, 1.0)
    assert (outcome.terms, outcome.examples, outcome.not_finite) == (terms, 4, 1)
    assert np.isfinite(outcome.loss)
    assert np.isfinite(np.delete(task.table, 5, 0)).all() and np.isfinite(task.head).all()


def test_the_head_begins_small_and_by_name_and_seed():
    heads = [make(name=name, head_seed=seed).head for name, seed in [("a", 1), ("a", 1), ("b", 1), ("a", 2)]]
    np.testing.assert_array_equal(heads[0], heads[1])
    assert not np.array_equal(heads[0], heads[2]) and not np.array_equal(heads[0], heads[3])
    for head in heads:
        assert head.shape == (2, 7) and not head[:, -1].any()
        assert 0.02 < abs(head[:, :-1]).max() <= 0.1


def test_logits_are_numpys():
    task, texts = make(), [[1, 1, 29], [], [4]]
    train(task, 2)
    means = [
        np.average(task.table[text], axis=0, weights=task.row_weights[text]) if text else np.zeros(6) for text in texts
    ]
    by_hand = np.array(means) @ task.head[:, :-1].T.astype(np.float64) + task.head[:, -1]
    np.testing.assert_allclose(task.logits(Ragged.from_lists(texts)), by_hand, rtol=1e-5, atol=1e-6)
    assert isinstance(task, Classifies)


def test_a_plain_table_as_a_loaded_model_has_it_scores_the_same():
    task, rows = make(), Ragged.from_lists([[1, 1, 29], [], [4]])
    plain = np.ascontiguousarray(task.table)
    assert plain.strides == (24, 4) != task.table.strides, "the task's own is padded"
    np.testing.assert_array_equal(
        bag_logits(plain, task.row_weights, task.head, rows.ids, rows.offsets), task.logits(rows)
    )


def test_a_table_without_padding_is_refused_for_training():
    with pytest.raises(ConfigError, match="make it with new_table"):
        BagClassification(
            "film", np.zeros((30, 6), np.float32), np.ones(30, np.float32), toy(), make().sampler, 0.1, 0.1
        )


def test_padding_stays_zero():
    task = make()
    train(task, 2)
    assert whole_rows(task.table).shape[1] > 6 and not whole_rows(task.table)[:, 6:].any()


def test_arrays_are_live():
    task = make()
    arrays = task.arrays()
    before = arrays["head"].copy()
    task.learn(np.arange(5), 1.0, 1.0)
    assert set(arrays) == {"head"}
    assert not np.array_equal(arrays["head"], before)
    arrays["head"][:] = 0
    assert not task.logits(task.data.rows).any()
