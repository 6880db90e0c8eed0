"""Word vectors composed of the words' own rows and those of their n-grams."""

from __future__ import annotations

import numpy as np

from mt2st.native import Floats, Numbers, Places, kernel


@kernel("void(int64[::1], int32[::1], float32[:,::1], float32[:,::1], int32[::1], float32[:,::1])")
def mean_rows(offsets: Places, rows: Numbers, own: Floats, ngrams: Floats, stored: Numbers, out: Floats) -> None:
    """Write each word's mean of its own row and its n-grams', at the indices ``stored``, -1 for a row of zeros."""
    words, size = own.shape[0], own.shape[1]
    for word in range(words):
        # Copied number by number: Numba's assignment of whole rows takes seconds to compile.
        vector, first = out[word], own[word]
        for d in range(size):
            vector[d] = first[d]
        for i in range(offsets[word] + 1, offsets[word + 1]):
            place = stored[rows[i] - words]
            if place >= 0:
                ngram = ngrams[place]
                for d in range(size):
                    vector[d] += ngram[d]
        share = np.float32(1) / np.float32(offsets[word + 1] - offsets[word])
        for d in range(size):
            vector[d] *= share
