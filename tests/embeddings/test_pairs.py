from __future__ import annotations

from threading import Thread

import numpy as np
import pytest

from mt2st.embeddings import AliasTable, keep_probability, new_table
from mt2st.embeddings.pairs import PairAdvance, PairModel
from mt2st.embeddings.subwords import SubwordIndex
from mt2st.embeddings.table import whole_rows
from mt2st.errors import ConfigError
from mt2st.text import Ragged

METHODS = ["skipgram", "cbow"]
WORDS = ["and", "hand", "sand", "stand", "man", "woman"]
COUNTS = np.array([400, 90, 60, 30, 20, 10])
SENTENCES = Ragged.from_lists([np.random.default_rng(n).integers(0, 6, 20) for n in range(30)])
ORDER = np.arange(30)


def model_of(method="skipgram", subwords=None, seed=0, **settings):
    table = new_table(6 + (0 if subwords is None else len(subwords.buckets)), 20, seed=3, scale=10)
    return PairModel(table, COUNTS, method=method, subwords=subwords, seed=seed, **settings)


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"method": "glove"}, "method must be one of skipgram, cbow: 'glove' found"),
        ({"window": 0}, "window must be 1 or more, 0 found"),
        ({"negative": -1}, "negative must be 0 or more, -1 found"),
        ({"sample": -1e-9}, "sample must be 0"),
        ({"sample": np.nan}, "sample must be 0"),
        ({"sample": np.inf}, "sample must be 0"),
    ],
)
def test_settings_that_mean_nothing(settings, message):
    with pytest.raises(ConfigError, match=message):
        model_of(**settings)


def test_the_table_must_have_a_row_for_each_word_and_bucket():
    index = SubwordIndex.of(WORDS, 3, 4, 1000)
    needed = 6 + len(index.buckets)
    with pytest.raises(ConfigError, match="5 rows, 6 are needed"):
        PairModel(new_table(5, 8, seed=1), COUNTS)
    with pytest.raises(ConfigError, match=f"{needed - 1} rows, {needed} are needed"):
        PairModel(new_table(needed - 1, 8, seed=1), COUNTS, subwords=index)
    PairModel(new_table(needed, 8, seed=1), COUNTS, subwords=index)
    with pytest.raises(ConfigError, match="make it with new_table"):
        PairModel(np.zeros((6, 7), np.float32), COUNTS)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("with_subwords", [False, True])
def test_all_settings_reach_the_kernel(method, with_subwords):
    from mt2st.embeddings.kernels import reference
    from mt2st.embeddings.kernels.memory import Tables, Text

    index = SubwordIndex.of(WORDS, 3, 4, 1000) if with_subwords else None
    model = model_of(method, index, window=3, negative=4, sample=0.05)
    table, output = (whole_rows(part).copy() for part in (model.table, model.output))
    tables = Tables(
        table,
        output,
        np.empty((0, table.shape[1]), np.float32),
        np.empty(0, np.int64) if index is None else index.offsets,
        np.empty(0, np.int32) if index is None else index.rows,
    )
    alias = AliasTable.of(COUNTS**0.75).packed()
    text = Text(SENTENCES.ids, SENTENCES.offsets, ORDER[5:25], keep_probability(COUNTS, 0.05), alias)
    numbers = 3, 4, np.float32(0.01), np.uint64(2**64 - 5)
    expected = reference.reference_update(method == "cbow", tables, text, *numbers)
    found = model.advance(SENTENCES, ORDER[5:25], rate=0.01, key=-5)
    assert isinstance(found, PairAdvance)
    assert found == (pytest.approx(expected[0], rel=1e-6), *expected[1:])
    assert found.pairs > 100 and found.words > 100 and found.not_finite == 0
    np.testing.assert_allclose(model.table, table[:, :20], atol=5e-6)
    np.testing.assert_allclose(model.output, output[:, :20], atol=5e-6)


def test_defaults_are_word2vecs():
    assert model_of().advance(SENTENCES, ORDER, 0.05, 1) == model_of(window=5, negative=5, sample=1e-3).advance(
        SENTENCES, ORDER, 0.05, 1
    )


@pytest.mark.parametrize("method", METHODS)
def test_the_same_key_gives_the_same_bits(method):
    models = [model_of(method, sample=0.1) for _ in range(3)]
    found = [model.advance(SENTENCES, ORDER, 0.1, key) for model, key in zip(models, (4, 4, 5), strict=True)]
    assert found[0] == found[1] != found[2]
    np.testing.assert_array_equal(models[0].table, models[1].table)
    np.testing.assert_array_equal(models[0].output, models[1].output)
    assert not np.array_equal(models[0].table, models[2].table)


def test_output_rows_start_small_and_by_the_seed():
    first, same, other = model_of(seed=1), model_of(seed=1), model_of(seed=2)
    assert first.output.shape == (6, 20) and 0 < abs(first.output).max() <= 0.5 / 20
    np.testing.assert_array_equal(first.output, same.output)
    assert not np.array_equal(first.output, other.output)


@pytest.mark.parametrize("method", METHODS)
def test_a_model_goes_on_from_its_arrays(method):
    whole, halves = model_of(method), model_of(method)
    for key in range(4):
        whole.advance(SENTENCES, ORDER, 0.1, key)
    for key in range(2):
        halves.advance(SENTENCES, ORDER, 0.1, key)
    arrays = halves.arrays()
    assert list(arrays) == ["output"] and np.shares_memory(arrays["output"], halves.output)
    resumed = model_of(method, seed=99)
    resumed.table[:] = halves.table
    for name, array in resumed.arrays().items():
        array[:] = arrays[name]
    for key in range(2, 4):
        resumed.advance(SENTENCES, ORDER, 0.1, key)
    np.testing.assert_array_equal(resumed.table, whole.table)
    np.testing.assert_array_equal(resumed.output, whole.output)


@pytest.mark.parametrize("method", METHODS)
def test_rows_of_its_own_change_nothing_for_a_thread_that_is_alone(method):
    shared, own = model_of(method, sample=0.1), model_of(method, sample=0.1, threads=2)
    for key in range(3):
        found = [model.advance(SENTENCES, ORDER, 0.01, key) for model in (shared, own)]
        assert found[0][1:] == found[1][1:] and found[0].loss == pytest.approx(found[1].loss, rel=1e-6)
    np.testing.assert_allclose(own.table, shared.table, atol=1e-5)
    np.testing.assert_allclose(own.output, shared.output, atol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_a_call_keeps_frequent_rows_of_its_own_only_where_others_train_too(method):
    for threads in (1, 2):
        model = model_of(method, sample=0.1, threads=threads)
        model.advance(SENTENCES, ORDER, 0.05, 1)
        ((own, *_),) = model._idle
        model.advance(SENTENCES, ORDER, 0.05, 2)
        assert len(model._idle) == 1 and model._idle[0][0] is own  # memory is used again
        expected = np.tile(whole_rows(model.output), (2, 1)) if threads == 2 else np.empty((0, own.shape[1]))
        np.testing.assert_array_equal(own, expected)


@pytest.mark.parametrize("method", METHODS)
def test_two_threads_end_near_one_threads_loss(method):
    # Word w is followed by w + 1: there is something to learn.
    random = np.random.default_rng(0)
    sentences = Ragged.from_lists([(random.integers(0, 200) + np.arange(20)) % 200 for _ in range(800)])
    counts = np.bincount(sentences.ids, minlength=200)
    losses = []
    for threads in (1, 2):
        model = PairModel(new_table(200, 16, seed=1), counts, method=method, sample=0, window=2, threads=threads)
        start = model.advance(sentences, np.arange(800), 0.0, 0)

        def train(part, threads=threads, model=model):
            for key in range(6):
                model.advance(sentences, np.arange(part, 800, threads), 0.1, 10 * part + key)

        running = [Thread(target=train, args=(part,)) for part in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()
        end = model.advance(sentences, np.arange(800), 0.0, 0)
        assert end.not_finite == 0 and end.loss / end.pairs < 0.8 * start.loss / start.pairs
        losses.append(end.loss / end.pairs)
    # Threads undo some of each other's moves of so small a table, CBOW's a quarter; half the text lost would double it.
    assert losses[1] == pytest.approx(losses[0], rel=0.6)
