"""Choosing the columns: which words and pairs are worth one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.text.columns.columns import NGRAMS, TextColumns, inverse_frequency
from mt2st.text.columns.numbering import Numbered, WordNumbers, count_words
from mt2st.text.columns.pairs import Pairs, pair_keys
from mt2st.text.ragged import Ragged

# Labelled texts of so many words have enough columns without those that stand in them once.
MANY_WORDS = 1_000_000
# Texts of more words on the mean say enough by their words: n-grams would cost more than they bring.
SHORT = 64


@dataclass(frozen=True)
class Chosen:
    """Columns, the texts they were chosen from, and how many of them come first as rows of the shared table.

    Attributes
    ----------
    columns
        The columns.
    labelled, others
        The texts as numbers.
    counts
        How often each word occurs in all texts, (words,).
    pair_counts
        How often each of the first pairs does, by falling count, (shared pairs,): frequent enough to have a vector.
    """

    columns: TextColumns
    labelled: Numbered
    others: Numbered
    counts: NDArray[np.int64]
    pair_counts: NDArray[np.int64]


def choose_columns(
    labelled: Sequence[str], others: Sequence[str], *, pairs: bool, ngrams: bool | None, min_count: int, shared: int
) -> Chosen:
    """Choose the columns of some labelled texts, and those that other texts share with them.

    Parameters
    ----------
    labelled, others
        Labelled texts, of whose words and pairs each has a column, and further texts, of which the frequent have one.
    pairs, ngrams
        Whether there are pairs and n-grams; None for n-grams where the labelled texts are short.
    min_count
        Least occurrences of a word in all texts together that is not among the labelled ones.
    shared
        Least occurrences of a pair in all texts together to have a vector.
    """
    own, rest = count_words(labelled), count_words(others)
    least = 2 if own.total() > MANY_WORDS else 1
    words = _words(own, rest, least, min_count)
    numbers = WordNumbers(words)
    first, second = numbers.number(labelled), numbers.number(others)
    counts = np.array([own[word] + rest[word] for word in words], np.int64)
    keys, frequent = _pairs(first.ids, second.ids, least, shared) if pairs else (np.empty(0, np.uint64), counts[:0])
    found = Pairs(keys, len(words))
    columns = TextColumns(words, found, np.empty(0, np.float32))
    columns.idf = inverse_frequency(found.columns(first.ids), len(words) + len(keys))
    if ngrams or (ngrams is None and own.total() <= SHORT * len(labelled)):
        _add_ngrams(columns, first)
    return Chosen(columns, first, second, counts, frequent)


def _words(own: Counter[str], rest: Counter[str], least: int, min_count: int) -> list[str]:
    kept = {word for word, count in own.items() if count >= least}
    both = own + rest
    kept |= {word for word, count in both.items() if count >= max(min_count, least)}
    return sorted(kept, key=lambda word: (-both[word], word))


def _pairs(first: Ragged, second: Ragged, least: int, shared: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return the keys of the pairs, those with a vector first, and the counts of these."""
    own_keys = pair_keys(first)
    keys, own = np.unique(own_keys, return_counts=True)
    everywhere, counts = np.unique(np.concatenate([own_keys, pair_keys(second)]), return_counts=True)
    frequent = counts >= shared
    order = np.argsort(-counts[frequent], kind="stable")
    first_keys = everywhere[frequent][order]
    later = np.setdiff1d(keys[own >= least], first_keys, assume_unique=True)
    return np.concatenate([first_keys, later]), counts[frequent][order]


def _add_ngrams(columns: TextColumns, labelled: Numbered) -> None:
    from mt2st.embeddings.subwords import SubwordIndex  # compiles, or loads, its kernels
    from mt2st.embeddings.word_rows import WordRows

    columns.ngrams = WordRows(columns.words, SubwordIndex.of(list(columns.words), **NGRAMS))
    found = columns.ngram_columns(labelled)
    columns.ngram_idf = inverse_frequency(found, columns.ngrams.size - len(columns.words))
