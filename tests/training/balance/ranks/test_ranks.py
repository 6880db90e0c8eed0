"""Under torchrun every rank decides alike, and all end where one process with the whole batch ends."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
if not torch.distributed.is_available():
    pytest.skip("this torch is built without torch.distributed", allow_module_level=True)

HERE = Path(__file__).parent
# Ranks that are started again must not read the addresses of their earlier lives, which the launcher's store keeps.
OWN_STORE = {"TORCH_DISABLE_SHARE_RDZV_TCP_STORE": "1"}
NAMES = ("fading", "bad_on_one_rank", "no_labels_on_one_rank", "uneven_labels", "unlike_scores", "feedback")


def torchrun(script, folder, ranks, *options):
    """Run a script on several ranks and return what each wrote."""
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={ranks}"]
    command = [*launch, "--monitor-interval=0.1", *options, str(HERE / script), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, env={**os.environ, **OWN_STORE})
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads((folder / f"{rank}.json").read_text()) for rank in range(ranks)], done.stderr


@pytest.fixture(scope="module")
def single():
    """Return what happens in this process alone, by run."""
    spec = importlib.util.spec_from_file_location("loop", HERE / "loop.py")
    loop = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loop)
    return json.loads(json.dumps({run.__name__: run(0, 1) for run in loop.RUNS}))


@pytest.fixture(scope="module", params=[2, 4])
def ranks(request, tmp_path_factory):
    """Return what happens on each rank, by run."""
    return torchrun("loop.py", tmp_path_factory.mktemp("ranks"), request.param)[0]


def check_weights(found, expected):
    [(heads, values)], [(same, others)] = found["weights"].items(), expected["weights"].items()
    assert heads == same
    for one, other in zip(values, others, strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_every_rank_decides_alike_and_ends_where_one_process_ends(ranks, single, name):
    for rank in ranks:
        assert rank[name]["active"] == single[name]["active"]
        assert rank[name].get("told") == single[name].get("told")
        assert rank[name]["balance"] == single[name]["balance"]
        assert rank[name]["weights"] == ranks[0][name]["weights"]
        check_weights(rank[name], single[name])


def test_a_bad_primary_of_one_rank_stops_all_before_anything_is_changed(ranks, single):
    name = "bad_primary_on_one_rank"
    *others, last = [rank[name] for rank in ranks]
    assert last["raised"].startswith("the loss of the primary 'sentiment' is nan at step 2: it changed nothing")
    for rank in others:
        assert "'sentiment' is not finite on another rank at step 2" in rank["raised"]
    for rank in (*others, last):
        assert len(rank["active"]) == 3
        check_weights(rank, single[name])


def test_the_runs_hold_what_they_are_to_show(single):
    """Heads that run at some steps only and are dropped, losses left out, batches without labels, a found switch."""
    ner = ["ner" in active for active in single["fading"]["active"]]
    assert 3 < sum(ner) < 15
    assert list(single["fading"]["balance"]["dropped"]) == ["pos", "ner"]
    assert list(single["fading"]["weights"]) == ["sentiment"]
    bad = single["bad_on_one_rank"]["balance"]
    assert bad["dropped"]["pos"] == "step 18: its last 10 losses were not finite"
    assert bad["tally"]["not_finite"] == {"pos": 12}
    assert single["no_labels_on_one_rank"]["balance"]["tally"]["empty"]["ner"] > 2
    assert single["uneven_labels"]["balance"]["tally"]["empty"] == {"pos": 5}
    moment = next(step for step, active in enumerate(single["unlike_scores"]["active"]) if active == ["sentiment"])
    assert 9 < moment < 20
    names = {event.split()[1] for event in single["feedback"]["told"]}
    assert names >= {"restore", "scale", "rate"}


def test_a_killed_rank_is_restarted_and_goes_on_from_the_last_checkpoint(tmp_path, single):
    found, log = torchrun("restart.py", tmp_path, 2, "--max-restarts=1")
    assert "Signal 9 (SIGKILL)" in log or "exitcode: -9" in log
    for rank in found:
        assert (rank["life"], rank["begun"]) == (1, 10)
        assert rank["active"] == single["fading"]["active"][10:]
        assert rank["balance"] == single["fading"]["balance"]
        check_weights(rank, single["fading"])
