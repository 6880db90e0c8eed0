"""The kernel of several outputs against torch's losses and gradients, and against the update by hand."""

import numpy as np
import pytest

from mt2st.embeddings import new_table
from mt2st.embeddings.kernels.bag_targets import HUBER, LOGISTIC, SQUARED, bag_targets_update, target_error, target_loss
from mt2st.embeddings.table import whole_rows
from mt2st.text import Ragged

LOSSES = {"logistic": LOGISTIC, "squared": SQUARED, "huber": HUBER}


def torch_loss(torch, kind, outputs, targets):
    if kind == "logistic":
        return torch.nn.functional.binary_cross_entropy_with_logits(outputs, targets, reduction="none")
    if kind == "huber":
        return torch.nn.functional.huber_loss(outputs, targets, reduction="none")
    return (outputs - targets) ** 2 / 2


@pytest.mark.parametrize("kind", LOSSES)
def test_losses_and_errors_are_torchs(kind):
    torch = pytest.importorskip("torch")
    outputs = torch.linspace(-60, 60, 241, requires_grad=True)
    targets = torch.arange(241) % 2 if kind == "logistic" else torch.linspace(-2, 2, 241)
    losses = torch_loss(torch, kind, outputs, targets.float())
    losses.sum().backward()
    pairs = list(zip(outputs.detach().numpy(), targets.float().numpy(), strict=True))
    np.testing.assert_allclose(
        [target_loss(*pair, LOSSES[kind]) for pair in pairs], losses.detach(), rtol=1e-5, atol=1e-6
    )
    found = [-target_error(*pair, LOSSES[kind]) for pair in pairs]
    np.testing.assert_allclose(found, outputs.grad, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", LOSSES)
def test_a_pass_is_stochastic_gradient_descent_by_torch(kind):
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(3)
    rows = Ragged.from_lists([[1, 2, 1], [], [3], [0, 4, 2, 2], [1]])
    targets = random.integers(0, 2, (5, 3)).astype(np.float32)
    targets[0, 1] = targets[3, 0] = targets[4] = np.nan
    table, weights = new_table(5, 6, seed=1, scale=6.0), random.random(5).astype(np.float32)
    head = random.normal(size=(3, 7)).astype(np.float32)
    own_table, own_head = (torch.tensor(np.array(each), requires_grad=True) for each in (table, head))
    total = 0.0
    for example in (3, 0, 1, 4, 2):
        ids = torch.from_numpy(rows.row(example).astype(np.int64))
        share = torch.from_numpy(weights)[ids]
        mean = (share[:, None] * own_table[ids]).sum(0) / share.sum() if len(ids) else torch.zeros(6)
        known = ~np.isnan(targets[example])
        if not known.any():
            continue
        outputs = own_head[:, :6] @ mean + own_head[:, 6]
        losses = torch_loss(torch, kind, outputs[known], torch.from_numpy(targets[example][known]))
        losses.mean().backward()
        total += losses.sum().item()
        with torch.no_grad():
            own_head -= 0.3 * own_head.grad
            own_table -= 0 if own_table.grad is None else 0.2 * own_table.grad
        own_head.grad = own_table.grad = None
    order = np.array([3, 0, 1, 4, 2])
    args = (whole_rows(table), weights, head, rows.ids, rows.offsets, targets, order, LOSSES[kind])
    loss, terms, bad = bag_targets_update(*args, np.float32(0.3), np.float32(0.2), True)
    assert (terms, bad) == (10, 0)
    assert loss == pytest.approx(total, rel=1e-5)
    np.testing.assert_allclose(table, own_table.detach(), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(head, own_head.detach(), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("stop", "trained"), [(True, 0), (False, 1)])
def test_a_loss_that_is_not_finite_changes_nothing(stop, trained):
    table, head = new_table(3, 4, seed=1), np.ones((1, 5), np.float32)
    table[1] = np.inf
    before = np.array(table)
    rows, targets = Ragged.from_lists([[1], [2]]), np.ones((2, 1), np.float32)
    args = (whole_rows(table), np.ones(3, np.float32), head, rows.ids, rows.offsets, targets, np.arange(2), SQUARED)
    loss, terms, bad = bag_targets_update(*args, np.float32(0.1), np.float32(0.1), stop)
    assert (terms, bad) == (trained, 1) and np.isfinite(loss)
    assert (np.array(table[:2]) == before[:2]).all() and (table[2] == before[2]).all() == stop
