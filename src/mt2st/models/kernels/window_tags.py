"""Prediction with the window tagger: the best tags, and the probability of each tag."""

from __future__ import annotations

import numpy as np
from numba import float32, int64, types

from mt2st.models.kernels.best_chain import best_chain
from mt2st.models.kernels.chain import add_marginals, chain_sums, weigh_links
from mt2st.models.kernels.window import forward, see
from mt2st.models.kernels.window_parts import ENCODER, HEAD, ROOM, SENTENCES, Encoder, Head, Room, Sentences
from mt2st.models.kernels.window_scores import score_features, score_hidden
from mt2st.native import Floats, Places, kernel


@kernel(types.void(ENCODER, HEAD, SENTENCES, int64, ROOM), inner=True)
def score_sentence(encoder: Encoder, head: Head, data: Sentences, sentence: int, room: Room) -> None:
    """Write the scores of a sentence's tags, without dropout; ``kept`` must be 1 everywhere."""
    start, tokens = data.offsets[sentence], data.offsets[sentence + 1] - data.offsets[sentence]
    see(encoder, data, start, start + tokens, np.float32(0), np.uint64(0), room.sight)
    forward(encoder, tokens, room.sight)
    score_hidden(head, room.sight, tokens, room.scored.scores)
    score_features(head, data, start, tokens, room.scored.kept, room.scored.scores)


@kernel(types.void(ENCODER, HEAD, SENTENCES, ROOM, int64[::1]))
def tag_windows(encoder: Encoder, head: Head, data: Sentences, room: Room, tags: Places) -> None:
    """Write the tags of the best sequence for every sentence to ``tags``, (tokens,)."""
    for sentence in range(data.offsets.shape[0] - 1):
        start, stop = data.offsets[sentence], data.offsets[sentence + 1]
        if stop > start:
            score_sentence(encoder, head, data, sentence, room)
            best_chain(room.scored.scores[: stop - start], head.links, tags[start:stop])


@kernel(types.void(ENCODER, HEAD, SENTENCES, ROOM, float32[:, ::1]))
def window_marginals(encoder: Encoder, head: Head, data: Sentences, room: Room, marginals: Floats) -> None:
    """Write the probability of each tag of each token to ``marginals``, (tokens, tags), initially zeros."""
    weigh_links(head.links, room.chain.links)
    for sentence in range(data.offsets.shape[0] - 1):
        start, stop = data.offsets[sentence], data.offsets[sentence + 1]
        if stop > start:
            score_sentence(encoder, head, data, sentence, room)
            chain_sums(room.scored.scores, stop - start, room.chain)
            add_marginals(room.chain, stop - start, np.float32(1), marginals[start:stop])
