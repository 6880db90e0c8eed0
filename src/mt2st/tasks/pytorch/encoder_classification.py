"""Text classification on the shared encoder."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch

from mt2st.models.pytorch.encoder_classifier import predict
from mt2st.models.pytorch.first_values import seeded_linear
from mt2st.models.pytorch.relevance import relevance_of
from mt2st.models.pytorch.text_encoder import EVERYTHING
from mt2st.models.pytorch.without_dropout import alike_batches, without_dropout
from mt2st.tasks.labelled import UNKNOWN
from mt2st.tasks.pytorch.text_task import TextTask
from mt2st.tasks.sampler import stream_key

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from mt2st.models.pytorch.shared import TorchShared
    from mt2st.tasks.labelled import LabelledRows
    from mt2st.tasks.sampler import Sampler
    from mt2st.text import Ragged

RELEVANCE_AT_ONCE = 64


class EncoderClassification(TextTask):
    """Softmax over a linear head on the encoder's sentence vectors, trained by mean cross-entropy.

    Parameters
    ----------
    name
        The task's name.
    shared
        Encoder and table; the head registers with its optimiser.
    data
        The training examples, as word numbers into the table; labels that are not known are left out of the loss.
    sampler
        Draws the batches.
    head_seed
        Seed of the head's initial values, together with the name.
    head_rate
        Learning rate of the head; None for the encoder's.
    stop_at_bad
        True for the primary, whose first loss that is not finite ends the run. Either way such a batch changes nothing.

    Examples
    --------
    >>> import numpy as np
    >>> from mt2st.models.pytorch.encoders import make_encoder
    >>> from mt2st.models.pytorch.shared import TorchShared
    >>> from mt2st.tasks import LabelledRows, Sampler
    >>> from mt2st.text import Ragged
    >>> data = LabelledRows(Ragged.from_lists([[1, 2], [3]]), np.array([0, 1], np.int32), ("bad", "good"))
    >>> shared = TorchShared(make_encoder("bilstm", np.zeros((4, 3), np.float32), {"hidden_size": 2}))
    >>> task = EncoderClassification("film", shared, data, Sampler(2, 1, 1, seed=1, name="film"))
    >>> task.learn(task.sampler.draw(), weight=1.0, rate=1.0).words
    3
    >>> task.logits(data.rows).shape
    (2, 2)
    """

    def __init__(
        self,
        name: str,
        shared: TorchShared,
        data: LabelledRows,
        sampler: Sampler,
        head_seed: int = 0,
        *,
        head_rate: float | None = None,
        stop_at_bad: bool = False,
    ) -> None:
        self.classes, self.data = data.classes, data
        self.layer = seeded_linear(shared.encoder.output_size, len(data.classes), stream_key(head_seed, name))
        self.labels = torch.from_numpy(data.labels).long()
        super().__init__(
            name,
            shared,
            sampler,
            self.layer,
            lengths=data.rows.lengths,
            counts=(data.labels != UNKNOWN).astype(np.int64) if data.gaps else None,
            head_rate=head_rate,
            stop_at_bad=stop_at_bad,
        )

    def logits(self, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of shape (rows, classes), without dropout."""
        return predict(self.model.encoder, self.layer, rows)

    def relevance(self, *, layers: bool = False) -> tuple[NDArray[np.float64], dict[str, float]]:
        """Return the relevance of each dimension, and with ``layers`` of each parameter of the encoder, to this task.

        Computed by `relevance_of` without dropout, on its training examples, in batches of `RELEVANCE_AT_ONCE` of
        similar length; that of layers from the batches' summed losses.
        """
        encoder, lengths = self.model.encoder, self.data.rows.lengths
        losses = [partial(self._summed_loss, batch) for batch in alike_batches(lengths, RELEVANCE_AT_ONCE)]
        with without_dropout(encoder):
            return relevance_of(losses, encoder.embedding, dict(encoder.layers.named_parameters()) if layers else {})

    def freeze(self, columns: NDArray[np.int64], layers: Collection[str] = ()) -> None:
        """Freeze columns of the table, and parameters of the encoder, for all tasks; none: train all again."""
        self.model.freeze(columns, layers)

    def gradient_norm(self, batch: NDArray[np.int64]) -> float:  # noqa: ARG002
        """Return the norm of the pending gradient on the shared part: the batch's own, if no other task ran."""
        return self.model.gradient_norm()

    def encode(self, batch: NDArray[np.int64], part: slice = EVERYTHING) -> torch.Tensor:
        """Return the vectors of the texts ``batch[part]``, (part, output_size)."""
        vectors: torch.Tensor = self.model.encoder(self.data.rows, batch, part)
        return vectors

    def encoded_loss(self, encoded: torch.Tensor, batch: NDArray[np.int64], part: slice = EVERYTHING) -> torch.Tensor:
        """Return the mean cross-entropy of the known labels of ``batch[part]``."""
        return self._cross_entropy(encoded, batch[part], "mean")

    def _summed_loss(self, batch: NDArray[np.int64]) -> torch.Tensor:
        return self._cross_entropy(self.encode(batch), batch, "sum")

    def _cross_entropy(self, encoded: torch.Tensor, own: NDArray[np.int64], reduction: str) -> torch.Tensor:
        logits = self.layer(encoded)  # (own, classes)
        labels = self.labels[torch.from_numpy(own)]
        return torch.nn.functional.cross_entropy(logits, labels, reduction=reduction, ignore_index=UNKNOWN)
