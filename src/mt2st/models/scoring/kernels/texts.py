"""The functions of `mt2st.models.scoring` for Numba, which take addresses and allocate no arrays."""

from __future__ import annotations

import numpy as np
from numba import carray  # type: ignore[attr-defined]

from mt2st.embeddings.kernels.ngrams import write_ngrams
from mt2st.models.columns.kernels import keep_key
from mt2st.models.columns.pairs import FIRST
from mt2st.models.columns.tokens import Bytes, read_tokens, word_key
from mt2st.models.scoring import names as at
from mt2st.models.scoring.kernels.arrays import Arrays, List, arrays_of
from mt2st.models.scoring.kernels.columns import (
    BUCKET,
    MAX_N,
    MIN_N,
    add_columns,
    add_ngrams,
    meet,
    meet_ngrams,
    meet_shared,
)
from mt2st.models.scoring.kernels.tokens import find_pairs, find_words
from mt2st.native import kernel

BEGINNING = int(FIRST)


def fill_words(addresses: List, text: List, places: List) -> None:
    """Insert each word, ``text[places[w]:places[w + 1]]``, into the table of words."""
    model = arrays_of(addresses)
    words = model.sizes[at.WORDS]
    letters = carray(text, (places[words],))
    for word in range(words):
        keep_key(word_key(letters, places[word], places[word + 1]), word, model.word_keys, model.word_numbers)


def fill_pairs(addresses: List, keys: List) -> None:
    """Insert each pair, with a key of `mt2st.models.columns.pairs.pair_keys`, into the table of pairs."""
    model = arrays_of(addresses)
    for place in range(model.sizes[at.COLUMNS] - model.sizes[at.WORDS]):
        keep_key(keys[place], place, model.pair_keys, model.pair_places)


def number_ngrams(addresses: List, text: List, places: List) -> int:
    """Assign the n-grams of all words numbers by first occurrence, and list each word's; return their number.

    It stops at one more than expected, which happens if files do not belong together.
    """
    model, number = arrays_of(addresses), 0
    words, columns = model.sizes[at.WORDS], model.ngram_columns
    letters = carray(text, (places[words],))
    for word in range(words):
        start, stop = model.ngram_offsets[word], model.ngram_offsets[word + 1]
        write_ngrams(letters, places[word], places[word + 1], MIN_N, MAX_N, BUCKET, columns, start)
        for i in range(start, stop):
            columns[i] = keep_key(np.uint64(columns[i]), number, model.buckets, model.bucket_columns)
            if columns[i] == number:
                number += 1
                if number > model.sizes[at.NGRAMS]:
                    return number
    return number


@kernel("", inline="always")
def meet_text(
    text: Bytes, start: int, stop: int, words: int, model: Arrays, ngrams: bool
) -> tuple[int, int, np.float32]:
    """Count a text's words, pairs and n-grams, and write the contributions of vectors to the sums.

    Return the numbers of different columns and n-grams, and the total weight of the vectors.
    """
    met, ngrams_met, before, place, total = 0, 0, BEGINNING, start, np.float32(0)
    model.sums[:] = 0
    while place < stop:
        number, place = read_tokens(
            text, place, stop, model.word_keys, model.word_numbers, model.starts, model.stops, model.keys
        )
        last = find_words(number, before, model)
        find_pairs(number, before, words, model)
        before = last
        for i in range(number):
            word, pair = model.token_words[i], model.token_pairs[i]
            if word >= 0:
                met = meet(word, model.counts, model.met, met)
                total += meet_shared(word, model)
            if pair >= 0:
                met = meet(pair, model.counts, model.met, met)
                total += meet_shared(pair, model)
            if ngrams:
                ngrams_met = meet_ngrams(text, model.starts[i], model.stops[i], word, model, ngrams_met)
    return met, ngrams_met, total


def score_texts(addresses: List, text: List, texts: int) -> None:
    """Write the scores of concatenated texts in lower case; see `mt2st.models.linear_text.LinearText`."""
    model, start = arrays_of(addresses), 0
    letters, words, ngrams = carray(text, (model.ends[texts - 1],)), model.sizes[at.WORDS], model.sizes[at.NGRAMS] > 0
    for row in range(texts):
        met, ngrams_met, total = meet_text(letters, start, model.ends[row], words, model, ngrams)
        for k in range(model.bias.shape[0]):
            model.scores[k] = model.bias[k]
            if total > 0:
                model.scores[k] += model.sums[k] / total
        add_columns(model.met, met, model.idf, model.counts, model.weights, model.sums, model.scores)
        add_ngrams(model.ngram_met, ngrams_met, model.ngram_rows, model.ngram_counts, model.sums, model.scores)
        for k in range(model.bias.shape[0]):
            model.out[row, k] = model.scores[k]
        start = model.ends[row]
