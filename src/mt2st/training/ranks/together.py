"""One of several processes that train one job: each its part of every batch, all to the same end."""

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
    """The ranks of a process group, as one of them sees them; ranks are numbered from 0.

    Every rank loads the same data and draws the same batches, from the seed and the step. Of a batch rank r of n trains
    the examples r, r + n, r + 2 n, ...

    Notes
    -----
    *Differentiable tasks* take the same step as one process on the whole batch, but for rounding, dropout included.
    *Native tasks* learn from examples one after the other, which processes cannot; each rank learns from its own part
    from where all began, and what they changed is added up, as `Workers` does with the heads of its threads. *Word
    lists* are learned by the first rank alone.
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
        """Return the job with shared parameters that step together."""
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
            # Random numbers of its own for each part.
            task.sampler.parts_before = self.rank * job.settings.training.workers
        return replace(job, shared=self._shared)

    def align(self, trainer: Trainer) -> None:
        """Bring arrays and state of all ranks to those of rank 0."""
        for array in trainer.arrays().values():
            group.spread_array(array)
        trainer.load_state_dict(self.tell(trainer.state_dict))

    def learn(self, guard: GradientGuard, task: Task, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Train on this rank's part; losses, counts and what was not finite are those of all ranks."""
        if isinstance(task, DifferentiableTask):
            # A rank whose own part has no word, or no label, cannot judge whether the loss reaches what is shared.
            own = batch[self.part]
            if not task.words_of(own) or not task.labels_of(own):
                return task.learn(batch, weight, rate)
            return guard.learn(task, batch, weight, rate)
        # A word list is learned from whole batches, which are quick, and its optimiser's state is the first rank's.
        whole = isinstance(task, TableTask)
        if self._shared is not None:
            self._shared.note({} if whole else task.arrays())
        own = (batch if self.first else batch[:0]) if whole else np.ascontiguousarray(batch[self.part])
        return self.total(guard.learn(task, own, weight, rate))

    def total(self, own: Outcome) -> Outcome:
        """Return what a batch came to on all ranks together."""
        values = np.array([own.loss, own.terms, own.examples, own.words, own.not_finite], np.float64)
        loss, *counts = group.add_up(values).tolist()
        return Outcome(loss, *map(int, counts))

    def add_up(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the sum of all ranks' values."""
        return group.add_up(values)

    def logits(self, task: Classifies, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of shape (rows, classes); each rank computes those of a stretch of the rows."""
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
        """Return what stops all ranks after the same step, for a signal or a time limit of any of them."""
        self._stop.limit(max_seconds)
        return self._stop

    def tell(self, find: Callable[[], Any]) -> Any:
        """Let rank 0 find JSON values, and return them on every rank."""
        found = json.dumps(find()).encode() if self.first else b""
        return json.loads(group.spread_bytes(found))

    def leave(self) -> None:
        """Wait for all ranks and take leave of them."""
        # With ranks still talking gloo's threads now and then abort a process at its end.
        gc.collect()
        with group.talking():
            distributed.barrier()
        distributed.destroy_process_group()
