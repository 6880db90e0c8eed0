"""Ranks that are killed, stopped or in error: all end alike, and go on from the last checkpoint."""

import os
import signal

import pytest

from mt2st.training.checkpoint import load_checkpoint

torch = pytest.importorskip("torch")
if not torch.distributed.is_available():
    pytest.skip("this torch is built without torch.distributed", allow_module_level=True)

LONG = {
    "model.encoder": "bilstm",
    "model.dropout": 0.3,
    "auxiliary": {"film": {"data": "film.tsv", "passes": 20.0}},
    "strategy.at": 0.5,
    "training.work": "exact",
    "training.steps": 60,
    "training.interval": 10,
    "primary.passes": 15.0,
}


def saved(folder, steps):
    """Say whether there is a checkpoint of so many steps or more."""
    names = [path.name for path in folder.glob("checkpoint/step-*")]
    return any(int(name.rpartition("-")[2]) >= steps for name in names)


def test_a_killed_rank_is_started_again_and_goes_on_to_the_same_end(torchrun, config, tmp_path, check_alike):
    path = config(LONG)
    whole = torchrun("-m", "mt2st", "train", path, "--out", "whole", "-q")
    code, _, err = whole.wait()
    assert code == 0, err
    folder = tmp_path / "runs/reviews-switch-001"
    run = torchrun("-m", "mt2st", "train", path, options=["--max-restarts=1"])
    run.wait_for(lambda: saved(folder, 20))
    os.kill(run.ranks()[1], signal.SIGKILL)
    code, _, err = run.wait()
    assert code == 0, err
    assert "SIGKILL" in err or "exitcode: -9" in err
    assert "mt2st:" not in err, "the other rank has nothing to say to it"
    assert err.count("reading data ...") == 2
    assert err.count("step 10/60") == 1, "it went on from its last checkpoint"
    check_alike(folder / "checkpoint", tmp_path / "whole" / "checkpoint", 0)
    for name in ("model/model.safetensors", "vectors.safetensors"):
        assert (folder / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert [each.name for each in (tmp_path / "runs").iterdir()] == [folder.name]


@pytest.mark.parametrize("whom", ["launcher", "rank 1"])
def test_sigterm_stops_all_ranks_after_the_same_step_and_the_run_can_be_gone_on_with(torchrun, config, tmp_path, whom):
    changes = {**LONG, "training.steps": 10**6, "training.checkpoint_seconds": 1000.0}
    run = torchrun("-m", "mt2st", "train", config(changes), "--out", "run")
    metrics = tmp_path / "run" / "metrics.jsonl"
    run.wait_for(lambda: metrics.exists() and metrics.stat().st_size)
    if whom == "launcher":
        run.process.send_signal(signal.SIGTERM)
    else:
        os.kill(run.ranks()[1], signal.SIGTERM)
    code, out, err = run.wait()
    assert code != 0
    assert err.count("stopped and saved; resume with: mt2st train --resume --out run") == 1
    assert "Test:" not in out and not (tmp_path / "run/result.json").exists()
    _, state = load_checkpoint(tmp_path / "run" / "checkpoint")
    assert state["step"] > 0
    assert state["metrics_bytes"] == metrics.stat().st_size
    if whom == "launcher":
        again = torchrun("-m", "mt2st", "train", "--resume", "--out", "run", "--max-seconds", "0.5")
        code, out, err = again.wait()
        assert code == 0, err
        assert out.count("Test: reviews") == 1, "the time limit ends it with a result"
        assert load_checkpoint(tmp_path / "run" / "checkpoint")[1]["step"] > state["step"]


ONE_BAD = """
import os, sys
from mt2st.cli.app import main
from mt2st.errors import DataError
import {module} as place

if os.environ["RANK"] == "1":
    def fail(*_):
        raise DataError("the label is empty: fill it in", path="reviews.tsv", line=3)
    place.{name} = fail
sys.argv = ["mt2st", "train", "job.toml", "--out", "run"]
main()
"""


@pytest.mark.parametrize(
    ("module", "name"), [("mt2st.training.corpus", "load_corpus"), ("mt2st.training.loop", "plan")]
)
def test_an_error_of_one_rank_ends_all_with_one_message(torchrun, config, tmp_path, module, name):
    config()
    (tmp_path / "bad.py").write_text(ONE_BAD.format(module=module, name=name))
    code, out, err = torchrun("bad.py").wait()
    assert code == 1
    assert err.count("mt2st: ") == 1
    assert "mt2st: rank 1: reviews.tsv:3: the label is empty: fill it in" in err
    assert "[rank" not in err, "torch prints the traceback of a rank behind its number"
    assert "Test:" not in out


def test_a_primary_that_is_not_finite_on_any_rank_ends_all_with_one_message(torchrun, config, tmp_path):
    changes = {"primary.head_rate": 1e30, "primary.table_rate": 1e30}
    code, _, err = torchrun("-m", "mt2st", "train", config(changes), "--out", "run", "-q").wait()
    assert code == 1
    assert err.count("mt2st: ") == 1
    assert "the loss of the primary 'reviews' is not finite at step" in err
    assert load_checkpoint(tmp_path / "run/checkpoint") is not None
