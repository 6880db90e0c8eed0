"""What earlier vectors, which a run continues from, decide about its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mt2st.errors import ConfigError, DataError

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors
    from mt2st.training.vectors.settings import VectorSettings

# These are the earlier vectors' where there are some and none is given: of n-grams, and of training by their method.
OF_NGRAMS = ("min_n", "max_n", "bucket")
OF_TRAINING = ("method", "window", "negative", "sample", "x_max", "lower")


def of_start(start: WordVectors | None, method: str | None) -> dict[str, Any]:
    """Return the settings that earlier vectors decide where others are not given; those of another method they do not.

    Examples
    --------
    >>> from mt2st import WordVectors
    >>> start = WordVectors(["a"], [[1, 0]], training={"method": "cbow", "window": 8, "epochs": 3, "lower": True})
    >>> of_start(start, method=None)
    {'vector_size': 2, 'subwords': False, 'method': 'cbow', 'window': 8, 'lower': True}
    >>> of_start(start, method="glove")
    {'vector_size': 2, 'subwords': False, 'lower': True}
    """
    if start is None:
        return {}
    from mt2st.embeddings import WordVectors

    if not isinstance(start, WordVectors):
        raise ConfigError(f"start must be WordVectors, {start!r} found: {_vectors_of(start)}")
    found: dict[str, Any] = {"vector_size": start.vector_size, "subwords": start.subwords is not None}
    if start.subwords is not None:
        found |= {name: getattr(start.subwords, name) for name in OF_NGRAMS}
    training = start.training or {}
    names = OF_TRAINING if method in (None, training.get("method")) else ("lower",)
    return found | {name: training[name] for name in names if name in training}


def _vectors_of(start: object) -> str:
    """Return how to make WordVectors of what was given: gensim's, or else a file."""
    if hasattr(start, "index_to_key"):
        return "write mt2st.WordVectors(wv.index_to_key, wv.vectors)"
    return "load them with mt2st.WordVectors.load(...)"


def settings_of_start(settings: VectorSettings, start: WordVectors) -> None:
    """Refuse settings that the vectors to continue from do not have, and vectors that are not whole."""
    if start.output is not None and np.shape(start.output) != start.vectors.shape:
        raise DataError(
            f"the vectors to continue from have output rows of shape {np.shape(start.output)}, where "
            f"{start.vectors.shape} is needed: give them back as they were trained, or set output to None"
        )
    if settings.vector_size != start.vector_size:
        raise ConfigError(
            f"vector_size is {start.vector_size} in the vectors to continue from, {settings.vector_size} was given: "
            "leave it out"
        )
    if settings.subwords != (start.subwords is not None):
        found = "have subwords: leave subwords=False out"
        if start.subwords is None:
            found = "have no subwords: leave them out, or continue from a file that keeps them, as .safetensors does"
        raise ConfigError(f"the vectors to continue from {found}")
    if start.subwords is None:
        return
    for name in OF_NGRAMS:
        if getattr(settings, name) != getattr(start.subwords, name):
            raise ConfigError(
                f"{name} is {getattr(start.subwords, name)} in the vectors to continue from, {getattr(settings, name)} "
                "was given: pass the same"
            )
