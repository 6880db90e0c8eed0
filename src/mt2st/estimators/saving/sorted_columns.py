"""Sorting a model's columns alphabetically, so that words and pairs take the fewest bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.models.columns.ngrams import NGrams
from mt2st.models.columns.pairs import FIRST, join_keys, split_keys

Arrays = dict[str, NDArray[Any]]


def sort_columns(arrays: Arrays, words: Sequence[str]) -> tuple[Arrays, list[str]]:
    """Return a model's arrays and words with words sorted, pairs by their words, and n-grams in the order of words.

    Pairs with a vector stay before those without one.
    """
    order = np.array(sorted(range(len(words)), key=words.__getitem__), np.int64)
    keys = _renumbered(arrays["pairs"], np.argsort(order))
    later = np.arange(len(keys)) >= max(len(arrays["row_weights"]) - len(words), 0)
    places = np.lexsort((keys, later))
    rows = np.concatenate([order, len(words) + places])
    shared = rows[: len(arrays["row_weights"])]
    found = {**arrays, "pairs": keys[places]}
    found |= {name: arrays[name][rows] for name in ("idf", "weights")}
    found |= {name: arrays[name][shared] for name in ("vector_weights", "row_weights")}
    again = [words[place] for place in order]
    if "ngram_idf" in arrays:
        ngrams = _ngram_places(words, again)
        found |= {name: arrays[name][ngrams] for name in ("ngram_idf", "ngram_weights")}
    return found, again


def _renumbered(keys: NDArray[np.uint64], numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    left, right = split_keys(keys)
    left = np.where(left == FIRST, left, numbers[np.where(left == FIRST, 0, left)] if len(left) else left)
    return join_keys(left, numbers[right])


def _ngram_places(words: Sequence[str], again: Sequence[str]) -> NDArray[np.int64]:
    """Return for each n-gram of the reordered words ``again`` its index among the n-grams of ``words``."""
    before, after = NGrams(words).index.buckets, NGrams(again).index.buckets
    order = np.argsort(before)
    return order[np.searchsorted(before[order], after)]
