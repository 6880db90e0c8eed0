"""The initial rows of a tagger's table: vectors learned on all available text, or given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mt2st.embeddings import WordVectors
from mt2st.errors import ConfigError, DataError, counted
from mt2st.estimators.fitting.progress import report_progress
from mt2st.training.vectors import train_vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Root mean square of the rows: as large as the rows of surface features, and suited to hidden layers.
SCALE = 0.5
# Tags depend on the nearest words; wider windows are for topics.
WINDOW = 2
VECTOR_SIZE = 64


class FirstRows(NamedTuple):
    """Words in lower case and their rows, float32 (words, vector_size), of root mean square `SCALE`."""

    words: list[str]
    rows: NDArray[np.float32]


def first_rows(
    texts: Iterable[Iterable[str]],
    given: Any,
    *,
    vector_size: int | None,
    min_count: int,
    epochs: int,
    seed: int,
    workers: int,
) -> FirstRows:
    """Return the rows of the words that are frequent enough, learned by skip-gram, or those of ``given`` vectors.

    Parameters
    ----------
    texts
        Lists of tokens in lower case.
    given
        `mt2st.WordVectors` or the path of a file of vectors, used instead of training; None for none.
    vector_size, min_count, epochs, seed, workers
        As in `mt2st.train_vectors`; a size of None is that of given vectors, or `VECTOR_SIZE`.

    Raises
    ------
    ConfigError
        If given vectors have another size.
    """
    if given is not None:
        return _scaled(_given(given, vector_size))
    ended: list[bool] = []
    vector_size = vector_size or VECTOR_SIZE
    try:
        found = train_vectors(
            _usable(texts, ended),
            vector_size=vector_size,
            window=WINDOW,
            min_count=min_count,
            epochs=epochs,
            seed=seed,
            workers=workers,
            on_progress=lambda progress: report_progress(
                f"vectors: {progress.phase}, {progress.done:,} {progress.unit}"
            ),
        )
    except DataError:
        if not ended:  # the error is about the contents of the texts
            raise
        # No word is frequent enough, as there are only a few sentences.
        return FirstRows([], np.zeros((0, vector_size), np.float32))
    return _scaled(found)


def _usable(texts: Iterable[Iterable[str]], ended: list[bool]) -> Iterator[list[str]]:
    """Yield the tokens without white space and unprintable characters, which training can read; note the end."""
    for tokens in texts:
        kept = [token for token in tokens if token.isprintable() and " " not in token and len(token) < 1000]
        if kept:
            yield kept
    ended.append(True)


def _given(given: Any, vector_size: int | None) -> WordVectors:
    vectors = given if isinstance(given, WordVectors) else WordVectors.load(Path(given))
    if vector_size not in (None, vectors.vector_size):
        raise ConfigError(
            f"vectors have {counted(vectors.vector_size, 'dimension')}, vector_size is {vector_size}: set them alike"
        )
    return vectors


def _scaled(vectors: WordVectors) -> FirstRows:
    places: dict[str, int] = {}
    for place, word in enumerate(vectors.index_to_key):  # of words that differ only in case, the most frequent
        places.setdefault(word.lower(), place)
    rows = np.array(vectors.vectors[list(places.values())], np.float32)
    size = float(np.sqrt(np.mean(np.square(rows, dtype=np.float64)))) if rows.size else 0.0
    return FirstRows(list(places), rows * np.float32(SCALE / size) if size > 0 else rows)


def table_of(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a table with an additional row 0 of zeros, for all unknown words.

    Examples
    --------
    >>> table_of(np.ones((2, 3), np.float32))[:, 0].tolist()
    [0.0, 1.0, 1.0]
    """
    return np.concatenate([np.zeros((1, rows.shape[1]), np.float32), rows])


def lowered(*parts: Iterable[Iterable[str]]) -> Iterator[list[str]]:
    """Yield the sentences of several sets in lower case."""
    return ([token.lower() for token in tokens] for tokens in chain(*parts))
