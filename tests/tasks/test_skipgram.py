from __future__ import annotations

import numpy as np
import pytest

from mt2st.embeddings import AliasTable, new_table
from mt2st.embeddings.kernels.skipgram import skipgram_update
from mt2st.tasks import Outcome, Sampler
from mt2st.tasks.bag_classification import BagClassification
from mt2st.tasks.labelled import LabelledRows
from mt2st.tasks.skipgram import SkipGram
from mt2st.tasks.workers import Workers
from mt2st.text import Ragged

WORDS, SENTENCES = 20, 300


def corpus():
    """Sentences of eight words, all of one topic: words 0 to 9, or 10 to 19."""
    random = np.random.default_rng(4)
    return Ragged.from_lists([random.integers(0, 10, 8) + 10 * (place % 2) for place in range(SENTENCES)])


def make(table=None, steps=8, passes=6.0, workers=None, **settings):
    sentences = corpus()
    counts = np.bincount(sentences.ids, minlength=WORDS)
    sampler = Sampler(len(sentences), passes, steps, seed=1, name="language")
    settings = {"rate": 0.05, "sample": 0.0, **settings}
    table = new_table(WORDS + 5, 12, seed=2) if table is None else table
    return SkipGram("language", table, sentences, counts, sampler, workers=workers or Workers(), **settings)


def train(task, steps):
    return [task.learn(task.sampler.draw(), 1.0, 1.0) for _ in range(steps)]


def test_words_of_a_topic_become_near():
    task = make()
    outcomes = train(task, 8)
    assert outcomes[-1].loss / outcomes[-1].terms < 0.9 * outcomes[0].loss / outcomes[0].terms
    vectors = task.table[:WORDS] / np.linalg.norm(task.table[:WORDS], axis=1, keepdims=True)
    near, topic = vectors @ vectors.T, np.arange(WORDS) // 10
    same, across = near[topic[:, None] == topic], near[topic[:, None] != topic]
    assert same.min() > across.max()
    np.testing.assert_array_equal(task.table[WORDS:], new_table(WORDS + 5, 12, seed=2)[WORDS:])


def test_a_run_that_is_resumed_is_one_that_never_stopped():
    whole, first, second = make(sample=1e-2), make(sample=1e-2), make(sample=1e-2)
    train(whole, 6)
    train(first, 3)
    second.table[:] = first.table
    for name, array in second.arrays().items():
        array[...] = first.arrays()[name]
    second.sampler.draws = first.sampler.draws
    train(second, 3)
    np.testing.assert_array_equal(second.table, whole.table)
    np.testing.assert_array_equal(second.contexts, whole.contexts)


def test_the_same_batch_has_new_draws_each_time():
    tables = []
    for draws in (1, 1, 2):
        task = make()
        task.sampler.draws = draws
        task.learn(np.arange(20), 1.0, 1.0)
        tables.append(task.table)
    np.testing.assert_array_equal(tables[0], tables[1])
    assert not np.array_equal(tables[0], tables[2])


def test_it_draws_negatives_by_the_power_of_three_quarters():
    task = make()
    expected = task.counts**0.75 / (task.counts**0.75).sum()
    np.testing.assert_allclose(task.negatives.probabilities(), expected, rtol=1e-5)
    assert AliasTable.of(task.counts**0.75).probabilities().argmax() == task.counts.argmax()


def test_sample_window_and_negative_reach_the_kernel():
    # All words kept: a window of 1 makes 14 pairs of each sentence of eight. A pair's first loss is near ln 2 for
    # the word and for each negative; one in some twenty of those is the word itself.
    task = make(window=1, negative=3)
    outcome = task.learn(np.arange(10), 1.0, 1.0)
    assert (outcome.terms, outcome.examples, outcome.words) == (140, 10, 80)
    assert outcome.loss / outcome.terms == pytest.approx((1 + 3 * 0.95) * np.log(2), rel=0.05)
    # Each word is a twentieth of the corpus: at 0.0005, (sqrt(100) + 1) / 100 are kept, and few pairs.
    assert make(window=1, sample=5e-4).learn(np.arange(300), 1.0, 1.0).terms < 0.3 * 300 * 14
    assert make(window=7, negative=0).learn(np.arange(10), 1.0, 1.0).terms > 140


@pytest.mark.parametrize(("weight", "rate"), [(2.0, 0.5), (0.25, 4.0)])
def test_weight_and_rate_are_factors_of_one_rate(weight, rate):
    task, same, other = make(), make(), make()
    task.learn(np.arange(20), 1.0, 1.0)
    same.learn(np.arange(20), weight, rate)
    other.learn(np.arange(20), weight, 1.0)
    np.testing.assert_array_equal(task.table, same.table)
    np.testing.assert_array_equal(task.contexts, same.contexts)
    assert not np.array_equal(task.table, other.table)


def test_twice_the_weight_is_twice_the_step():
    steps = []
    for weight in (1.0, 2.0, 0.0):
        task = make(rate=1e-3, window=1, negative=2)
        before = task.table.copy()
        task.learn(np.array([3]), weight, 1.0)
        steps.append(task.table - before)
    assert abs(steps[0]).max() > 1e-5
    np.testing.assert_allclose(steps[1], 2 * steps[0], atol=0.01 * abs(steps[0]).max())
    assert not steps[2].any()


def test_an_empty_batch_does_nothing():
    task = make()
    table, contexts = task.table.copy(), task.contexts.copy()
    assert task.learn(np.empty(0, np.int64), 1.0, 1.0) == Outcome(0.0, 0, 0, 0)
    np.testing.assert_array_equal(task.table, table)
    np.testing.assert_array_equal(task.contexts, contexts)


def test_two_workers_come_to_much_the_same():
    one, two = train(make(), 8), train(make(workers=Workers(2)), 8)
    losses = [[outcome.loss / outcome.terms for outcome in outcomes] for outcomes in (one, two)]
    np.testing.assert_allclose(losses[0], losses[1], atol=0.1)


def test_workers_have_draws_of_their_own():
    # How many pairs there are depends on draws alone. The same sentences go to both workers.
    task = make(workers=Workers(2))
    outcome = task.learn(np.tile(np.arange(16), 2), 1.0, 1.0)
    halves = []
    for seed in (task.sampler.draw_key(), task.sampler.draw_key() + 1):
        rows, negatives = task.sentences, task.negatives
        arrays = task.table, task.contexts, rows.ids, rows.offsets, np.arange(16), task.keep
        alias = negatives.threshold, negatives.alias
        halves.append(skipgram_update(*arrays, *alias, 5, 5, np.float32(0.1), np.uint64(seed))[1])
    assert halves[0] != halves[1]
    assert outcome.terms == sum(halves)


def test_pairs_that_are_not_finite_are_counted():
    task = make(negative=0, window=1)
    task.contexts[task.sentences.row(0)[2]] = np.nan
    outcome = task.learn(np.array([0]), 1.0, 1.0)
    times = np.count_nonzero(task.sentences.row(0)[1:-1] == task.sentences.row(0)[2]) * 2
    ends = np.count_nonzero(task.sentences.row(0)[[0, -1]] == task.sentences.row(0)[2])
    assert (outcome.terms, outcome.not_finite) == (14 - times - ends, times + ends)
    assert np.isfinite(task.table).all()


def test_contexts_begin_small_and_by_name_and_seed():
    first, second, other = make(seed=1), make(seed=1), make(seed=2)
    np.testing.assert_array_equal(first.contexts, second.contexts)
    assert not np.array_equal(first.contexts, other.contexts)
    assert first.contexts.shape == (WORDS, 12)
    assert 0 < abs(first.contexts).max() <= 0.5 / 12
    assert first.arrays()["contexts"] is first.contexts


def test_it_trains_the_table_that_a_classifier_reads():
    table = new_table(WORDS, 12, seed=2)
    data = LabelledRows(corpus(), np.zeros(SENTENCES, np.int32), ("a", "b"))
    weights = np.ones(WORDS, np.float32)
    bag = BagClassification("film", table, weights, data, Sampler(SENTENCES, 1, 2, 1, "film"), 0.1, 0.1)
    language = make(table)
    assert np.shares_memory(bag.table, language.table)
    logits, loss = bag.logits(data.rows), language.learn(np.arange(20), 1.0, 0.0).loss
    language.learn(np.arange(20), 1.0, 1.0)
    assert not np.array_equal(bag.logits(data.rows), logits)
    bag.learn(np.arange(20), 1.0, 1.0)
    # A rate of 0 measures and moves nothing.
    assert language.learn(np.arange(20), 1.0, 0.0).loss != loss
