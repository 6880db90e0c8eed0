"""What a run leaves behind: the best state, and nothing that only training needs."""

import json
import platform

import numpy as np
import pytest

from mt2st.embeddings import WordVectors
from mt2st.evaluation import evaluate_calibration
from mt2st.models import TextModel
from mt2st.report import write_report
from mt2st.training.corpus import load_corpus
from mt2st.training.environment import environment
from mt2st.training.job import make_job
from mt2st.training.listener import Quiet
from mt2st.training.loop import Trainer
from mt2st.training.result import finish, finished_model
from mt2st.training.run_directory import RunDirectory
from mt2st.training.settings import parse_settings
from mt2st.training.stopping import StopRequest


def trainer_of(values):
    settings = parse_settings(values)
    return Trainer(make_job(load_corpus(settings), settings))


def test_the_best_state_is_saved_and_not_the_last(job_values, tmp_path):
    trainer = trainer_of(job_values())
    trainer.best = {"step": 1, "accuracy": 0.9}
    trainer.best_arrays["primary/head"][...] = 7.0
    run = RunDirectory.create(tmp_path / "run", trainer.job.settings)
    finish(trainer, run)
    assert (TextModel.load(run.path).arrays["head"] == 7.0).all()


def test_the_model_of_a_bilstm_holds_no_optimiser_state(job_values):
    pytest.importorskip("torch")
    trainer = trainer_of(job_values({"model.encoder": "bilstm", "model.hidden_size": 4}))
    assert any(name.endswith(".first") for name in trainer.arrays())
    names = set(finished_model(trainer.job).arrays)
    assert {"table", "head.weight", "head.bias"} < names
    assert not [name for name in names if name.rpartition(".")[2] in ("first", "second", "steps")]


SUBWORDS = {"auxiliary.language": {"kind": "skipgram", "subwords": True, "max_n": 4, "bucket": 300}}


def finished(values, folder):
    trainer = trainer_of(values)
    trainer.run(Quiet(), StopRequest())
    run = RunDirectory.create(folder, trainer.job.settings)
    finish(trainer, run)
    return trainer.job, run


@pytest.mark.parametrize("kind", ["skipgram", "cbow", "glove"])
def test_vectors_are_the_words_rows_of_the_table(job_values, tmp_path, kind):
    job, run = finished(job_values({"auxiliary.language": {"kind": kind}, "model.vector_size": 5}), tmp_path / "run")
    vectors, words = WordVectors.load(run.path / "vectors.safetensors"), job.corpus.features.words
    assert vectors.index_to_key == words.words and vectors.counts.tolist() == words.counts.tolist()
    assert vectors.subwords is None
    np.testing.assert_array_equal(vectors.vectors, job.shared.table[: len(words)])
    np.testing.assert_array_equal(TextModel.load(run.path).arrays["table"], job.shared.table)


@pytest.mark.parametrize("encoder", ["bag", "bilstm"])
def test_with_subwords_vectors_are_means_and_the_model_has_no_n_grams(job_values, tmp_path, encoder):
    if encoder == "bilstm":
        pytest.importorskip("torch")
    job, run = finished(job_values({**SUBWORDS, "model.encoder": encoder}), tmp_path / "run")
    vectors, features = WordVectors.load(run.path / "vectors.safetensors"), job.corpus.features
    memory, index = job.tasks["language"].table, job.subwords
    for at in range(len(features.words)):
        rows = index.rows[index.offsets[at] : index.offsets[at + 1]]
        np.testing.assert_allclose(vectors.vectors[at], memory[rows].mean(0), rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(vectors.subwords.word_rows, job.shared.table[: len(features.words)])
    rows = memory[len(features) :][np.argsort(index.buckets)]
    np.testing.assert_array_equal(vectors.subwords.rows, rows)
    assert np.isfinite(vectors.get_vector("lovelier")).all(), "unseen words have a vector"
    model = TextModel.load(run.path)
    np.testing.assert_array_equal(model.arrays["table"], job.shared.table)
    assert len(model.arrays["table"]) == len(features) and "subwords" not in model.arrays
    np.testing.assert_allclose(
        model.logits(job.corpus.test.rows), job.tasks["reviews"].logits(job.corpus.test.rows), rtol=1e-6
    )


def test_the_best_state_holds_the_n_grams_too(job_values):
    trainer = trainer_of(job_values(SUBWORDS))
    trainer.best = {"step": 1, "accuracy": 0.9}
    trainer.best_arrays["shared/subwords"][...] = 7.0
    trainer.restore_best()
    memory, features = trainer.job.tasks["language"].table, len(trainer.job.corpus.features)
    assert (memory[features:] == 7).all() and (memory[:features] != 7).all()


def test_a_run_without_words_leaves_no_vectors(job_values, tmp_path):
    values = job_values({"model.min_count": 10**6, "auxiliary": {}, "strategy.name": "single"})
    run = RunDirectory.create(tmp_path / "run", parse_settings(values))
    finish(trainer_of(values), run)
    assert run.result.exists() and not (run.path / "vectors.safetensors").exists()


def test_the_environment_is_this_one():
    found = environment()
    assert (found["python"], found["numpy"]) == (platform.python_version(), np.__version__)


def test_classification_by_bilstm_takes_fewer_passes_unless_they_are_given():
    values = {"auxiliary": {"a": {"data": "film"}, "b": {"data": "tweets", "passes": 7}, "c": {"kind": "skipgram"}}}
    bag, bilstm = parse_settings(values), parse_settings({**values, "model": {"encoder": "bilstm"}})
    assert [task.passes for task in bag.auxiliary.values()] == [20, 7, 20]
    assert [task.passes for task in bilstm.auxiliary.values()] == [5, 7, 20]


def test_what_is_told_wrong_is_kept_beside_the_result(job_values, tmp_path):
    job, run = finished(job_values(), tmp_path / "run")
    found = json.loads((run.path / "mistakes.json").read_text())
    model, corpus = TextModel.load(run.path), job.corpus
    told = [model.classes.index(label) for label in model.predict(corpus.test_texts)]
    wrong = [place for place, label in enumerate(corpus.test.labels.tolist()) if told[place] != label]
    assert sum(each["examples"] for each in found["confusions"]) == len(wrong) > 0
    result = json.loads(run.result.read_text())
    assert len(wrong) == sum(map(sum, result["test"]["confusion"])) - np.trace(result["test"]["confusion"])
    shown = [each["text"] for kind in found["confusions"] for each in kind["mistakes"]]
    assert shown and set(shown) <= {corpus.test_texts[place] for place in wrong}
    probabilities = model.predict_proba(corpus.test_texts).astype(float).clip(0, 1)
    assert found["calibration"] == evaluate_calibration(probabilities, corpus.test.labels.astype(int)).as_dict()
    page = write_report(run.path).read_text(encoding="utf-8")
    assert ">Confusions<" in page and "Do probabilities mean what they say?" in page
    assert all(f'{kind["true"]}</bdi> <span class="muted">predicted as' in page for kind in found["confusions"])
