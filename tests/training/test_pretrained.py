"""Vectors trained elsewhere as first values; and how many words of a text are read."""

import re

import numpy as np
import pytest

from mt2st.embeddings import WordVectors
from mt2st.errors import ConfigError, DataError
from mt2st.models import TextModel
from mt2st.training.corpus import load_corpus
from mt2st.training.pretrained import find_pretrained
from mt2st.training.settings import parse_settings

VECTORS = "3 8\nFilm 1 2 3 4 5 6 7 8\ntable 1 1 1 1 1 1 1 1\nzebu 9 9 9 9 9 9 9 9\n"


@pytest.fixture
def vectors(tmp_path):
    path = tmp_path / "own.vec"
    path.write_text(VECTORS)
    return str(path)


def test_words_begin_with_their_vectors_and_the_rest_as_ever(small_job, vectors):
    plain, job = small_job(), small_job({"model.vectors": vectors})
    words = job.corpus.features.words.words
    film, table = words.index("film"), words.index("table")
    assert job.shared.table[film].tolist() == list(range(1, 9)) and job.shared.table[table].tolist() == [1.0] * 8
    rest = np.setdiff1d(np.arange(len(words)), [film, table])
    assert np.array_equal(job.shared.table[rest], plain.shared.table[rest])


def test_coverage_is_counted_in_words_and_in_running_words_and_kept_with_the_result(train_in, vectors):
    _, result = train_in("run", {"model.vectors": vectors})
    found = result["data"]["pretrained"]
    corpus_words = result["data"]["vocabulary"]
    assert (found["found"], found["words"]) == (2, corpus_words) and 0.05 < found["text_share"] < 0.5


def test_the_spelling_itself_comes_first():
    both = WordVectors(["US", "us"], np.eye(2, dtype=np.float32))
    assert find_pretrained(both, ["us"], [1]).vectors.tolist() == [[0.0, 1.0]]


def test_words_without_a_vector_are_made_of_n_grams_where_the_vectors_have_these():
    from mt2st import train_vectors

    text = [["film", "films", "filmed", "table", "tables"]] * 30
    trained = train_vectors(text, subwords=True, bucket=500, vector_size=4, epochs=1, seed=1, min_count=1)
    found = find_pretrained(trained, ["filming", "film"], [1, 1])
    assert found.rows.tolist() == [0, 1] and np.array_equal(found.vectors[0], trained["filming"])


def test_a_language_model_goes_on_from_output_rows_and_n_grams(small_job, tmp_path):
    from mt2st import train_vectors
    from mt2st.models import SUBWORDS

    text = [["film", "table", "box"], ["box", "phone", "table"]] * 30
    limits = {"min_n": 3, "max_n": 4, "bucket": 400}
    trained = train_vectors(text, subwords=True, vector_size=8, epochs=2, seed=1, min_count=1, **limits)
    trained.save(tmp_path / "own.safetensors")
    language = {"kind": "skipgram", "subwords": True, "passes": 1.0, **limits}
    changes = {"model.vectors": str(tmp_path / "own.safetensors"), "auxiliary": {"language": language}}
    job = small_job(changes)
    words = job.corpus.features.words.words
    output = job.tasks["language"].arrays()["output"]
    for word in ("film", "box"):
        assert np.array_equal(output[words.index(word)], trained.output[trained.key_to_index[word]])
    known = np.isin(job.subwords.buckets, trained.subwords.buckets)
    assert 0 < known.sum() < len(known)
    place = np.searchsorted(trained.subwords.buckets, job.subwords.buckets[known])
    assert np.array_equal(job.shared.arrays()[SUBWORDS][known], trained.subwords.rows[place])
    other = small_job({**changes, "auxiliary": {"language": {**language, "max_n": 5}}})
    assert np.abs(other.shared.arrays()[SUBWORDS]).max() < 0.5 / 8, "other n-grams begin as ever"


def test_frozen_vectors_rest_while_the_encoder_trains(small_job, run_job, vectors):
    pytest.importorskip("torch")
    film = {"film": {"data": small_job().settings.auxiliary["film"].data, "passes": 3.0}}
    changes = {"model.vectors": vectors, "model.freeze_vectors": True, "model.encoder": "bilstm", "auxiliary": film}
    job = small_job({**changes, "strategy.name": "constant"})
    table, layer = job.shared.table.copy(), job.shared.arrays()["encoder.lstm.weight_ih_l0"].copy()
    run_job(job)
    assert np.array_equal(job.shared.table, table)
    assert not np.array_equal(job.shared.arrays()["encoder.lstm.weight_ih_l0"], layer)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"model.encoder": "bilstm", "auxiliary": {}}, "model.vectors"),
        ({"model.vectors": "own.vec", "auxiliary": {}}, "an encoder other than bag"),
        ({"auxiliary": {}}, "model.vectors; an encoder other than bag"),
        (
            {"model.vectors": "own.vec", "model.encoder": "bilstm"},
            "no auxiliary that trains vectors alone, found language",
        ),
        (
            {"model.vectors": "own.vec", "model.encoder": "bilstm", "auxiliary": {}, "freeze.share": 0.5},
            "freeze.share = 0, found 0.5",
        ),
    ],
)
def test_vectors_can_be_frozen_only_where_nothing_else_needs_them(job_values, changes, told):
    with pytest.raises(ConfigError, match=rf"freeze_vectors needs {re.escape(told)}$"):
        parse_settings(job_values({**changes, "model.freeze_vectors": True}))


def test_another_size_is_refused_with_the_remedy(job_values, vectors):
    with pytest.raises(DataError, match=r"own\.vec.*8 dimensions, those of the model 5: set model\.vector_size = 8"):
        load_corpus(parse_settings(job_values({"model.vectors": vectors, "model.vector_size": 5})))


@pytest.mark.parametrize("encoder", ["bag", "transformer"])
def test_the_table_is_as_wide_as_the_vectors_where_no_size_is_set(small_job, vectors, encoder):
    if encoder == "transformer":
        pytest.importorskip("torch")
    own = {"model.vector_size": None, "model.encoder": encoder}
    assert small_job({**own, "model.vectors": vectors}).shared.table.shape[1] == 8
    assert small_job(own).shared.table.shape[1] == 64


def test_vectors_of_other_words_are_refused(job_values, tmp_path):
    (tmp_path / "other.vec").write_text("1 8\nzebu 9 9 9 9 9 9 9 9\n")
    with pytest.raises(DataError, match="words in the texts, and no vector of any"):
        load_corpus(parse_settings(job_values({"model.vectors": str(tmp_path / "other.vec")})))


def test_ranks_would_see_other_vectors(job_values, vectors, tmp_path):
    pytest.importorskip("torch")
    from mt2st.training.ranks.data import digest

    values = job_values({"model.vectors": vectors})
    one = digest(load_corpus(parse_settings(values)))
    (tmp_path / "own.vec").write_text(VECTORS.replace("1 1 1", "1 1 2"))
    assert digest(load_corpus(parse_settings(values))) != one


def test_a_model_reads_as_many_words_of_a_text_as_in_training(train_in, job_values):
    changes = {"model.max_words": 3, "model.pairs": False}
    corpus = load_corpus(parse_settings(job_values(changes)))
    assert max(corpus.pool.rows.lengths) == 3 == max(corpus.test.rows.lengths)
    run, _ = train_in("run", changes, corpus=corpus)
    model = TextModel.load(run.path)
    text = "the film a fine lovely"
    np.testing.assert_array_equal(model.predict_proba([text]), model.predict_proba(["the film a"]))
    assert not np.array_equal(model.predict_proba([text]), model.predict_proba(["fine film a"]))
