"""Pretrained vectors as the initial values of the words' rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError, counted
from mt2st.evaluation.folding import fold, fold_words
from mt2st.training.settings.model import VECTOR_SIZE
from mt2st.training.vectors.models import shared_places

if TYPE_CHECKING:
    from mt2st.embeddings import SubwordRows, WordVectors
    from mt2st.embeddings.subwords import SubwordIndex
    from mt2st.training.settings import Model


@dataclass(frozen=True)
class Pretrained:
    """The words that have a pretrained vector, and their share of the text.

    Attributes
    ----------
    rows
        Rows of the words found, int64, (found,).
    vectors
        Their vectors, float32, (found, vector_size).
    words
        The number of words looked up.
    text_share
        The share of all tokens that the found words make up.
    output
        Their output rows, (found, vector_size), the initial ones of skip-gram and CBOW; None if the file has none.
    subwords
        The n-grams' rows, the initial ones of language models with subwords; None if the file has none.
    """

    rows: NDArray[np.int64]
    vectors: NDArray[np.float32]
    words: int
    text_share: float
    output: NDArray[np.float32] | None = None
    subwords: SubwordRows | None = None

    def fill(self, table: NDArray[np.float32]) -> None:
        """Write the vectors to their rows."""
        table[self.rows] = self.vectors

    def fill_output(self, output: NDArray[np.float32]) -> None:
        """Write the output rows into those of a language model."""
        if self.output is not None:
            output[self.rows] = self.output

    def fill_ngrams(self, index: SubwordIndex, rows: NDArray[np.float32]) -> None:
        """Write the n-grams' rows into those of a language model, if its n-gram settings are the same."""
        there = self.subwords
        limits = index.min_n, index.max_n, index.bucket
        if there is not None and (there.min_n, there.max_n, there.bucket) == limits:
            here, places = shared_places(index.buckets, there.buckets)
            rows[here] = there.rows[places]

    def coverage(self) -> dict[str, Any]:
        """Return the coverage for reports, as JSON values."""
        return {"found": len(self.rows), "words": self.words, "text_share": self.text_share}


def find_pretrained(found: WordVectors, words: Sequence[str], counts: Sequence[int]) -> Pretrained:
    """Look words up: as written, else ignoring case, else, with subwords, by their n-grams.

    Parameters
    ----------
    found
        The vectors.
    words, counts
        The words that have a row, with counts.

    Examples
    --------
    >>> from mt2st.embeddings import WordVectors
    >>> vectors = WordVectors(["Paris", "the"], np.eye(2, dtype=np.float32))
    >>> found = find_pretrained(vectors, ["the", "paris", "zebu"], [7, 2, 1])
    >>> found.rows.tolist(), found.vectors.tolist(), found.coverage()
    ([0, 1], [[0.0, 1.0], [1.0, 0.0]], {'found': 2, 'words': 3, 'text_share': 0.9})
    """
    folded, own = fold_words(found.index_to_key, case_insensitive=True), found.key_to_index
    places = [own.get(word, folded.get(fold(word, case_insensitive=True))) for word in words]
    rows = [row for row, word in enumerate(words) if places[row] is not None or word in found]
    vectors = [found[words[row]] if (place := places[row]) is None else found.vectors[place] for row in rows]
    nothing, seen = np.zeros(found.vector_size, np.float32), np.asarray(counts, np.float64)
    output = found.output
    return Pretrained(
        np.array(rows, np.int64),
        np.array(vectors, np.float32).reshape(-1, found.vector_size),
        len(words),
        float(seen[rows].sum() / max(seen.sum(), 1)),
        None if output is None else np.array([nothing if (k := places[row]) is None else output[k] for row in rows]),
        found.subwords,
    )


def table_size(model: Model, given: Pretrained | None) -> int:
    """Return the vector size of the shared table: as set, else that of the given vectors, else the default."""
    return model.vector_size or (VECTOR_SIZE if given is None else given.vectors.shape[1])


def read_fitting(path: str, vector_size: int | None) -> WordVectors:
    """Read vectors of size ``vector_size``, None for any, in a format of `mt2st.embeddings.formats.load_vectors`.

    Raises
    ------
    DataError
        If they have another size.
    """
    from mt2st.embeddings.formats import load_vectors

    found = load_vectors(path)
    if vector_size not in (None, found.vector_size):
        raise DataError(
            f"the vectors have {counted(found.vector_size, 'dimension')}, those of the model {vector_size}: set "
            f"model.vector_size = {found.vector_size}, or give others",
            path=path,
        )
    return found


def read_pretrained(path: str, vector_size: int | None, words: Sequence[str], counts: Sequence[int]) -> Pretrained:
    """Read the vectors of these words.

    Raises
    ------
    DataError
        As `read_fitting`; also if no word has a vector.
    """
    found = find_pretrained(read_fitting(path, vector_size), words, counts)
    if not len(found.rows):
        raise DataError(
            f"{counted(len(words), 'word')} in the texts, and no vector of any: is it another language?", path=path
        )
    return found
