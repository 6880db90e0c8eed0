import numpy as np
import pytest

from mt2st.embeddings import SubwordRows, WordVectors
from mt2st.embeddings.formats import load_vectors

TEXT = "cat 0.5 1\ndog 0.25 -1\nnaïve 3 4\n"


@pytest.fixture
def glove(tmp_path):
    (tmp_path / "glove.txt").write_text(TEXT, encoding="utf-8")
    return "glove.txt"


@pytest.mark.parametrize("target", ["a.safetensors", "a.npz", "a.bin", "a.vec", "a.txt", "a.vec.gz"])
def test_formats_by_file_names(cli, glove, target):
    called = cli("convert", glove, target)
    assert (called.code, called.err) == (0, "")
    assert called.out.startswith(f"wrote {target}: 3 words of 2 values, 0.0 MB")
    assert called.out.count("\n") == 1
    found = load_vectors(target)
    assert found.index_to_key == ["cat", "dog", "naïve"]
    assert np.array_equal(found.vectors, np.array([[0.5, 1], [0.25, -1], [3, 4]], np.float32))


def test_there_and_back_gives_the_same_text(cli, glove, tmp_path):
    cli("convert", glove, "a.safetensors")
    cli("convert", "a.safetensors", "b", "--to", "glove")
    assert (tmp_path / "b").read_text(encoding="utf-8") == "cat 0.5 1.0\ndog 0.25 -1.0\nnaïve 3.0 4.0\n"


def test_formats_by_flags_and_a_limit(cli, glove, tmp_path):
    called = cli("convert", glove, "out", "--from", "glove", "--to", "word2vec-text", "--limit", "2")
    assert called.out.startswith("wrote out: 2 words of 2 values")
    assert (tmp_path / "out").read_text() == "2 2\ncat 0.5 1.0\ndog 0.25 -1.0\n"


def test_errors_are_one_message_and_exit_2(cli, glove, tmp_path):
    (tmp_path / "bad.txt").write_text("cat 1 2\ndog 1 x\n")
    for arguments, said in (
        (("bad.txt", "a.npz"), "bad.txt:2:7: a finite number within float32 is expected, 'x' found"),
        (("missing.txt", "a.npz"), "missing.txt: there is no such file"),
        ((glove, "a.json"), "a.json: no format is known by this name"),
        ((glove, "a.npz", "--to", "safetensor"), "did you mean 'safetensors'"),
    ):
        called = cli("convert", *arguments)
        assert called.code == 2
        assert called.err.startswith("mt2st: ")
        assert said in called.err
    assert not (tmp_path / "a.npz").exists()


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(("target", "name"), [("a.npz", "numpy"), ("a.vec", "fasttext-text")])
def test_lost_ngrams_are_told(cli, target, name):
    rows = np.ones((1, 2), np.float32)
    subwords = SubwordRows(3, 3, 9, np.array([4], np.int32), rows, rows)
    WordVectors(["cat"], rows, subwords=subwords).save("sub.safetensors")
    called = cli("convert", "sub.safetensors", target)
    assert called.code == 0
    assert called.err.startswith(f"warning: {target}: the format '{name}' keeps no n-grams, so unseen words have no")
    assert cli("convert", "sub.safetensors", "sub.bin", "--to", "fasttext").err == ""


@pytest.mark.filterwarnings("default")
def test_a_warning_is_one_line_for_people(cli, tmp_path):
    (tmp_path / "again.txt").write_text("the 1 2\ncat 3 4\nthe 5 6\n")
    called = cli("convert", "again.txt", "again.vec")
    message = "again.txt: 1 row left out whose word came before, as 'the': the first of each counts"
    assert (called.code, called.err) == (0, f"warning: {message}\n")
