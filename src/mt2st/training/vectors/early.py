"""Early stopping by a development measure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mt2st.errors import ConfigError, DataError, counted
from mt2st.training.vectors.settings import Bounds, check_number

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors

Development: TypeAlias = "Callable[[WordVectors], float] | str | Path"


class Patience:
    """Records scores, higher is better, and says when ``patience`` scores in a row were no better than the best.

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
        """Add a score and the position in training; return whether it is the best so far."""
        if self.best is not None and score <= self.best:
            self.waited += 1
            return False
        self.best, self.place, self.waited = score, place, 0
        return True

    @property
    def over(self) -> bool:
        """Return whether the last ``patience`` scores were no better than the best."""
        return self.waited >= self.patience

    def state_dict(self) -> dict[str, Any]:
        """Return the state as JSON values."""
        return {"best": self.best, "place": self.place, "waited": self.waited}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load saved state."""
        self.best, self.place, self.waited = state["best"], state["place"], state["waited"]


def scorer(development: Development) -> Callable[[WordVectors], float]:
    """Return a function that scores vectors: the one given, or Spearman's rho on a file of word pairs.

    Raises
    ------
    ConfigError
        If it is neither.
    DataError
        If there is no such file; when called, if the score is not finite.
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
        with suppress(TypeError, ValueError):  # a tensor of one number is accepted
            if isfinite(float(found)):
                return float(found)
        raise DataError(f"the development measure must be a finite number, {found!r} found: check the function")

    return score


def measure_name(development: Development | None) -> str | None:
    """Return a name that tells files apart, but not functions, so that scores of different files are not compared."""
    if isinstance(development, str | Path):
        return str(Path(development).resolve())
    return None if development is None else "a function"


def pair_measure(path: Path) -> Callable[[WordVectors], float]:
    """Return a function that gives Spearman's rho of vectors on a file of word pairs, which is checked at once."""
    from mt2st.embeddings.words.judgement import judge_pairs
    from mt2st.evaluation.word_pairs import read_word_pairs

    read_word_pairs(path)
    return lambda vectors: judge_pairs(vectors, path).spearman[0]


def check_words(development: Development | None, words: list[str]) -> None:
    """Raise `DataError` if a file of word pairs has fewer than two of these words alone, before an epoch is trained."""
    from mt2st.evaluation.folding import fold_words
    from mt2st.evaluation.word_pairs import read_word_pairs
    from mt2st.tasks.known_words import place_words

    if isinstance(development, str | Path):
        known = place_words(read_word_pairs(development), [fold_words(words, case_insensitive=True)] * 2)
        if len(known.kept) < 2:
            message = f"the vocabulary has both words of {counted(len(known.kept), 'pair')}, of two it must"
            raise DataError(f"{message}: use another set, more text, or a lower min_count", path=development)
