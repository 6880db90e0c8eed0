"""Tagging with an encoder and a head, in evaluations during training and from saved arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from mt2st.models.pytorch.without_dropout import alike_batches, without_dropout

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.models.pytorch.tagging_head import TaggingHead
    from mt2st.models.pytorch.text_encoder import TextEncoder
    from mt2st.text import Ragged

TAGGED_AT_ONCE = 64


def tag_rows(
    encoder: TextEncoder, head: TaggingHead, rows: Ragged, surface: NDArray[np.int32]
) -> list[NDArray[np.int64]]:
    """Return the numbers of the most likely tags of each sentence, without dropout.

    Parameters
    ----------
    encoder, head
        Those of the task.
    rows
        Word number of each token; -1 for a word without a row. Sentences of similar length share a batch.
    surface
        Surface features of each token, (tokens, features).
    """
    found: list[NDArray[np.int64]] = [np.empty(0, np.int64)] * len(rows)
    filled = np.flatnonzero(rows.lengths)
    with torch.no_grad(), without_dropout(encoder):
        for chosen in alike_batches(rows.lengths[filled], TAGGED_AT_ONCE):
            batch = filled[chosen]
            looks = torch.from_numpy(surface[rows.places(batch)]).long()
            emissions = head.emissions(encoder, rows, batch, looks)
            numbers = head.decode(emissions, torch.from_numpy(rows.lengths[batch])).numpy()
            parts = np.split(numbers, np.cumsum(rows.lengths[batch])[:-1])
            for sentence, part in zip(batch, parts, strict=True):
                found[sentence] = part
    return found
