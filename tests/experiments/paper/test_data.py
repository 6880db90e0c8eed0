"""Preparing the data: drawn once, the same every time, and nothing twice."""

import pytest

from mt2st.embeddings.formats import load_vectors
from mt2st.errors import DataError
from mt2st.experiments.paper.data import PaperData, check_data


def prepare(source, folder, sizes, embeddings=("cbow",)):
    steps = []
    data = PaperData(source, folder, sizes)
    data.prepare(embeddings, steps.append)
    return data, steps


def test_a_second_start_finds_all_there(source, tmp_path, tiny):
    data, steps = prepare(source, tmp_path / "data", tiny)
    assert steps == ["drawing reviews", "vectors: cbow"]
    before = {path.name: path.read_bytes() for path in data.folder.iterdir()}
    again, steps = prepare(source, tmp_path / "data", tiny, ("cbow", "skipgram+subwords"))
    assert steps == ["vectors: skipgram+subwords"]
    assert all((again.folder / name).read_bytes() == content for name, content in before.items())
    assert not any("part" in path.name for path in again.folder.iterdir())


def test_files_are_as_large_as_asked_for_and_drawn_the_same_everywhere(source, tmp_path, tiny):
    first, _ = prepare(source, tmp_path / "a", tiny)
    second, _ = prepare(source, tmp_path / "b", tiny)
    lines = first.reviews.read_text().splitlines()
    assert len(lines) == len(set(lines)) == tiny.pool + tiny.development + tiny.test
    assert first.reviews.read_bytes() == second.reviews.read_bytes()
    assert len(first.text.read_text().splitlines()) == tiny.language_reviews
    vectors = load_vectors(first.vectors("cbow"))
    assert vectors.vector_size == 8 and "lovely" in vectors and vectors.output is not None
    assert "mädchen" in load_vectors(first.german("cbow"))


def test_missing_files_are_named(source, tmp_path):
    check_data(source)
    with pytest.raises(DataError, match=r"missing: imdb/train\.tsv\.xz, .*wordsim/EN-MEN-TR-3k\.txt; give the folder"):
        check_data(tmp_path)
