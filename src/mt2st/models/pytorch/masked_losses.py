"""Losses over known targets: NaN stands for an unknown one, which has neither loss nor gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, huber_loss, mse_loss

RegressionLoss = Literal["squared", "huber"]
Elementwise = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def logistic_loss(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Return the mean of ``-y log s(z) - (1 - y) log s(-z)`` over known labels y, s the logistic function.

    Examples
    --------
    >>> nan = float("nan")
    >>> logits = torch.zeros(1, 2, requires_grad=True)
    >>> loss = logistic_loss(logits, torch.tensor([[1.0, nan]]))
    >>> loss.backward()
    >>> round(loss.item(), 4), logits.grad.tolist()
    (0.6931, [[-0.5, 0.0]])
    """
    return _over_known(logits, targets, lambda z, y: binary_cross_entropy_with_logits(z, y))


def rating_loss(values: torch.Tensor, targets: torch.Tensor, kind: RegressionLoss) -> torch.Tensor:
    """Return the mean loss over known targets, with e = value - target.

    ``squared``: e^2 / 2. ``huber``: the same up to |e| = 1, |e| - 1/2 beyond, so that the gradient of a large error is
    no larger than that of an error of one deviation.

    Examples
    --------
    >>> values, targets = torch.tensor([0.0, 0.0, 0.0]), torch.tensor([3.0, 1.0, float("nan")])
    >>> rating_loss(values, targets, "squared").item(), rating_loss(values, targets, "huber").item()
    (2.5, 1.5)
    """
    if kind == "huber":
        return _over_known(values, targets, lambda one, other: huber_loss(one, other))
    return _over_known(values, targets, lambda one, other: mse_loss(one, other) / 2)


def _over_known(values: torch.Tensor, targets: torch.Tensor, loss: Elementwise) -> torch.Tensor:
    known = ~targets.isnan()
    return loss(values[known], targets[known])
