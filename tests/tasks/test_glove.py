from __future__ import annotations

import numpy as np
import pytest

from mt2st.embeddings import new_table
from mt2st.embeddings.glove import Glove
from mt2st.errors import DataError
from mt2st.tasks import BagClassification, LabelledRows, Outcome, Sampler, Workers
from mt2st.tasks.glove import CooccurrenceRecords, GloveTask
from mt2st.text import Ragged

WORDS, SIZE = 20, 12


def corpus():
    """Sentences of eight words, all of one topic: words 0 to 9, or 10 to 19."""
    random = np.random.default_rng(4)
    return Ragged.from_lists([random.integers(0, 10, 8) + 10 * (place % 2) for place in range(300)])


def make(table=None, workers=None, rate=0.05, sentences=None, passes=20.0):
    table = new_table(WORDS + 5, SIZE, seed=2) if table is None else table
    records = CooccurrenceRecords.count(corpus() if sentences is None else sentences, WORDS, window=4)
    model = Glove(table, WORDS, SIZE, seed=3)
    sampler = Sampler(len(records), passes, steps=10, seed=1, name="language")
    return GloveTask("language", model, records, sampler, rate, workers or Workers())


def train(task, steps):
    return [task.learn(task.sampler.draw(), 1.0, 1.0) for _ in range(steps)]


def test_records_are_counted_as_by_hand():
    found = CooccurrenceRecords.count(Ragged.from_lists([[0, 1, 2, 1], [2], []]), words=3, window=2)
    # 1 beside itself at distance 2 counts from either side.
    expected = {(0, 1): 1, (1, 0): 1, (0, 2): 0.5, (2, 0): 0.5, (1, 2): 2, (2, 1): 2, (1, 1): 1}
    records = zip(found.rows.tolist(), found.columns.tolist(), found.values.tolist(), strict=True)
    assert {(i, j): value for i, j, value in records} == expected


def test_products_come_near_the_logarithms_of_the_records():
    task = make(passes=400.0)
    outcomes = train(task, 10)
    assert outcomes[-1].loss / outcomes[-1].terms < 0.05 * outcomes[0].loss / outcomes[0].terms
    model, records = task.model, task.records
    biases = model.arrays()["biases"][:, 0], model.arrays()["context_biases"][:, 0]
    found = (task.table[:WORDS] @ model.contexts.T) + biases[0][:, None] + biases[1]
    np.testing.assert_allclose(found[records.rows, records.columns], np.log(records.values), atol=0.25)


def test_words_of_a_topic_become_near():
    task = make()
    train(task, 10)
    vectors = task.model.vectors()
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    near, topic = vectors @ vectors.T, np.arange(WORDS) // 10
    assert near[topic[:, None] == topic].mean() > near[topic[:, None] != topic].mean() + 0.3
    np.testing.assert_array_equal(task.table[WORDS:, :SIZE], new_table(WORDS + 5, SIZE, seed=2)[WORDS:])


def test_a_run_that_is_resumed_is_one_that_never_stopped():
    whole, first, second = make(), make(), make()
    train(whole, 6)
    train(first, 3)
    second.table[:] = first.table
    for name, array in second.arrays().items():
        array[...] = np.ascontiguousarray(first.arrays()[name])
    second.sampler.draws = first.sampler.draws
    train(second, 3)
    np.testing.assert_array_equal(second.table, whole.table)
    for name, array in second.arrays().items():
        np.testing.assert_array_equal(array, whole.arrays()[name], err_msg=name)


def test_what_it_saves_has_no_padding_and_is_live():
    task = make()
    before = {name: array.copy() for name, array in task.arrays().items()}
    squares = {"squares": (WORDS, SIZE), "context_squares": (WORDS, SIZE)}
    biases = {"biases": (WORDS, 2), "context_biases": (WORDS, 2)}
    assert {name: array.shape for name, array in before.items()} == {"contexts": (WORDS, SIZE), **squares, **biases}
    train(task, 1)
    for name, array in task.arrays().items():
        assert (array != before[name]).any(), name


@pytest.mark.parametrize(("weight", "rate"), [(2.0, 0.5), (0.25, 4.0)])
def test_weight_and_rate_are_factors_of_one_rate(weight, rate):
    task, same, other = make(), make(), make()
    task.learn(np.arange(20), 1.0, 1.0)
    same.learn(np.arange(20), weight, rate)
    other.learn(np.arange(20), weight, 1.0)
    np.testing.assert_array_equal(task.table, same.table)
    assert not np.array_equal(task.table, other.table)


def test_a_batch_trains_its_records_alone():
    task = make(sentences=Ragged.from_lists([[0, 1], [2, 3]]))
    place = int(np.flatnonzero(task.records.rows == 2)[0])
    before = task.table.copy()
    assert task.learn(np.array([place]), 1.0, 1.0).terms == 1
    assert (task.table != before).any(1).nonzero()[0].tolist() == [2]


def test_outcomes_count_records_and_two_words_for_each():
    task = make()
    assert task.learn(np.empty(0, np.int64), 1.0, 1.0) == Outcome(0.0, 0, 0, 0)
    outcome = task.learn(np.arange(7), 1.0, 1.0)
    assert (outcome.terms, outcome.examples, outcome.words, outcome.not_finite) == (7, 7, 14, 0)
    task.model.contexts[task.records.columns[0]] = np.nan
    outcome = task.learn(np.arange(1), 1.0, 1.0)
    assert (outcome.terms, outcome.not_finite) == (0, 1)
    assert np.isfinite(task.table).all()


def test_two_workers_come_to_much_the_same():
    one, two = train(make(passes=40.0), 8), train(make(passes=40.0, workers=Workers(2)), 8)
    losses = [[outcome.loss / outcome.terms for outcome in outcomes] for outcomes in (one, two)]
    np.testing.assert_allclose(losses[0], losses[1], rtol=0.2)
    assert sum(outcome.terms for outcome in two) == sum(outcome.terms for outcome in one)


def test_sentences_of_one_word_are_refused():
    with pytest.raises(DataError, match="no two words stand within 4 words of each other"):
        make(sentences=Ragged.from_lists([[1], [2]]))


def test_it_trains_the_table_that_a_classifier_reads():
    table = new_table(WORDS, SIZE, seed=2)
    data = LabelledRows(corpus(), np.zeros(300, np.int32), ("a", "b"))
    bag = BagClassification("film", table, np.ones(WORDS, np.float32), data, Sampler(300, 1, 2, 1, "f"), 0.1, 0.1)
    task, logits = make(table), bag.logits(data.rows)
    assert np.shares_memory(bag.table, task.table)
    task.learn(np.arange(20), 1.0, 1.0)
    assert not np.array_equal(bag.logits(data.rows), logits)
