"""Words counted in a table."""

from __future__ import annotations

import numpy as np

from mt2st.native import Numbers, Places, kernel
from mt2st.text.encoding.kernels.octets import (
    AHEAD,
    EIGHT,
    GOLDEN,
    HALF,
    KNOWN,
    LINE_FEED,
    LOWER_HALF,
    OCTETS,
    SIXTY_FOUR,
    THREE,
    TOUCHED,
    TWO,
    UNIT,
    USED,
    ZERO,
    Keys,
    Unsigned,
)


@kernel(
    f"uint64({OCTETS}, uint64[::1], uint64, uint64, boolean, uint64, uint64[::1], {OCTETS}, uint64[::1],"
    " int64[::1], int64[::1], int32[::1], uint64[::1])"
)
def count_words(
    text: Keys,
    spans: Keys,
    at: Unsigned,
    stop: Unsigned,
    insert: bool,
    shift: Unsigned,
    table: Keys,
    arena: Keys,
    starts: Keys,
    counts: Places,
    weights: Places,
    ids: Numbers,
    state: Keys,
) -> Unsigned:
    """Write the ids of words that were found; stop before a new word that the table has no room for.

    Parameters
    ----------
    text
        The `octets` that the words are in.
    spans
        As `split_words` filled them, those of the words ``at`` to ``stop``; `AHEAD` more numbers may be read.
    insert
        Whether words that are not in the table get a new id; else -1 is written for them.
    shift
        64 less the bits of a slot's number.
    table, arena, starts, counts
        The words known: slots, the `octets` of their bytes with a line end after each, where each starts in it, how
        often each was seen. The arena must have room for all of the words, and `PADDING`.
    weights
        How often each word counts.
    ids
        Filled: an id a word.
    state
        (KNOWING,): the words and the bytes of the arena in use; updated.

    Returns
    -------
    Where it stopped: ``stop`` where all were counted.
    """
    known, used, touched = state[KNOWN], state[USED], state[TOUCHED]
    mask = (UNIT << (SIXTY_FOUR - shift)) - UNIT
    while at < stop:
        span = at * THREE
        key = spans[span + AHEAD]
        touched ^= table[((key ^ (key >> HALF)) * GOLDEN >> shift) * TWO]
        key, first, size = spans[span], spans[span + UNIT], spans[span + TWO]
        slot = ((key ^ (key >> HALF)) * GOLDEN) >> shift
        tag = table[slot * TWO + UNIT]
        while tag != ZERO:
            if table[slot * TWO] == key and tag >> HALF == size:
                if size < EIGHT:
                    break
                # The last eight bytes, then all others in eights.
                place, same = starts[(tag & LOWER_HALF) - UNIT], size - EIGHT
                if arena[place + same] == text[first + same]:
                    same = ZERO
                    while same + EIGHT < size and arena[place + same] == text[first + same]:
                        same += EIGHT
                    if same + EIGHT >= size:
                        break
            slot = (slot + UNIT) & mask
            tag = table[slot * TWO + UNIT]
        if tag == ZERO and insert:
            if known == np.uint64(starts.size):
                break
            starts[known] = used
            counts[known] = 0
            same = ZERO
            while same < size:
                arena[used + same] = text[first + same]
                same += EIGHT
            used += size + UNIT
            arena[used - UNIT] = LINE_FEED
            known += UNIT
            tag = (size << HALF) | known
            table[slot * TWO], table[slot * TWO + UNIT] = key, tag
        row = np.int64(tag & LOWER_HALF) - 1
        ids[at] = row
        if row >= 0:
            counts[row] += weights[at]
        at += UNIT
    state[KNOWN], state[USED], state[TOUCHED] = known, used, touched
    return at
