"""Words found in bytes, eight bytes at a time, with no Python object for any of them."""

from __future__ import annotations

import numpy as np

from mt2st.native import Places, kernel
from mt2st.text.encoding.kernels.octets import (
    AT,
    BYTE,
    CONTROL,
    EIGHT,
    END,
    HALF,
    HIGH,
    LONGEST_SENTENCE,
    MARK,
    MIXER,
    OCTETS,
    ONES,
    OPENED,
    SENTENCES,
    SEVEN,
    THREE,
    TOKENS,
    TOP,
    TWO,
    UNIT,
    WORD,
    ZERO,
    Bytes,
    Keys,
    Unsigned,
)


@kernel(f"void({OCTETS}, uint8[::1], uint64, uint64, uint64[::1], int64[::1], uint64[::1])")
def split_words(
    text: Keys, kinds: Bytes, length: Unsigned, mark: Unsigned, spans: Keys, ends: Places, state: Keys
) -> None:
    """Find the next words of a text, as many as there is room for in ``spans``.

    Parameters
    ----------
    text, length
        The `octets` of the bytes, of which those under ``length`` count; the last of them is no part of a word, and
        `PADDING` follow.
    kinds
        (256,): what each byte is, `WORD`, `SPACE` or `END`; all from 0x21 on are `WORD`.
    mark
        Three bytes that are left out where a sentence's end is before them.
    spans
        Filled: three numbers a word, its key, its place and its length.
    ends
        Filled: the number of words up to the end of each sentence that has any, but for a last one without an end.
    state
        (READING,): where to go on, and the words found so far; updated. Where ``state[AT]`` is ``length`` or more, all
        was read.
    """
    at, tokens = state[AT], state[TOKENS]
    sentences, opened = state[SENTENCES], state[OPENED]
    span = ZERO
    while at < length and span < np.uint64(spans.size):
        kind = kinds[text[at] & BYTE]
        if kind == WORD:
            # Find the word's end: bytes under 0x21 are marked, and the first mark that is no part of a word ends it.
            key, end = ZERO, at
            while True:
                word = text[end]
                marks = (word - CONTROL) & ~word & HIGH
                while marks != ZERO:
                    inside = ((marks & (~marks + UNIT)) >> SEVEN) - UNIT
                    beyond = ((inside & ONES) * ONES) >> TOP
                    if kinds[text[end + beyond] & BYTE] != WORD:
                        break
                    marks &= marks - UNIT
                if marks != ZERO:
                    break
                key = (key ^ word) * MIXER
                key ^= key >> HALF
                end += EIGHT
            spans[span] = (key ^ (word & inside)) * MIXER
            spans[span + UNIT] = at
            end += beyond
            spans[span + TWO] = end - at
            span += THREE
            tokens += UNIT
            at = end
        else:
            at += UNIT
            if kind == END and text[at] & MARK == mark:
                at += THREE
        if tokens > opened and (kind == END or tokens - opened == LONGEST_SENTENCE):
            ends[sentences] = tokens
            sentences += UNIT
            opened = tokens
    state[AT], state[TOKENS] = at, tokens
    state[SENTENCES], state[OPENED] = sentences, opened
