"""Word vectors and what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SubwordRows:
    """What vectors with subwords are made of: rows of the words and rows of character n-grams.

    A word's vector is the mean of its own row and the rows of its n-grams; that of an unseen word the mean of its
    n-grams' rows. A bucket that is not stored counts as a row of zeros.

    Attributes
    ----------
    min_n, max_n
        Lengths of the n-grams in characters, the word's marks ``<`` and ``>`` counted.
    bucket
        N-grams are hashed into this many buckets.
    buckets
        The buckets in use, rising, int32 (used,).
    rows
        Their rows, float32 (used, vector_size).
    word_rows
        The words' own rows, float32 (words, vector_size).
    """

    min_n: int
    max_n: int
    bucket: int
    buckets: NDArray[np.int32]
    rows: NDArray[np.float32]
    word_rows: NDArray[np.float32]


class WordVectors:
    """Words and their vectors.

    Parameters
    ----------
    words
        Distinct strings, most frequent first where counts are known.
    vectors
        float32 (words, vector_size).
    counts
        How often each word occurred, int64 (words,), where known.
    subwords
        Where the vectors are made of subwords.
    output
        The output rows that training moved along, float32 (words, vector_size); training goes on from them.
    """

    def __init__(
        self,
        words: list[str],
        vectors: NDArray[np.float32],
        *,
        counts: NDArray[np.int64] | None = None,
        subwords: SubwordRows | None = None,
        output: NDArray[np.float32] | None = None,
    ) -> None:
        self.index_to_key, self.vectors = words, vectors
        self.key_to_index = {word: at for at, word in enumerate(words)}
        self.counts, self.subwords, self.output = counts, subwords, output
