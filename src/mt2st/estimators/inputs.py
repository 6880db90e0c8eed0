"""Texts and labels as people bring them, checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError

LONGEST = 100_000_000  # characters of one text


def check_texts(texts: Any, what: str = "texts") -> list[str]:
    """Return texts as a list of strings; lone surrogates, which no encoding has, become U+FFFD.

    Parameters
    ----------
    texts
        A sequence of strings: a list, a column of NumPy, pandas or polars.
    what
        Its name, for errors.

    Raises
    ------
    DataError
        Where it is one string, holds anything but strings, or a text is longer than 100 million characters.
    """
    if isinstance(texts, str | bytes):
        raise DataError(f"{what}: a list of texts is expected, one {type(texts).__name__} found: put it into a list")
    if not isinstance(texts, Iterable):
        raise DataError(f"{what}: a list of texts is expected, {type(texts).__name__} found")
    if getattr(texts, "ndim", 1) != 1:
        shape = getattr(texts, "shape", None)
        raise DataError(f"{what}: one column is expected, shape {shape} found: give one column of texts")
    found = texts.tolist() if hasattr(texts, "tolist") else list(texts)
    for place, text in enumerate(found):
        if not isinstance(text, str):
            raise DataError(f"{what}[{place}] is {_named(text)}, not a string: {_remedy(text)}")
        if len(text) > LONGEST:
            raise DataError(f"{what}[{place}] has {len(text):,} characters, over {LONGEST:,}: cut it into parts")
        if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
            found[place] = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return found


def _named(value: Any) -> str:
    return "None" if value is None else "NaN" if value != value else f"{type(value).__name__} ({value!r:.40})"


def _remedy(value: Any) -> str:
    missing = value is None or value != value
    return "leave the row out, or put '' there" if missing else "decode it" if isinstance(value, bytes) else "use str()"


def check_same_length(texts: Sequence[str], labels: Sized, what: str = "labels") -> None:
    """Refuse texts and labels that are not as many."""
    if len(texts) != len(labels):
        raise DataError(f"{len(texts)} texts and {len(labels)} {what}: every text needs one")


def check_labels(labels: Any, what: str = "labels") -> NDArray[Any]:
    """Return labels as an array of one axis.

    Raises
    ------
    DataError
        Where one is missing, or they are of kinds that cannot be told apart or put in order.
    """
    if isinstance(labels, str | bytes) or not isinstance(labels, Iterable):
        raise DataError(f"{what}: a list of labels is expected, {type(labels).__name__} found")
    values = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    for place, label in enumerate(values):
        if label is None or label != label:
            raise DataError(f"{what}[{place}] is {_named(label)}: leave the row out, or give it to unlabelled")
    kinds = {type(label).__name__ for label in values if not isinstance(label, bool | int | float)}
    if len(kinds | ({"number"} if any(isinstance(label, bool | int | float) for label in values) else set())) > 1:
        raise DataError(f"{what} are of several kinds ({', '.join(sorted(kinds))}): make all of them strings")
    return np.asarray(values)
