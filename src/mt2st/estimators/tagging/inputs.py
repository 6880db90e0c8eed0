"""Checks of sentences and tags given by users, token by token."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, NamedTuple

from mt2st.errors import DataError
from mt2st.estimators.inputs.texts import is_missing
from mt2st.text.reading import swapped
from mt2st.text.rows import MISSING
from mt2st.text.tagged import TaggedSentence, read_tagged

# Longer than any word; code that reads every character of such a token takes a tenth of a second.
LONGEST = 1_000_000
SHOWN = 40


class Tagged(NamedTuple):
    """Sentences with a tag for each token, None if not known."""

    sentences: list[list[str]]
    tags: list[list[str | None]]

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the tags that occur, sorted."""
        return tuple(sorted({tag for each in self.tags for tag in each if tag is not None}))


def read_input(sentences: Any, tags: Any = None, what: str = "sentences") -> Tagged:
    """Return sentences and tags in one form.

    Parameters
    ----------
    sentences
        Lists of tokens; or the result of `mt2st.text.tagged.read_tagged`, or the path of a file for it, which contain
        tags.
    tags
        A list of tags for each sentence, one per token; None, NaN, an empty string or ``_`` is an unknown tag.
    what
        Name of the sentences, for errors.

    Raises
    ------
    DataError
        Naming the sentence and the token, both counted from 0, the rule and the value found.

    Examples
    --------
    >>> read_input([["They", "run"]], [["PRON", "_"]])
    Tagged(sentences=[['They', 'run']], tags=[['PRON', None]])
    """
    if isinstance(sentences, str | os.PathLike):
        sentences = _file(sentences, what)
    own = _with_tags(sentences)
    if own is not None and tags is None:
        return own
    read = read_sentences(sentences if own is None else own.sentences, what)
    if tags is None:
        # The wording in the middle is scikit-learn's, whose estimator checks look for it.
        told = "TokenTagger requires y to be passed, but the target y is None"
        raise DataError(f"{what} have no tags: {told}; give a list of tags for each, one per token")
    return Tagged(read, read_tags(tags, read, what))


def read_sentences(sentences: Any, what: str = "sentences") -> list[list[str]]:
    """Return lists of tokens; see `read_input`."""
    if isinstance(sentences, str | os.PathLike):
        sentences = _file(sentences, what)
    own = _with_tags(sentences)
    if own is not None:
        return own.sentences
    return [_tokens(tokens, f"{what}[{at}]") for at, tokens in enumerate(_rows(sentences, what))]


def read_tags(tags: Any, sentences: Sequence[Sequence[str]], what: str = "sentences") -> list[list[str | None]]:
    """Return a list of tags for each sentence, None if not known; see `read_input`."""
    rows = _rows(tags, f"tags of {what}")
    if len(rows) != len(sentences):
        raise DataError(f"{what} and lists of tags must be as many, {len(sentences)} and {len(rows)} found")
    found = [_row_of_tags(row, f"tags of {what}[{at}]") for at, row in enumerate(rows)]
    for at, (sentence, row) in enumerate(zip(sentences, found, strict=True)):
        if len(sentence) != len(row):
            begin = " ".join(sentence[:5])[:SHOWN]
            raise DataError(f"{what}[{at}] ({begin!r}) needs one tag per token, {len(row)} for {len(sentence)} found")
    return found


def check_classes(data: Tagged, what: str = "sentences") -> None:
    """Refuse sentences with fewer than two different tags, or with tokens and tags in each other's place."""
    if len(data.classes) < 2:
        only = ", ".join(map(repr, data.classes)) or "none"
        raise DataError(f"tags of two kinds or more are needed to learn from, {what} have {only}: give others")
    found = swapped(data.classes, {token for tokens in data.sentences for token in tokens}, ("tags", "tokens"))
    if found:
        raise DataError(f"tags of {what}: {found}, tokens come first")


def read_auxiliary(name: str, given: Any) -> Tagged:
    """Return an auxiliary's sentences, given as a pair with their tags, or in a form of `read_input` with tags."""
    what = f"auxiliary {name!r}: sentences"
    if isinstance(given, tuple) and len(given) != 2:
        raise DataError(f"auxiliary {name!r} must be a pair of sentences and tags, a tuple of {len(given)} found")
    sentences, tags = given if isinstance(given, tuple) else (given, None)
    data = read_input(sentences, tags, what)
    check_classes(data, what)
    return data


def in_order(values: Any) -> bool:
    """Return whether values are a list or the like.

    A string is none, nor a table, which gives the names of its columns, a set, which has another order each time, or
    an array without an axis.

    Examples
    --------
    >>> in_order(("a", "b")), in_order({"a", "b"}), in_order("ab"), in_order(None)
    (True, False, False, False)
    """
    if not isinstance(values, Iterable) or isinstance(values, str | bytes | Mapping | Set):
        return False
    return getattr(values, "ndim", 1) > 0 and not hasattr(values, "columns")


def _file(path: str | os.PathLike[str], what: str) -> list[TaggedSentence]:
    if isinstance(path, str) and not os.path.exists(path):  # noqa: PTH110 - a text may be no valid path at all
        raise DataError(
            f"{what} is one string, {path[:SHOWN]!r}, and no file is there: give lists of tokens, or the path of a file"
        )
    return read_tagged(path)


def _with_tags(sentences: Any) -> Tagged | None:
    if not isinstance(sentences, list) or not sentences or not isinstance(sentences[0], TaggedSentence):
        return None
    return Tagged([sentence.tokens for sentence in sentences], [list(sentence.tags) for sentence in sentences])


def _rows(values: Any, what: str) -> list[Any]:
    if not in_order(values):
        raise DataError(f"{what} must be a list of lists of strings, {_short(values)} found")
    return list(values)


def _tokens(tokens: Any, what: str) -> list[str]:
    if isinstance(tokens, str):
        raise DataError(f"{what} is one string, {tokens[:SHOWN]!r}: split it into tokens first")
    if not in_order(tokens):
        raise DataError(f"{what} must be a list of tokens, {_short(tokens)} found: an empty list is an empty sentence")
    found = list(tokens)
    for at, token in enumerate(found):
        if type(token) is not str:
            found[at] = token = _string(token, f"{what}[{at}]", "a token")
        if not token or len(token) > LONGEST:
            size = f"{len(token):,} characters" if token else "none"
            raise DataError(f"{what}[{at}]: a token has 1 to {LONGEST:,} characters, {size} found: split the text")
    return found


def _row_of_tags(tags: Any, what: str) -> list[str | None]:
    if not in_order(tags):
        raise DataError(f"{what} must be a list of strings, {_short(tags)} found")
    return [
        None if (tag in MISSING if type(tag) is str else is_missing(tag)) else _string(tag, f"{what}[{at}]", "a tag")
        for at, tag in enumerate(tags)
    ]


def _string(value: Any, what: str, kind: str) -> str:
    """Return a plain string for one of NumPy or another subclass."""
    if not isinstance(value, str):
        unknown = ", None where it is not known" if kind == "a tag" else ""
        raise DataError(f"{what}: {kind} is a string{unknown}; {_short(value)} found")
    return str(value)


def _short(value: Any) -> str:
    shown = repr(value)
    return f"{type(value).__name__} {shown[:SHOWN]}{'...' if len(shown) > SHOWN else ''}"
