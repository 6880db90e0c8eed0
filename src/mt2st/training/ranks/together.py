"""Several processes that train one job: each a part of every batch, with equal results."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray
from torch import distributed

from mt2st.errors import ConfigError
from mt2st.models.pytorch.shared import TorchShared
from mt2st.tasks import Outcome
from mt2st.tasks.lexical.table_task import TableTask
from mt2st.tasks.pytorch.differentiable import DifferentiableTask
from mt2st.text import Ragged
from mt2st.training.ranks import group
from mt2st.training.ranks.data import check_same
from mt2st.training.ranks.spread import SpreadShared
from mt2st.training.ranks.stopping import AgreedStop

if TYPE_CHECKING:
    from mt2st.models import NativeShared
    from mt2st.tasks import Classifies, Task
    from mt2st.training.guard import GradientGuard
    from mt2st.training.job import Job
    from mt2st.training.loop import Trainer
    from mt2st.training.stopping import StopRequest


class Together:
    """The ranks of a process group, from the side of one of them; ranks are numbered from 0.

    Every rank loads the same data and draws the same batches, from the seed and the step. Rank r of n trains on the
    examples r, r + n, r + 2 n, ... of a batch.

    Notes
    -----
    *Differentiable tasks* take the same step as one process on the whole batch, including dropout, except for rounding.
    *Native tasks* learn from examples one after the other, which several processes cannot; each rank learns from its
    own part, starting from the common values, and their changes are summed, as `Workers` does with the heads of its
    threads. *Word lists* are learned by rank 0 alone.
    """

    def __init__(self) -> None:
        self.rank, self.count = distributed.get_rank(), distributed.get_world_size()
        self.part = slice(self.rank, None, self.count)
        self._shared: SpreadShared | None = None
        self._stop = AgreedStop()

    @property
    def first(self) -> bool:
        """Return whether this is rank 0."""
        return self.rank == 0

    def spread(self, job: Job) -> Job:
        """Return the job with shared parameters that all ranks update together."""
        check_same(job.corpus, self)
        if job.settings.freeze.share and not isinstance(job.shared, TorchShared):
            raise ConfigError(
                "freeze.share with the bag encoder is for a single process: set training.workers instead of torchrun, "
                "or set model.encoder = 'bilstm'"
            )
        self._shared = SpreadShared(cast("NativeShared | TorchShared", job.shared), self._stop)
        for task in job.tasks.values():
            if isinstance(task, DifferentiableTask):
                task.share = self
            # So that each rank's part has random numbers of its own.
            task.sampler.parts_before = self.rank * job.settings.training.workers
        return replace(job, shared=self._shared)

    def align(self, trainer: Trainer) -> None:
        """Copy the arrays and state of rank 0 to all ranks."""
        for array in trainer.arrays().values():
            group.spread_array(array)
        trainer.load_state_dict(self.broadcast(trainer.state_dict))

    def learn(self, guard: GradientGuard, task: Task, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Train on this rank's part; the returned outcome is that of all ranks together."""
        if isinstance(task, DifferentiableTask):
            # If its own part has no word, or no label, a rank cannot check that the loss reaches shared parameters.
            own = batch[self.part]
            if not task.words_of(own) or not task.labels_of(own):
                return task.learn(batch, weight, rate)
            return guard.learn(task, batch, weight, rate)
        # Rank 0 learns a word list from whole batches, which are quick, as it alone has the optimiser's state.
        whole = isinstance(task, TableTask)
        if self._shared is not None:
            self._shared.note({} if whole else task.arrays())
        own = (batch if self.first else batch[:0]) if whole else np.ascontiguousarray(batch[self.part])
        return self.total(guard.learn(task, own, weight, rate))

    def total(self, own: Outcome) -> Outcome:
        """Return the sum of the outcomes of all ranks."""
        values = np.array([own.loss, own.terms, own.examples, own.words, own.not_finite], np.float64)
        loss, *counts = group.add_up(values).tolist()
        return Outcome(loss, *map(int, counts))

    def add_up(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the sum of all ranks' values."""
        return group.add_up(values)

    def logits(self, task: Classifies, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of shape (rows, classes); each rank computes those of a contiguous part of the rows."""
        first, last = (len(rows) * rank // self.count for rank in (self.rank, self.rank + 1))
        offsets = rows.offsets[first : last + 1]
        own = Ragged(rows.ids[offsets[0] : offsets[-1]], offsets - offsets[0])
        found = np.zeros((len(rows), len(task.classes)), np.float32)
        if len(own):
            found[first:last] = task.logits(own)
        return group.add_up(found)

    def means(self, values: Sequence[float]) -> list[float]:
        """Return the mean of each value over all ranks."""
        with group.talking():
            return group.means(values)

    def stop(self, max_seconds: float | None) -> StopRequest:
        """Return the request that stops all ranks after the same step, for a signal or time limit of any of them."""
        self._stop.limit(max_seconds)
        return self._stop

    def broadcast(self, find: Callable[[], Any]) -> Any:
        """Call ``find`` on rank 0, and return its JSON values on every rank."""
        found = json.dumps(find()).encode() if self.first else b""
        return json.loads(group.spread_bytes(found))

    def leave(self) -> None:
        """Wait for all ranks and destroy the process group."""
        # If ranks still communicate, gloo's threads sometimes abort a process at its end.
        gc.collect()
        with group.talking():
            distributed.barrier()
        distributed.destroy_process_group()
