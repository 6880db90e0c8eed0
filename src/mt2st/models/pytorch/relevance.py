"""The relevance of dimensions of an embedding, and of parameters, to a torch loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from mt2st.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    Losses = Iterable[Callable[[], torch.Tensor]]


def relevance_of(
    losses: Losses, embedding: torch.nn.Module | None, parameters: Mapping[str, torch.Tensor] | None = None
) -> tuple[NDArray[np.float64], dict[str, float]]:
    """Return the relevance of each dimension of an embedding, and of each parameter, to some losses.

    With x_p the embedding's output at position p, L_b the loss of batch b and P the number of positions of all
    batches: ``R_d = 1 / P * sum(|dL_b / dx_pd * x_pd| for p in b for b)``. A parameter's relevance is the mean
    over batches of the mean over its numbers v of ``|dL_b / dv * v|``.

    Parameters
    ----------
    losses
        Closures, one per batch of training examples of the primary. If a loss is the *sum* over its examples, R is that
        of single examples; with means the batches should be equally large, as R is then divided by their size.
    embedding
        A module whose output's last axis is the dimensions, such as `torch.nn.Embedding`; its weight must require a
        gradient. None: only parameters have a relevance.
    parameters
        Parameters by name.

    Raises
    ------
    ConfigError
        If there is no loss, ``losses`` is not a list of closures, or the embedding is not called.

    Examples
    --------
    >>> embedding = torch.nn.Embedding.from_pretrained(torch.tensor([[1.0, 2.0], [3.0, 0.0]]), freeze=False)
    >>> loss = lambda: (embedding(torch.tensor([0, 1])) * torch.tensor([5.0, 1.0])).sum()
    >>> relevance_of([loss], embedding)[0].tolist()
    [10.0, 1.0]

    Notes
    -----
    Pending gradients are neither read nor changed. Dropout is active if the model is in training mode.
    """
    if callable(losses) or not all(map(callable, losses := list(losses))):
        raise ConfigError(f"losses must be a list of closures, one a batch: [lambda: ...]; found {losses!r}")
    named, given = dict(parameters or {}), list[torch.Tensor]()
    totals, worth = list[torch.Tensor](), dict.fromkeys(named, 0.0)
    positions, batches = 0, 0
    hook = None if embedding is None else embedding.register_forward_hook(lambda _, __, output: given.append(output))
    try:
        for closure in losses:
            given.clear()
            found = _products(closure(), [*given, *named.values()])
            for product in found[: len(given)]:
                totals.append(product.double().flatten(0, -2).sum(0))
                positions += product[..., 0].numel()
            for name, product in zip(named, found[len(given) :], strict=True):
                worth[name] += float(product.double().mean())
            batches += 1
    finally:
        if hook is not None:
            hook.remove()
    if not batches or (embedding is not None and not positions):
        raise ConfigError("relevance needs at least one loss, computed with the embedding that is to be judged")
    dimensions = (torch.stack(totals).sum(0) / positions).cpu().numpy() if totals else np.empty(0)
    return dimensions, {name: total / batches for name, total in worth.items()}


def _products(loss: torch.Tensor, values: list[torch.Tensor]) -> list[torch.Tensor]:
    """Return |gradient x value| for each; zeros if the loss does not reach it."""
    found = torch.autograd.grad(loss, values, allow_unused=True) if values else ()
    pairs = zip(found, values, strict=True)
    return [
        torch.zeros_like(value) if gradient is None else (gradient * value.detach()).abs() for gradient, value in pairs
    ]
