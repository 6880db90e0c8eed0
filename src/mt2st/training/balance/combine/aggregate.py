"""A loss whose ``backward`` combines the gradients of several tasks instead of adding them up."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from mt2st.errors import ConfigError
from mt2st.training.balance.losses import Term, weighted_sum
from mt2st.training.balance.reach import check_open, leaf_of, nodes_of

Aggregator = Callable[[Tensor], Tensor]


def aggregated(aggregator: Aggregator, terms: Sequence[Term], shared: Collection[Tensor]) -> Tensor:
    """Return a loss with the value of the weighted sum and the gradient ``aggregator(J)`` on the shared parameters.

    ``J[k] = factor_k * d loss_k / d shared``, of shape (tasks, parameters), is computed when ``backward`` runs: one
    pass per task. Every other leaf gets ``sum(factor_k * d loss_k / d leaf)``. Both reach their parameters through
    autograd, so that they accumulate, and are reduced over ranks, as usual. A factor on the loss, such as that of a
    `GradScaler`, multiplies the gradients; the aggregator does not see it.

    Parameters
    ----------
    aggregator
        Maps J to the combined gradient of shape (parameters,).
    terms
        Task, factor and loss.
    shared
        Parameters with respect to which J is computed.
    """
    trained = [term for term in terms if term[2].requires_grad]
    graphs = [nodes_of(loss) for _, _, loss in trained]
    for (task, _, _), graph in zip(trained, graphs, strict=True):
        check_open(task, graph)
    leaves = {id(leaf): leaf for graph in graphs for node in graph if (leaf := leaf_of(node)) is not None}
    columns = [leaf for each in shared if (leaf := leaves.pop(id(each), None)) is not None]
    if not columns or len(trained) < 2:
        return weighted_sum(terms)
    inner = [{node for node in graph if leaf_of(node) is None} for graph in graphs]
    overlap = sum(map(len, inner)) > len(set[Any]().union(*inner))
    job = Job(aggregator, trained, [*columns, *leaves.values()], len(columns), overlap)
    loss: Tensor = Aggregated.apply(job, weighted_sum(terms).detach(), *job.parameters)  # type: ignore[no-untyped-call]
    return loss


class Job:
    """The computation of ``backward``.

    Parameters
    ----------
    aggregator, terms
        As in `aggregated`.
    parameters
        All leaves of the losses, the shared ones first.
    shared
        The number of shared parameters.
    overlap
        Whether graphs share inner nodes, so that a graph must be kept until the last loss.
    """

    def __init__(
        self, aggregator: Aggregator, terms: Sequence[Term], parameters: Sequence[Tensor], shared: int, overlap: bool
    ) -> None:
        self.aggregator, self.terms, self.parameters = aggregator, terms, parameters
        self.shared, self.overlap = shared, overlap

    def gradients(self, scale: Tensor) -> list[Tensor | None]:
        """Return the gradient of each parameter, times ``scale``."""
        shared, others = self.parameters[: self.shared], []
        matrix, sparse = self._empty(), [False] * self.shared
        with hooks_at_rest(self.parameters):
            for place, line in enumerate(matrix):
                row = self._row(place, scale)
                torch.cat([dense(found, each).flatten() for found, each in zip(row, shared, strict=False)], out=line)
                sparse = [known or is_sparse(found) for known, found in zip(sparse, row, strict=False)]
                others.append(row[self.shared :])
        parts = zip(torch.split(self._combined(matrix, scale), [each.numel() for each in shared]), shared, strict=True)
        combined = [part.reshape(each.shape).to(each.dtype) for part, each in parts]
        given = [each.to_sparse(1) if rows else each for each, rows in zip(combined, sparse, strict=True)]
        return [*given, *map(total, zip(*others, strict=True))]

    def _empty(self) -> Tensor:
        """Return an uninitialised J in single precision at least, as solvers need it."""
        shared, dtype = self.parameters[: self.shared], torch.float32
        for each in shared:
            dtype = torch.promote_types(dtype, each.dtype)
        return shared[0].new_empty(len(self.terms), sum(each.numel() for each in shared), dtype=dtype)

    def _row(self, place: int, scale: Tensor) -> Sequence[Tensor | None]:
        _, factor, loss = self.terms[place]
        given, keep = (scale * factor).to(loss.dtype).expand_as(loss), self.overlap and place + 1 < len(self.terms)
        return torch.autograd.grad(loss, self.parameters, given, retain_graph=keep, allow_unused=True)

    def _combined(self, matrix: Tensor, scale: Tensor) -> Tensor:
        """Combine the rows without their scale; if all are zero or one overflowed, sum them, for a `GradScaler`."""
        low, high = torch.aminmax(matrix)  # a tenth of the time of isfinite(), and no memory
        largest = torch.maximum(high, -low).item()
        if not 0.0 < largest < math.inf:
            return matrix.sum(0)
        with torch.autocast(matrix.device.type, enabled=False):  # it is on if the loop calls backward within autocast
            return self.aggregator(matrix.div_(scale)) * scale


@contextmanager
def hooks_at_rest(parameters: Sequence[Tensor]) -> Iterator[None]:
    """Disable the hooks of parameters for single tasks' gradients: autograd calls them with the combined gradient."""
    waiting = [(hooks, dict(hooks)) for each in parameters if (hooks := each._backward_hooks)]
    for hooks, _ in waiting:
        hooks.clear()
    try:
        yield
    finally:
        for hooks, kept in waiting:
            hooks.update(kept)


def is_sparse(gradient: Tensor | None) -> bool:
    """Return whether a gradient is sparse, such as that of an embedding with ``sparse=True``."""
    return gradient is not None and gradient.is_sparse


def dense(gradient: Tensor | None, parameter: Tensor) -> Tensor:
    """Return a gradient as a dense tensor, of zeros if it is None."""
    return torch.zeros_like(parameter) if gradient is None else gradient.to_dense()


def total(gradients: Sequence[Tensor | None]) -> Tensor | None:
    """Return the sum of the gradients that are not None; None if there are none."""
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
        """Return the gradients, and free the graphs of the losses, as any ``backward`` does."""
        if ctx.job is None:
            raise ConfigError("backward ran twice on one combined loss: call balance(...) again for the second")
        job, ctx.job = ctx.job, None
        return (None, None, *job.gradients(scale))
