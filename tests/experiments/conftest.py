"""Trainings of whole experiments without the seconds that worker processes take to start."""

import pytest

from mt2st.experiments import experiment


class Here:
    """Runs in this process, where made-up parts are known."""

    def __init__(self, jobs, begin, arguments):
        begin(*arguments)

    def run(self, work, items):
        for item in items:
            yield item, work(item)

    def close(self):
        pass


@pytest.fixture
def run_here(monkeypatch):
    """Return what has trainings run in this process from then on."""
    return lambda: monkeypatch.setattr(experiment, "Pool", Here)
