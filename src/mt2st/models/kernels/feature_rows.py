"""The rows of a head's features for each token: hashed properties of the token and the words around it."""

from __future__ import annotations

import numpy as np
from numba import int32, int64, types, uint64
from numpy.typing import NDArray

from mt2st.embeddings.kernels.draws import STEP
from mt2st.native import Numbers, Places, kernel
from mt2st.text.token_kinds import COLUMNS, LAST2, LAST3, SHAPE, SMALL

Hashes = NDArray[np.uint64]

# Features of neighbouring words, by distance and column.
AROUND = np.array(
    [(at, column) for at in (-1, 1) for column in (SMALL, SHAPE, LAST2, LAST3)]
    + [(at, column) for at in (-2, 2) for column in (SMALL, LAST3)],
    np.int64,
)
# Features of two words at once: two distances and a column.
TOGETHER = np.array(
    [(*pair, SMALL) for pair in ((-1, 0), (0, 1), (-1, 1), (-2, -1), (1, 2))]
    + [(*pair, LAST3) for pair in ((-1, 0), (0, 1), (-1, 1))],
    np.int64,
)
FEATURES = COLUMNS + len(AROUND) + len(TOGETHER)


@kernel(uint64(uint64, uint64), inline="always")
def mixed(one: np.uint64, other: np.uint64) -> np.uint64:
    """Return a hash of both numbers and their order."""
    z = one * STEP + other
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@kernel(int64(int32[::1], int64, int64, int64), inline="always")
def kind_at(kinds: Numbers, at: int, start: int, stop: int) -> int:
    """Return the word at a place of a sentence, 0 outside it."""
    return np.int64(kinds[at]) if start <= at < stop else np.int64(0)


@kernel(
    types.void(int32[::1], int64[::1], uint64[:, ::1], int64[:, ::1], int64[:, ::1], uint64, int32[:, ::1]),
)
def feature_rows(
    kinds: Numbers,
    offsets: Places,
    hashes: Hashes,
    around: Places,
    together: Places,
    buckets: np.uint64,
    rows: Numbers,
) -> None:
    """Write the rows of every token.

    Parameters
    ----------
    kinds, offsets
        Sentence i has the words ``kinds[offsets[i]:offsets[i + 1]]``.
    hashes
        (words, columns), see `mt2st.text.token_kinds.TokenKinds.hashes`.
    around
        (features, 2): distance and column.
    together
        (features, 3): two distances and the column of both.
    buckets
        The number of rows.
    rows
        Written, (tokens, columns and both kinds of features).
    """
    own, near = hashes.shape[1], around.shape[0]
    for sentence in range(offsets.shape[0] - 1):
        start, stop = offsets[sentence], offsets[sentence + 1]
        for t in range(start, stop):
            for f in range(rows.shape[1]):
                if f < own:
                    bits = hashes[kinds[t], f]
                elif f < own + near:
                    a = f - own
                    bits = hashes[kind_at(kinds, t + around[a, 0], start, stop), around[a, 1]]
                else:
                    a = f - own - near
                    one = hashes[kind_at(kinds, t + together[a, 0], start, stop), together[a, 2]]
                    bits = mixed(one, hashes[kind_at(kinds, t + together[a, 1], start, stop), together[a, 2]])
                rows[t, f] = np.int32(mixed(bits, np.uint64(f)) % buckets)
