"""Split a text into lower-case words, with the marks that carry feeling kept: ``!``, ``?`` and emoticons."""

from __future__ import annotations

import re
import unicodedata

# Vowel signs and accents that are characters of their own belong to the letter before them; \w does not match them.
# All common ones lie below U+3100, so that import stays quick.
MARKS = "".join(sign for sign in map(chr, range(0x300, 0x3100)) if unicodedata.category(sign).startswith("M"))
LETTERS = r"[^\W_]+"
WORD = rf"{LETTERS}(?:[{MARKS}]+(?:{LETTERS})?|'{LETTERS})*"
# A mouth that is a letter, or the slash of an address, is one only where no letter or second slash follows.
EMOTICON = r"[:;=]'?-?(?:[()\[\]|*]|[dpo](?![^\W_])|/(?!/))"
TOKEN = re.compile(rf"{WORD}|[!?]|{EMOTICON}")
TYPOGRAPHIC_APOSTROPHES = ("\u2019", "\u2018", "\u02bc", "\uff07")


def tokenize(text: str) -> list[str]:
    """Return the tokens of a text, in lower case.

    A token is a run of letters and digits of any script, with apostrophes inside it; or ``!``; or ``?``; or a simple
    emoticon. Everything else separates. HTML entities are not resolved.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    list of str
        Its tokens; none holds white space.

    Examples
    --------
    >>> tokenize("Don\u2019t MISS it!! A 9/10 film, truly :-)")
    ["don't", 'miss', 'it', '!', '!', 'a', '9', '10', 'film', 'truly', ':-)']
    """
    return TOKEN.findall(fold(text))


def fold(text: str) -> str:
    """Return a text in lower case, with plain apostrophes: what tokens are found in."""
    lowered = text.lower()
    if not lowered.isascii():
        for apostrophe in TYPOGRAPHIC_APOSTROPHES:
            lowered = lowered.replace(apostrophe, "'")
    return lowered


def token_spans(text: str) -> list[tuple[int, int]]:
    r"""Return where each token of `tokenize` begins and ends in the text as it is.

    Examples
    --------
    >>> [(start, stop, "So-so, \u0130s it?"[start:stop]) for start, stop in token_spans("So-so, \u0130s it?")][2:]
    [(7, 9, 'İs'), (10, 12, 'it'), (12, 13, '?')]
    """
    folded = fold(text)
    spans = [found.span() for found in TOKEN.finditer(folded)]
    if len(folded) == len(text):
        return spans
    # In lower case some letters are two characters, such as a dotted capital I.
    places = [place for place, sign in enumerate(text) for _ in sign.lower()]
    return [(places[start], places[stop - 1] + 1) for start, stop in spans]
