"""One output for each of several targets, on the shared encoder."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import torch

from mt2st.models.pytorch.encoder_classifier import predict
from mt2st.models.pytorch.first_values import seeded_linear
from mt2st.models.pytorch.text_encoder import EVERYTHING
from mt2st.tasks.pytorch.text_task import TextTask
from mt2st.tasks.sampler import stream_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.models.pytorch.shared import TorchShared
    from mt2st.tasks.sampler import Sampler
    from mt2st.tasks.targets import TargetRows
    from mt2st.text import Ragged


class EncoderTargets(TextTask):
    """A linear head on the encoder's sentence vectors, with one output per target; unknown targets are left out.

    Parameters
    ----------
    name
        The task's name.
    shared
        Encoder and table; the head registers with its optimiser.
    data
        The training examples.
    targets
        Their targets as the loss needs them, (examples, names), NaN if not known.
    sampler
        Draws the batches.
    head_seed
        Seed of the head's initial values, together with the name.
    head_rate
        Learning rate of the head; None for the encoder's.
    stop_at_bad
        True for the primary, whose first loss that is not finite ends the run.
    """

    def __init__(
        self,
        name: str,
        shared: TorchShared,
        data: TargetRows,
        targets: NDArray[np.float32],
        sampler: Sampler,
        head_seed: int = 0,
        *,
        head_rate: float | None = None,
        stop_at_bad: bool = False,
    ) -> None:
        self.data, self.names, self.targets = data, data.names, torch.from_numpy(targets)
        self.layer = seeded_linear(shared.encoder.output_size, len(data.names), stream_key(head_seed, name))
        super().__init__(
            name,
            shared,
            sampler,
            self.layer,
            lengths=data.rows.lengths,
            counts=data.counts,
            head_rate=head_rate,
            stop_at_bad=stop_at_bad,
        )

    @abstractmethod
    def loss_of(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the mean loss of the known targets, both (examples, names)."""

    def outputs(self, rows: Ragged) -> NDArray[np.float32]:
        """Return the head's outputs, (rows, names), without dropout."""
        return predict(self.model.encoder, self.layer, rows)

    def encode(self, batch: NDArray[np.int64], part: slice = EVERYTHING) -> torch.Tensor:
        """Return the vectors of the texts ``batch[part]``, (part, output_size)."""
        vectors: torch.Tensor = self.model.encoder(self.data.rows, batch, part)
        return vectors

    def encoded_loss(self, encoded: torch.Tensor, batch: NDArray[np.int64], part: slice = EVERYTHING) -> torch.Tensor:
        """Return the mean loss of the known targets of ``batch[part]``."""
        return self.loss_of(self.layer(encoded), self.targets[torch.from_numpy(batch[part])])  # (part, names)
