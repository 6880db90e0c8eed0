"""Indices of addresses and sizes, shared by Python and compiled code."""

from __future__ import annotations

# Addresses. Open-addressing hash tables: keys of words and their numbers, of pairs and their places, of n-grams'
# buckets and their columns. IDF and weights of columns. The n-grams of known words, concatenated.
WORD_KEYS, WORD_NUMBERS, PAIR_KEYS, PAIR_PLACES, BUCKETS, BUCKET_COLUMNS = range(6)
IDF, WEIGHTS, VECTOR_WEIGHTS, ROW_WEIGHTS, BIAS = range(6, 11)
NGRAM_OFFSETS, NGRAM_COLUMNS = 11, 12
# A workspace: a count for each column, zeros between calls; the columns met; a row for each n-gram, of which a text has
# hundreds, with its count, inverse document frequency and weights together, for one memory access; the n-grams met; the
# sums of one text; n-grams of one character.
COUNTS, MET, NGRAM_ROWS, NGRAM_MET, SUMS, FEW = range(13, 19)
COUNT, FREQUENCY, SAID = range(3)
# Upper bound of the number of n-grams that begin at one character.
MOST = 8

# Sizes. COLUMNS counts words and pairs, NGRAMS is 0 without n-grams; LISTED counts the n-grams of all words together.
WORDS, COLUMNS, SHARED, OUTPUTS, NGRAMS, WORD_SLOTS, PAIR_SLOTS, BUCKET_SLOTS, LISTED = range(9)
