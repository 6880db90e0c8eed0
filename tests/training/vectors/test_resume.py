"""Runs that are killed, interrupted and gone on with."""

import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from mt2st.errors import CheckpointError, ConfigError
from mt2st.training.checkpoint import load_checkpoint
from mt2st.training.metrics import read_metrics

from .conftest import QUICK
from .test_train import METHODS, same

KILLED = """
import os, signal, sys
import mt2st
from mt2st.training.vectors import models, progress
progress.INTERVAL = 0.0
models.QUANTUM_WORDS, models.QUANTUM_RECORDS = 800, 8
method, subwords, path, work, after = sys.argv[1:]
def kill(progress):
    if progress.phase == "training" and progress.done >= float(after) * progress.total:
        os.kill(os.getpid(), signal.SIGKILL)
mt2st.train_vectors(path, method=method, subwords=subwords == "True", folder=work, checkpoint_every=0,
    on_progress=kill, **{settings})
"""


class Interrupt:
    """Sends a signal to this process when so much of the training is done."""

    def __init__(self, share, number=signal.SIGINT):
        self.share, self.number, self.sent = share, number, False

    def __call__(self, progress):
        if progress.phase == "training" and progress.done >= self.share * progress.total and not self.sent:
            self.sent = True
            os.kill(os.getpid(), self.number)


@pytest.fixture(autouse=True)
def tell_everything(monkeypatch):
    monkeypatch.setattr("mt2st.training.vectors.progress.INTERVAL", 0.0)


@pytest.mark.parametrize(("method", "subwords"), [METHODS[2], METHODS[4]])
def test_after_kill_9_in_an_epoch_the_bits_are_the_same(quick, text_file, tmp_path, small_quanta, method, subwords):
    path, work = text_file(1000), tmp_path / "work"
    code = KILLED.replace("{settings}", repr(QUICK))
    command = [sys.executable, "-c", code, method, str(subwords), str(path), str(work), "0.55"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    _, state = load_checkpoint(work / "checkpoint")
    quanta = 10 if method == "skipgram" else 9
    assert state["position"] % quanta, "in the middle of an epoch"
    assert state["position"] // quanta == 2
    whole = quick(path, method=method, subwords=subwords, folder=tmp_path / "whole")
    seen = []
    assert same(quick(path, method=method, subwords=subwords, folder=work, on_progress=seen.append), whole)
    assert min(p.done for p in seen if p.phase == "training") > 0.4 * seen[-1].total
    records = [read_metrics(folder / "metrics.jsonl") for folder in (work, tmp_path / "whole")]
    for record in [*records[0], *records[1]]:
        record.pop("seconds")
    assert records[0] == records[1]


@pytest.mark.parametrize(("method", "subwords"), METHODS)
def test_an_interrupt_saves_and_the_next_call_goes_on(quick, text_file, tmp_path, small_quanta, method, subwords):
    path, work = text_file(600), tmp_path / "work"
    settings = {"method": method, "subwords": subwords, "epochs": 3}
    with pytest.raises(KeyboardInterrupt):
        quick(path, folder=work, on_progress=Interrupt(0.5), **settings)
    assert load_checkpoint(work / "checkpoint")[1]["position"] > 0
    assert same(quick(path, folder=work, **settings), quick(path, **settings))


def test_sigterm_is_raised_again_after_saving(quick, text_file, tmp_path, small_quanta):
    heard = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
    try:
        with pytest.raises(KeyboardInterrupt):
            quick(text_file(600), folder=tmp_path / "work", on_progress=Interrupt(0.5, signal.SIGTERM))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]
    assert load_checkpoint(tmp_path / "work/checkpoint") is not None


def test_token_lists_are_gone_on_with_too(quick, text, tmp_path, small_quanta):
    with pytest.raises(KeyboardInterrupt):
        quick(iter(text(600)), folder=tmp_path / "work", on_progress=Interrupt(0.5))
    seen = []
    found = quick(iter(text(600)), folder=tmp_path / "work", on_progress=seen.append)
    assert min(p.done for p in seen if p.phase == "training") >= 0.5 * seen[-1].total
    assert same(found, quick(text(600)))


def test_two_workers_go_on(quick, text_file, tmp_path, small_quanta):
    path, work = text_file(600), tmp_path / "work"
    with pytest.raises(KeyboardInterrupt):
        quick(path, folder=work, workers=2, on_progress=Interrupt(0.4))
    seen = []
    quick(path, folder=work, workers=2, on_progress=seen.append)
    assert [record["epoch"] for record in seen[-1].history] == [1, 2, 3, 4, 5]
    assert seen[-1].done == seen[-1].total


@pytest.mark.parametrize(
    ("change", "message"), [({"window": 4}, r"window \(3, now 4\)"), ({"epochs": 9}, "epochs"), ("text", "text")]
)
def test_an_unfinished_run_of_other_settings_is_not_destroyed(
    quick, text_file, tmp_path, small_quanta, change, message
):
    work = tmp_path / "work"
    with pytest.raises(KeyboardInterrupt):
        quick(text_file(600), folder=work, on_progress=Interrupt(0.5))
    other = {} if change == "text" else change
    path = text_file(600, seed=9) if change == "text" else text_file(600)
    with pytest.raises(ConfigError, match=rf"unfinished run that differs in .*{message}.*resume=False"):
        quick(path, folder=work, **other)
    seen = []
    quick(path, folder=work, resume=False, on_progress=seen.append, **other)
    assert min(p.done for p in seen if p.phase == "training") == 0


def test_a_damaged_checkpoint_gives_way_to_the_one_before(quick, text_file, tmp_path, small_quanta):
    path, work = text_file(600), tmp_path / "work"
    with pytest.raises(KeyboardInterrupt):
        quick(path, folder=work, checkpoint_every=0, on_progress=Interrupt(0.5))
    newest = max((work / "checkpoint").iterdir())
    (newest / "arrays.safetensors").write_bytes(b"")
    assert same(quick(path, folder=work), quick(path))
    with pytest.raises(KeyboardInterrupt):
        quick(path, folder=work, on_progress=Interrupt(0.5))
    for found in (work / "checkpoint").iterdir():
        (found / "arrays.safetensors").write_bytes(b"")
    with pytest.raises(CheckpointError, match="no checkpoint is intact"):
        quick(path, folder=work)


def test_a_folder_is_for_one_process_at_a_time(quick, text_file, tmp_path):
    path, work = text_file(300), tmp_path / "work"

    def nested(progress):
        quick(path, folder=work)

    with pytest.raises(
        ConfigError, match=r"work is in use by (another )?process.*: wait for its end, or pass another folder"
    ):
        quick(path, folder=work, on_progress=nested)


def test_other_threads_than_the_main_one_can_train(quick, text):
    found = []
    thread = threading.Thread(target=lambda: found.append(quick(text(300))))
    thread.start()
    thread.join()
    assert np.array_equal(found[0].vectors, quick(text(300)).vectors)
