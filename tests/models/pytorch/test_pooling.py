from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")

from mt2st.models.pytorch.pooling import AttentionPooling, make_pool, max_over, mean_over  # noqa: E402

STATES = torch.tensor([[[1.0, -4.0], [3.0, -2.0], [9.0, 9.0]], [[5.0, 0.0], [9.0, 9.0], [9.0, 9.0]]])
LENGTHS = torch.tensor([2, 1])


def test_maximum_and_mean_by_hand():
    assert max_over(STATES, LENGTHS).tolist() == [[3.0, -2.0], [5.0, 0.0]]
    assert mean_over(STATES, LENGTHS).tolist() == [[2.0, -3.0], [5.0, 0.0]]


def test_attention_by_hand():
    pool = AttentionPooling(2)
    with torch.no_grad():
        pool.weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 2.0]]))
        pool.bias.copy_(torch.tensor([0.0, 1.0]))
        pool.query.copy_(torch.tensor([0.5, -1.0]))
    scores = torch.tensor([0.5 * math.tanh(first) - math.tanh(second) for first, second in ((1, -7), (3, -3))])
    shares = scores.exp() / scores.exp().sum()
    torch.testing.assert_close(pool.weights(STATES, LENGTHS)[0], torch.cat([shares, torch.zeros(1)]))
    assert pool.weights(STATES, LENGTHS)[1].tolist() == [1.0, 0.0, 0.0]
    found = pool(STATES, LENGTHS)
    torch.testing.assert_close(found[0], shares[0] * STATES[0, 0] + shares[1] * STATES[0, 1])
    torch.testing.assert_close(found[1], STATES[1, 0])


@pytest.mark.parametrize("kind", ["max", "mean", "attention"])
@pytest.mark.parametrize("beyond", [torch.nan, torch.inf, -torch.inf])
def test_what_lies_beyond_the_end_does_not_count(kind, beyond):
    pool = make_pool(kind, 2, seed=1)
    other = STATES.clone()
    other[0, 2], other[1, 1:] = beyond, beyond
    torch.testing.assert_close(pool(other, LENGTHS), pool(STATES, LENGTHS))


@pytest.mark.parametrize("kind", ["max", "mean", "attention"])
def test_gradients_agree_with_finite_differences(kind):
    pool = make_pool(kind, 2, seed=1)
    if kind == "attention":
        pool = pool.double()
    states = torch.randn(2, 3, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1), requires_grad=True)
    assert torch.autograd.gradcheck(lambda given: pool(given, LENGTHS), states)
    (gradient,) = torch.autograd.grad(pool(states, LENGTHS).sum(), states)
    assert (gradient[0, 2] == 0).all() and (gradient[1, 1:] == 0).all()


def test_attention_is_drawn_from_its_seed_alone():
    state = torch.get_rng_state()
    one, same, other = AttentionPooling(3, 1), AttentionPooling(3, 1), AttentionPooling(3, 2)
    assert torch.equal(one.query, same.query) and not torch.equal(one.query, other.query)
    assert torch.equal(torch.get_rng_state(), state)
