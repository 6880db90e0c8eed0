"""Maxima over the tokens of packed sentences, dimension by dimension."""

from __future__ import annotations

import numpy as np
from numba import float32, int32, int64, types

from mt2st.native import Floats, Numbers, Places, kernel


@kernel(types.void(float32[:, ::1], int64[::1], int64[::1], float32[:, ::1], int32[:, ::1]))
def greatest_of_packed(states: Floats, counts: Places, sentences: Places, greatest: Floats, tokens: Numbers) -> None:
    """Find the maxima, and the first tokens that have them; NaN counts as greater than any number.

    Parameters
    ----------
    states
        (tokens, size), in the order of a packed sequence.
    counts
        (longest,): number of sentences that have a word t, descending.
    sentences
        (batch,): rows of ``greatest`` and ``tokens`` for the sentences, longest first.
    greatest, tokens
        Written, (batch, size).
    """
    for place in range(counts[0]):
        # Number by number, as assigning rows takes Numba seconds to compile, for messages about shapes.
        for d in range(states.shape[1]):
            greatest[sentences[place], d] = states[place, d]
            tokens[sentences[place], d] = place
    token = counts[0]
    for t in range(1, counts.shape[0]):
        for place in range(counts[t]):
            values, best, where = states[token], greatest[sentences[place]], tokens[sentences[place]]
            for d in range(values.shape[0]):
                better = values[d] > best[d] or values[d] != values[d]
                best[d] = values[d] if better else best[d]
                where[d] = np.int32(token) if better else where[d]
            token += 1


@kernel(types.void(float32[:, ::1], int32[:, ::1], float32[:, ::1]))
def to_greatest(changes: Floats, tokens: Numbers, spread: Floats) -> None:
    """Write gradients, (batch, size), to the places of the maxima in ``spread``, (tokens, size), initially zeros."""
    for sentence in range(changes.shape[0]):
        for d in range(changes.shape[1]):
            spread[tokens[sentence, d], d] = changes[sentence, d]
