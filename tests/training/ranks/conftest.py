"""Runs of ``python -m mt2st train`` under torchrun."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from mt2st.training.checkpoint import load_checkpoint
from mt2st.training.settings import dump_settings, parse_settings

LIMIT = 120


class Torchrun:
    """A launcher and its ranks; whatever becomes of the test, none of them outlives it."""

    def __init__(self, folder, arguments, ranks=2, options=()):
        launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={ranks}"]
        command = [*launch, "--monitor-interval=0.1", *options, *map(str, arguments)]
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )

    def wait(self):
        """Return exit code, output and errors, when all is over."""
        out, err = self.process.communicate(timeout=LIMIT)
        return self.process.returncode, out, err

    def wait_for(self, condition):
        """Wait until something is so, or the launcher has ended."""
        deadline = monotonic() + LIMIT
        while not condition() and self.process.poll() is None and monotonic() < deadline:
            sleep(0.005)

    def ranks(self):
        """Return the process ids of the ranks, those of lower rank first."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(number) for number in listed.split()]

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.communicate(timeout=40)
            except subprocess.TimeoutExpired:
                self.process.kill()


@pytest.fixture
def torchrun(tmp_path):
    """Return a starter of commands under torchrun, in the test's folder."""
    started = []

    def start(*arguments, **how):
        started.append(Torchrun(tmp_path, arguments, **how))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture
def config(tmp_path, job_values):
    """Write the settings of a small job and return the path."""

    def write(changes=None, name="job"):
        path = tmp_path / f"{name}.toml"
        path.write_text(dump_settings(parse_settings(job_values(changes))), encoding="utf-8")
        return path

    return write


def without_seconds(value):
    """Return nested values without the keys that hold wall-clock figures."""
    if isinstance(value, dict):
        return {key: without_seconds(v) for key, v in value.items() if "seconds" not in key}
    return [without_seconds(v) for v in value] if isinstance(value, list) else value


def check_values(found, expected, tolerance, place=""):
    """Check that nested values are the same, numbers that are not whole to a tolerance."""
    if isinstance(found, float) and isinstance(expected, float):
        assert found == pytest.approx(expected, rel=0, abs=tolerance), place
    elif isinstance(found, dict | list):
        keys = list(found) if isinstance(found, dict) else range(len(found))
        assert len(found) == len(expected) and (keys == list(expected) or isinstance(found, list)), place
        for key in keys:
            check_values(found[key], expected[key], tolerance, f"{place}/{key}")
    else:
        assert found == expected, place


@pytest.fixture
def check_alike():
    """Return a check that two checkpoints hold the same numbers, to a tolerance or bit for bit."""

    def check(found, expected, tolerance):
        (arrays, state), (others, other) = load_checkpoint(found), load_checkpoint(expected)
        assert set(arrays) == set(others)
        for name, array in arrays.items():
            np.testing.assert_allclose(array, others[name], rtol=0, atol=tolerance, err_msg=name)
        states = [without_seconds(each) for each in (state, other)]
        for each in states:
            each.pop("metrics_bytes")  # of records with seconds
        check_values(*states, tolerance)

    return check
