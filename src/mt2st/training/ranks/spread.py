"""The shared parameters of several ranks, bit-equal on each after every step."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from numpy.typing import NDArray

from mt2st.models.pytorch.row_sparse import moving_rows
from mt2st.models.pytorch.shared import TorchShared
from mt2st.training.ranks.changes import Changes
from mt2st.training.ranks.group import add_up
from mt2st.training.ranks.rows import Rows, exchange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mt2st.models import NativeShared
    from mt2st.training.ranks.stopping import AgreedStop


class SpreadShared:
    """Shared parameters trained by several ranks, each on its part of every batch.

    Native tasks change arrays in place: all ranks begin a step with the same values, and at its end their changes are
    summed, ``array = before + sum over ranks of (after - before)``. Differentiable tasks leave gradients, which are
    summed before the optimiser steps; each task weights them by its rank's share of the batch. Of tables only the rows
    that changed, or have a gradient, are exchanged; of other parameters only those with a gradient on any rank.

    Parameters
    ----------
    shared
        The shared parameters of this rank.
    stop
        The stop request, on which the ranks agree in the same exchange.

    Notes
    -----
    ``DistributedDataParallel`` is not used: it exchanges the gradients of all its parameters, or searches for those
    without one; it cannot sum single rows; and it communicates during each `backward`, once for each task of a step.
    Here one exchange per step serves all tasks.
    """

    def __init__(self, shared: NativeShared | TorchShared, stop: AgreedStop) -> None:
        self.inner, self.table, self.stop = shared, shared.table, stop
        self._watched: list[Changes] = []

    def note(self, own: Mapping[str, NDArray[np.generic]]) -> None:
        """Track the arrays that a native task is about to change in this step: the table, and its own."""
        first = {} if self._watched else {"table": self.table, **self.inner.beside}
        arrays = [*first.values(), *own.values()]
        self._watched += [Changes(cast("NDArray[np.float32]", array)) for array in arrays]

    def begin_step(self, seed: int) -> None:
        """Prepare a step."""
        self._watched = []
        self.inner.begin_step(seed)

    def finish_step(self, rate: float) -> None:
        """Exchange changes and gradients, then apply the gradients."""
        table, dense = self.inner.pending() if isinstance(self.inner, TorchShared) else (None, [])
        pieces = [changes.own() for changes in self._watched] + ([] if table is None else [_rows_of(table)])
        flags = [int(parameter.grad is not None) for parameter in dense]
        found, (signal, late, *up) = exchange(pieces, [*self.stop.asked(), *flags])
        self.stop.heed([signal, late])
        for changes, everyone in zip(self._watched, found, strict=False):
            changes.settle(everyone)
        if table is not None:
            _take_rows(table, found[-1])
            _add_up_gradients([parameter for parameter, anywhere in zip(dense, up, strict=True) if anywhere])
        self.inner.finish_step(rate)

    def settle(self) -> None:
        """Bring the table up to date."""
        self.inner.settle()

    def trace(self) -> list[NDArray[np.generic]]:
        """Return the arrays that a task's step must change on this rank."""
        return self.inner.trace()

    def layer(self) -> NDArray[np.float32]:
        """Return this rank's values, or pending gradient, of one shared layer."""
        return self.inner.layer()

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return all state by name."""
        return self.inner.arrays()


def _rows_of(table: torch.Tensor) -> Rows:
    if table.grad is None:
        return Rows(np.empty(0, np.int32), np.empty((0, table.shape[1]), np.float32))
    numbers, values = moving_rows(table.grad)
    return Rows(numbers.numpy().astype(np.int32), values.numpy())


def _take_rows(table: torch.Tensor, everyone: Sequence[Rows]) -> None:
    numbers = [torch.from_numpy(rows.numbers.astype(np.int64)) for rows in everyone]
    if not sum(map(len, numbers)):
        table.grad = None
        return
    values = torch.cat([torch.from_numpy(rows.values) for rows in everyone])
    table.grad = torch.sparse_coo_tensor(torch.cat(numbers)[None], values, table.shape, check_invariants=False)


def _add_up_gradients(parameters: Sequence[torch.Tensor]) -> None:
    if not parameters:
        return
    own = [torch.zeros_like(each) if each.grad is None else each.grad for each in parameters]
    total = torch.from_numpy(add_up(torch.cat([gradient.flatten() for gradient in own]).numpy()))
    for parameter, gradient in zip(parameters, torch.split(total, [each.numel() for each in parameters]), strict=True):
        parameter.grad = gradient.view_as(parameter)
