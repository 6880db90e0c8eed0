"""Finding some tokens, and their numbers: one step says what the next will look up, so that it is there by then.

Tables of some megabytes do not fit the caches next to the processor, and a text has dozens of words, pairs and n-grams
in places of their own. Looked up one after the other, each is waited for.
"""

from __future__ import annotations

import numpy as np
from numba import int32, int64, types, uint8, uint64

from mt2st.embeddings.kernels.rows import address, prefetch
from mt2st.models.columns.kernels import Keys, expect_key, find_key, pair_key
from mt2st.models.columns.tokens import Bytes, token_at
from mt2st.models.scoring.kernels.arrays import Arrays
from mt2st.models.scoring.names import BLOCK, KEY, PAIR, START, STOP, WORD
from mt2st.native import Numbers, Places, kernel

# Bytes of the list of a word's n-grams that are loaded ahead; of a longer one memory brings the rest by itself.
LISTED_AHEAD = 128


@kernel(types.UniTuple(int64, 2)(uint8[::1], int64, int64, uint64[::1], int32[::1], int64[:, ::1]), inner=True)
def read_tokens(text: Bytes, place: int, stop: int, keys: Keys, numbers: Numbers, tokens: Places) -> tuple[int, int]:
    """Write the places and keys of the next tokens, at most `BLOCK`; return how many, and the place after them."""
    number = 0
    while place < stop and number < BLOCK:
        end, key = token_at(text, place, stop)
        if end == place:
            place += 1
            continue
        expect_key(key, keys, numbers)
        tokens[START, number], tokens[STOP, number], tokens[KEY, number] = place, end, np.int64(key)
        number, place = number + 1, end
    return number, place


@kernel("", inline="always")
def find_words(number: int, before: int, model: Arrays) -> int:
    """Write the word of each token; return the last. The first token may be in a pair with the word ``before``."""
    for i in range(number):
        word = find_key(np.uint64(model.tokens[KEY, i]), model.word_keys, model.word_numbers)
        model.tokens[WORD, i] = word
        if before >= 0 and word >= 0:
            expect_key(pair_key(before, word), model.pair_keys, model.pair_places)
        before = word
    return before


@kernel("", inline="always")
def find_pairs(number: int, before: int, words: int, model: Arrays) -> None:
    """Write the column of the pair that each token ends."""
    for i in range(number):
        word, pair = model.tokens[WORD, i], -1
        if before >= 0 and word >= 0:
            pair = find_key(pair_key(before, word), model.pair_keys, model.pair_places)
        model.tokens[PAIR, i] = -1
        if pair >= 0:
            model.tokens[PAIR, i] = words + pair
            expect_column(words + pair, model)
        if word >= 0 and model.ngram_columns.shape[0] > 0:
            prefetch(address(model.ngram_columns) + 4 * model.ngram_offsets[word], LISTED_AHEAD)
        before = word


@kernel("", inline="always")
def expect_column(column: int, model: Arrays) -> None:
    """Start loading what a text's score needs of a word or a pair."""
    prefetch(address(model.counts) + 4 * column, 4)
    prefetch(address(model.idf) + 4 * column, 4)
    prefetch(address(model.weights) + 4 * column * model.weights.shape[1], 4)
