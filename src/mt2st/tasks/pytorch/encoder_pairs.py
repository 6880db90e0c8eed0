"""Similarity of two texts on the shared encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from mt2st.models.pytorch.encoder_classifier import PREDICTED_AT_ONCE
from mt2st.models.pytorch.masked_losses import RegressionLoss, rating_loss
from mt2st.models.pytorch.pair_heads import PairHead, pair_head
from mt2st.models.pytorch.without_dropout import alike_batches, without_dropout
from mt2st.tasks.pytorch.encoder_task import EncoderTask
from mt2st.tasks.sampler import stream_key
from mt2st.tasks.targets import Scale

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.models.pytorch.shared import TorchShared
    from mt2st.tasks.sampler import Sampler
    from mt2st.tasks.text_pairs import TextPairs


class EncoderPairs(EncoderTask):
    """Similarity of two texts, from both texts' vectors; scores are standardised to mean 0 and deviation 1.

    Parameters
    ----------
    name
        The task's name.
    shared
        Encoder and table; the head registers with its optimiser.
    data
        The training pairs; scores that are not known are left out of the loss.
    sampler
        Draws the batches, of pairs.
    head_seed
        Seed of the head's initial values, together with the name.
    head
        ``"cosine"``: a linear function of the cosine, which makes the vectors themselves comparable. ``"mlp"``: a small
        network on ``|u - v|`` and ``u * v``, which is more flexible.
    kind
        ``"squared"`` or ``"huber"``.
    head_rate
        Learning rate of the head; None for the encoder's.
    stop_at_bad
        True for the primary, whose first loss that is not finite ends the run.

    Examples
    --------
    >>> from mt2st.models.pytorch.encoders import make_encoder
    >>> from mt2st.models.pytorch.shared import TorchShared
    >>> from mt2st.tasks import Sampler, TextPairs
    >>> from mt2st.text import Ragged
    >>> left, right = Ragged.from_lists([[1], [2, 3]]), Ragged.from_lists([[1, 1], []])
    >>> data = TextPairs(left, right, np.array([5.0, 0.0], np.float32))
    >>> shared = TorchShared(make_encoder("bilstm", np.zeros((4, 3), np.float32), {"hidden_size": 2}))
    >>> task = EncoderPairs("alike", shared, data, Sampler(2, 1, 1, seed=1, name="alike"))
    >>> task.learn(task.sampler.draw(), weight=1.0, rate=1.0).words
    5
    >>> task.scores(data).shape
    (2,)
    """

    def __init__(
        self,
        name: str,
        shared: TorchShared,
        data: TextPairs,
        sampler: Sampler,
        head_seed: int = 0,
        *,
        head: PairHead = "mlp",
        kind: RegressionLoss = "squared",
        head_rate: float | None = None,
        stop_at_bad: bool = False,
    ) -> None:
        self.data, self.kind, self.scale = data, kind, Scale.of(data.scores[:, None])
        self.targets = torch.from_numpy(self.scale.standardise(data.scores[:, None])[:, 0])
        self.layer = pair_head(head, shared.encoder.output_size, stream_key(head_seed, name))
        super().__init__(
            name,
            shared,
            sampler,
            self.layer,
            lengths=data.lengths,
            counts=data.counts,
            head_rate=head_rate,
            stop_at_bad=stop_at_bad,
        )

    def scores(self, data: TextPairs) -> NDArray[np.float32]:
        """Return the similarity of each pair, in the unit of the training scores, without dropout."""
        found = np.zeros((len(data), 1), np.float32)
        encoder = self.model.encoder
        with torch.no_grad(), without_dropout(encoder):
            for batch in alike_batches(data.lengths, PREDICTED_AT_ONCE):
                found[batch, 0] = self.layer(encoder(data.left, batch), encoder(data.right, batch)).numpy()
        return self.scale.restore(found)[:, 0]

    def batch_loss(self, batch: NDArray[np.int64], part: slice) -> torch.Tensor:
        """Return the mean loss of the known scores of ``batch[part]``, standardised."""
        left, right = (self.model.encoder(rows, batch, part) for rows in (self.data.left, self.data.right))
        return rating_loss(self.layer(left, right), self.targets[torch.from_numpy(batch[part])], self.kind)
