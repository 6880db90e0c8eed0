"""The errors of mt2st: one base class, and a class for each thing that a user can fix."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A list of what there is: of the longest section's settings all, of data's labels some.
ALL_SETTINGS = 40


class Mt2stError(Exception):
    """Base of every error that mt2st raises on purpose."""


class DataError(Mt2stError, ValueError):
    """Input that cannot be used; the message names ``file:line:column`` and the remedy.

    Parameters
    ----------
    message
        The rule, the value found and the fix.
    path, line, column
        Where it was found; ``line`` and ``column`` (in characters) count from 1. None where it does not apply.

    Examples
    --------
    >>> raise DataError("the label is empty: fill it in", path="reviews.tsv", line=3, column=1)
    Traceback (most recent call last):
    mt2st.errors.DataError: reviews.tsv:3:1: the label is empty: fill it in
    """

    def __init__(
        self, message: str, *, path: object = None, line: int | None = None, column: int | None = None
    ) -> None:
        place = ":".join(str(part) for part in (path, line, column) if part is not None)
        super().__init__(f"{place}: {message}" if place else message)
        self.path, self.line, self.column = path, line, column


class MissingWordError(DataError, KeyError):
    """A word that has no vector; also a `KeyError`, as word vectors are looked up like a dictionary.

    Parameters
    ----------
    message
        The rule, the value found and the fix.
    word
        The word that was looked up.
    words
        Words that could have been meant. They are compared when the error is shown: that takes milliseconds, and
        most errors of this kind are caught in a loop and never shown.

    Examples
    --------
    >>> print(MissingWordError("the word 'kimg' has no vector", word="kimg", words=["king", "queen"]))
    the word 'kimg' has no vector; near it: king
    >>> print(MissingWordError("the word 'King' has no vector", word="King", words=["wing", "king", "queen"]))
    the word 'King' has no vector; near it: king
    """

    def __init__(self, message: str, *, word: str = "", words: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.word, self.words = word, words

    def __str__(self) -> str:
        # KeyError would show its message in quotes.
        folded = self.word.casefold()
        near = [word for word in self.words if word.casefold() == folded]
        near = near or get_close_matches(self.word, self.words, n=3)
        return f"{self.args[0]}; near it: {', '.join(near)}" if near else str(self.args[0])

    def __reduce__(self) -> tuple[type[MissingWordError], tuple[str]]:
        return type(self), (str(self),)


class ConfigError(Mt2stError, ValueError):
    """A setting that is unknown, of the wrong type, or out of its bounds."""


class FetchError(Mt2stError):
    """A named data set that could not be fetched or verified."""


class MissingExtraError(Mt2stError, ImportError):
    """A part of mt2st whose optional packages are not installed.

    Examples
    --------
    >>> raise MissingExtraError("a torch encoder", extra="torch")
    Traceback (most recent call last):
    mt2st.errors.MissingExtraError: a torch encoder needs packages that are not installed: pip install 'mt2st[torch]'
    """

    def __init__(self, what: str, extra: str) -> None:
        self.what, self.extra = what, extra
        super().__init__(f"{what} needs packages that are not installed: pip install 'mt2st[{extra}]'")

    def __reduce__(self) -> tuple[type[MissingExtraError], tuple[str, str]]:
        # Errors are rebuilt from their message alone by default, as when one comes out of a worker process.
        return type(self), (self.what, self.extra)


class GradientPathError(Mt2stError):
    """A task whose loss cannot move the shared parameters."""


class NonFiniteLossError(Mt2stError):
    """A primary loss that is infinite or not a number."""


class OtherRankError(Mt2stError):
    """Another process of the same run has ended; its own message says why."""


class CheckpointError(Mt2stError):
    """A checkpoint that is missing, damaged, or of another run."""


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the nearest known word, or a list of them where none is near.

    Examples
    --------
    >>> did_you_mean("stratgy", ["strategy", "seed"])
    "; did you mean 'strategy'?"
    >>> did_you_mean("zzz", ["strategy", "seed"])
    '; known: strategy, seed'
    """
    words = list(known)
    near = get_close_matches(value, words, n=1)
    return f"; did you mean '{near[0]}'?" if near else f"; known: {listed(words, ALL_SETTINGS)}"


def listed(values: Iterable[object], most: int = 5) -> str:
    """Return values as a message names them: the first few, and how many more there are.

    Examples
    --------
    >>> listed(range(9)), listed(["pos", "neg"])
    ('0, 1, 2, 3, 4 and 4 more', 'pos, neg')
    """
    names = list(map(str, values))
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def counted(number: float, noun: str, several: str = "") -> str:
    """Return how many there are of something; ``several`` is the noun's plural where that is more than an s.

    Examples
    --------
    >>> counted(1, "label"), counted(1234, "label"), counted(60.0, "second"), counted(2, "class", "classes")
    ('1 label', '1,234 labels', '60 seconds', '2 classes')
    """
    return f"{number:,}".removesuffix(".0") + f" {noun if number == 1 else several or noun + 's'}"
