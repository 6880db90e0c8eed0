"""The cosine between each auxiliary's gradient and the primary's on one shared layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

from mt2st.training.balance.reach import check_open, nodes_of
from mt2st.training.mean_cosines import MeanCosines

if TYPE_CHECKING:
    from torch import Tensor

    from mt2st.training.balance.losses import Term


def probed_layer(shared: Sequence[Tensor]) -> Tensor | None:
    """Return the last shared matrix that is trained, the nearest to the heads; None if there is none.

    Examples
    --------
    >>> import torch
    >>> probed_layer([*torch.nn.Linear(2, 3).parameters(), *torch.nn.Linear(3, 5).parameters()]).shape
    torch.Size([5, 3])
    """
    return next((each for each in reversed(shared) if each.dim() > 1 and each.requires_grad), None)


class GradientCosines:
    """Compares gradients by one backward pass per task, down to one layer only.

    Parameters
    ----------
    shared
        Gradients are computed for their `probed_layer` at the time; if there is none, nothing is compared.
    primary
        The primary's name.

    Attributes
    ----------
    means
        The mean of each auxiliary's cosines since the means were last taken.
    seconds
        Time spent on comparing; on a GPU it includes waiting for the result.
    """

    def __init__(self, shared: Sequence[Tensor], primary: str) -> None:
        self.shared, self.primary = shared, primary
        self.means = MeanCosines()
        self.seconds = 0.0

    def compare(self, ran: Sequence[str], terms: Sequence[Term]) -> None:
        """Add the cosines of the tasks that ran; the graphs of their losses are kept.

        With several processes the gradients are first averaged over ranks; a task without a loss counts as zeros.
        """
        layer = probed_layer(self.shared)
        if layer is None or len(ran) < 2 or ran[0] != self.primary:
            return
        started = perf_counter()
        reference, *others = mean_gradients(ran, terms, layer)
        for task, gradient in zip(ran[1:], others, strict=True):
            self.means.add(task, cosine(gradient, reference))
        self.seconds += perf_counter() - started

    def state_dict(self) -> dict[str, Any]:
        """Return the cosines not yet taken, and the seconds, as JSON values."""
        return {"sums": self.means.state_dict(), "seconds": self.seconds}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load the cosines not yet taken, and the seconds."""
        self.means.load_state_dict(state["sums"])
        self.seconds = state["seconds"]


def mean_gradients(tasks: Sequence[str], terms: Sequence[Term], layer: Tensor) -> Tensor:
    """Return each task's gradient averaged over ranks, (tasks, elements of the layer); zeros if there is none."""
    import torch

    from mt2st.training.balance.combine.aggregate import hooks_at_rest
    from mt2st.training.balance.ranks import mean_tensor

    found = torch.zeros(len(tasks), layer.numel(), dtype=layer.dtype, device=layer.device)
    for task, _, loss in terms:
        if not loss.requires_grad:
            continue
        check_open(task, nodes_of(loss))
        with hooks_at_rest([layer]):
            gradient = torch.autograd.grad(loss, layer, retain_graph=True, allow_unused=True)[0]
        if gradient is not None:
            found[tasks.index(task)] = (gradient.to_dense() if gradient.is_sparse else gradient).flatten()
    return mean_tensor(found)


def cosine(a: Tensor, b: Tensor) -> float:
    """Return the cosine of two vectors, NaN if one is zero.

    Examples
    --------
    >>> import torch
    >>> round(cosine(torch.tensor([1.0, 0.0]), torch.tensor([1.0, 1.0])), 4)
    0.7071
    """
    a, b = a.double(), b.double()
    return float(a @ b / (a.norm() * b.norm()))
