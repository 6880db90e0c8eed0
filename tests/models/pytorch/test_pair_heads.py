import pytest

torch = pytest.importorskip("torch")

from mt2st.models.pytorch.pair_heads import CosineHead, MLPHead, pair_head  # noqa: E402


def vectors(seed):
    return torch.randn(6, 4, generator=torch.Generator().manual_seed(seed))


def test_the_cosine_is_a_straight_line_of_the_angles():
    head, left, right = CosineHead(), vectors(1), vectors(2)
    with torch.no_grad():
        head.slope.fill_(3.0)
        head.offset.fill_(-1.0)
    wanted = 3 * (left * right).sum(1) / left.norm(dim=1) / right.norm(dim=1) - 1
    torch.testing.assert_close(head(left, right), wanted)
    assert head(torch.zeros(1, 4), right[:1]).item() == -1.0


def test_the_network_is_by_hand_and_does_not_mind_the_order():
    head, left, right = MLPHead(4, seed=1), vectors(1), vectors(2)
    hidden = torch.cat([(left - right).abs(), left * right], 1) @ head.inner.weight.T + head.inner.bias
    torch.testing.assert_close(head(left, right), hidden.tanh() @ head.outer.weight[0] + head.outer.bias)
    torch.testing.assert_close(head(left, right), head(right, left))


def test_kinds_and_seeds():
    assert isinstance(pair_head("cosine", 4, 1), CosineHead)
    one, same, other = (pair_head("mlp", 4, seed).inner.weight for seed in (1, 1, 2))
    assert torch.equal(one, same) and not torch.equal(one, other)
