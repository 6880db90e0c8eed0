from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from mt2st.embeddings import new_table
from mt2st.embeddings.pairs import PairModel
from mt2st.embeddings.subwords import SubwordIndex
from mt2st.errors import DataError
from mt2st.tasks import BagClassification, LabelledRows, LanguageModel, Outcome, Sampler, Workers
from mt2st.text import Ragged

WORDS, SENTENCES, SIZE = 20, 300, 12
SUBWORDS = SubwordIndex.of([f"{'north' if n < 10 else 'south'}{n}" for n in range(WORDS)], 3, 4, 50)
METHODS = [("skipgram", None), ("cbow", None), ("skipgram", SUBWORDS), ("cbow", SUBWORDS)]
IDS = ["skipgram", "cbow", "skipgram-subwords", "cbow-subwords"]
each_method = pytest.mark.parametrize(("method", "subwords"), METHODS, ids=IDS)


def corpus():
    """Sentences of eight words, all of one topic: words 0 to 9, or 10 to 19."""
    random = np.random.default_rng(4)
    return Ragged.from_lists([random.integers(0, 10, 8) + 10 * (place % 2) for place in range(SENTENCES)])


def make(method="skipgram", subwords=None, *, table=None, workers=None, rate=0.05, seed=3, sentences=None, **settings):
    sentences = corpus() if sentences is None else sentences
    counts = np.bincount(corpus().ids, minlength=WORDS)
    table = new_table(WORDS + 5 + len(SUBWORDS.buckets), SIZE, seed=2) if table is None else table
    settings = {"sample": 0.0, **settings}
    model = PairModel(table, counts, method=method, subwords=subwords, seed=seed, **settings)
    sampler = Sampler(SENTENCES, passes=6.0, steps=8, seed=1, name="language")
    return LanguageModel("language", model, sentences, sampler, rate, workers or Workers())


def train(task, steps):
    return [task.learn(task.sampler.draw(), 1.0, 1.0) for _ in range(steps)]


def word_vectors(task, subwords):
    if subwords is None:
        return task.table[:WORDS]
    return np.array([task.table[subwords.rows[a:b]].mean(0) for a, b in pairwise(subwords.offsets)])


@each_method
def test_words_of_a_topic_become_near(method, subwords):
    # In CBOW and with subwords each row of a mean takes the whole step, so steps must be smaller.
    task = make(method, subwords, rate=0.05 if method == "skipgram" and subwords is None else 0.01)
    outcomes = train(task, 8)
    assert outcomes[-1].loss / outcomes[-1].terms < 0.9 * outcomes[0].loss / outcomes[0].terms
    vectors = word_vectors(task, subwords)
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    near, topic = vectors @ vectors.T, np.arange(WORDS) // 10
    same, across = near[topic[:, None] == topic], near[topic[:, None] != topic]
    assert same.min() > across.max()
    rows = WORDS if subwords is None else subwords.rows.max() + 1
    np.testing.assert_array_equal(task.table[rows:], new_table(len(task.table), SIZE, seed=2)[rows:])


@each_method
def test_a_run_that_is_resumed_is_one_that_never_stopped(method, subwords):
    whole, first, second = (make(method, subwords, sample=1e-2) for _ in range(3))
    train(whole, 6)
    train(first, 3)
    second.table[:] = first.table
    for name, array in second.arrays().items():
        array[...] = first.arrays()[name]
    second.sampler.draws = first.sampler.draws
    train(second, 3)
    np.testing.assert_array_equal(second.table, whole.table)
    np.testing.assert_array_equal(second.model.output, whole.model.output)


def test_the_same_batch_has_new_draws_each_time():
    tables = []
    for draws in (1, 1, 2):
        task = make()
        task.sampler.draws = draws
        task.learn(np.arange(20), 1.0, 1.0)
        tables.append(task.table)
    np.testing.assert_array_equal(tables[0], tables[1])
    assert not np.array_equal(tables[0], tables[2])


def test_the_draws_of_a_batch_are_not_those_of_the_batch_before_one_sentence_on():
    # Kernels number a batch's sentences. With keys that differed by the same step, sentence k + 1 of one batch and
    # sentence k of the next would meet the same chance. How many pairs there are depends on chance alone.
    alike = Ragged.from_lists([[n % WORDS for n in range(900)]] * 6)
    pairs = []
    for draws in range(1, 4):
        task = make(sentences=alike)
        task.sampler.draws = draws
        sums = [0] + [advance_first(task, count) for count in range(1, 7)]
        pairs.append(np.diff(sums).tolist())
    assert not set(pairs[0]) & set(pairs[1]) and not set(pairs[1]) & set(pairs[2])


def advance_first(task, count):
    return task.learn(np.arange(count), 1.0, 0.0).terms


@each_method
@pytest.mark.parametrize(("weight", "rate"), [(2.0, 0.5), (0.25, 4.0)])
def test_weight_and_rate_are_factors_of_one_rate(method, subwords, weight, rate):
    task, same, other = (make(method, subwords) for _ in range(3))
    task.learn(np.arange(20), 1.0, 1.0)
    same.learn(np.arange(20), weight, rate)
    other.learn(np.arange(20), weight, 1.0)
    np.testing.assert_array_equal(task.table, same.table)
    np.testing.assert_array_equal(task.model.output, same.model.output)
    assert not np.array_equal(task.table, other.table)


@each_method
def test_twice_the_weight_is_twice_the_step(method, subwords):
    steps = []
    for weight in (1.0, 2.0, 0.0):
        task = make(method, subwords, rate=1e-3, window=1, negative=2)
        before = task.table.copy()
        task.learn(np.array([3]), weight, 1.0)
        steps.append(task.table - before)
    assert abs(steps[0]).max() > 1e-6
    np.testing.assert_allclose(steps[1], 2 * steps[0], atol=0.01 * abs(steps[0]).max())
    assert not steps[2].any()


def test_an_empty_batch_does_nothing():
    task = make()
    table, output = task.table.copy(), task.model.output.copy()
    assert task.learn(np.empty(0, np.int64), 1.0, 1.0) == Outcome(0.0, 0, 0, 0)
    np.testing.assert_array_equal(task.table, table)
    np.testing.assert_array_equal(task.model.output, output)


def test_outcomes_count_pairs_sentences_and_words():
    # All words kept: a window of 1 makes 14 pairs, and 8 windows, of each sentence of eight.
    outcomes = [make(method, window=1).learn(np.arange(10), 1.0, 1.0) for method in ("skipgram", "cbow")]
    assert [(o.terms, o.examples, o.words, o.not_finite) for o in outcomes] == [(140, 10, 80, 0), (80, 10, 80, 0)]


@pytest.mark.parametrize("method", ["skipgram", "cbow"])
def test_two_workers_come_to_much_the_same(method):
    one, two = train(make(method), 8), train(make(method, workers=Workers(2)), 8)
    losses = [[outcome.loss / outcome.terms for outcome in outcomes] for outcomes in (one, two)]
    np.testing.assert_allclose(losses[0], losses[1], atol=0.25)


def test_workers_have_draws_of_their_own():
    # How many pairs there are depends on draws alone. The same sentences go to both workers.
    task = make(workers=Workers(2))
    outcome = task.learn(np.tile(np.arange(16), 2), 1.0, 1.0)
    keys = [task.sampler.draw_key(part) for part in range(2)]
    halves = [task.model.advance(task.sentences, np.arange(16), 0.1, key).pairs for key in keys]
    assert halves[0] != halves[1]
    assert outcome.terms == sum(halves)


def test_pairs_that_are_not_finite_are_counted():
    # Each sentence a pair of words of its own; one has an output row of NaN.
    task = make(sentences=Ragged.from_lists([[0, 1], [2, 3]]), negative=0, window=1)
    task.model.output[1] = np.nan
    outcome = task.learn(np.array([0, 1]), 1.0, 1.0)
    assert (outcome.terms, outcome.not_finite) == (3, 1)
    assert np.isfinite(task.table).all() and np.isfinite(outcome.loss)


def test_words_that_were_not_counted_are_refused():
    with pytest.raises(DataError, match=r"language: ids must lie in 0 to 19, found 0 to 20"):
        make(sentences=Ragged.from_lists([[0, 20]]))


def test_what_it_saves_has_no_padding():
    task = make()
    assert {name: array.shape for name, array in task.arrays().items()} == {"output": (WORDS, SIZE)}
    assert task.arrays()["output"] is task.model.output


def test_it_trains_the_table_that_a_classifier_reads():
    table = new_table(WORDS, SIZE, seed=2)
    data = LabelledRows(corpus(), np.zeros(SENTENCES, np.int32), ("a", "b"))
    weights = np.ones(WORDS, np.float32)
    bag = BagClassification("film", table, weights, data, Sampler(SENTENCES, 1, 2, 1, "film"), 0.1, 0.1)
    language = make(table=table)
    assert np.shares_memory(bag.table, language.table)
    logits, loss = bag.logits(data.rows), language.learn(np.arange(20), 1.0, 0.0).loss
    language.learn(np.arange(20), 1.0, 1.0)
    assert not np.array_equal(bag.logits(data.rows), logits)
    bag.learn(np.arange(20), 1.0, 1.0)
    # A rate of 0 measures and moves nothing.
    assert language.learn(np.arange(20), 1.0, 0.0).loss != loss
