"""Probabilities of tags by a finished torch tagger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from mt2st.models.pytorch.without_dropout import without_dropout
from mt2st.models.tagging_model import encode_tokens
from mt2st.text.surface import surface_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from mt2st.models.pytorch.tagging_head import TaggingHead
    from mt2st.models.tagging_model import TaggingModel


def tag_probabilities(model: TaggingModel, sentences: Sequence[Sequence[str]]) -> list[NDArray[np.float32]]:
    """Return the probability of each tag of each token, (tokens, tags) for each sentence.

    With a CRF it is given the whole sentence, ``sum(p(y) for y if y_t = k)``; else the softmax of the token's scores.
    """
    encoder, head = model.layers()
    rows = encode_tokens(sentences, model.words or model.features)
    buckets = model.settings["tagging"]["buckets"]
    found = []
    with torch.no_grad(), without_dropout(encoder):
        for place, sentence in enumerate(sentences):
            if not len(sentence):
                found.append(np.zeros((0, len(model.classes)), np.float32))
                continue
            looks = torch.from_numpy(surface_numbers(sentence, buckets)).long()
            found.append(_shares(head, head.emissions(encoder, rows, np.array([place]), looks)))
    return found


def _shares(head: TaggingHead, emissions: torch.Tensor) -> NDArray[np.float32]:
    if head.crf is None:
        return np.asarray(emissions.softmax(1).numpy(), np.float32)
    return np.asarray(head.crf.marginals(emissions[None], torch.tensor([len(emissions)]))[0].numpy(), np.float32)
