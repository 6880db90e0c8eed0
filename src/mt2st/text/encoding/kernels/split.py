"""Finding words in bytes, eight bytes at a time, without Python objects."""

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
        The `octets` of the bytes, of which the first ``length`` are text; the last of them is not part of a word, and
        `PADDING` follow.
    kinds
        (256,): the kind of each byte, `WORD`, `SPACE` or `END`; all from 0x21 on are `WORD`.
    mark
        Three bytes that are skipped after a sentence's end.
    spans
        Written: three numbers per word, its key, offset and length.
    ends
        Written: the number of words up to the end of each non-empty sentence, except a last one without an end.
    state
        (READING,): where to continue, and the number of words found so far; updated. If ``state[AT]`` is at least
        ``length``, all was read.
    """
    at, tokens = state[AT], state[TOKENS]
    sentences, opened = state[SENTENCES], state[OPENED]
    span = ZERO
    while at < length and span < np.uint64(spans.size):
        kind = kinds[text[at] & BYTE]
        if kind == WORD:
            # Find the word's end: mark bytes below 0x21; the first marked one that is not part of a word ends it.
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
