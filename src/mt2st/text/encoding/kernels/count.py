"""Counting words in a table."""

from __future__ import annotations

from mt2st.native import Numbers, Places, kernel
from mt2st.text.encoding.kernels.octets import (
    AHEAD,
    EIGHT,
    HALF,
    KNOWN,
    LINE_FEED,
    LOWER_HALF,
    OCTETS,
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
    f"uint64({OCTETS}, uint64[::1], uint64, uint64, boolean, uint64, uint64, uint64[::1], {OCTETS}, uint64[::1],"
    " int64[::1], int64[::1], int32[::1], uint64[::1])"
)
def count_words(
    text: Keys,
    spans: Keys,
    at: Unsigned,
    stop: Unsigned,
    insert: bool,
    shift: Unsigned,
    mask: Unsigned,
    table: Keys,
    arena: Keys,
    starts: Keys,
    counts: Places,
    weights: Places,
    ids: Numbers,
    state: Keys,
) -> Unsigned:
    """Write the ids of words; stop before a new word that the table has no room for.

    Parameters
    ----------
    text
        The `octets` of the text.
    spans
        Filled by `split_words`, for the words ``at`` to ``stop``; `AHEAD` more numbers may be read.
    insert
        Whether words that are not in the table get a new id, or -1.
    shift, mask
        64 minus the bits of a slot's number, and the last index in ``table``, which holds at most one word per two
        slots.
    table, arena, starts, counts
        The known words: slots, the `octets` of their bytes with a newline after each, their starts in the arena, and
        their counts. The arena must have room for all of the words, and `PADDING`.
    weights
        Number to count for each word.
    ids
        Written: one id per word.
    state
        (KNOWING,): the number of words and of arena bytes in use; updated.

    Returns
    -------
    The word at which it stopped: ``stop`` if all were counted.
    """
    known, used, touched = state[KNOWN], state[USED], state[TOUCHED]
    while at < stop:
        span = at * THREE
        touched ^= table[(spans[span + AHEAD] >> shift) * TWO]
        key, first, size = spans[span], spans[span + UNIT], spans[span + TWO]
        slot = (key >> shift) * TWO
        while True:
            tag = table[slot + UNIT]
            if tag == ZERO:
                break
            if table[slot] == key and tag >> HALF == size:
                if size < EIGHT:
                    break
                # Eight bytes at a time from the end, then the first eight, some of which may be compared twice.
                place, same = starts[(tag & LOWER_HALF) - UNIT], size
                while same >= EIGHT:
                    same -= EIGHT
                    if arena[place + same] != text[first + same]:
                        same = size
                        break
                if same < EIGHT and arena[place] == text[first]:
                    break
            slot = (slot + TWO) & mask
        if tag == ZERO and insert:
            if known << TWO > mask:
                break
            starts[known] = used
            counts[known] = 0
            same = ZERO
            while same < size:
                arena[used + same] = text[first + same]
                same += EIGHT
            used += size
            arena[used] = LINE_FEED
            used += UNIT
            known += UNIT
            tag = (size << HALF) | known
            table[slot] = key
            table[slot + UNIT] = tag
        row = (tag & LOWER_HALF) - UNIT
        ids[at] = row
        if tag != ZERO:
            counts[row] += weights[at]
        at += UNIT
    state[KNOWN], state[USED], state[TOUCHED] = known, used, touched
    return at
