"""The text of a run: what tells it from another, and what is refused of it."""

import numpy as np
import pytest

from mt2st.errors import CheckpointError, ConfigError
from mt2st.text import encode_corpus
from mt2st.training.vectors.settings import VectorSettings
from mt2st.training.vectors.text import described, identity

from .test_resume import Interrupt
from .test_train import same


def two_texts():
    """Return two texts of the same words and counts whose first and last 80,000 words are the same."""
    head, tail = [list("hijk")] * 20_000, [list("lmno")] * 20_000
    return [head + [list(first), list(second)] * 300 + tail for first, second in (("xy", "zw"), ("xw", "zy"))]


def test_texts_that_differ_in_their_middle_alone_are_told_apart(quick, tmp_path):
    first, second = two_texts()
    settings = {"method": "glove", "vector_size": 4}
    quick(first, folder=tmp_path / "f", **settings)
    assert same(quick(second, folder=tmp_path / "f", **settings), quick(second, **settings))


def test_texts_that_differ_in_their_sentences_alone_are_told_apart(tmp_path):
    texts = [["a", "b"], ["a"]], [["a"], ["b", "a"]]
    whole = [identity(encode_corpus(text, tmp_path / str(at), min_count=1)) for at, text in enumerate(texts)]
    assert whole[0] != whole[1]
    assert whole[0] == identity(encode_corpus(texts[0], tmp_path / "again", min_count=1))


@pytest.mark.parametrize("method", ["skipgram", "cbow", "glove"])
@pytest.mark.parametrize("bad", [2_000_000_000, 12, -5])
def test_ids_of_no_word_are_refused(quick, text_file, tmp_path, method, bad):
    encode_corpus(text_file(100), tmp_path / "c", min_count=1)
    ids = np.memmap(tmp_path / "c/ids.int32", np.int32, "r+")
    ids[25] = bad
    ids.flush()
    with pytest.raises(CheckpointError, match=rf"c: the corpus is damaged \(ids are from 0 to 11, {bad} found\): enc"):
        quick(tmp_path / "c", method=method)


@pytest.mark.parametrize("other", ["file", "lists"])
def test_a_refused_text_leaves_that_of_the_unfinished_run_alone(
    quick, text, text_file, tmp_path, small_quanta, monkeypatch, other
):
    monkeypatch.setattr("mt2st.training.vectors.progress.INTERVAL", 0.0)
    path, work = text_file(600), tmp_path / "work"
    small, named = (text(50), "token lists") if other == "lists" else (text_file(50, name="small.txt"), "small.txt")
    with pytest.raises(KeyboardInterrupt):
        quick(path, folder=work, on_progress=Interrupt(0.5))
    message = rf"differs in text \(text\.txt, 4,800 words, now {named}, 400 words\)"
    with pytest.raises(ConfigError, match=message):
        quick(small, folder=work)
    seen = []
    found = quick(path, folder=work, on_progress=seen.append)
    assert not any(progress.phase == "encoding" and progress.done for progress in seen), "nothing is encoded again"
    assert same(found, quick(path))
    assert not (work / "other").exists()


def test_a_text_is_called_by_its_files(text_file, tmp_path):
    paths = [text_file(10, name=name) for name in ("a.txt", "b.txt", "c.txt")]
    assert described(encode_corpus(paths, tmp_path / "c", min_count=1)) == "a.txt and 2 more, 240 words"


@pytest.mark.parametrize("given", [{"min_count": 100}, {"max_vocabulary": 3}, {"lower": True}])
def test_what_was_decided_otherwise_in_an_encoded_text_is_refused(quick, tmp_path, given):
    corpus = encode_corpus([["A", "b", "c", "d", "b"]] * 50, tmp_path, min_count=1)
    name, value = next(iter(given.items()))
    given_instead = rf"encode the text again with it, or give {name}={getattr(VectorSettings(), name)}"
    with pytest.raises(ConfigError, match=rf"was encoded without {name}={value}, .*: {given_instead}"):
        quick(corpus, **given)
    fits = {"min_count": 50, "max_vocabulary": 4, "lower": False}
    assert len(quick(corpus, **fits)) == 4
    assert len(quick(corpus, start=quick([["b", "b"]] * 5), update_vocabulary=True, min_count=51)) == 1


def test_a_min_count_below_the_default_is_refused_too_where_the_text_has_rarer_words(quick, tmp_path):
    corpus = encode_corpus([["a", "b", "c"]] * 3, tmp_path, min_count=3)
    with pytest.raises(ConfigError, match=r"was encoded without min_count=4, .* or give min_count=5"):
        quick(corpus, min_count=4)
    assert len(quick(corpus)) == len(quick(corpus, min_count=3)) == 3
