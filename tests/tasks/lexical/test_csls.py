from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.tasks.lexical.csls import csls_scores  # noqa: E402


def by_loops(sources, targets, k, among):
    def cosine(x, y):
        return float(x @ y / np.linalg.norm(x) / np.linalg.norm(y))

    def near(x, others):
        return np.mean(sorted((cosine(x, y) for y in others), reverse=True)[:k])

    return [[2 * cosine(x, y) - near(x, targets) - near(y, among) for y in targets] for x in sources]


def test_by_hand():
    # Cosines: (1, 0) with (1, 0): 1, with (0, 1): 0; (0.6, 0.8): 0.6 and 0.8.
    x, y = torch.tensor([[2.0, 0.0], [0.6, 0.8]]), torch.tensor([[1.0, 0.0], [0.0, 3.0]])
    # k = 2: r_T = 0.5, 0.7; r_S = 0.8, 0.4.
    expected = [[2 - 0.5 - 0.8, 0 - 0.5 - 0.4], [1.2 - 0.7 - 0.8, 1.6 - 0.7 - 0.4]]
    np.testing.assert_allclose(csls_scores(x, y, 2), expected, atol=1e-6)


@pytest.mark.parametrize("k", [1, 3, 50])
def test_it_is_what_loops_find(k):
    generator = np.random.default_rng(1)
    sources, targets, among = (generator.normal(size=(n, 4)) for n in (5, 8, 9))
    found = csls_scores(*map(torch.from_numpy, (sources, targets)), k, torch.from_numpy(among))
    np.testing.assert_allclose(found, by_loops(sources, targets, k, among), atol=1e-12)
    own = csls_scores(*map(torch.from_numpy, (sources, targets)), k)
    np.testing.assert_allclose(own, by_loops(sources, targets, k, sources), atol=1e-12)


def test_finite_differences():
    sides = tuple(torch.randn(n, 3, dtype=torch.float64, requires_grad=True) for n in (4, 5, 6))
    assert torch.autograd.gradcheck(lambda x, y, z: csls_scores(x, y, 2, z), sides)


def test_bad_input_is_named():
    with pytest.raises(ConfigError, match="neighbours must be a whole number, at least 1, 0 found"):
        csls_scores(torch.zeros(2, 3), torch.zeros(2, 3), 0)
    with pytest.raises(ConfigError, match=r"targets must have the shape .*, \(2, 4\) found"):
        csls_scores(torch.zeros(2, 3), torch.zeros(2, 4))
