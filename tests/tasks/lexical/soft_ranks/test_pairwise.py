from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.tasks.lexical.soft_ranks.pairwise import pairwise_ranks  # noqa: E402


def test_ranks_become_scipys_as_the_temperature_goes_to_0():
    values = np.random.default_rng(1).integers(0, 30, size=(4, 25)) / 10  # many ties
    found = pairwise_ranks(torch.from_numpy(values), 1e-3)
    np.testing.assert_allclose(found, rankdata(values, axis=1), atol=1e-9)


def test_by_hand():
    # sigmoid(1) = 0.731059, sigmoid(2) = 0.880797
    found = pairwise_ranks(torch.tensor([0.0, 2.0, 4.0], dtype=torch.float64), 2.0)
    expected = [1 + 0.268941 + 0.119203, 2.0, 1 + 0.880797 + 0.731059]
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_the_sum_never_changes():
    values = torch.randn(3, 17, dtype=torch.float64)
    for temperature in (1e-3, 0.1, 1.0, 100.0):
        np.testing.assert_allclose(pairwise_ranks(values, temperature).sum(1), 17 * 18 / 2)


@pytest.mark.parametrize("temperature", [0.1, 1.0])
def test_finite_differences(temperature):
    values = torch.randn(2, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(0), requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: pairwise_ranks(x, temperature), values)


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("nan"), float("inf")])
def test_a_temperature_that_is_not_above_0_is_refused(temperature):
    with pytest.raises(ConfigError, match=f"temperature must be above 0, {temperature} found"):
        pairwise_ranks(torch.zeros(3), temperature)
