"""A primary that tags tokens: what is read, a whole run, stopped and gone on with, and the model it leaves."""

import json
import random

import numpy as np
import pytest

from mt2st.errors import ConfigError, DataError
from mt2st.training.corpus import load_corpus
from mt2st.training.settings import parse_settings

FIRST, LAST, PLACES = ("Anna", "Bert", "Carla", "Dino"), ("Smith", "Jones", "Brown"), ("Paris", "Rome", "Oslo")


def sentence(chance):
    """Return tokens and tags of a sentence like "Anna Smith likes Rome"."""
    name = [(chance.choice(FIRST), "B-PER")] + [(chance.choice(LAST), "I-PER")] * chance.randint(0, 1)
    return [*name, (chance.choice(["likes", "left", "saw"]), "O"), (chance.choice(PLACES), "B-LOC"), (".", "O")]


@pytest.fixture
def changes(tmp_path):
    chance = random.Random(3)
    made = [[*sentence(chance), (f"n{number}", "O")] for number in range(60)]
    text = "\n\n".join("\n".join(f"{token}\t{tag}" for token, tag in each) for each in made)
    (tmp_path / "names.conll").write_text(text + "\n")

    def make(more=None):
        primary = {"kind": "tagging", "data": str(tmp_path / "names.conll"), "name": "names", "labels": 30}
        found = {f"primary.{key}": value for key, value in primary.items()}
        return {**found, "model.encoder": "bilstm", "auxiliary": {}, "strategy.name": "single", **(more or {})}

    return make


def test_held_out_sentences_stay_out_and_parts_share_one_scheme(job_values, changes):
    corpus = load_corpus(parse_settings(job_values(changes({"auxiliary": {"language": {"kind": "skipgram"}}}))))
    assert (len(corpus.pool), len(corpus.development), len(corpus.test)) == (36, 12, 12)
    marks = {word for word in corpus.features.words.words if word[0] == "n" and word[1:].isdigit()}
    assert len(marks) == 36 and len(corpus.sentences["language"]) == 36
    for part in (corpus.pool, corpus.development, corpus.test):
        assert part.scheme == "bio" and part.classes == ("B-LOC", "B-PER", "I-PER", "O")


def test_a_tag_that_training_lacks_counts_as_wrong_not_as_unknown(job_values, changes, tmp_path):
    (tmp_path / "dev.conll").write_text("Oslo\tB-GPE\nis\tO\n\n")
    corpus = load_corpus(parse_settings(job_values(changes({"primary.development_data": str(tmp_path / "dev.conll")}))))
    assert corpus.development.tags_of(0) == ["B-GPE", "O"] and "B-GPE" in corpus.pool.classes


@pytest.mark.parametrize("part", ["development", "test"])
def test_judged_sentences_may_violate_the_scheme_that_those_of_training_keep(train_in, changes, tmp_path, part):
    pytest.importorskip("torch")
    violating = tmp_path / "violating.conll"
    violating.write_text("Anna\tB-PER\nOslo\tI-LOC\n\nRome\tB-LOC\nleft\tO\n\n")
    crf = {"primary.crf": True, "training.steps": 3}
    _, result = train_in("run", changes({**crf, f"primary.{part}_data": str(violating)}))
    assert result[part]["examples"] == 4 and result["data"]["skipped_rows"] == {}
    with pytest.raises(DataError, match=r"violating.conll:2:1: 'I-LOC' cannot follow 'B-PER' in the scheme bio"):
        train_in("other", changes({**crf, "primary.data": str(violating)}))


@pytest.mark.parametrize("crf", [False, True])
def test_it_learns_and_a_stopped_run_ends_as_one_that_was_not(train_in, stop_after, job_values, changes, crf):
    pytest.importorskip("torch")
    learn = {"primary.passes": 60.0, "training.steps": 60, "model.rate": 0.03, "model.dropout": 0.0, "primary.crf": crf}
    values = changes(learn)
    corpus = load_corpus(parse_settings(job_values(values)))
    _, result = train_in("whole", values, corpus=corpus)
    assert result["test"]["span_f1"] > 0.8 and result["best"]["span_f1"] > 0.8
    train_in("stopped", values, stop=stop_after(33), corpus=corpus)
    run, again = train_in("stopped", values, corpus=corpus)
    assert again["test"] == result["test"] and again["best"] == result["best"]

    from mt2st.models import TaggingModel

    model = TaggingModel.load(run.path)
    assert model.scheme == "bio"
    tags = model.predict([["Anna", "Smith", "saw", "Rome", "."], []])
    assert len(tags) == 2 and len(tags[0]) == 5 and tags[1] == []


def test_the_saved_model_tags_as_training_did(train_in, changes, job_values):
    pytest.importorskip("torch")
    from mt2st.evaluation.tagging import evaluate_tagging
    from mt2st.models import TaggingModel
    from mt2st.text.tagged import read_tagged

    values = changes({"primary.passes": 12.0, "model.rate": 0.03, "primary.crf": True})
    run, result = train_in("run", values)
    model = TaggingModel.load(run.path / "model")
    sentences = {each.text: each for each in read_tagged(values["primary.data"])}
    corpus = load_corpus(parse_settings(job_values(values)))
    words = corpus.features.words.words
    # The test part's sentences, found by the marks that training has not.
    known = {word for word in words if word[0] == "n"}
    unseen = [each for each in sentences.values() if each.tokens[-1] not in known]
    report = evaluate_tagging([e.tags for e in unseen], model.predict(e.tokens for e in unseen), spans=True)
    tokens = [result[part]["examples"] for part in ("development", "test")]
    share = np.average([result["development"]["accuracy"], result["test"]["accuracy"]], weights=tokens)
    assert report.accuracy == pytest.approx(share)


def test_auxiliaries_and_feedback_go_by_the_span_f1(train_in, changes, job_values):
    pytest.importorskip("torch")
    film = job_values()["auxiliary"]["film"]
    values = changes({"auxiliary": {"film": film}, "strategy.name": "feedback", "training.steps": 12})
    run, result = train_in("run", values)
    assert set(result["work"]) == {"names", "film"}
    records = [json.loads(line) for line in run.metrics.read_text().splitlines()]
    assert all(list(record["score"]) == ["span_f1", "accuracy"] for record in records if "score" in record)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"model.encoder": "bag"}, "primary: tagging reads words in their order, which the encoder bag cannot"),
        ({"primary.kind": "classification", "primary.crf": True}, "crf is for tagging, not for classification"),
    ],
)
def test_settings_that_do_not_fit_are_refused(job_values, changes, changed, message):
    with pytest.raises(ConfigError, match=message):
        parse_settings(job_values({**changes(), **changed}))


def test_a_text_without_tags_is_refused(job_values, changes, tmp_path):
    (tmp_path / "names.conll").write_text("Anna\tO\nlikes\tO\n\n" * 20)
    with pytest.raises(DataError, match=r"names\.conll.*tags of two kinds or more are needed, found O"):
        load_corpus(parse_settings(job_values(changes())))


def test_tags_that_are_no_spans_are_judged_by_accuracy(train_in, changes, tmp_path):
    pytest.importorskip("torch")
    tags = {"primary.passes": 2.0, "training.steps": 4, "training.interval": 2}
    values = changes(tags)
    text = "".join(f"It\tPRON\nrains\tVERB\nn{n}\tNOUN\n\n" for n in range(60))
    (tmp_path / "names.conll").write_text(text)
    _, result = train_in("run", {**values, "primary.labels": None})
    assert set(result["test"]) == {"examples", "accuracy", "majority"} and "accuracy" in result["best"]
