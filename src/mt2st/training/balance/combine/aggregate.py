"""A loss whose ``backward`` combines the gradients of several tasks instead of adding them up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from mt2st.errors import ConfigError
from mt2st.training.balance.losses import Term, weighted_sum
from mt2st.training.balance.reach import check_open, leaf_of, nodes_of

Aggregator = Callable[[Tensor], Tensor]


def aggregated(aggregator: Aggregator, terms: Sequence[Term], shared: Collection[Tensor]) -> Tensor:
    """Return a loss of the value of the weighted sum, with the gradient ``aggregator(J)`` on the shared parameters.

    ``J[k] = factor_k * d loss_k / d shared``, of shape (tasks, parameters), is computed when ``backward`` runs: one
    pass a task. Every other leaf gets ``sum(factor_k * d loss_k / d leaf)``. Both flow to their parameters through
    autograd, so that they accumulate, and are reduced over ranks, as ever. What the loss is multiplied by, as by a
    `GradScaler`, multiplies the gradients; the aggregator does not see it.

    Parameters
    ----------
    aggregator
        Maps J to the combined gradient of shape (parameters,).
    terms
        Task, factor and loss.
    shared
        Parameters that J is taken of.
    """
    graphs = [nodes_of(loss) for _, _, loss in terms]
    for (task, _, _), graph in zip(terms, graphs, strict=True):
        check_open(task, graph)
    leaves = {id(leaf): leaf for graph in graphs for node in graph if (leaf := leaf_of(node)) is not None}
    columns = [leaf for each in shared if (leaf := leaves.pop(id(each), None)) is not None]
    if not columns:
        return weighted_sum(terms)
    inner = [{node for node in graph if leaf_of(node) is None} for graph in graphs]
    overlap = sum(map(len, inner)) > len(set[Any]().union(*inner))
    job = Job(aggregator, terms, [*columns, *leaves.values()], len(columns), overlap)
    loss: Tensor = Aggregated.apply(job, weighted_sum(terms).detach(), *job.parameters)  # type: ignore[no-untyped-call]
    return loss


class Job:
    """What ``backward`` has to do.

    Parameters
    ----------
    aggregator, terms
        As in `aggregated`.
    parameters
        All leaves of the losses, the shared ones first.
    shared
        How many are shared.
    overlap
        Whether a graph has nodes of another, and must be kept for it.
    """

    def __init__(
        self, aggregator: Aggregator, terms: Sequence[Term], parameters: Sequence[Tensor], shared: int, overlap: bool
    ) -> None:
        self.aggregator, self.terms, self.parameters = aggregator, terms, parameters
        self.shared, self.overlap = shared, overlap

    def gradients(self, scale: Tensor) -> list[Tensor | None]:
        """Return the gradient of each parameter, times ``scale``."""
        rows = [self._row(place, scale) for place in range(len(self.terms))]
        matrix = torch.stack([torch.cat([each.flatten() for each in self._dense(row)]) for row in rows])
        sizes = [each.numel() for each in self.parameters[: self.shared]]
        parts = torch.split(self._combined(matrix, scale), sizes)
        found = list(zip(*rows, strict=True))  # of each parameter, the tasks' gradients
        shared = zip(parts, self.parameters[: self.shared], found[: self.shared], strict=True)
        combined = [as_given(part.reshape(each.shape).to(each.dtype), given) for part, each, given in shared]
        return [*combined, *(total(each) for each in found[self.shared :])]

    def _row(self, place: int, scale: Tensor) -> Sequence[Tensor | None]:
        _, factor, loss = self.terms[place]
        given, keep = (scale * factor).to(loss.dtype).expand_as(loss), self.overlap and place + 1 < len(self.terms)
        return torch.autograd.grad(loss, self.parameters, given, retain_graph=keep, allow_unused=True)

    def _dense(self, row: Sequence[Tensor | None]) -> list[Tensor]:
        pairs = zip(row, self.parameters[: self.shared], strict=False)
        return [torch.zeros_like(each) if found is None else found.to_dense() for found, each in pairs]

    def _combined(self, matrix: Tensor, scale: Tensor) -> Tensor:
        """Combine rows freed of their scale; as their sum where they overflowed, for a `GradScaler` to see that."""
        free = matrix / scale
        return self.aggregator(free) * scale if bool(free.isfinite().all()) else matrix.sum(0)


def as_given(gradient: Tensor, tasks: Sequence[Tensor | None]) -> Tensor:
    """Return a gradient by rows, as of an embedding with ``sparse=True``, where a task's is."""
    return gradient.to_sparse(1) if any(each is not None and each.is_sparse for each in tasks) else gradient


def total(gradients: Sequence[Tensor | None]) -> Tensor | None:
    """Return the sum of those that are there, None of none."""
    there = [each for each in gradients if each is not None]
    return torch.stack(there).sum(0) if len(there) > 1 else there[0] if there else None


class Aggregated(torch.autograd.Function):
    """The node of the graph between the loss and all parameters."""

    @staticmethod
    def forward(ctx: Any, job: Job, value: Tensor, *parameters: Tensor) -> Tensor:  # noqa: ARG004
        """Keep what ``backward`` needs and return the value."""
        ctx.job = job
        return value.clone()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, scale: Tensor) -> Any:
        """Return the gradients, and let go of the graphs of the losses, as any ``backward`` does."""
        if ctx.job is None:
            raise ConfigError("backward ran twice on one combined loss: call balance(...) again for the second")
        job, ctx.job = ctx.job, None
        return (None, None, *job.gradients(scale))
