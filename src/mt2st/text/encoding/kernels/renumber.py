"""Renumbering words, and removing some."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.native import Numbers, kernel
from mt2st.text.encoding.kernels.octets import UNIT, ZERO, Keys, Unsigned


@kernel("uint64(uint32[::1], uint64[::1], int32[::1])")
def renumber(ids: NDArray[np.uint32], ends: Keys, final: Numbers) -> Unsigned:
    """Replace ids by final ones in place; remove words whose id is negative, and sentences without words.

    Returns
    -------
    The number of sentences left; the last of their ends is the number of words left.
    """
    at, kept = ZERO, ZERO
    sentence, sentences = ZERO, ZERO
    while sentence < np.uint64(ends.size):
        before = kept
        while at < ends[sentence]:
            number = final[ids[at]]
            ids[kept] = number
            kept += UNIT if number >= 0 else ZERO
            at += UNIT
        if kept > before:
            ends[sentences] = kept
            sentences += UNIT
        sentence += UNIT
    return sentences
