from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression, minimize
from scipy.stats import rankdata

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.tasks.lexical.soft_ranks.isotonic import block_means, isotonic_ranks, pool_violators  # noqa: E402

VALUES = st.lists(st.integers(-20, 20).map(lambda number: number / 4), min_size=1, max_size=12)


@settings(max_examples=200)
@given(VALUES)
def test_blocks_give_scipys_regression(values):
    starts = np.zeros(len(values), bool)
    starts[pool_violators(values)] = True
    found = block_means(torch.tensor(values, dtype=torch.float64), torch.from_numpy(starts))
    np.testing.assert_allclose(found, isotonic_regression(values, increasing=False).x, atol=1e-12)


@pytest.mark.parametrize("temperature", [0.05, 0.5, 3.0])
def test_it_is_the_nearest_point_of_the_permutahedron(temperature):
    z = np.array([0.3, -1.0, 0.9, 0.35]) / temperature
    # Independent: y majorised by (4, 3, 2, 1), as sums of the k largest are at most those of the k largest ranks.
    subsets = [np.array([bool(code >> k & 1) for k in range(4)]) for code in range(1, 15)]
    limits = [{"type": "ineq", "fun": lambda y, s=s: sum(range(4, 4 - int(s.sum()), -1)) - y[s].sum()} for s in subsets]
    whole = {"type": "eq", "fun": lambda y: y.sum() - 10}
    nearest = minimize(lambda y: ((y - z) ** 2).sum(), np.full(4, 2.5), constraints=[*limits, whole]).x
    np.testing.assert_allclose(isotonic_ranks(torch.from_numpy(z * temperature), temperature), nearest, atol=1e-4)


def test_by_hand():
    # z = (1, 2, 4) / 1: the last two and the rest lie a whole T apart: ranks; at T = 2, z = (0.5, 1, 2):
    # sorted 2, 1, 0.5 less 3, 2, 1 = -1, -1, -0.5: one block of mean -5/6.
    values = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)
    np.testing.assert_allclose(isotonic_ranks(values, 1.0), [1, 2, 3], atol=1e-12)
    np.testing.assert_allclose(isotonic_ranks(values, 2.0), np.array([0.5, 1, 2]) + 5 / 6, atol=1e-12)


def test_ranks_become_scipys_at_a_temperature_above_0():
    # Values lie 0.1 apart, and no more than six tie.
    values = np.random.default_rng(1).integers(0, 30, size=(2, 3, 25)) / 10
    np.testing.assert_allclose(isotonic_ranks(torch.from_numpy(values), 0.1 / 6), rankdata(values, axis=2), atol=1e-9)


def test_single_precision_keeps_ranks_at_a_tiny_temperature():
    values = torch.randn(1000, generator=torch.Generator().manual_seed(0))
    np.testing.assert_allclose(isotonic_ranks(values, 1e-7), rankdata(values.numpy()), rtol=1e-6)


@pytest.mark.parametrize("temperature", [0.2, 0.7, 5.0])
def test_finite_differences(temperature):
    values = torch.randn(3, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(2), requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: isotonic_ranks(x, temperature).square(), values)


def test_no_gradient_where_values_lie_apart():
    values = torch.tensor([0.0, 1.0, 2.0], requires_grad=True)
    isotonic_ranks(values, 0.5).square().sum().backward()
    assert values.grad.tolist() == [0, 0, 0]


def test_a_temperature_that_is_not_above_0_is_refused():
    with pytest.raises(ConfigError, match=r"temperature must be above 0, 0.0 found"):
        isotonic_ranks(torch.zeros(3), 0.0)
