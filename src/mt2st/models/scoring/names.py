"""What Python and compiled code agree on: which array's address, and which size, stands where."""

from __future__ import annotations

# Addresses. Tables of open addresses: keys of words and their numbers, of pairs and their places, of n-grams' buckets
# and their columns. What the columns count and say. The n-grams of known words, end to end.
WORD_KEYS, WORD_NUMBERS, PAIR_KEYS, PAIR_PLACES, BUCKETS, BUCKET_COLUMNS = range(6)
IDF, WEIGHTS, VECTOR_WEIGHTS, ROW_WEIGHTS, BIAS = range(6, 11)
NGRAM_OFFSETS, NGRAM_COLUMNS = 11, 12
# A workspace: a count a column, zeros between calls; the columns met; a row an n-gram, of which a text has hundreds, so
# that one look into memory finds its count, its inverse document frequency and its weights; the n-grams met; the sums
# of one text; n-grams of one character.
COUNTS, MET, NGRAM_ROWS, NGRAM_MET, SUMS, FEW = range(13, 19)
COUNT, FREQUENCY, SAID = range(3)
# N-grams that begin at one character, or more.
MOST = 8

# Sizes. COLUMNS are words and pairs, NGRAMS is 0 where there are none; LISTED are the n-grams of all words together.
WORDS, COLUMNS, SHARED, OUTPUTS, NGRAMS, WORD_SLOTS, PAIR_SLOTS, BUCKET_SLOTS, LISTED = range(9)
