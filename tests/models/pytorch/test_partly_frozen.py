"""An embedding of which some dimensions are a buffer: gives out the same, trains the rest."""

import pytest

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.models.pytorch.partly_frozen import PartlyFrozenEmbedding  # noqa: E402

IDS = torch.tensor([[1, 0], [4, 1]])


@pytest.mark.parametrize("columns", [[0], [1, 3], [0, 2, 4]])
@pytest.mark.parametrize("settings", [{}, {"padding_idx": 0}, {"scale_grad_by_freq": True}, {"sparse": True}])
def test_it_gives_out_the_same_and_its_gradient_is_that_of_active_dimensions(columns, settings):
    torch.manual_seed(1)
    whole = torch.nn.Embedding(6, 5, **settings)
    part = PartlyFrozenEmbedding(whole, columns)
    assert torch.equal(part(IDS), whole(IDS)) and torch.equal(part.weight, whole.weight)
    for module in (whole, part):
        (module(IDS) * torch.arange(5.0)).square().sum().backward()
    kept = [column for column in range(5) if column not in columns]
    gradient, expected = (g.to_dense() if g.is_sparse else g for g in (part.active.grad, whole.weight.grad))
    assert torch.equal(gradient, expected[:, kept])
    assert [name for name, _ in part.named_parameters()] == ["active"]


def test_an_embedding_that_renormalises_rows_is_refused():
    with pytest.raises(ConfigError, match="max_norm changes rows as it reads them"):
        PartlyFrozenEmbedding(torch.nn.Embedding(6, 5, max_norm=1.0), [1])
