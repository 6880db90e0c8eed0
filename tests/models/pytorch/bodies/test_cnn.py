from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.models.pytorch.bodies.cnn import CNN  # noqa: E402

LENGTHS = torch.tensor([7, 2, 4])
VECTORS = torch.randn(3, 7, 4, generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize("width", [1, 2, 3, 4, 5])
def test_states_are_torchs_own_convolution(width):
    cnn = CNN(4, filters=3, widths=[width], seed=1)
    layer = cnn.filters[f"width{width}"]
    kernel = layer.weight.view(3, 4, width)
    before = (width - 1) // 2
    found = cnn(VECTORS, LENGTHS)
    for sentence, length in enumerate(LENGTHS.tolist()):
        padded = torch.nn.functional.pad(VECTORS[sentence, :length].T[None], (before, width - 1 - before))
        wanted = torch.nn.functional.conv1d(padded, kernel, layer.bias)[0].T.relu()
        torch.testing.assert_close(found[sentence, :length], wanted)


def test_a_filter_by_hand():
    cnn = CNN(1, filters=1, widths=[3])
    with torch.no_grad():
        cnn.filters["width3"].weight.copy_(torch.tensor([[1.0, 10.0, 100.0]]))
        cnn.filters["width3"].bias.fill_(-5.0)
    found = cnn(torch.tensor([[[1.0], [2.0], [3.0]]]), torch.tensor([3]))
    assert found.flatten().tolist() == [205.0, 316.0, 27.0]
    assert cnn(torch.tensor([[[0.1]]]), torch.tensor([1])).tolist() == [[[0.0]]], "relu"


def test_widths_stand_side_by_side():
    both = CNN(4, filters=2, widths=[2, 3], seed=1)
    assert both.output_size == 4 and both(VECTORS, LENGTHS).shape == (3, 7, 4)


@pytest.mark.parametrize(("filters", "widths"), [(0, [3]), (1, []), (1, [0]), (1, [3, 3])])
def test_bad_sizes_are_refused(filters, widths):
    with pytest.raises(ConfigError, match="a cnn needs filters and widths above 0"):
        CNN(2, filters, widths)
