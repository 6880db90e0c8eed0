from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.embeddings import new_table  # noqa: E402
from mt2st.errors import ConfigError  # noqa: E402
from mt2st.models.pytorch.bodies.bilstm import BiLSTM  # noqa: E402
from mt2st.models.pytorch.table import TorchTable  # noqa: E402
from mt2st.models.pytorch.text_encoder import TextEncoder  # noqa: E402


@pytest.fixture
def shared():
    return TorchTable(new_table(6, 5, seed=1), rate=0.1, head_rate=0.2)


def pull(shared, rows):
    shared.embedding(torch.tensor(rows)).square().sum().backward()


def test_it_is_the_tables_own_memory(shared):
    assert np.shares_memory(shared.embedding.weight.detach().numpy(), shared.table)
    shared.table[3] = 7.0
    assert shared.embedding(torch.tensor(3)).tolist() == [7.0] * 5


def test_a_step_moves_the_rows_with_a_gradient_by_the_rate(shared):
    before = shared.table.copy()
    pull(shared, [1, 4, 4])
    assert len(shared.layer()) == 10
    shared.finish_step(rate=0.5)
    moved = before - shared.table
    np.testing.assert_allclose(moved[[1, 4]], 0.05 * np.sign(before[[1, 4]]), rtol=1e-3)
    assert not moved[[0, 2, 3, 5]].any()
    assert len(shared.layer()) == 0


def test_part_of_a_table(shared):
    table = new_table(6, 5, seed=1)
    part = TorchTable(table[:3], rate=0.1)
    before = table.copy()
    pull(part, [2])
    part.finish_step(1.0)
    assert np.flatnonzero((table != before).any(1)).tolist() == [2]


def test_heads_are_trained_along_at_their_rate_or_the_default(shared):
    heads = [torch.nn.Linear(1, 1, bias=False) for _ in range(2)]
    trained = [shared.register(heads[0]), shared.register(heads[1], rate=0.5)]
    before = [head.weight.item() for head in heads]
    sum(head.weight.sum() for head in heads).backward()
    shared.finish_step(1.0)
    assert [a - head.weight.item() for a, head in zip(before, heads, strict=True)] == pytest.approx([0.2, 0.5])
    assert [each.module for each in trained] == heads


def test_state_goes_round(shared):
    pull(shared, [1, 2])
    shared.finish_step(1.0)
    assert set(shared.arrays()) == {"table", "table.first", "table.second", "table.steps"}
    other = TorchTable(new_table(6, 5, seed=2), rate=0.1)
    for name, array in other.arrays().items():
        array[...] = shared.arrays()[name]
    for each in (shared, other):
        pull(each, [2, 3])
        each.finish_step(1.0)
    np.testing.assert_array_equal(shared.table, other.table)


def test_the_trace_shows_a_pending_gradient(shared):
    before = shared.trace()
    pull(shared, [1])
    assert [len(array) for array in before] == [6, 0]
    assert [len(array) for array in shared.trace()] == [6, 5]


@pytest.mark.parametrize("table", [np.zeros((3, 2)), np.zeros(3, np.float32), np.zeros((0,), np.float32)])
def test_a_table_of_another_kind_is_refused(table):
    with pytest.raises(ConfigError, match="writable float32 of two axes"):
        TorchTable(table)


@pytest.mark.parametrize("table", [TorchTable(np.zeros((3, 2), np.float32)), torch.zeros(3, 2), [[0.0, 1.0]]])
def test_what_is_no_array_is_no_table(table):
    told = f"must be a NumPy array, found {type(table).__name__}: give its"
    for take in (TorchTable, lambda found: TextEncoder(found, BiLSTM(2, hidden_size=1))):
        with pytest.raises(ConfigError, match=told):
            take(table)
