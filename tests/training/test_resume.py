"""A run that was stopped, killed or damaged ends exactly as one that was left alone."""

import json
import shutil
import subprocess
import sys
from time import monotonic, sleep

import numpy as np
import pytest

from mt2st.errors import CheckpointError, ConfigError, NonFiniteLossError
from mt2st.training.checkpoint import load_checkpoint
from mt2st.training.corpus import load_corpus
from mt2st.training.listener import Quiet
from mt2st.training.metrics import read_metrics
from mt2st.training.settings import dump_settings, parse_settings

STRATEGIES = ("single", "pretrain", "constant", "diminish", "switch", "linear", "cosine", "feedback")
# Weights between 0 and 1, at which an auxiliary may rest; the others' are one of these, and "skip" is "exact".
SKIPPING = [(name, "skip") for name in ("diminish", "linear", "cosine", "feedback")]
STEPS = 12
FORMATS = {".json", ".jsonl", ".toml", ".safetensors", ".html", ".md", ".svg"}


def without_times(value):
    """Return nested values without the keys that hold times."""
    if isinstance(value, dict):
        return {key: without_times(v) for key, v in value.items() if key != "date" and "seconds" not in key}
    return [without_times(v) for v in value] if isinstance(value, list) else value


def end_of(run):
    """Return all that a run leaves, but for times."""
    arrays, state = load_checkpoint(run.checkpoints)
    state.pop("metrics_bytes")
    records = [{key: value for key, value in r.items() if key != "seconds"} for r in read_metrics(run.metrics)]
    return {
        "arrays": {name: (array.shape, array.tobytes()) for name, array in sorted(arrays.items())},
        "state": without_times(state),
        "records": records,
        "model": (run.path / "model" / "model.safetensors").read_bytes(),
        "vectors": (run.path / "vectors.safetensors").read_bytes(),
        "result": without_times(json.loads(run.result.read_text())),
    }


@pytest.fixture
def corpus(job_values):
    return load_corpus(parse_settings(job_values()))


@pytest.mark.parametrize(("strategy", "work"), [*((name, "exact") for name in STRATEGIES), *SKIPPING])
def test_a_run_stopped_at_any_step_ends_as_one_that_was_not(train_in, stop_after, corpus, strategy, work):
    short = {"training.steps": 8, "training.interval": 3}
    changes = {"strategy.name": strategy, "training.work": work, "strategy.rate": 3.0, "strategy.at": 0.5, **short}
    whole, steps = end_of(train_in("whole", changes, corpus=corpus)[0]), 14 if strategy == "feedback" else 8
    assert whole["state"]["step"] == steps
    for step in range(1, steps):
        run, result = train_in(f"stopped{step}", changes, corpus=corpus, stop=stop_after(step))
        assert result is None
        assert load_checkpoint(run.checkpoints)[1]["step"] == step
        assert not run.result.exists()
        _, result = train_in(f"stopped{step}", changes, corpus=corpus)
        assert result["steps"] == steps
        assert end_of(run) == whole


def test_a_run_stopped_after_every_step_ends_as_one_that_was_not(train_in, stop_after, corpus):
    changes = {"strategy.name": "diminish", "strategy.rate": 2.0}
    whole = end_of(train_in("whole", changes, corpus=corpus)[0])
    for _ in range(STEPS):
        run, _ = train_in("stopped", changes, corpus=corpus, stop=stop_after(1))
    train_in("stopped", changes, corpus=corpus)
    assert end_of(run) == whole


@pytest.mark.parametrize("strategy", ["switch", "constant"])
def test_the_torch_engine_resumes_bit_for_bit_too(train_in, stop_after, strategy):
    pytest.importorskip("torch")
    changes = {"model.encoder": "bilstm", "strategy.name": strategy, "strategy.at": 0.5, "model.dropout": 0.3}
    whole = end_of(train_in("whole", changes)[0])
    for step in (1, 5, 6, 8, 11):
        train_in(f"stopped{step}", changes, stop=stop_after(step))
        run, _ = train_in(f"stopped{step}", changes)
        assert end_of(run) == whole, step


METHODS = {
    "cbow": {"kind": "cbow", "sample": 1e-2},
    "skipgram-subwords": {"kind": "skipgram", "sample": 1e-2, "subwords": True, "bucket": 300},
    "cbow-subwords": {"kind": "cbow", "sample": 1e-2, "subwords": True, "bucket": 300},
    "glove": {"kind": "glove"},
    "document": {"kind": "document", "sample": 1e-2},
}


@pytest.mark.parametrize("encoder", ["bag", "bilstm"])
@pytest.mark.parametrize("method", METHODS)
def test_each_language_model_resumes_bit_for_bit(train_in, stop_after, job_values, method, encoder):
    if encoder == "bilstm":
        pytest.importorskip("torch")
    language = {"passes": 2.0, **METHODS[method]}
    changes = {"auxiliary.language": language, "strategy.name": "diminish", "strategy.rate": 2.0}
    changes["model.encoder"] = encoder
    corpus = load_corpus(parse_settings(job_values(changes)))
    whole = end_of(train_in("whole", changes, corpus=corpus)[0])
    ran = whole["state"]["ledger"]["tasks"]["language"]["ran"]
    assert 0 < ran < STEPS, "diminishing, it runs at some steps and rests at others"
    for step in (1, 5, 11):
        train_in(f"stopped{step}", changes, stop=stop_after(step), corpus=corpus)
        run, _ = train_in(f"stopped{step}", changes, corpus=corpus)
        assert end_of(run) == whole, step


def test_another_seed_does_end_otherwise(train_in, corpus):
    ends = [end_of(train_in(str(seed), {"training.seed": seed}, corpus=corpus)[0]) for seed in (1, 2)]
    assert ends[0]["model"] != ends[1]["model"]
    assert ends[0]["records"] != ends[1]["records"]


def test_resuming_a_finished_run_changes_nothing(train_in, corpus):
    run, first = train_in("a", corpus=corpus)
    before = end_of(run)
    _, again = train_in("a", corpus=corpus)
    assert end_of(run) == before
    assert without_times(again["work"]) == without_times(first["work"])


def test_metrics_after_the_checkpoint_are_cut_off_and_written_again(train_in, stop_after, corpus):
    whole = end_of(train_in("whole", corpus=corpus)[0])
    run, _ = train_in("a", corpus=corpus, stop=stop_after(6))
    with run.metrics.open("ab") as file:
        file.write(b'{"step": 8, "phase": "of another life"}\n{"step": 12, "pha')
    train_in("a", corpus=corpus)
    assert end_of(run) == whole


def test_metrics_without_a_checkpoint_are_begun_anew(train_in, stop_after, corpus):
    whole = end_of(train_in("whole", corpus=corpus)[0])
    run, _ = train_in("a", corpus=corpus, stop=stop_after(6))
    shutil.rmtree(run.checkpoints)
    train_in("a", corpus=corpus)
    assert end_of(run) == whole


def flip_a_bit(path):
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


def test_a_damaged_newest_checkpoint_gives_way_to_the_older(train_in, stop_after, corpus):
    whole = end_of(train_in("whole", corpus=corpus)[0])
    run, _ = train_in("a", corpus=corpus, stop=stop_after(9))
    assert [path.name for path in sorted(run.checkpoints.iterdir())] == ["step-000000008", "step-000000009"]
    flip_a_bit(run.checkpoints / "step-000000009" / "arrays.safetensors")
    train_in("a", corpus=corpus)
    assert end_of(run) == whole


def test_with_all_checkpoints_damaged_nothing_is_touched(train_in, stop_after, corpus):
    run, _ = train_in("a", corpus=corpus, stop=stop_after(9))
    for path in run.checkpoints.glob("*/state.json"):
        flip_a_bit(path)
    before = run.metrics.read_bytes()
    with pytest.raises(CheckpointError, match="no checkpoint is intact, so the run cannot be resumed: start over"):
        train_in("a", corpus=corpus)
    assert run.metrics.read_bytes() == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model.vector_size": 4}, "checkpoint's shared/table is"),
        ({"auxiliary": {}}, "only one side has"),
        ({"strategy.name": "constant"}, "resume with the saved settings"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(train_in, stop_after, changes, message):
    mine, _ = train_in("mine", stop=stop_after(6))
    other, _ = train_in("other", changes, stop=stop_after(6))
    shutil.rmtree(mine.checkpoints)
    shutil.copytree(other.checkpoints, mine.checkpoints)
    with pytest.raises(CheckpointError, match=message):
        train_in("mine")


class Poison:
    """Spoils the primary's head at a step."""

    def __init__(self, step):
        self.step = step

    def on_step(self, trainer):
        if trainer.step == self.step:
            trainer.job.tasks["reviews"].head[...] = np.nan

    def on_record(self, record):
        pass

    def on_interval(self, trainer):
        pass


def test_a_loss_that_is_not_finite_keeps_the_last_checkpoint(train_in, corpus):
    whole = end_of(train_in("whole", corpus=corpus)[0])
    with pytest.raises(NonFiniteLossError, match="not finite at step 10"):
        train_in("a", corpus=corpus, listeners=[Poison(10)])
    run, _ = train_in("a", corpus=corpus, listeners=[Poison(-1)])
    assert end_of(run) == whole, "and the run goes on from it"


def test_out_of_time_leaves_a_model_and_goes_on_to_the_same_end(train_in, corpus):
    class OutOfTime:
        signal = None

        def __init__(self, steps):
            self.left = steps

        def __bool__(self):
            self.left -= 1
            return self.left < 0

        def listening(self):
            from contextlib import nullcontext

            return nullcontext()

    whole = end_of(train_in("whole", corpus=corpus)[0])
    run, result = train_in("a", corpus=corpus, stop=OutOfTime(6))
    assert (result["stopped"], result["steps"], result["total_steps"]) == ("out of time", 6, STEPS)
    assert result["best"]["step"] == 4
    assert (run.path / "model" / "model.safetensors").exists()
    _, result = train_in("a", corpus=corpus)
    assert result["stopped"] is None
    assert end_of(run) == whole


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_a_run_that_is_being_trained_is_refused_and_comes_to_no_harm(train_in, corpus):
    class Intruder(Quiet):
        refused = 0

        def on_step(self, trainer):
            with pytest.raises(ConfigError, match=r"a is being trained by (another )?process.*: wait for its end"):
                train_in("a", corpus=corpus)
            self.refused += 1

    whole, intruder = end_of(train_in("whole", corpus=corpus)[0]), Intruder()
    run, _ = train_in("a", corpus=corpus, listeners=[intruder])
    assert intruder.refused == STEPS and end_of(run) == whole
    train_in("a", corpus=corpus)


def test_a_run_directory_holds_no_format_that_could_run_code(train_in, corpus):
    run, _ = train_in("a", corpus=corpus)
    files = [path for path in run.path.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= FORMATS
    for path in files:
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
    assert read_metrics(run.metrics)


def test_a_run_that_is_killed_goes_on_to_the_same_end(tmp_path, job_values, train_in):
    changes = {
        "training.steps": 800,
        "training.interval": 20,
        "primary.passes": 200.0,
        "strategy.at": 0.5,
        "auxiliary.film.passes": 60.0,
        "training.work": "exact",
    }
    config = tmp_path / "job.toml"
    config.write_text(dump_settings(parse_settings(job_values(changes))))
    folder = tmp_path / "killed"
    command = [sys.executable, "-m", "mt2st", "train", str(config), "--out", str(folder), "-q"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    deadline = monotonic() + 30
    try:
        while not list(folder.glob("checkpoint/step-*[4-9]0")) and process.poll() is None and monotonic() < deadline:
            sleep(0.005)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == -9
    assert not (folder / "result.json").exists(), "killed in mid-run"
    assert 0 < load_checkpoint(folder / "checkpoint")[1]["step"] < 800
    run, result = train_in("killed", changes)
    assert result["steps"] == 800
    assert end_of(run) == end_of(train_in("whole", changes)[0])
