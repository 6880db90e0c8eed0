"""A label that is not known: its row stays as text, and has no part in what is learned or judged."""

import json

import numpy as np
import pytest

from mt2st.errors import DataError
from mt2st.tasks.labelled import UNKNOWN
from mt2st.training.corpus import load_corpus
from mt2st.training.settings import parse_settings

MISSING = {"tsv": ["", "_", " _ "], "csv": ["", "_"], "jsonl": ["", "_", None], "ft": ["", "_"]}


def lines(extension, label, text):
    """Return a record of a label and a text."""
    if extension == "jsonl":
        return json.dumps({"label": label, "text": text}) + "\n"
    separator = {"tsv": "\t", "csv": ","}.get(extension)
    return f"{label}{separator}{text}\n" if separator else f"__label__{label} {text}\n"


@pytest.fixture
def write(tmp_path):
    """Write 40 rows whose label is known, with the word ``knownN``, and ten without, with ``bareN``."""

    def make(extension, missing, labels=("pos", "neg")):
        known = [lines(extension, labels[n % len(labels)], f"some words known{n}") for n in range(40)]
        bare = [lines(extension, missing, f"other words bare{n}") for n in range(10)]
        path = tmp_path / f"gaps.{extension}"
        path.write_text("".join(known[:20] + bare + known[20:]))
        return path

    return make


def words_of(corpus, start):
    return {word for word in corpus.features.words.words if word.startswith(start)}


CASES = [(extension, missing) for extension, several in MISSING.items() for missing in several]


@pytest.mark.parametrize(("extension", "missing"), CASES)
def test_of_a_primary_such_rows_are_text_alone(job_values, write, extension, missing):
    changes = {"primary.data": str(write(extension, missing)), "primary.labels": None}
    corpus = load_corpus(parse_settings(job_values(changes)))
    assert corpus.pool.classes == ("neg", "pos")
    assert (len(corpus.pool), len(corpus.development), len(corpus.test)) == (24, 8, 8)
    assert (corpus.pool.labels != UNKNOWN).all()
    assert len(words_of(corpus, "bare")) == 10 and len(words_of(corpus, "known")) == 24
    assert len(corpus.sentences["language"]) == 24 + 10 + 80
    assert not any("bare" in text for text in corpus.test_texts) and corpus.skipped_rows == {}


@pytest.mark.parametrize(("extension", "missing"), CASES)
def test_of_an_auxiliary_too(job_values, write, extension, missing):
    corpus = load_corpus(parse_settings(job_values({"auxiliary.film.data": str(write(extension, missing))})))
    film = corpus.labelled["film"]
    assert (film.classes, len(film)) == (("neg", "pos"), 40)
    assert len(words_of(corpus, "bare")) == 10 and len(corpus.sentences["language"]) == 72 + 50


@pytest.mark.parametrize(
    ("kind", "labels", "options"),
    [
        ("regression", ("1.5", "4"), {}),
        ("regression", ("1.5", "4"), {"label_columns": ["label"]}),
        ("multilabel", ("1", "0"), {"label_columns": ["label"]}),
        ("multilabel", ("sport", "news"), {}),
    ],
)
@pytest.mark.parametrize("missing", ["", "_", None])
def test_the_same_rule_holds_for_every_kind(job_values, write, kind, labels, options, missing):
    extension = "jsonl" if missing is None or options else "tsv"
    film = {"kind": kind, "data": str(write(extension, missing, labels)), **options}
    data = load_corpus(parse_settings(job_values({"auxiliary.film": film}))).further["film"]
    bare = np.isnan(data.targets).all(1)
    assert len(data) == 50 and bare[20:30].all() and bare.sum() == 10 and "_" not in data.names


@pytest.mark.parametrize("missing", ["", "_"])
def test_and_for_pairs_and_tags(job_values, tmp_path, missing):
    pytest.importorskip("torch")
    (tmp_path / "alike.tsv").write_text("".join(f"{s}\tone a\tone b{n}\n" for n, s in enumerate(["3", missing, "1"])))
    tags = "".join(f"word\t{tag}\nhere\t{missing}\n\n" for tag in ("A", "B", missing))
    (tmp_path / "tags.conll").write_text(tags)
    auxiliary = {
        "alike": {"kind": "pairs", "data": str(tmp_path / "alike.tsv")},
        "tags": {"kind": "tagging", "data": str(tmp_path / "tags.conll")},
    }
    corpus = load_corpus(parse_settings(job_values({"auxiliary": auxiliary, "model.encoder": "bilstm"})))
    np.testing.assert_array_equal(corpus.further["alike"].scores, [3, np.nan, 1])
    assert corpus.further["tags"].tags.tolist() == [0, UNKNOWN, 1, UNKNOWN, UNKNOWN, UNKNOWN]


def test_a_text_or_document_that_is_held_out_is_no_text_to_learn_from(job_values, tmp_path):
    known = "".join(f"{('pos', 'neg')[n % 2]}\tsome words {n}\td{n}\n" for n in range(40))
    bare = "".join(f"_\tbare{n}\td{n}\n_\tsome words {n}\t\n" for n in range(40))
    (tmp_path / "documents.tsv").write_text(f"label\ttext\tdocument\n{known}{bare}")
    data = str(tmp_path / "documents.tsv")
    corpus = load_corpus(parse_settings(job_values({"primary.data": data, "primary.labels": None, "auxiliary": {}})))
    assert len(words_of(corpus, "bare")) == len(corpus.pool) == 24
    assert corpus.skipped_rows == {data: {"held out of training": 32}}


def test_of_a_file_to_judge_by_such_rows_are_left_out_and_counted(job_values, write):
    data = str(write("tsv", "_"))
    corpus = load_corpus(parse_settings(job_values({"primary.test_data": data})))
    assert len(corpus.test) == 40 and corpus.skipped_rows == {data: {"without a label to evaluate on": 10}}
    assert not words_of(corpus, "bare")


def test_sentences_without_a_tag_are_text_of_a_tagging_primary(job_values, tmp_path):
    tagged = "".join(f"word\tA\nknown{n}\tB\n\n" for n in range(30))
    (tmp_path / "tags.conll").write_text(tagged + "".join(f"word\t_\nbare{n}\t_\n\n" for n in range(30)))
    data = str(tmp_path / "tags.conll")
    changes = {"primary.kind": "tagging", "primary.data": data, "model.encoder": "bilstm", "auxiliary": {}}
    corpus = load_corpus(parse_settings(job_values(changes)))
    assert (len(corpus.pool), len(corpus.development), len(corpus.test)) == (18, 6, 6)
    assert len(words_of(corpus, "bare")) == 30 and len(words_of(corpus, "known")) == 18
    (tmp_path / "more.conll").write_text("".join(f"word\tA\nmore{n}\tB\n\n" for n in range(10)))
    changes |= {"primary.data": str(tmp_path / "more.conll"), "primary.test_data": data}
    corpus = load_corpus(parse_settings(job_values(changes)))
    assert len(corpus.test) == 30 and corpus.skipped_rows[data]["without a tag to evaluate on"] == 30


@pytest.mark.parametrize("role", ["primary", "auxiliary.film"])
def test_no_label_at_all_is_an_error(job_values, tmp_path, role):
    (tmp_path / "none.tsv").write_text("_\tone\n\ttwo\n")
    with pytest.raises(DataError, match=rf"none\.tsv: 2 examples and no label: see {role}.label_column"):
        load_corpus(parse_settings(job_values({f"{role}.data": str(tmp_path / "none.tsv")})))


def test_a_run_trains_judges_and_names_the_known_classes_only(train_in, write):
    run, result = train_in("gaps", {"primary.data": str(write("tsv", "_")), "primary.labels": None})
    assert json.loads((run.path / "model/model.json").read_text())["classes"] == ["neg", "pos"]
    assert result["data"]["training"] == 24 and result["test"]["examples"] == 8
