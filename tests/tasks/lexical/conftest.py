import numpy as np
import pytest

from mt2st.tasks import Sampler


@pytest.fixture
def whole():
    """Return a sampler that draws all of so many examples at every step."""
    return lambda size: Sampler(size, 1000, 1000, seed=1, name="lexical")


@pytest.fixture
def shared():
    """Return a table of unit-scale vectors under torch, (12, 5)."""
    torch_table = pytest.importorskip("mt2st.models.pytorch.table")
    table = np.random.default_rng(3).normal(size=(12, 5)).astype(np.float32)
    return torch_table.TorchTable(table, rate=0.01, head_rate=0.01)


@pytest.fixture
def moved(shared):
    """Return which rows a task's step on a batch moves."""

    def rows(task, batch):
        before = shared.table.copy()
        task.learn(np.array(batch), weight=1.0, rate=1.0)
        shared.finish_step(1.0)
        return np.flatnonzero((shared.table != before).any(1)).tolist()

    return rows
