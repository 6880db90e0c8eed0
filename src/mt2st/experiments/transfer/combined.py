"""Training with the losses, or the gradients, of all tasks combined by TorchJD at every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from time import process_time
from typing import TYPE_CHECKING, Any

import torch
from torchjd import aggregation, scalarization

from mt2st.models.pytorch.row_sparse import moving_rows
from mt2st.models.pytorch.shared import TorchShared, Trained
from mt2st.tasks import Outcome
from mt2st.tasks.pytorch.differentiable import DifferentiableTask
from mt2st.tasks.sampler import stream_key
from mt2st.training.loop import Trainer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.training.job import Job
    from mt2st.training.listener import Record

Losses = dict[str, torch.Tensor]
RANDOM_SEED = 9


class CombinedTrainer(Trainer):
    """A trainer of all tasks at every step: TorchJD combines those on the encoder; a language model trains separately.

    Parameters
    ----------
    job
        Tasks on a torch encoder.
    method
        The name of a scalariser or an aggregator.
    """

    def __init__(self, job: Job, method: str) -> None:
        super().__init__(job, clock=process_time)
        torch.manual_seed(job.settings.training.seed + RANDOM_SEED)  # TorchJD's own draws
        names = [name for name, task in job.tasks.items() if isinstance(task, DifferentiableTask)]
        self.combine = make_combination(method, job, len(names))

    def _step(self) -> list[Record | None]:
        """Take one step of all tasks."""
        job, seed = self.job, self.job.settings.training.seed
        rate = self.rate()
        job.shared.begin_step(stream_key(seed, f"step {self.step}"))
        makers: dict[str, Callable[[], torch.Tensor]] = {}
        batches = {sampler: sampler.draw() for sampler in dict.fromkeys(task.sampler for task in job.tasks.values())}
        for name, task in job.tasks.items():
            batch = batches[task.sampler]
            entry = self.ledger.entries[name]
            if isinstance(task, DifferentiableTask):
                if len(batch) and task.labels_of(batch):
                    makers[name] = partial(_loss_of, task, batch)
                    entry.add(Outcome(0.0, 0, len(batch), task.words_of(batch)))
                continue
            with self.ledger.task(name):
                entry.add(task.learn(batch, 1.0, rate))
        with self.ledger.task(self.primary_name):
            losses = {name: make() for name, make in makers.items()}
            self.combine.backward(losses, rate)
            job.shared.finish_step(rate)
            for name, loss in losses.items():
                entry = self.ledger.entries[name]
                entry.loss, entry.terms = entry.loss + float(loss.detach()), entry.terms + 1
            self.combine.after(makers)
        if self._interval_ends(self.step + 1):
            self.combine.interval()
        return []


def _loss_of(task: DifferentiableTask, batch: NDArray[np.int64]) -> torch.Tensor:
    """Return the mean loss of a batch that has labels."""
    found = task.own_loss(batch)
    if found is None:
        raise ValueError(f"{task.name}: a batch without a label")
    return found


class Scalarised:
    """Combines losses into one by a scalariser of TorchJD, whose own parameters, if any, are trained too."""

    def __init__(self, module: Any, rate: float) -> None:
        self.module = module
        self.trained = Trained(module, rate)

    def backward(self, losses: Losses, rate: float) -> None:
        """Add the gradient of the combined loss to the pending gradients."""
        self.module(torch.stack(list(losses.values()))).backward()
        self.trained.step(rate)

    def after(self, makers: Mapping[str, Callable[[], torch.Tensor]]) -> None:
        """Pass the losses after the step to FAMO, to update its weights; it costs another forward pass."""
        if isinstance(self.module, scalarization.FAMO):
            with torch.no_grad():
                self.module.update(torch.stack([make() for make in makers.values()]))

    def interval(self) -> None:
        """End an interval, DWA's epoch."""
        if isinstance(self.module, scalarization.DWA):
            self.module.step()


class Aggregated:
    """Combines tasks' gradients of the shared parameters by an aggregator of TorchJD; heads get their own task's.

    The matrix of gradients only includes the rows of the table that are in a batch of the step.
    """

    def __init__(self, module: Any, shared: TorchShared) -> None:
        self.module, self.shared = module, shared

    def backward(self, losses: Losses, rate: float) -> None:  # noqa: ARG002
        """Set the pending gradients to the combined gradient of the losses."""
        table, *layers = self.shared.parameters()
        found = []
        for loss in losses.values():
            loss.backward()  # type: ignore[no-untyped-call]
            found.append((_take(table), [_take(layer) for layer in layers]))
        rows = torch.cat([moving_rows(own)[0] for own, _ in found if own is not None])
        rows = rows.unique()  # type: ignore[no-untyped-call]
        matrix = torch.stack([self._row(own, dense, rows, layers) for own, dense in found])
        combined = self.module(matrix)
        width = len(rows) * table.shape[1]
        values = combined[:width].view(len(rows), -1)
        table.grad = torch.sparse_coo_tensor(rows[None], values, table.shape, check_invariants=False)
        for layer, part in zip(layers, combined[width:].split([each.numel() for each in layers]), strict=True):
            layer.grad = part.view_as(layer).clone()

    def _row(
        self,
        own: torch.Tensor | None,
        dense: list[torch.Tensor | None],
        rows: torch.Tensor,
        layers: list[torch.nn.Parameter],
    ) -> torch.Tensor:
        """Return a task's gradient as one vector: of these rows of the table, then of the layers."""
        of_rows = torch.zeros(len(rows), self.shared.table.shape[1])
        if own is not None:
            numbers, values = moving_rows(own)
            of_rows[torch.searchsorted(rows, numbers)] = values
        parts = [torch.zeros_like(layer) if each is None else each for each, layer in zip(dense, layers, strict=True)]
        return torch.cat([of_rows.flatten(), *(part.flatten() for part in parts)])

    def after(self, makers: Mapping[str, Callable[[], torch.Tensor]]) -> None:
        """Do nothing."""

    def interval(self) -> None:
        """Do nothing."""


def _take(parameter: torch.Tensor) -> torch.Tensor | None:
    found, parameter.grad = parameter.grad, None
    return found


def make_combination(method: str, job: Job, tasks: int) -> Scalarised | Aggregated:
    """Return the combination of ``tasks`` losses, with TorchJD's defaults (CAGrad's c is its paper's 0.5)."""
    if not isinstance(job.shared, TorchShared):
        raise TypeError(f"{method} combines gradients of a torch encoder, found {type(job.shared).__name__}")
    if hasattr(scalarization, method):
        counted = [tasks] if method in ("UW", "FAMO") else []
        return Scalarised(getattr(scalarization, method)(*counted), job.settings.model.rate)
    own = [0.5] if method == "CAGrad" else []
    return Aggregated(getattr(aggregation, method)(*own), job.shared)
