from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from mt2st.tasks.lexical.cosines import row_cosines, unit_rows  # noqa: E402


def test_zeros_have_cosine_0_and_a_gradient_of_ordinary_size():
    vectors = torch.tensor([[0.0, 0.0], [3.0, 4.0]], requires_grad=True)
    found = row_cosines(vectors, torch.tensor([[0.0, 2.0], [0.0, 2.0]]))
    found.sum().backward()
    assert found.tolist() == pytest.approx([0.0, 0.8])
    assert vectors.grad[0].tolist() == [0.0, 1.0]


def test_finite_differences():
    vectors = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(unit_rows, vectors)
