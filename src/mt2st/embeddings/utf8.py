"""Many words as one array of UTF-8 bytes, and back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError


def join_utf8(words: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the words' UTF-8 bytes, concatenated, and the start of each, (words + 1,).

    Raises
    ------
    DataError
        If a word contains half a surrogate pair, which UTF-8 cannot encode.

    Examples
    --------
    >>> join_utf8(["né", "a"])
    (array([110, 195, 169,  97], dtype=uint8), array([0, 3, 4]))
    """
    joined = "".join(words)
    try:
        text = np.frombuffer(bytearray(joined.encode()), np.uint8)  # compiled code requires writable bytes
    except UnicodeEncodeError as error:
        word = next(word for word in words if not _encodes(word))
        raise DataError(f"the word {word!r} is not valid Unicode ({error.reason}): remove it") from error
    places = np.zeros(len(words) + 1, np.int64)
    np.cumsum([len(word) for word in words], out=places[1:])
    if len(text) > len(joined):  # from characters to bytes
        places = np.append(np.flatnonzero((text & 0xC0) != 0x80), len(text))[places]
    return text, places


def split_utf8(text: NDArray[np.uint8], places: NDArray[np.int64]) -> list[str]:
    """Return the words that `join_utf8` joined; bytes that are not UTF-8 are a `UnicodeDecodeError`.

    Examples
    --------
    >>> split_utf8(*join_utf8(["né", "", "a"]))
    ['né', '', 'a']
    """
    joined = text.tobytes().decode()
    if len(joined) < len(text):  # from bytes to characters
        places = np.append(0, np.cumsum((text & 0xC0) != 0x80))[places]
    ends = places.tolist()
    return [joined[start:end] for start, end in pairwise(ends)]


def decode_words(entries: Sequence[bytes]) -> tuple[list[str], list[int]]:
    r"""Return words, and the indices of those that are not UTF-8: their invalid bytes are escaped as ``\xff``.

    Vectors of crawled text include such words, cut within a character, which should not make the file unreadable.
    gensim escapes them the same way with ``unicode_errors="backslashreplace"``.

    Examples
    --------
    >>> decode_words([b"caf\xc3\xa9", b"caf\xc3"])
    (['café', 'caf\\xc3'], [1])
    """
    try:
        return [entry.decode() for entry in entries], []
    except UnicodeDecodeError:
        words = [entry.decode("utf-8", "backslashreplace") for entry in entries]
    return words, [number for number, entry in enumerate(entries) if words[number].encode() != entry]


def _encodes(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True
