"""Stopping on a development measure, and what was best by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mt2st.errors import ConfigError, DataError
from mt2st.training.vectors.settings import Bounds, check_number

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors

Development: TypeAlias = "Callable[[WordVectors], float] | str | Path"


class Patience:
    """Notes scores, the larger the better, and says when they have not risen for long enough.

    Examples
    --------
    >>> patience = Patience(2)
    >>> [(patience.note(score, at), patience.over) for at, score in enumerate([0.1, 0.3, 0.2, 0.3])]
    [(True, False), (True, False), (False, False), (False, True)]
    >>> patience.best, patience.place
    (0.3, 1)
    """

    def __init__(self, patience: int) -> None:
        self.patience: int = check_number("patience", patience, Bounds(int, 1))
        self.best: float | None = None
        self.place = self.waited = 0

    def note(self, score: float, place: int) -> bool:
        """Take a score and where it was got; return whether it is the best so far."""
        if self.best is not None and score <= self.best:
            self.waited += 1
            return False
        self.best, self.place, self.waited = score, place, 0
        return True

    @property
    def over(self) -> bool:
        """Return whether the scores have not risen for ``patience`` of them."""
        return self.waited >= self.patience

    def state_dict(self) -> dict[str, Any]:
        """Return what changes as JSON values."""
        return {"best": self.best, "place": self.place, "waited": self.waited}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load saved state."""
        self.best, self.place, self.waited = state["best"], state["place"], state["waited"]


def scorer(development: Development) -> Callable[[WordVectors], float]:
    """Return a function that scores vectors: the one given, or Spearman's rho on a file of word pairs.

    Raises
    ------
    ConfigError
        Where it is neither.
    DataError
        Where there is no such file; when called, where the score is not finite.
    """
    if callable(development):
        measure = development
    elif isinstance(development, str | Path):
        measure = pair_measure(Path(development))
    else:
        raise ConfigError(
            f"development must be a function of the vectors or a file of word pairs, {development!r} found"
        )

    def score(vectors: WordVectors) -> float:
        found = measure(vectors)
        with suppress(TypeError, ValueError):  # a tensor of one number is one too
            if isfinite(float(found)):
                return float(found)
        raise DataError(f"the development measure must be a finite number, {found!r} found: check the function")

    return score


def measure_name(development: Development | None) -> str | None:
    """Return what tells measures apart, as far as can be: scores of one are not compared with those of another."""
    if isinstance(development, str | Path):
        return str(Path(development).resolve())
    return None if development is None else "a function"


def pair_measure(path: Path) -> Callable[[WordVectors], float]:
    """Return a function that gives Spearman's rho of vectors on a file of word pairs; the file is checked now."""
    from mt2st.embeddings.words.judgement import judge_pairs
    from mt2st.evaluation.word_pairs import read_word_pairs

    read_word_pairs(path)
    return lambda vectors: judge_pairs(vectors, path).spearman[0]
