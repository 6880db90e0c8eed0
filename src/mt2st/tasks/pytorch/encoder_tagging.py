"""Token tagging on the shared encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from mt2st.evaluation import find_scheme
from mt2st.models.pytorch.crf import allowed_by
from mt2st.models.pytorch.tagger import tag_rows
from mt2st.models.pytorch.tagging_head import TaggingHead
from mt2st.models.pytorch.text_encoder import EVERYTHING
from mt2st.tasks.pytorch.text_task import TextTask
from mt2st.tasks.sampler import stream_key

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.models.pytorch.shared import TorchShared
    from mt2st.tasks.sampler import Sampler
    from mt2st.tasks.tagged import TaggedRows


class EncoderTagging(TextTask):
    """A tag for each token, by softmax or by a linear-chain CRF, on the encoder's states.

    The loss is minus the log likelihood of the known tags, divided by their number. Unknown tags are left out by
    softmax, and summed over by the CRF.

    Parameters
    ----------
    name
        The task's name.
    shared
        Encoder and table; the head registers with its optimiser.
    data
        The training sentences.
    sampler
        Draws the batches.
    head_seed
        Seed of the head's initial values, together with the name.
    crf
        Score whole sequences, excluding those that ``data.scheme`` forbids.
    head_rate
        Learning rate of the head; None for the encoder's.
    stop_at_bad
        True for the primary, whose first loss that is not finite ends the run. Either way such a batch changes nothing.
    alike
        A task with the same sentences, whose vectors of surface features this task shares and trains too, so that the
        encoder's output is the same for both. None: vectors of its own.

    Examples
    --------
    >>> import numpy as np
    >>> from mt2st.models.pytorch.encoders import make_encoder
    >>> from mt2st.models.pytorch.shared import TorchShared
    >>> from mt2st.tasks import Sampler, TaggedRows
    >>> from mt2st.text import Ragged
    >>> from mt2st.text.surface import surface_numbers
    >>> tags, surface = np.array([0, 1, 1], np.int32), surface_numbers(["Anna", "ran", "home"], 50)
    >>> data = TaggedRows(Ragged.from_lists([[0, 1], [-1]]), tags, ("B-PER", "O"), surface, 50, "bio")
    >>> shared = TorchShared(make_encoder("bilstm", np.zeros((4, 3), np.float32), {"hidden_size": 2}))
    >>> task = EncoderTagging("names", shared, data, Sampler(2, 1, 1, seed=1, name="names"), crf=True)
    >>> task.learn(task.sampler.draw(), weight=1.0, rate=1.0).terms
    3
    >>> [len(tags) for tags in task.tag(data)]
    [2, 1]
    """

    def __init__(
        self,
        name: str,
        shared: TorchShared,
        data: TaggedRows,
        sampler: Sampler,
        head_seed: int = 0,
        *,
        crf: bool = False,
        head_rate: float | None = None,
        stop_at_bad: bool = False,
        alike: EncoderTagging | None = None,
    ) -> None:
        self.classes, self.data = data.classes, data
        allowed = None if data.scheme is None else allowed_by(find_scheme(data.scheme), data.classes)
        seed = stream_key(head_seed, name)
        surface = None if alike is None else alike.layer.surface
        sizes = len(data.classes), data.buckets
        self.layer: TaggingHead = TaggingHead(shared.encoder, *sizes, seed, crf=crf, allowed=allowed, surface=surface)
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

    def tag(self, data: TaggedRows) -> list[list[str]]:
        """Return the most likely tags of each sentence, without dropout; the tags in ``data`` are ignored."""
        found = tag_rows(self.model.encoder, self.layer, data.rows, data.surface)
        return [[self.classes[number] for number in sentence] for sentence in found]

    def encode(self, batch: NDArray[np.int64], part: slice = EVERYTHING) -> torch.Tensor:
        """Return a vector for each token of the sentences ``batch[part]``, concatenated, (tokens, output_size)."""
        rows = self.data.rows
        surface = torch.from_numpy(self.data.surface[rows.places(batch[part])]).long()
        return self.layer.states(self.model.encoder, rows, batch, surface, part)

    def encoded_loss(self, encoded: torch.Tensor, batch: NDArray[np.int64], part: slice = EVERYTHING) -> torch.Tensor:
        """Return minus the log likelihood of the known tags of ``batch[part]``, divided by their number."""
        lengths = self.data.rows.lengths[batch[part]]
        tags = torch.from_numpy(self.data.tags[self.data.rows.places(batch[part])]).long()
        return self.layer.mean_loss(self.layer.linear(encoded), tags, torch.from_numpy(lengths[lengths > 0]))
