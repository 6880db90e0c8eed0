"""Choosing the words and pairs that get a column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.models.columns.columns import TextColumns, TextRows, inverse_frequency, ngram_frequency
from mt2st.models.columns.ngrams import NGrams
from mt2st.models.columns.numbering import UNKNOWN, Numbered, number_anew
from mt2st.models.columns.pairs import Pairs, frequent_keys, pair_keys
from mt2st.text.ragged import Ragged

# Labelled texts with more words have enough columns without those of words that occur only once.
MANY_WORDS = 1_000_000
# For texts with more words on average, and more in all, n-grams are not used, as they gain too little for their cost.
SHORT, FEW_WORDS = 64, 250_000
# Maximum number of other texts, and of words in them, in which n-grams are counted; the first ones are used.
COUNTED, COUNTED_WORDS = 20_000, 1_000_000


@dataclass(frozen=True)
class Chosen:
    """The columns, the texts from which they were chosen, and counts of those that have a row of the shared table.

    Attributes
    ----------
    columns
        The columns.
    labelled, others
        The texts.
    counts
        The number of occurrences of each word in all texts, (words,).
    pair_counts
        The same for the first pairs, in descending order, (shared pairs,): those frequent enough to have a vector.
    """

    columns: TextColumns
    labelled: TextRows
    others: TextRows
    counts: NDArray[np.int64]
    pair_counts: NDArray[np.int64]


def choose_columns(
    labelled: Sequence[str], others: Sequence[str], *, pairs: bool, ngrams: bool | None, min_count: int, shared: int
) -> Chosen:
    """Choose columns for all words and pairs of labelled texts, and the frequent ones of other texts.

    Parameters
    ----------
    labelled, others
        Labelled texts, whose words and pairs all get a column, and further texts, of which only frequent ones do.
    pairs, ngrams
        Whether to use pairs and n-grams; None: use n-grams if the labelled texts are short, or few.
    min_count
        Minimum occurrences in all texts together for a word that is not in the labelled ones.
    shared
        Minimum occurrences in all texts together for a pair to have a vector.

    Raises
    ------
    DataError
        If no labelled text has a word.
    """
    ids, met = number_anew(chain(labelled, others))
    end = ids.offsets[len(labelled)]
    if not end:
        raise DataError("texts: none has a word, and unlabelled ones alone teach nothing: give texts with words")
    own = np.bincount(ids.ids[:end], minlength=len(met))
    counts = np.bincount(ids.ids, minlength=len(met))
    least = 2 if end > MANY_WORDS else 1
    order = _by_count(met, counts, np.flatnonzero((own >= least) | (counts >= max(min_count, least))))
    words = [met[place] for place in order.tolist()]
    numbers = np.full(len(met), UNKNOWN, np.int32)
    numbers[order] = np.arange(len(order), dtype=np.int32)
    first = _renumbered(Ragged(ids.ids[:end], ids.offsets[: len(labelled) + 1]), numbers, met)
    second = _renumbered(Ragged(ids.ids[end:], ids.offsets[len(labelled) :] - end), numbers, met)
    keys, frequent = _pairs(first.ids, second.ids, least, shared) if pairs else (np.empty(0, np.uint64), counts[:0])
    found = Pairs(keys, len(words))
    columns = TextColumns(words, found, np.empty(0, np.float32))
    own_rows, other_rows = TextRows(columns, first), TextRows(columns, second)
    parts = [own_rows.words_and_pairs, other_rows.words_and_pairs]
    columns.idf = inverse_frequency(parts, len(words) + len(keys), len(labelled))
    if ngrams or (ngrams is None and want_ngrams(int(end), len(labelled))):
        columns.ngrams = NGrams(columns.words)
        columns.ngram_idf = ngram_frequency(columns.ngrams, _both(first, second), len(labelled))
    return Chosen(columns, own_rows, other_rows, counts[order], frequent)


def want_ngrams(words: int, texts: int) -> bool:
    """Return whether to use n-grams for labelled texts with so many words in all: if they are short, or few.

    Examples
    --------
    >>> want_ngrams(300_000, 1000), want_ngrams(300_000, 10_000)
    (False, True)
    """
    return words <= max(SHORT * texts, FEW_WORDS)


def _by_count(words: Sequence[str], counts: NDArray[np.int64], kept: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the indices of words by descending count, then alphabetically."""
    order = np.array(sorted(kept.tolist(), key=words.__getitem__), np.int64)
    return order[np.argsort(-counts[order], kind="stable")]


def _renumbered(ids: Ragged, numbers: NDArray[np.int32], words: Sequence[str]) -> Numbered:
    found = numbers[ids.ids]
    return Numbered(Ragged(found, ids.offsets), [words[place] for place in ids.ids[found < 0].tolist()])


def _pairs(first: Ragged, second: Ragged, least: int, shared: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the keys of the pairs, those with a vector first, and the counts of these."""
    own_keys, other_keys = pair_keys(first), pair_keys(second)
    own, counts = frequent_keys(own_keys, min(least, shared))
    if len(other_keys):
        everywhere, counts = frequent_keys(np.concatenate([own_keys, other_keys]), shared)
    else:
        everywhere, counts = own[counts >= shared], counts[counts >= shared]
    order = np.argsort(-counts, kind="stable")
    later = np.setdiff1d(own, everywhere, assume_unique=True)
    return np.concatenate([everywhere[order], later]), counts[order]


def _both(first: Numbered, second: Numbered) -> Numbered:
    """Return the first texts followed by some of the second, in which n-grams are counted."""
    most = min(COUNTED, int(np.searchsorted(second.ids.offsets, COUNTED_WORDS, side="right")) - 1)
    offsets = second.ids.offsets[: most + 1]
    ids = second.ids.ids[: offsets[-1]]
    unknown = [*first.unknown, *second.unknown[: int((ids < 0).sum())]]
    behind = first.ids.offsets[-1] + offsets[1:]
    return Numbered(Ragged(np.concatenate([first.ids.ids, ids]), np.concatenate([first.ids.offsets, behind])), unknown)
