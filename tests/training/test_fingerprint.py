"""A run goes on with the data it was begun with, or not at all."""

import pytest

from mt2st.errors import CheckpointError
from mt2st.training.checkpoint import load_checkpoint, save_checkpoint
from mt2st.training.fingerprint import fingerprints
from mt2st.training.run import train
from mt2st.training.run_directory import RunDirectory
from mt2st.training.settings import parse_settings


def test_changed_labels_are_noticed_and_the_file_named(train_in, stop_after, job_values, tmp_path):
    train_in("run", stop=stop_after(3))
    path = tmp_path / "film.tsv"
    before = path.read_text()
    settings = parse_settings(job_values())  # writes the files as they were
    path.write_text(before.replace("pos\t", "x\t").replace("neg\t", "pos\t").replace("x\t", "neg\t"))
    with pytest.raises(CheckpointError) as caught:
        train(settings, RunDirectory(tmp_path / "run"))
    remedy = "put it back, or start a new run without --resume"
    assert str(caught.value) == f"{path}: changed since the run began: {remedy}"


def test_every_file_that_is_named_has_one(job_values, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("test.tsv", "vectors.txt", "more.txt", "tweets"):  # the last is a set's name, whatever lies here
        (tmp_path / name).write_text(name)
    changes = {
        "primary.test_data": str(tmp_path / "test.tsv"),
        "model.vectors": str(tmp_path / "vectors.txt"),
        "auxiliary.language.data": [str(tmp_path / "more.txt"), "tweets"],
    }
    found = fingerprints(parse_settings(job_values(changes)))
    names = ("reviews.tsv", "test.tsv", "vectors.txt", "film.tsv", "more.txt")
    assert set(found) == {str(tmp_path / name) for name in names}
    assert found[str(tmp_path / "more.txt")].startswith("291ab9b95825"), "its SHA-256"


def test_a_checkpoint_from_before_there_were_any_goes_on(train_in, stop_after):
    run, _ = train_in("run", stop=stop_after(3))
    arrays, state = load_checkpoint(run.checkpoints)
    del state["data"]
    save_checkpoint(run.checkpoints, 3, {name: array.copy() for name, array in arrays.items()}, state)
    assert train_in("run")[1]["steps"] == 12
