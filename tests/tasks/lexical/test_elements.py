from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

torch = pytest.importorskip("torch")

from mt2st.tasks.lexical.elements import elements_loss  # noqa: E402


def test_it_becomes_scipys_rho_of_the_elements_as_the_temperature_goes_to_0():
    vectors = np.random.default_rng(1).normal(size=(7, 2, 15))
    rho = [spearmanr(first, second)[0] for first, second in vectors]
    assert float(elements_loss(torch.from_numpy(vectors), temperature=1e-5)) == pytest.approx(-np.mean(rho), abs=1e-6)


def test_the_length_of_a_vector_does_not_matter():
    vectors = torch.randn(3, 2, 6, dtype=torch.float64)
    longer = vectors * torch.tensor([2.0, 300.0]).view(1, 2, 1)
    assert float(elements_loss(longer)) == pytest.approx(float(elements_loss(vectors)))


def test_finite_differences_with_the_size_held():
    # The size is a unit of measure: with vectors of root mean square 1 the derivative is that of the ranks alone.
    vectors = torch.randn(2, 2, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    vectors = (vectors / vectors.square().mean(-1, keepdim=True).sqrt()).requires_grad_()
    elements_loss(vectors, temperature=0.4).backward()
    size, step = vectors.detach().square().mean(-1, keepdim=True).sqrt(), 1e-6
    for place in np.ndindex(2, 2, 5):
        both = []
        for sign in (step, -step):
            moved = vectors.detach().clone()
            moved[place] += sign
            # Undo what the move does to the unit of measure.
            both.append(float(_with_size(moved, size)))
        assert float(vectors.grad[place]) == pytest.approx((both[0] - both[1]) / (2 * step), abs=1e-7)


def _with_size(vectors, size):
    from mt2st.tasks.lexical.soft_ranks.spearman import rank_correlation, soft_ranks

    ranks = soft_ranks(vectors / size, 0.4)
    return -rank_correlation(ranks[:, 0], ranks[:, 1]).mean()


def test_zeros_have_no_order():
    vectors = torch.zeros(2, 2, 4, requires_grad=True)
    loss = elements_loss(vectors)
    loss.backward()
    assert float(loss.detach()) == 0
    assert not vectors.grad.any()
