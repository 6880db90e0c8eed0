"""What Python and compiled code agree on: which array's address, and which size, stands where."""

from __future__ import annotations

# Addresses. Tables of open addresses: keys of words and their numbers, of pairs and their places, of n-grams' buckets
# and their columns. What the columns count and say. The n-grams of known words, end to end.
WORD_KEYS, WORD_NUMBERS, PAIR_KEYS, PAIR_PLACES, BUCKETS, BUCKET_COLUMNS = range(6)
IDF, WEIGHTS, VECTOR_WEIGHTS, ROW_WEIGHTS, BIAS, NGRAM_IDF, NGRAM_WEIGHTS = range(6, 13)
NGRAM_OFFSETS, NGRAM_COLUMNS = 13, 14
# Scratch: a count a column, zeros between calls; the columns met; the sums of one text; n-grams of one character.
COUNTS, MET, NGRAM_COUNTS, NGRAM_MET, SUMS, FEW = range(15, 21)
# N-grams that begin at one character, or more.
MOST = 8

# Sizes. COLUMNS are words and pairs, NGRAMS is 0 where there are none; LISTED are the n-grams of all words together.
WORDS, COLUMNS, SHARED, OUTPUTS, NGRAMS, WORD_SLOTS, PAIR_SLOTS, BUCKET_SLOTS, LISTED = range(9)
