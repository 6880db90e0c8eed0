"""A model's arrays, made from their addresses in compiled code."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import carray  # type: ignore[attr-defined]

from mt2st.models.scoring import names as at
from mt2st.native import Floats, Numbers, Places, kernel

# A list of addresses in the order of `mt2st.models.scoring.names`, or of numbers.
List = Any
Keys = Any
Doubles = Any


class Arrays(NamedTuple):
    """See `mt2st.models.scoring.names`; ``ngram_counts`` is ``ngram_rows`` read as integers, which its counts are."""

    word_keys: Keys
    word_numbers: Numbers
    pair_keys: Keys
    pair_places: Numbers
    buckets: Keys
    bucket_columns: Numbers
    idf: Floats
    weights: Floats
    vector_weights: Floats
    row_weights: Floats
    bias: Floats
    ngram_offsets: Places
    ngram_columns: Numbers
    sizes: Places
    counts: Numbers
    met: Numbers
    ngram_rows: Floats
    ngram_counts: Numbers
    ngram_met: Numbers
    sums: Floats
    scores: Floats
    few: Numbers
    starts: Places
    stops: Places
    keys: Keys
    token_words: Places
    token_pairs: Places
    ends: Places
    out: Doubles


@kernel("", inline="always")
def arrays_of(addresses: List) -> Arrays:
    """Return the arrays at some addresses."""
    sizes = carray(addresses[at.SIZES], (at.MEASURES,), np.int64)
    word_slots, pair_slots, bucket_slots = sizes[at.WORD_SLOTS], sizes[at.PAIR_SLOTS], sizes[at.BUCKET_SLOTS]
    columns, ngrams, outputs, shared = sizes[at.COLUMNS], sizes[at.NGRAMS], sizes[at.OUTPUTS], sizes[at.SHARED]
    return Arrays(
        carray(addresses[at.WORD_KEYS], (word_slots,), np.uint64),
        carray(addresses[at.WORD_NUMBERS], (word_slots,), np.int32),
        carray(addresses[at.PAIR_KEYS], (pair_slots,), np.uint64),
        carray(addresses[at.PAIR_PLACES], (pair_slots,), np.int32),
        carray(addresses[at.BUCKETS], (bucket_slots,), np.uint64),
        carray(addresses[at.BUCKET_COLUMNS], (bucket_slots,), np.int32),
        carray(addresses[at.IDF], (columns,), np.float32),
        carray(addresses[at.WEIGHTS], (columns, outputs), np.float32),
        carray(addresses[at.VECTOR_WEIGHTS], (shared, outputs), np.float32),
        carray(addresses[at.ROW_WEIGHTS], (shared,), np.float32),
        carray(addresses[at.BIAS], (outputs,), np.float32),
        carray(addresses[at.NGRAM_OFFSETS], (sizes[at.WORDS] + 1,), np.int64),
        carray(addresses[at.NGRAM_COLUMNS], (sizes[at.LISTED],), np.int32),
        sizes,
        carray(addresses[at.COUNTS], (columns,), np.int32),
        carray(addresses[at.MET], (columns,), np.int32),
        carray(addresses[at.NGRAM_ROWS], (ngrams, at.SAID + outputs), np.float32),
        carray(addresses[at.NGRAM_ROWS], (ngrams, at.SAID + outputs), np.int32),
        carray(addresses[at.NGRAM_MET], (ngrams + 1,), np.int32),
        carray(addresses[at.SUMS], (outputs,), np.float32),
        carray(addresses[at.SCORES], (outputs,), np.float32),
        carray(addresses[at.FEW], (at.TOGETHER,), np.int32),
        carray(addresses[at.STARTS], (at.BLOCK,), np.int64),
        carray(addresses[at.STOPS], (at.BLOCK,), np.int64),
        carray(addresses[at.KEYS], (at.BLOCK,), np.uint64),
        carray(addresses[at.TOKEN_WORDS], (at.BLOCK,), np.int64),
        carray(addresses[at.TOKEN_PAIRS], (at.BLOCK,), np.int64),
        carray(addresses[at.ENDS], (at.CHUNK,), np.int64),
        carray(addresses[at.OUT], (at.CHUNK, outputs), np.float64),
    )
