"""Character n-grams of words, hashed as in fastText and collected in one array for training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.kernels.composing import mean_rows
from mt2st.embeddings.kernels.ngrams import (
    count_ngrams,
    count_rows,
    list_bits,
    number_rows,
    order_by_use,
    rank_bits,
    write_ngrams,
    write_rows,
)
from mt2st.embeddings.subword_rows import SubwordRows
from mt2st.embeddings.utf8 import join_utf8
from mt2st.errors import ConfigError
from mt2st.text.ragged import Ragged

LARGEST = np.iinfo(np.int32).max
# fastText's token for the end of a line, which has no n-grams.
END_OF_SENTENCE = "</s>"


def ngram_buckets(word: str, min_n: int, max_n: int, bucket: int) -> NDArray[np.int32]:
    """Return the buckets of a word's character n-grams, by first character and then by length, repeats kept.

    N-grams are taken from ``<word>``, marks included, and hashed by FNV-1a over its UTF-8 bytes, each read as a signed
    byte; its bucket is the hash modulo ``bucket``. The marks alone are no n-grams, and ``</s>`` has none.

    Parameters
    ----------
    word
        Any string, known or not.
    min_n, max_n
        Lengths in characters. If ``max_n`` is 0 or below ``min_n`` there are no n-grams.
    bucket
        The number of buckets.

    Raises
    ------
    ConfigError
        If a setting is negative, or there are no buckets for the n-grams.
    DataError
        If the word contains half a surrogate pair, which UTF-8 cannot encode.

    Notes
    -----
    P. Bojanowski et al., "Enriching word vectors with subword information", 2017. The signed bytes come from
    fastText's code and matter for words beyond ASCII.

    Examples
    --------
    >>> ngram_buckets("is", 3, 6, 2_000_000)  # <is, <is>, is>
    array([1707199,   30739, 1237425], dtype=int32)
    """
    check_ngrams(min_n, max_n, bucket)
    text, places = join_utf8([word])
    if word == END_OF_SENTENCE or not has_ngrams(min_n, max_n):
        return np.empty(0, np.int32)
    found = np.empty(count_ngrams(text, 0, places[1], min_n, max_n), np.int32)
    write_ngrams(text, 0, places[1], min_n, max_n, np.uint32(bucket), found, 0)
    return found


@dataclass(frozen=True)
class SubwordIndex:
    """The rows of each word: its own and those of its n-grams. Only buckets in use have a row.

    Attributes
    ----------
    min_n, max_n, bucket
        See `ngram_buckets`.
    offsets
        Word w's rows are ``rows[offsets[w]:offsets[w + 1]]``, int64 (words + 1,).
    rows
        Row indices, a word's own first, int32 (total,). Row w is word w's own, row words + i is bucket ``buckets[i]``.
    buckets
        The buckets in use, in order of first use, int32 (used,). The n-grams that first occur in the same word are
        adjacent in memory, which trains a quarter faster than rows in order of their hashes.

    Examples
    --------
    >>> index = SubwordIndex.of(["is", "his"], min_n=3, max_n=3, bucket=1000)
    >>> index.offsets, index.buckets  # <is is> and <hi his is>
    (array([0, 3, 7]), array([199, 425, 152, 467], dtype=int32))
    >>> index.rows
    array([0, 2, 3, 1, 4, 5, 3], dtype=int32)
    """

    min_n: int
    max_n: int
    bucket: int
    offsets: NDArray[np.int64]
    rows: NDArray[np.int32]
    buckets: NDArray[np.int32]

    @classmethod
    def of(cls, words: Sequence[str], min_n: int = 3, max_n: int = 6, bucket: int = 2_000_000) -> SubwordIndex:
        """Find the rows of all words; the defaults are fastText's. Errors are those of `ngram_buckets`."""
        offsets, rows, used = _write_all(words, min_n, max_n, bucket)
        before = np.empty(len(used), np.int32)
        rising = np.empty(rank_bits(used, before), np.int32)
        if len(words) + len(rising) > LARGEST:
            raise ConfigError(f"{len(words)} words and {len(rising)} buckets are over {LARGEST} rows: lower bucket")
        list_bits(used, rising)
        number_rows(offsets, rows, used, before)
        buckets = np.empty_like(rising)
        order_by_use(rows, len(words), rising, buckets)
        return cls(min_n, max_n, bucket, offsets, rows, buckets)


def list_buckets(words: Sequence[str], min_n: int, max_n: int, bucket: int) -> Ragged:
    """Return the buckets of each word's n-grams, in order; see `ngram_buckets`.

    Examples
    --------
    >>> list_buckets(["is", "his"], 3, 3, 1000).row(0)  # <is is>
    array([199, 425], dtype=int32)
    """
    offsets, rows, _ = _write_all(words, min_n, max_n, bucket)
    return Ragged(rows, offsets).without_first()


def _write_all(
    words: Sequence[str], min_n: int, max_n: int, bucket: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint64]]:
    """Return the start of each word's slice, the slices (its number, its buckets), and a bit for each used bucket."""
    check_ngrams(min_n, max_n, bucket)
    text, places = join_utf8(words)
    plain = np.array([word == END_OF_SENTENCE for word in words], np.bool_)
    offsets = np.zeros(len(words) + 1, np.int64)
    count_rows(text, places, plain, min_n, max_n if has_ngrams(min_n, max_n) else 0, offsets)
    rows = np.empty(offsets[-1], np.int32)
    used = np.zeros(bucket // 64 + 1, np.uint64)
    write_rows(text, places, min_n, max_n, np.uint32(bucket), offsets, rows, used)
    return offsets, rows, used


def has_ngrams(min_n: int, max_n: int) -> bool:
    """Return whether these lengths allow any n-gram."""
    return max(min_n, 1) <= max_n


def check_ngrams(min_n: int, max_n: int, bucket: int) -> None:
    """Raise `ConfigError` if a length or the number of buckets is invalid."""
    least = 1 if has_ngrams(min_n, max_n) else 0
    for name, value, low in (("min_n", min_n, 0), ("max_n", max_n, 0), ("bucket", bucket, least)):
        if not low <= value <= LARGEST:
            raise ConfigError(
                f"{name} must be a whole number from {low} to {LARGEST}, {value} found: see ngram_buckets"
            )


def compose_vectors(words: Sequence[str], subwords: SubwordRows) -> NDArray[np.float32]:
    """Return the mean of each word's own row and the rows of its n-grams, float32 (words, vector_size).

    A bucket that is not stored is a row of zeros.

    Examples
    --------
    >>> own, rows = np.array([[4.0]], np.float32), np.array([[2.0], [6.0]], np.float32)
    >>> buckets = np.array([425, 467], np.int32)
    >>> int(ngram_buckets("is", 3, 3, 1000)[1])
    425
    >>> compose_vectors(["is"], SubwordRows(3, 3, 1000, buckets, rows, own))  # (4 + 0 + 2) / 3
    array([[2.]], dtype=float32)
    """
    index = SubwordIndex.of(words, subwords.min_n, subwords.max_n, subwords.bucket)
    stored = np.searchsorted(subwords.buckets, index.buckets).astype(np.int32)
    known = np.isin(index.buckets, subwords.buckets, assume_unique=True)
    vectors = np.empty_like(subwords.word_rows)
    mean_rows(
        index.offsets, index.rows, subwords.word_rows, subwords.rows, np.where(known, stored, np.int32(-1)), vectors
    )
    return vectors
