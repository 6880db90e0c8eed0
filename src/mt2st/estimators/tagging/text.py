"""Splitting unlabelled text into tokens, as in tagged corpora of English and many other languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mt2st.errors import DataError
from mt2st.estimators.tagging.inputs import in_order
from mt2st.text.files import read_lines
from mt2st.text.tokenizer import EVERY_MARK

TOKEN = re.compile(
    r"\d+(?:[.,:/]\d+)+|\w+?(?=n['’]t\b)|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b|"  # noqa: RUF001
    rf"\w[\w{EVERY_MARK}]*|[^\w\s]",
    re.IGNORECASE,
)


def split_tokens(text: str) -> list[str]:
    """Return the tokens of a text: words, numbers, clitics as in ``do n't`` and ``it 's``, and signs.

    Examples
    --------
    >>> split_tokens("Don't go: it's 2,500 (well-known)!")
    ['Do', "n't", 'go', ':', 'it', "'s", '2,500', '(', 'well', '-', 'known', ')', '!']
    """
    return TOKEN.findall(text)


def token_lists(texts: Any) -> Iterator[list[str]]:
    """Yield the tokens of each text in lower case.

    Parameters
    ----------
    texts
        Strings, which are split; lists of tokens; or paths (`pathlib.Path`) of text files, plain or compressed, with
        one text per line. Also a single path.

    Raises
    ------
    DataError
        Naming the text, from 0.
    """
    if isinstance(texts, Path):
        texts = [texts]
    if not in_order(texts):
        raise DataError(f"unlabelled must be texts or pathlib.Path, {type(texts).__name__} found: put it in a list")
    for at, text in enumerate(texts):
        if isinstance(text, Path):
            yield from (split_tokens(line.text.lower()) for line in read_lines(str(text)))
        elif isinstance(text, str):
            yield split_tokens(text.lower())
        else:
            yield _lowered(text, at)


def _lowered(text: Any, at: int) -> list[str]:
    try:
        if in_order(text):
            return [token.lower() for token in text]
    except AttributeError:
        pass
    raise DataError(f"unlabelled[{at}] must be a string or a list of strings, {text!r:.40} found")
