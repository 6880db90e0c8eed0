"""Converting a text to bytes in which compiled code finds the tokens of `mt2st.text.tokenize`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mt2st.text.tokenizer import ALONE, MARKS, fold

# Characters of a text that are folded at once, as lower case and bytes need several times its memory.
PIECE = 1 << 16
# Characters at which a text may be cut: none is part of a token, or affects the lower case of a letter beside it.
CUT = re.compile("[\\s\u3001\u3002\uff0c]")
# Compiled code treats every byte beyond ASCII as part of a token. These characters are not: those that are neither
# letter, mark nor emoji, and marks that do not follow a letter of a word, or follow the mouth of an emoticon.
OTHERS = re.compile(rf"[^\x00-\x7f\w{MARKS}{ALONE}]+")
MOUTH = "|".join(f"(?<=[:;=]{nose}[dpo])" for nose in ("", "'", "-", "'-"))
STRAY = re.compile(f"(?:(?<![0-9a-z\x80-\U0010ffff])|(?<=[{ALONE}])|{MOUTH})[{MARKS}]+")
MARK = re.compile(f"[{MARKS}]")


def text_bytes(text: str) -> bytes:
    r"""Return a text in lower case, with spaces for characters that compiled code would wrongly treat as letters.

    Examples
    --------
    >>> text_bytes("Good FILM!"), text_bytes("Très «bon»")
    (b'good film!', b'tr\xc3\xa8s  bon ')
    """
    if text.isascii():
        return text.lower().encode()
    return b"".join(map(_piece_bytes, _pieces(text)))


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        cut = CUT.search(text, start + PIECE)
        end = cut.start() if cut else len(text)
        yield text[start:end]
        start = end


def _piece_bytes(text: str) -> bytes:
    folded = fold(text)
    if not folded.isascii():
        folded = OTHERS.sub(" ", folded)
        if MARK.search(folded):
            folded = STRAY.sub(" ", folded)
    return folded.encode()
