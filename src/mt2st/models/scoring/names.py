"""Indices of addresses and sizes, shared by Python and compiled code."""

from __future__ import annotations

# Addresses. Open-addressing hash tables: keys of words and their numbers, of pairs and their places, of n-grams'
# buckets and their columns. IDF and weights of columns. The n-grams of known words, concatenated. The sizes.
WORD_KEYS, WORD_NUMBERS, PAIR_KEYS, PAIR_PLACES, BUCKETS, BUCKET_COLUMNS = range(6)
IDF, WEIGHTS, VECTOR_WEIGHTS, ROW_WEIGHTS, BIAS = range(6, 11)
NGRAM_OFFSETS, NGRAM_COLUMNS, SIZES = 11, 12, 13
# A workspace: a count for each column, zeros between calls; the columns met; a row for each n-gram, of which a text has
# hundreds, with its count, inverse document frequency and weights together, for one memory access; the n-grams met; the
# sums and the scores of one text; n-grams of a few characters. Of some tokens the starts, stops and keys, the numbers
# of their words and the columns of the pairs that they end, -1 for none. The ends of texts, and their scores.
COUNTS, MET, NGRAM_ROWS, NGRAM_MET, SUMS, SCORES, FEW = range(14, 21)
STARTS, STOPS, KEYS, TOKEN_WORDS, TOKEN_PAIRS, ENDS, OUT = range(21, 28)
COUNT, FREQUENCY, SAID = range(3)
# Upper bound of the number of n-grams that begin at one character, and how many are looked up at a time.
MOST, TOGETHER = 8, 64
# How many tokens are looked up at a time.
BLOCK = 64
# How many texts are scored in a call.
CHUNK = 1024

# Sizes. COLUMNS counts words and pairs, NGRAMS is 0 without n-grams; LISTED counts the n-grams of all words together.
MEASURES = 9
WORDS, COLUMNS, SHARED, OUTPUTS, NGRAMS, WORD_SLOTS, PAIR_SLOTS, BUCKET_SLOTS, LISTED = range(MEASURES)
