import pytest

torch = pytest.importorskip("torch")

from mt2st.models.pytorch.masked_losses import logistic_loss, rating_loss  # noqa: E402

NAN = float("nan")


@pytest.mark.parametrize("kind", ["logistic", "squared", "huber"])
def test_only_known_targets_have_loss_and_gradient(kind):
    values = torch.tensor([[0.5, -3.0], [2.0, 4.0], [1.0, 9.0]], dtype=torch.float64, requires_grad=True)
    targets = torch.tensor([[1.0, NAN], [NAN, NAN], [0.0, 1.0]], dtype=torch.float64)
    loss = logistic_loss if kind == "logistic" else lambda one, other: rating_loss(one, other, kind)
    found = loss(values, targets)
    found.backward()
    pairs = [(0.5, 1.0), (1.0, 0.0), (9.0, 1.0)]
    if kind == "logistic":
        by_hand = [torch.nn.functional.softplus(torch.tensor(v)).item() - y * v for v, y in pairs]
        errors = [torch.sigmoid(torch.tensor(v)).item() - y for v, y in pairs]
    elif kind == "squared":
        by_hand, errors = [(v - y) ** 2 / 2 for v, y in pairs], [v - y for v, y in pairs]
    else:
        by_hand, errors = [0.125, 0.5, 7.5], [-0.5, 1.0, 1.0]
    assert found.item() == pytest.approx(sum(by_hand) / 3)
    wanted = torch.tensor([[errors[0], 0], [0, 0], [errors[1], errors[2]]], dtype=torch.float64) / 3
    torch.testing.assert_close(values.grad, wanted, atol=1e-6, rtol=1e-6)
