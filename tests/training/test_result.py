"""What a run leaves behind: the best state, and nothing that only training needs."""

import platform

import numpy as np
import pytest

from mt2st.models import TextModel
from mt2st.training.corpus import load_corpus
from mt2st.training.environment import environment
from mt2st.training.job import make_job
from mt2st.training.loop import Trainer
from mt2st.training.result import finish, finished_model
from mt2st.training.run_directory import RunDirectory
from mt2st.training.settings import parse_settings


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


def test_the_environment_is_this_one():
    found = environment()
    assert (found["python"], found["numpy"]) == (platform.python_version(), np.__version__)


def test_classification_by_bilstm_takes_fewer_passes_unless_they_are_given():
    values = {"auxiliary": {"a": {"data": "film"}, "b": {"data": "tweets", "passes": 7}, "c": {"kind": "skipgram"}}}
    bag, bilstm = parse_settings(values), parse_settings({**values, "model": {"encoder": "bilstm"}})
    assert [task.passes for task in bag.auxiliary.values()] == [20, 7, 20]
    assert [task.passes for task in bilstm.auxiliary.values()] == [5, 7, 20]
