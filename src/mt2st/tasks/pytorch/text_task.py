"""A task on the shared encoder whose loss is a function of the encoder's output for its texts."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

import torch

from mt2st.models.pytorch.text_encoder import EVERYTHING
from mt2st.tasks.pytorch.encoder_task import EncoderTask

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray


class TextTask(EncoderTask):
    """``loss = encoded_loss(encode(batch))``: tasks with the same texts may share what `encode` returns.

    Parameters are those of `EncoderTask`. Two tasks have the same texts if `encode` returns the same for both.
    """

    @abstractmethod
    def encode(self, batch: NDArray[np.int64], part: slice = EVERYTHING) -> torch.Tensor:
        """Return the encoder's output for the texts ``batch[part]``, with dropout drawn for the whole batch."""

    @abstractmethod
    def encoded_loss(self, encoded: torch.Tensor, batch: NDArray[np.int64], part: slice = EVERYTHING) -> torch.Tensor:
        """Return the mean loss of the known labels of ``batch[part]``, given the encoder's output."""

    def batch_loss(self, batch: NDArray[np.int64], part: slice) -> torch.Tensor:
        """Return the mean loss of the known labels of ``batch[part]``."""
        return self.encoded_loss(self.encode(batch, part), batch, part)

    def keep_dropout(self) -> Callable[[], None]:
        """Return a function that resets the encoder's dropout to its current state, so that masks can be repeated."""
        masks = self.model.encoder.masks
        state = masks.get_state()

        def rewind() -> None:
            masks.set_state(state)

        return rewind
