from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata, spearmanr

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.tasks.lexical.soft_ranks.spearman import average_ranks, rank_correlation, soft_ranks  # noqa: E402


def test_average_ranks_are_scipys():
    values = np.random.default_rng(1).integers(0, 9, size=40)
    np.testing.assert_array_equal(average_ranks(torch.from_numpy(values).double()), rankdata(values))
    assert average_ranks(torch.tensor([3, 1, 3])).tolist() == [2.5, 1.0, 2.5]


@pytest.mark.parametrize(("ranks", "temperature"), [("pairwise", 1e-8), ("isotonic", 1e-6)])
def test_rho_is_scipys_as_the_temperature_goes_to_0(ranks, temperature):
    generator = np.random.default_rng(2)
    values, scores = generator.normal(size=60), generator.integers(0, 10, size=60)
    found = rank_correlation(
        soft_ranks(torch.from_numpy(values), temperature, ranks), average_ranks(torch.tensor(scores))
    )
    assert float(found) == pytest.approx(spearmanr(values, scores)[0], abs=1e-6)


@pytest.mark.parametrize("ranks", ["pairwise", "isotonic"])
def test_half_precision_is_ranked_in_single(ranks):
    """In bfloat16 sums of 300 values, and ranks over 256, are off by several ranks."""
    values = torch.randn(300, generator=torch.Generator().manual_seed(1)).bfloat16()
    torch.testing.assert_close(soft_ranks(values, 0.1, ranks), soft_ranks(values.float(), 0.1, ranks))
    torch.testing.assert_close(average_ranks(values), average_ranks(values.float()))


def test_the_papers_form_where_nothing_ties():
    first, second = torch.tensor([1.0, 4.0, 2.0, 3.0, 5.0]), torch.tensor([2.0, 5.0, 1.0, 4.0, 3.0])
    assert float(rank_correlation(first, second)) == pytest.approx(1 - 6 * (1 + 1 + 1 + 1 + 4) / (5 * 24))


@pytest.mark.parametrize(
    "equal", [torch.full((7,), 4.0), torch.full((7,), 4.0) + 1e-7 * torch.arange(7), torch.ones(1)]
)
def test_ranks_that_are_all_the_same_correlate_with_nothing(equal):
    equal = equal.clone().requires_grad_()
    others = torch.arange(float(len(equal)), requires_grad=True)
    found = rank_correlation(equal, others)
    found.backward()
    assert float(found.detach()) == 0
    assert not equal.grad.any()
    assert not others.grad.any()


def test_finite_differences():
    first, second = (torch.randn(2, 6, dtype=torch.float64, requires_grad=True) for _ in range(2))
    assert torch.autograd.gradcheck(rank_correlation, (first, second))


def test_an_unknown_way_is_named():
    with pytest.raises(ConfigError, match="ranks must be one of pairwise, isotonic, 'sort' found"):
        soft_ranks(torch.zeros(3), 0.1, "sort")
