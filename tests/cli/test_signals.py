"""Real signals to real processes."""

import json
import signal
import subprocess
import sys
from time import monotonic, sleep

import pytest

from mt2st.training.checkpoint import load_checkpoint


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_finishes_the_step_saves_and_says_how_to_go_on(tmp_path, config, number, code):
    path = config({"training.steps": 10**6, "training.interval": 200, "training.checkpoint_seconds": 1000.0})
    command = [sys.executable, "-m", "mt2st", "train", str(path), "--out", str(tmp_path / "run")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    metrics, deadline = tmp_path / "run/metrics.jsonl", monotonic() + 30
    try:
        while not (metrics.exists() and metrics.stat().st_size) and process.poll() is None and monotonic() < deadline:
            sleep(0.01)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == code
    assert err.endswith(f"\nstopped and saved; resume with: mt2st train --resume --out {tmp_path / 'run'}\n")
    assert "Test:" not in out
    assert not (tmp_path / "run/result.json").exists()
    _, state = load_checkpoint(tmp_path / "run/checkpoint")
    last = json.loads(metrics.read_text().splitlines()[-1])
    assert state["step"] >= last["step"] > 0
    assert state["metrics_bytes"] == metrics.stat().st_size
