"""All methods from text to vectors."""

import json
import warnings

import numpy as np
import pytest

import mt2st
from mt2st.errors import DataError, NonFiniteLossError
from mt2st.text import encode_corpus
from mt2st.training.metrics import read_metrics

from .conftest import TOPICS, topic_share

METHODS = [("skipgram", False), ("cbow", False), ("skipgram", True), ("cbow", True), ("glove", False)]
WORDS = sorted(word for topic in TOPICS for word in topic)


def same(first, second):
    found = [
        (v.vectors, v.output, v.counts, *((v.subwords.rows, v.subwords.word_rows) if v.subwords else ()))
        for v in (first, second)
    ]
    return all(np.array_equal(a, b) for a, b in zip(*found, strict=True))


@pytest.mark.parametrize(("method", "subwords"), METHODS)
def test_words_of_a_topic_become_neighbours(quick, text, method, subwords):
    vectors = quick(text(2000), method=method, subwords=subwords)
    assert sorted(vectors.index_to_key) == WORDS
    assert topic_share(vectors) == 1.0
    assert vectors.vectors.shape == vectors.output.shape == (12, 20)
    assert vectors.counts.sum() == 16_000
    assert (np.diff(vectors.counts) <= 0).all()
    assert (vectors.subwords is not None) == subwords
    assert ("catt" in vectors) == subwords


@pytest.mark.parametrize(("method", "subwords"), METHODS)
def test_a_seed_gives_the_same_vectors_bit_for_bit(quick, text, method, subwords):
    first, again, other = (quick(text(300), method=method, subwords=subwords, seed=seed) for seed in (1, 1, 2))
    assert same(first, again)
    assert not np.array_equal(first.vectors, other.vectors)


@pytest.mark.parametrize(("method", "subwords"), METHODS)
def test_two_workers_are_as_good(quick, text, small_quanta, method, subwords):
    vectors = quick(text(2000), method=method, subwords=subwords, workers=2)
    assert topic_share(vectors) > 0.95


def test_a_word_with_subwords_is_the_mean_of_its_rows(quick, text):
    vectors = quick(text(300), subwords=True, min_n=3, max_n=3)
    at = vectors.get_index("cat")
    own, ngrams = vectors.subwords.word_rows[at], vectors.subwords.ngrams("cat")
    rows = vectors.subwords.rows[np.searchsorted(vectors.subwords.buckets, ngrams)]
    assert len(ngrams) == 3
    np.testing.assert_allclose(vectors["cat"], (own + rows.sum(0)) / 4, rtol=1e-5, atol=1e-7)


def test_glove_is_the_sum_of_words_and_contexts(quick, text):
    vectors = quick(text(300), method="glove")
    assert np.abs(vectors.vectors - vectors.output).max() > 0
    assert np.isfinite(vectors.vectors).all()


def test_every_kind_of_text_gives_the_same_vectors(quick, text, text_file, tmp_path):
    path = text_file(300)
    corpus = encode_corpus(path, tmp_path / "encoded")
    sources = [path, str(path), [path], str(tmp_path / "te*.txt"), text(300), iter(text(300)), corpus, corpus.folder]
    found = [quick(source, epochs=1) for source in sources]
    assert all(same(found[0], other) for other in found[1:])


def test_rare_words_are_left_out_and_case_is_kept_unless_told(quick, text):
    sentences = [*text(100), ["Cat", "cat", "once"], *[["Dog"]] * 4]
    assert "once" not in quick(sentences, epochs=1).index_to_key
    assert "Dog" not in quick(sentences, epochs=1).index_to_key
    assert "Dog" in quick(sentences, epochs=1, min_count=4).index_to_key
    lower = quick(sentences, epochs=1, lower=True)
    assert lower.counts[lower.get_index("dog")] == sum(words.count("dog") for words in text(100)) + 4


def test_losses_are_means_per_pair_and_fall(quick, text, tmp_path):
    quick(text(2000), folder=tmp_path / "work", epochs=3, negative=5)
    records = read_metrics(tmp_path / "work/metrics.jsonl")
    assert [record["epoch"] for record in records] == [1, 2, 3]
    losses = [record["loss"] for record in records]
    # A pair and its five negatives cost 6 ln 2 before anything is known, less while all is near that.
    assert 6 * np.log(2) > losses[0] > losses[1] > losses[2] > 1
    assert records[0]["terms"] == pytest.approx(records[1]["terms"], rel=0.02)


def test_losses_do_not_depend_on_how_much_text_there_is(quick, text):
    seen = []
    for times in (1, 3):
        quick(text(2000) * times, epochs=1, alpha=1e-8, on_progress=seen.append)
    once, thrice = (p.history[-1]["loss"] for p in seen if p.history)
    assert once == pytest.approx(thrice, rel=1e-3)


def test_progress_tells_phases_and_ends_at_the_whole(quick, text_file, tmp_path):
    seen = []
    quick(text_file(300), method="glove", on_progress=seen.append)
    phases = list(dict.fromkeys(p.phase for p in seen))
    assert phases == ["encoding", "counting", "training"]
    last = {p.phase: p for p in seen}
    assert last["encoding"].done == last["encoding"].total == (tmp_path / "text.txt").stat().st_size
    assert last["counting"].done == last["counting"].total == 2400
    assert last["training"].done == last["training"].total > 0
    assert (last["training"].epoch, last["training"].epochs, last["training"].unit) == (5, 5, "records")
    assert len(last["training"].history) == 5


def test_words_done_are_those_of_the_text(quick, text):
    seen = []
    quick([[*words, f"rare{number}"] for number, words in enumerate(text(300))], on_progress=seen.append)
    assert seen[-1].done == seen[-1].total == 5 * 300 * 9


def test_a_temporary_folder_is_removed(quick, text, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    quick(text(100), epochs=1)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_keeps_the_encoded_text_and_no_checkpoint(quick, text_file, tmp_path, monkeypatch):
    path, work = text_file(300), tmp_path / "work"
    first = quick(path, folder=work, checkpoint_every=0)
    assert sorted(found.name for found in work.iterdir()) == ["corpus", "metrics.jsonl", "run.json"]
    assert json.loads((work / "run.json").read_text())["vector_size"] == 20
    monkeypatch.setattr("mt2st.text.encoding.encode.encoded_parts", None)  # not encoded again
    assert same(quick(path, folder=work), first)


def test_records_are_not_counted_again(quick, text_file, tmp_path, monkeypatch):
    path, work = text_file(300), tmp_path / "work"
    first = quick(path, method="glove", folder=work)
    monkeypatch.setattr("mt2st.embeddings.cooccurrence.counting.count_shards", None)
    assert same(quick(path, method="glove", folder=work), first)
    assert not same(quick(path, method="glove", folder=work, epochs=1), first)
    with pytest.raises(TypeError):
        quick(path, method="glove", folder=work, window=2)


def test_damaged_records_are_counted_again(quick, text_file, tmp_path):
    path, work = text_file(400), tmp_path / "work"
    first = quick(path, method="glove", folder=work)
    (work / "cooccurrences" / "values.npy").write_bytes(b"cut")
    assert same(quick(path, method="glove", folder=work), first)


def test_no_frequent_word_is_told(quick):
    with pytest.raises(DataError, match="min_count"):
        quick([["a", "b"]])


def test_a_file_that_is_not_there_is_told(quick):
    with pytest.raises(DataError, match=r"nowhere\.txt: there is no such file"):
        quick("nowhere.txt")


@pytest.mark.parametrize("method", ["glove", "skipgram"])
def test_a_loss_that_is_nowhere_finite_is_an_error_that_names_alpha(quick, text, method):
    start = quick(text(200), method=method)
    start.vectors[:], start.output[:] = 1e30, 1e30
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        with pytest.raises(NonFiniteLossError, match=r"lower alpha, which is 0\.5"):
            quick(text(200), method=method, start=start, alpha=0.5)


def test_train_vectors_is_at_the_top():
    assert mt2st.train_vectors.__name__ == "train_vectors"


@pytest.mark.parametrize("settings", [{}, {"method": "cbow"}, {"subwords": True}, {"start": "earlier"}])
def test_single_words_as_sentences_are_refused(quick, text, settings):
    earlier = {"start": quick(text(100), epochs=1)} if "start" in settings else {}
    with pytest.raises(DataError, match=r"no sentence has two words with a vector, .* a sentence a line, not a word"):
        quick([["cat"], ["dog"]] * 20, **{**settings, **earlier})
    assert len(quick([["cat"], ["dog"]] * 20 + [["cat", "dog"]], epochs=1)) == 2
