import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mt2st.embeddings.formats import FORMATS, load_vectors, save_vectors
from mt2st.embeddings.words.vectors import WordVectors
from mt2st.errors import DataError

QUICK = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Only text may be kept in every format; \0 ends a word in fastText's file.
characters = st.characters(
    exclude_categories=["Cs", "Zs", "Zl", "Zp"], exclude_characters="\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\0"
)
words = st.text(characters, min_size=1, max_size=8)
floats = st.floats(width=32, allow_nan=False, allow_infinity=False)


def bits(array):
    return np.ascontiguousarray(array, np.float32).view(np.int32).tolist()


def same(left, right):
    return left.index_to_key == right.index_to_key and bits(left.vectors) == bits(right.vectors)


@st.composite
def tables(draw):
    keys = draw(st.lists(words, min_size=1, max_size=6, unique=True))
    size = draw(st.integers(1, 5))
    return WordVectors(keys, draw(arrays(np.float32, (len(keys), size), elements=floats)))


@pytest.mark.parametrize("name", FORMATS)
@QUICK
@given(table=tables())
def test_any_words_and_floats_come_back_bit_by_bit(tmp_path, name, table):
    path = tmp_path / "vectors.file"
    save_vectors(table, path, format=name)
    assert same(load_vectors(path, format=name), table)


@pytest.mark.parametrize(("first", "second"), [*itertools.product(FORMATS, FORMATS)])
def test_every_pair_of_formats_keeps_words_and_vectors(tmp_path, plain, first, second):
    save_vectors(plain, tmp_path / "a", format=first)
    save_vectors(load_vectors(tmp_path / "a", format=first), tmp_path / "b", format=second)
    assert same(load_vectors(tmp_path / "b", format=second), plain)


@pytest.mark.parametrize("name", ["safetensors", "fasttext"])
def test_formats_that_keep_everything(tmp_path, full, name):
    save_vectors(full, tmp_path / "a", format=name)
    found = load_vectors(tmp_path / "a", format=name)
    assert same(found, full)
    assert found.counts.tolist() == full.counts.tolist()
    assert bits(found.output) == bits(full.output)
    assert found.training == full.training
    ours, theirs = full.subwords, found.subwords
    assert (ours.min_n, ours.max_n, ours.bucket) == (theirs.min_n, theirs.max_n, theirs.bucket)
    assert ours.buckets.tolist() == theirs.buckets.tolist()
    assert bits(ours.rows) == bits(theirs.rows)
    assert bits(ours.word_rows) == bits(theirs.word_rows)
    assert bits(found["unseen"]) == bits(full["unseen"])


@pytest.mark.filterwarnings("ignore:.*keeps no n-grams")
@pytest.mark.parametrize("name", FORMATS)
def test_limit_keeps_the_first_words_and_what_belongs_to_them(tmp_path, full, name):
    save_vectors(full, tmp_path / "a", format=name)
    found = load_vectors(tmp_path / "a", format=name, limit=3)
    assert found.index_to_key == full.index_to_key[:3]
    assert bits(found.vectors) == bits(full.vectors[:3])
    if found.counts is not None:
        assert found.counts.tolist() == full.counts[:3].tolist()
    if found.subwords is not None:
        assert bits(found.subwords.word_rows) == bits(full.subwords.word_rows[:3])
        assert bits(found["unseen"]) == bits(full["unseen"])
        assert bits(found.output) == bits(full.output[:3])
        assert found.training == full.training
    assert len(load_vectors(tmp_path / "a", format=name, limit=1000)) == len(full)


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
@pytest.mark.parametrize("name", ["word2vec-text", "word2vec-binary", "glove", "fasttext-text"])
def test_compressed_files(tmp_path, plain, name, suffix):
    path = tmp_path / f"vectors.txt{suffix}"
    save_vectors(plain, path, format=name)
    assert same(load_vectors(path, format=name), plain)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match="cut short"):
        load_vectors(path, format=name)


@pytest.mark.parametrize("name", FORMATS)
def test_many_words_go_through_pieces(tmp_path, name, monkeypatch):
    monkeypatch.setattr("mt2st.embeddings.formats.source.PIECE", 1000)
    monkeypatch.setattr("mt2st.embeddings.formats.word2vec_binary.LONGEST_WORD", 50)
    rows = np.random.default_rng(0).normal(size=(5000, 7)).astype(np.float32)
    table = WordVectors([f"wörd{i}" for i in range(5000)], rows)
    save_vectors(table, tmp_path / "a", format=name)
    assert same(load_vectors(tmp_path / "a", format=name), table)


@pytest.mark.parametrize("name", FORMATS)
def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path, plain, name):
    path = tmp_path / "vectors"
    save_vectors(plain, path, format=name)
    before = path.read_bytes()
    for words in (["fine", "\ud800"], ["\ud800", "fine"]):
        with pytest.raises(DataError, match="not valid Unicode"):
            save_vectors(WordVectors(words, np.ones((2, 6), np.float32)), path, format=name)
    not_finite = WordVectors(["fine", "bad"], np.array([[1.0], [np.nan]], np.float32))
    with pytest.raises(DataError, match="'bad' holds NaN"):
        save_vectors(not_finite, path, format=name)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["vectors"]


@pytest.mark.filterwarnings("ignore:.*keeps no n-grams")
@pytest.mark.parametrize("name", FORMATS)
def test_equal_vectors_make_equal_files(tmp_path, full, name):
    for file in ("a", "b"):
        save_vectors(full, tmp_path / file, format=name)
    if name != "numpy":  # a zip file holds the time of writing
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("word2vec-binary", "New York"),
        ("word2vec-binary", "a\nb"),
        ("word2vec-text", "a\nb"),
        ("glove", "a\nb"),
        ("glove", "Area 51"),
        ("fasttext-text", "Area 51"),
        ("fasttext", "a\0b"),
    ],
)
def test_words_that_a_format_cannot_keep_are_refused(tmp_path, name, word):
    table = WordVectors(["fine", word], np.ones((2, 3), np.float32))
    with pytest.raises(DataError, match="safetensors"):
        save_vectors(table, tmp_path / "a", format=name)
    save_vectors(table, tmp_path / "a", format="safetensors")
    assert same(load_vectors(tmp_path / "a", format="safetensors"), table)


@pytest.mark.parametrize("word", ["x" * 200_000, "é\0"])
def test_a_numpy_file_stays_small_whatever_its_words(tmp_path, word):
    words = [*(f"w{number}" for number in range(2000)), word]
    table = WordVectors(words, np.ones((2001, 3), np.float32), counts=range(2001))
    save_vectors(table, tmp_path / "a.npz")
    assert (tmp_path / "a.npz").stat().st_size < 300_000
    found = load_vectors(tmp_path / "a.npz")
    assert same(found, table) and found.counts.tolist() == list(range(2001))
    assert load_vectors(tmp_path / "a.npz", limit=2).index_to_key == ["w0", "w1"]


@pytest.mark.parametrize("name", ["word2vec-text", "word2vec-binary", "fasttext-text", "glove", "numpy"])
def test_lost_ngrams_are_told(tmp_path, full, name):
    with pytest.warns(UserWarning, match=f"the format '{name}' keeps no n-grams, so unseen words have no vector"):
        save_vectors(full, tmp_path / "a", format=name)
    assert same(load_vectors(tmp_path / "a", format=name), full)


@pytest.mark.filterwarnings("ignore:.*keeps no n-grams")
@pytest.mark.parametrize("name", FORMATS)
def test_a_format_keeps_what_it_says(tmp_path, full, name):
    save_vectors(full, tmp_path / "a", format=name)
    found = load_vectors(tmp_path / "a", format=name)
    parts = {"counts": found.counts, "n-grams": found.subwords, "output rows": found.output, "settings": found.training}
    assert tuple(part for part, value in parts.items() if value is not None) == FORMATS[name].keeps


@pytest.mark.parametrize("window", ["5", 5.5, 1 << 40])
def test_settings_that_fasttext_cannot_keep_are_refused(tmp_path, full, window):
    full.training["window"] = window
    with pytest.raises(DataError, match="cannot keep these settings of training"):
        save_vectors(full, tmp_path / "a.bin")


@pytest.mark.filterwarnings("ignore:.*keeps no n-grams")
@pytest.mark.parametrize("name", FORMATS)
def test_nothing_that_is_not_finite_is_written(tmp_path, full, name):
    bad = np.full(6, np.nan)
    full.output[1] = bad
    with pytest.raises(DataError, match="the output row of 'naïve' holds NaN"):
        save_vectors(full, tmp_path / "a", format=name)
    full.output[1], full.subwords.rows[2] = 0, bad
    with pytest.raises(DataError, match=f"the n-gram bucket row of '{full.subwords.buckets[2]}' holds NaN"):
        save_vectors(full, tmp_path / "a", format=name)
    full.subwords.rows[2], full.subwords.word_rows[0] = 0, bad
    with pytest.raises(DataError, match="the own row of 'the' holds NaN"):
        save_vectors(full, tmp_path / "a", format=name)


@pytest.mark.parametrize("name", ["word2vec-text", "glove", "fasttext", "safetensors", "numpy"])
def test_words_with_spaces_come_back(tmp_path, name):
    table = WordVectors(["a", ". . .", "at name@domain.com", " b", "c "], np.ones((5, 2), np.float32))
    save_vectors(table, tmp_path / "a", format=name)
    assert same(load_vectors(tmp_path / "a", format=name), table)


@pytest.mark.parametrize("first", ["Area 51", "\ufeffthe"])
def test_a_first_word_that_readers_would_take_otherwise_is_refused_by_glove(tmp_path, first):
    table = WordVectors([first, "b"], np.ones((2, 2), np.float32))
    with pytest.raises(DataError, match="first word"):
        save_vectors(table, tmp_path / "a", format="glove")


@pytest.mark.parametrize("name", FORMATS)
def test_no_vectors_are_not_written(tmp_path, name):
    with pytest.raises(DataError, match="no vectors"):
        save_vectors(WordVectors([], np.empty((0, 3), np.float32)), tmp_path / "a", format=name)
