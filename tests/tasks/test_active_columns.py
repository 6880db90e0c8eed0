"""A bag classifier with frozen columns: what rests, what trains, when the table is up to date."""

from __future__ import annotations

import numpy as np
import pytest

from mt2st.embeddings import new_table
from mt2st.tasks import Sampler
from mt2st.tasks.bag_classification import BagClassification
from mt2st.tasks.labelled import LabelledRows
from mt2st.tasks.workers import Workers
from mt2st.text import Ragged

WORDS, SIZE = 40, 6
FROZEN = np.array([0, 2, 5])
ACTIVE = np.array([1, 3, 4])


def make(workers=1):
    random = np.random.default_rng(3)
    labels = random.integers(0, 2, 400).astype(np.int32)
    # The last ten words are in no training example.
    texts = [[*(random.choice(10, 2) + 10 * label), *random.choice(30, 2)] for label in labels]
    data = LabelledRows(Ragged.from_lists(texts), labels, ("neg", "pos"))
    weights = np.linspace(0.5, 1, WORDS, dtype=np.float32)
    table = new_table(WORDS, SIZE, seed=2, scale=6)
    sampler = Sampler(len(data), 8.0, 10, seed=1, name="film")
    return BagClassification("film", table, weights, data, sampler, 0.3, 0.3, workers=Workers(workers))


def steps(task, count):
    return [task.learn(task.sampler.draw(), 1.0, 1.0) for _ in range(count)]


@pytest.mark.parametrize("workers", [1, 2])
def test_frozen_columns_are_bit_equal_and_others_train(workers):
    task = make(workers)
    steps(task, 2)
    before = task.table.copy()
    task.freeze(FROZEN)
    losses = [outcome.loss for outcome in steps(task, 6)]
    task.settle()
    assert task.table[:, FROZEN].tobytes() == before[:, FROZEN].tobytes()
    moved = (task.table[:, ACTIVE] != before[:, ACTIVE]).all(1)
    assert moved[:30].all() and not moved[30:].any()
    assert losses[-1] < losses[0]


def test_all_columns_frozen_train_the_head_alone():
    task = make()
    steps(task, 1)
    table, head = task.table.copy(), task.head.copy()
    task.freeze(np.arange(SIZE))
    steps(task, 6)
    task.settle()
    assert task.table.tobytes() == table.tobytes()
    assert (task.head != head).all()


def test_the_table_is_behind_until_it_is_settled_and_logits_settle_it():
    task = make()
    task.freeze(FROZEN)
    before = task.table.copy()
    steps(task, 1)
    assert task.table.tobytes() == before.tobytes()
    task.logits(task.data.rows)
    assert (task.table[:30, ACTIVE] != before[:30, ACTIVE]).all()


def test_settling_twice_writes_once():
    task = make()
    task.freeze(FROZEN)
    steps(task, 1)
    task.settle()
    task.table[:] = 7.0  # as when the best parameters are put in place
    task.settle()
    assert (task.table == 7.0).all()


def test_freezing_anew_from_the_table_goes_on_bit_for_bit():
    whole, cut = make(), make()
    for task in (whole, cut):
        task.freeze(FROZEN)
        steps(task, 3)
    cut.freeze(FROZEN)  # settles, and copies the columns again
    for task in (whole, cut):
        steps(task, 3)
        task.settle()
    assert whole.table.tobytes() == cut.table.tobytes() and whole.head.tobytes() == cut.head.tobytes()


def test_unfreezing_trains_every_column_again():
    task = make()
    task.freeze(FROZEN)
    steps(task, 2)
    task.freeze(FROZEN[:0])
    before = task.table.copy()
    steps(task, 2)
    assert (task.table[:30] != before[:30]).all()


def test_relevance_reads_the_settled_table():
    task, other = make(), make()
    for each in (task, other):
        each.freeze(FROZEN)
        steps(each, 2)
    other.settle()
    assert task.relevance()[0].tolist() == other.relevance()[0].tolist()
    assert (task.relevance()[0] > 0).all()
