"""Going on from vectors that are trained already, with new text and new words."""

import numpy as np
import pytest

from mt2st.embeddings import SubwordRows, WordVectors
from mt2st.errors import ConfigError, DataError
from mt2st.text import encode_corpus
from mt2st.training.vectors import train_vectors
from mt2st.training.vectors.beginning import begin
from mt2st.training.vectors.models import merged_rows, shared_places

from .conftest import TOPICS, topic_share
from .test_resume import Interrupt
from .test_train import METHODS, same

NEW = ["owl", "bat", "elk", "ape", "emu", "yak"]
MIXED = ([*TOPICS[0], *NEW], TOPICS[1])


def shards_as_words(beginning):
    return [[beginning.words[at] for at in shard.row(i)] for shard in beginning.shards for i in range(len(shard))]


def test_text_is_renumbered_by_hand(tmp_path):
    start = WordVectors(["dog", "ant", "cat"], np.zeros((3, 4), np.float32), counts=np.array([9, 8, 7]))
    sentences = [["cat", "owl", "dog"], ["yak"], ["owl", "cat"], ["yak", "yak", "elk"]]
    corpus = encode_corpus(sentences, tmp_path / "corpus", min_count=1)
    kept = begin(corpus, start, False, 1, tmp_path / "kept")
    assert (kept.words, kept.counts.tolist(), kept.corpus_words) == (["dog", "ant", "cat"], [10, 8, 9], 9)
    assert shards_as_words(kept) == [["cat", "dog"], ["cat"]]
    more = begin(corpus, start, True, 2, tmp_path / "more")
    assert (more.words, more.counts.tolist()) == (["dog", "ant", "cat", "yak", "owl"], [10, 8, 9, 3, 2])
    assert shards_as_words(more) == [["cat", "owl", "dog"], ["yak"], ["owl", "cat"], ["yak", "yak"]]
    assert (kept.tokens, more.tokens) == (3, 8)


def test_many_shards_are_renumbered_one_by_one(tmp_path, text):
    sentences = text(3000)
    corpus = encode_corpus(sentences, tmp_path / "corpus", min_count=1, memory=1 << 17)
    assert len(corpus.shards) > 3
    start = WordVectors(["fox", "van"], np.zeros((2, 4), np.float32))
    found = begin(corpus, start, False, 1, tmp_path / "new")
    wanted = [[word for word in words if word in ("fox", "van")] for words in sentences]
    assert shards_as_words(found) == [words for words in wanted if words]
    assert len(found.shards) == len(corpus.shards)


def test_without_counts_those_of_the_text_are_taken(tmp_path):
    start = WordVectors(["dog", "ant"], np.zeros((2, 4), np.float32))
    corpus = encode_corpus([["dog", "dog"]], tmp_path / "corpus", min_count=1)
    assert begin(corpus, start, False, 1, tmp_path / "new").counts.tolist() == [2, 0]


def test_text_of_no_known_word_is_told(quick, text):
    start = quick(text(300))
    with pytest.raises(DataError, match=r"no word of the text is known .* update_vocabulary=True"):
        quick([NEW] * 100, start=start)


@pytest.mark.parametrize(("method", "subwords"), METHODS)
def test_new_words_find_their_topic_and_old_ones_keep_it(quick, text, method, subwords):
    start = quick(text(1000), method=method, subwords=subwords)
    more = quick(
        text(3000, 1, MIXED), method=method, subwords=subwords, start=start, update_vocabulary=True, alpha=0.05
    )
    assert more.index_to_key[: len(start)] == start.index_to_key
    assert sorted(more.index_to_key[len(start) :]) == sorted(NEW)
    assert more.counts.sum() == 4000 * 8
    assert topic_share(more, MIXED[0]) > 0.9
    assert topic_share(more, MIXED[1]) > 0.9


@pytest.mark.parametrize(("method", "subwords"), METHODS)
def test_at_a_rate_of_almost_nothing_the_old_vectors_stay(quick, text, method, subwords):
    start = quick(text(500), method=method, subwords=subwords)
    options = {"method": method, "subwords": subwords, "start": start, "alpha": 1e-9, "epochs": 1}
    same_words = quick(text(500, 1), **options)
    assert same_words.index_to_key == start.index_to_key
    np.testing.assert_allclose(same_words.vectors, start.vectors, atol=1e-5)
    np.testing.assert_allclose(same_words.output, start.output, atol=1e-5)
    more = quick(text(500, 1, MIXED), update_vocabulary=True, **options)
    np.testing.assert_allclose(more.vectors[: len(start)], start.vectors, atol=1e-5)


def test_ngrams_that_the_new_text_does_not_have_keep_their_rows(quick, text):
    start = quick(text(500), subwords=True)
    extra = np.setdiff1d(np.arange(1000, dtype=np.int32), start.subwords.buckets)[:5]
    buckets, rows = merged_rows(
        start.subwords.buckets, start.subwords.rows, extra, np.arange(100, dtype=np.float32).reshape(5, 20)
    )
    subwords = SubwordRows(3, 6, 1000, buckets, rows, start.subwords.word_rows)
    start = WordVectors(start.index_to_key, start.vectors, counts=start.counts, subwords=subwords, output=start.output)
    more = quick(text(500, 1, MIXED), subwords=True, start=start, update_vocabulary=True)
    assert set(extra) <= set(more.subwords.buckets)
    assert (np.diff(more.subwords.buckets) > 0).all()
    in_words = {int(at) for word in more.index_to_key for at in more.subwords.ngrams(word)}
    for number, at in enumerate(extra):
        if int(at) not in in_words:
            row = more.subwords.rows[np.searchsorted(more.subwords.buckets, at)]
            assert row.tolist() == list(range(20 * number, 20 * number + 20))


@pytest.mark.parametrize("file", ["v.safetensors", "v.bin"])
def test_vectors_are_gone_on_with_by_their_own_settings(quick, text, tmp_path, file):
    own = {"method": "cbow", "subwords": True, "window": 3, "negative": 2, "sample": 0.5}
    quick(text(300), **own).save(tmp_path / file)
    start = WordVectors.load(tmp_path / file)
    more = train_vectors(text(300, 1), start=start)
    assert {name: more.training[name] for name in own} == own
    assert np.array_equal(more.vectors, quick(text(300, 1), start=start, **own).vectors)
    other = train_vectors(text(300, 1), start=start, method="skipgram")
    assert {name: other.training[name] for name in own} == {
        "method": "skipgram", "subwords": True, "window": 5, "negative": 5, "sample": 1e-3
    }  # fmt: skip


def test_vectors_of_lower_case_are_gone_on_with_in_lower_case(quick, text):
    start, new = quick(text(300), lower=True), [[word.upper() for word in words] for words in text(300, 1)]
    for method in ("skipgram", "glove"):
        assert quick(new, start=start, method=method).counts.sum() == 600 * 8
    with pytest.raises(DataError, match="no word of the text is known"):
        quick(new, start=start, lower=False)


def test_glove_without_contexts_goes_on_from_halves(quick, text):
    start = quick(text(500), method="glove")
    bare = WordVectors(start.index_to_key, start.vectors)
    more = quick(text(500), method="glove", start=bare, alpha=1e-9, epochs=1)
    np.testing.assert_allclose(more.vectors, start.vectors, atol=1e-5)
    np.testing.assert_allclose(more.output, start.vectors / 2, atol=1e-5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"vector_size": 30}, "vector_size is 20 in the vectors to continue from, 30 was given"),
        ({"subwords": True}, "have no subwords: leave them out"),
    ],
)
def test_settings_that_the_vectors_do_not_have_are_refused(quick, text, settings, message):
    with pytest.raises(ConfigError, match=message):
        quick(text(300), start=quick(text(300), epochs=1), **settings)


def test_ngrams_of_other_lengths_are_refused(quick, text):
    start = quick(text(300), epochs=1, subwords=True, max_n=4)
    with pytest.raises(ConfigError, match="max_n is 4 in the vectors to continue from, 5 was given"):
        quick(text(300), start=start, subwords=True, max_n=5)
    assert quick(text(300), start=start, epochs=1).subwords.max_n == 4
    with pytest.raises(ConfigError, match="have subwords: leave subwords=False out"):
        quick(text(300), start=start, subwords=False)


def test_an_interrupted_continuation_goes_on(quick, text, text_file, tmp_path, small_quanta, monkeypatch):
    monkeypatch.setattr("mt2st.training.vectors.progress.INTERVAL", 0.0)
    start, work = quick(text(300), subwords=True), tmp_path / "work"
    settings = {"subwords": True, "start": start, "update_vocabulary": True}
    path = text_file(1000, 1, MIXED)
    with pytest.raises(KeyboardInterrupt):
        quick(path, folder=work, on_progress=Interrupt(0.5), **settings)
    with pytest.raises(ConfigError, match="start"):
        quick(path, folder=work, **{**settings, "start": quick(text(300, 5), subwords=True)})
    assert same(quick(path, folder=work, **settings), quick(path, **settings))


def test_shared_places_and_merged_rows():
    here, there = shared_places(np.array([1, 4, 9], np.int32), np.array([4, 9, 11], np.int32))
    assert (here.tolist(), there.tolist()) == ([1, 2], [0, 1])
    rows = np.array([[1.0], [2.0]], np.float32)
    buckets, merged = merged_rows(np.array([3, 7], np.int32), rows, np.array([1, 3, 8], np.int32), np.full((3, 1), 5.0))
    assert (buckets.tolist(), merged[:, 0].tolist()) == ([1, 3, 7, 8], [5.0, 1.0, 2.0, 5.0])


def test_output_rows_of_another_shape_are_refused(quick, text):
    start = quick(text(100))
    start.output = start.output[:3]
    with pytest.raises(DataError, match=r"output rows of shape \(3, 20\), where \(12, 20\) is needed"):
        quick(text(100), start=start)
