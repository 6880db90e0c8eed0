"""The sequence of tags with the highest score."""

from __future__ import annotations

import numpy as np
from numba import float32, int64, types

from mt2st.native import Floats, Places, kernel


@kernel(types.void(float32[:, ::1], float32[:, ::1], int64[::1]))
def best_chain(scores: Floats, links: Floats, tags: Places) -> None:
    """Write the best sequence, by the Viterbi algorithm; if several are equal, that with the first tags from the end.

    Parameters
    ----------
    scores
        (tokens, tags), at least one token; overwritten by sums of scores.
    links
        (tags + 1, tags + 1), as in `mt2st.models.kernels.window_parts.Head`; minus infinity is forbidden.
    tags
        Written, (tokens,).
    """
    tokens, size = scores.shape
    before = np.zeros((tokens, size), np.int64)
    for k in range(size):
        scores[0, k] += links[size, k]
    for t in range(1, tokens):
        for k in range(size):
            best = scores[t - 1, 0] + links[0, k]
            for j in range(1, size):
                found = scores[t - 1, j] + links[j, k]
                if found > best:
                    best, before[t, k] = found, j
            scores[t, k] += best
    last = 0
    for k in range(1, size):
        if scores[tokens - 1, k] + links[k, size] > scores[tokens - 1, last] + links[last, size]:
            last = k
    for t in range(tokens - 1, -1, -1):
        tags[t] = last
        last = before[t, last]
