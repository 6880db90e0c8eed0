"""A task on the shared encoder; if several processes train together, each computes the loss of a part of the batch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import torch

from mt2st.tasks.pytorch.differentiable import DifferentiableTask

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.models.pytorch.shared import TorchShared
    from mt2st.tasks.sampler import Sampler


class EncoderTask(DifferentiableTask, ABC):
    """The base class of tasks with a head on the encoder.

    Parameters
    ----------
    name
        The task's name.
    shared
        Encoder and table; the head registers with its optimiser.
    sampler
        Draws the batches.
    layer
        The head.
    lengths, counts
        Number of words and of known labels of each example, (examples,); without ``counts`` each has one label.
    head_rate
        Learning rate of the head; None for the encoder's.
    stop_at_bad
        True for the primary, whose first loss that is not finite ends the run. Either way such a batch changes nothing.
    """

    def __init__(
        self,
        name: str,
        shared: TorchShared,
        sampler: Sampler,
        layer: torch.nn.Module,
        *,
        lengths: NDArray[np.int64],
        counts: NDArray[np.int64] | None = None,
        head_rate: float | None = None,
        stop_at_bad: bool = False,
    ) -> None:
        self.model = shared
        super().__init__(
            name,
            sampler,
            lambda batch: self.batch_loss(batch, slice(None)),
            shared.parameters(),
            head=shared.register(layer, head_rate),
            primary=stop_at_bad,
            lengths=lengths,
            counts=counts,
        )

    @abstractmethod
    def batch_loss(self, batch: NDArray[np.int64], part: slice) -> torch.Tensor:
        """Return the mean loss of the known labels of ``batch[part]``, with dropout drawn for the whole batch."""

    def own_loss(self, batch: NDArray[np.int64]) -> torch.Tensor | None:
        """Return the mean loss over this process's part, with the dropout that a single process would draw."""
        # Computed even if the part has no label, as each process must draw the batch's dropout to stay in step.
        loss = self.batch_loss(batch, self.share.part)
        return loss if self.labels_of(batch[self.share.part]) else None
