"""The cosine between each auxiliary's gradient and the primary's on one shared layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from mt2st.training.balance.losses import Term


def probed_layer(shared: Sequence[Tensor]) -> Tensor | None:
    """Return the last of the shared parameters that is a matrix, the nearest to the heads; None where there is none.

    Examples
    --------
    >>> import torch
    >>> probed_layer([*torch.nn.Linear(2, 3).parameters(), *torch.nn.Linear(3, 5).parameters()]).shape
    torch.Size([5, 3])
    """
    return next((each for each in reversed(shared) if each.dim() > 1 and each.requires_grad), None)


class GradientCosines:
    """Compares gradients by a backward pass a task, down to one layer only.

    Parameters
    ----------
    layer
        The parameter that gradients are taken of; with None nothing is compared.
    primary
        The primary's name.

    Attributes
    ----------
    sums
        Sum and number of an auxiliary's cosines since they were last taken.
    seconds
        What comparing has taken; on a GPU until the cosines were there.
    """

    def __init__(self, layer: Tensor | None, primary: str) -> None:
        self.layer, self.primary = layer, primary
        self.sums: dict[str, tuple[float, int]] = {}
        self.seconds = 0.0

    def compare(self, terms: Sequence[Term]) -> None:
        """Take the cosines of the auxiliaries' losses among ``terms``, whose graphs stay as they are."""
        if self.layer is None or len(terms) < 2 or terms[0][0] != self.primary:
            return
        started = perf_counter()
        (_, _, loss), *others = terms
        reference = gradient_of(loss, self.layer)
        for task, _, loss in others:
            self._add(task, cosine(gradient_of(loss, self.layer), reference))
        self.seconds += perf_counter() - started

    def _add(self, task: str, value: float) -> None:
        if value == value:  # NaN where a gradient is zero or not finite
            total, count = self.sums.get(task, (0.0, 0))
            self.sums[task] = (total + value, count + 1)

    def take(self, tasks: Sequence[str]) -> list[float]:
        """Return the sums and then the numbers of each task's cosines, and begin anew."""
        pairs = [self.sums.get(task, (0.0, 0)) for task in tasks]
        self.sums = {}
        return [total for total, _ in pairs] + [float(count) for _, count in pairs]

    def state_dict(self) -> dict[str, Any]:
        """Return what was not yet taken, and the seconds, as JSON values."""
        return {"sums": {task: list(pair) for task, pair in self.sums.items()}, "seconds": self.seconds}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up what was not yet taken."""
        self.sums = {task: (total, count) for task, (total, count) in state["sums"].items()}
        self.seconds = state["seconds"]


def gradient_of(loss: Tensor, layer: Tensor) -> Tensor:
    """Return the gradient of a loss with respect to one layer, as a vector; the graph of the loss stays."""
    import torch

    found = torch.autograd.grad(loss, layer, retain_graph=True, allow_unused=True)[0]
    if found is None:
        return torch.zeros_like(layer).flatten()
    return (found.to_dense() if found.is_sparse else found).flatten()


def cosine(a: Tensor, b: Tensor) -> float:
    """Return the cosine of two vectors, NaN where one is zero.

    Examples
    --------
    >>> import torch
    >>> round(cosine(torch.tensor([1.0, 0.0]), torch.tensor([1.0, 1.0])), 4)
    0.7071
    """
    a, b = a.double(), b.double()
    return float(a @ b / (a.norm() * b.norm()))
