"""The words and pairs of some tokens: one step says what the next will look up, so that it is there by then.

Tables of some megabytes do not fit the caches next to the processor, and a text has dozens of words, pairs and n-grams
in places of their own. Looked up one after the other, each is waited for.
"""

from __future__ import annotations

from mt2st.embeddings.kernels.rows import address, prefetch
from mt2st.models.columns.kernels import expect_key, find_key, pair_key
from mt2st.models.scoring.kernels.arrays import Arrays
from mt2st.native import kernel

# Bytes of the list of a word's n-grams that are loaded ahead; of a longer one memory brings the rest by itself.
LISTED_AHEAD = 128


@kernel("", inline="always")
def find_words(number: int, before: int, model: Arrays) -> int:
    """Write the word of each token; return the last. The first token may be in a pair with the word ``before``."""
    for i in range(number):
        word = find_key(model.keys[i], model.word_keys, model.word_numbers)
        model.token_words[i] = word
        if before >= 0 and word >= 0:
            expect_key(pair_key(before, word), model.pair_keys, model.pair_places)
        before = word
    return before


@kernel("", inline="always")
def find_pairs(number: int, before: int, words: int, model: Arrays) -> None:
    """Write the column of the pair that each token ends."""
    for i in range(number):
        word, pair = model.token_words[i], -1
        if before >= 0 and word >= 0:
            pair = find_key(pair_key(before, word), model.pair_keys, model.pair_places)
        model.token_pairs[i] = -1
        if pair >= 0:
            model.token_pairs[i] = words + pair
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
