"""Split a text into lower-case words, with the marks that carry feeling kept: ``!``, ``?``, emoticons and emoji."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from unicodedata import category, is_normalized, normalize

# First and last characters of scripts without spaces between words: of those that include signs not part of words
# (Thai and Lao, Burmese, Khmer, Tai, kana), and of those that do not (kana, Chinese characters).
MIXED = (0xE00, 0xEFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF), (0x3041, 0x30FF)
PURE = (0x3005, 0x3007), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)
# Without the skin tones, which modify the emoji before them.
EMOJI = (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x1F000, 0x1F3FA), (0x1F400, 0x1FAFF)


def _is_mark(sign: str) -> bool:
    return category(sign)[0] == "M"


# Each of these characters is a token; pairs of adjacent ones then serve as words.
ALONE = "".join(f"{chr(first)}-{chr(last)}" for first, last in PURE + EMOJI)
ALONE += "".join(sign for a, z in MIXED for sign in map(chr, range(a, z + 1)) if sign.isalnum() or _is_mark(sign))
# Vowel signs and accents that are characters of their own belong to the letter before them; \w does not match them.
# All common ones are below U+3100, which keeps the import fast. `MARKS` are those that are not tokens by themselves.
EVERY_MARK = "".join(filter(_is_mark, map(chr, range(0x300, 0x3100))))
MARKS = "".join(mark for mark in EVERY_MARK if mark not in ALONE)
LETTER = rf"[^\W_{ALONE}]"
WORD = rf"{LETTER}+(?:[{MARKS}]+(?:{LETTER}+)?|'{LETTER}+)*"
# A mouth that is a letter, or the slash of an address, is one only where no letter or second slash follows.
EMOTICON = rf"[:;=]'?-?(?:[()\[\]|*]|[dpo](?!{LETTER})|/(?!/))"
TOKEN = re.compile(rf"{WORD}|[!?{ALONE}]|{EMOTICON}")
# Characters with variants: typographic apostrophes, the Arabic question mark; and characters that only control display
# or line breaks: soft hyphens, joiners, the Arabic stretch.
PLAIN = {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u061f": "?", "\u00ad": "", "\u200d": "", "\u0640": ""}
# Ligatures, Arabic positional forms, mathematical letters, full- and half-width forms except the comma.
FORMS = re.compile("[\ufb00-\ufdf9\ufdfc-\uff0b\uff0d-\uffee\U0001d400-\U0001d7ff]+")
# Their first bytes in UTF-8, rare otherwise: testing for these is faster than searching for `FORMS`.
FORM_LEADS = b"\xef", b"\xf0\x9d"
# The lower case of a dotted capital I.
DOTTED = re.compile("i\u0307+")
# Besides marks, what may merge with the character before it: the second half of a Korean or half-width syllable.
JOINED = re.compile(
    f"[{''.join(sign for sign, plain in PLAIN.items() if not plain)}\u1160-\u11ff\uff9e\uff9f\uffc2-\uffdc]"
)


def tokenize(text: str) -> list[str]:
    """Return the tokens of a text, normalised by `fold`.

    A token is a run of letters and digits, with apostrophes inside it; or one character of a script without spaces
    between words (Chinese, Japanese, Thai, Lao, Burmese, Khmer); or ``!``; or ``?``; or a simple emoticon; or an emoji.
    Everything else separates. HTML entities are not resolved.

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
    >>> tokenize("iPhone很好用\uff01\U0001f44d")
    ['iphone', '很', '好', '用', '!', '👍']
    """
    return TOKEN.findall(fold(text))


def fold(text: str) -> str:
    """Return a text in lower case with normalised characters, for finding tokens.

    Letters and their accents are composed (Unicode's NFC); full- and half-width forms, ligatures and mathematical
    letters become plain letters, typographic apostrophes plain ones; soft hyphens, joiners and the Arabic stretch are
    removed; a dotted capital I becomes an i.

    Examples
    --------
    >>> fold("Scho\u0308n, \u0130yi, \uff2f\uff2b\uff01, Donau\u00addampf")
    'schön, iyi, ok!, donaudampf'
    """
    folded = text.lower()
    if folded.isascii():
        return folded
    if not is_normalized("NFKC", folded):
        encoded = folded.encode(errors="surrogatepass")
        if any(lead in encoded for lead in FORM_LEADS):
            folded = FORMS.sub(lambda found: normalize("NFKC", found[0]).lower(), folded)
    for sign, plain in PLAIN.items():
        folded = folded.replace(sign, plain)
    if "\u0307" in folded:
        folded = DOTTED.sub("i", folded)
    return normalize("NFC", folded)


def token_spans(text: str) -> list[tuple[int, int]]:
    r"""Return the start and end of each token of `tokenize` in the original text.

    Examples
    --------
    >>> [(start, stop, "So-so, \u0130s it?"[start:stop]) for start, stop in token_spans("So-so, \u0130s it?")][2:]
    [(7, 9, 'İs'), (10, 12, 'it'), (12, 13, '?')]
    """
    spans = [found.span() for found in TOKEN.finditer(fold(text))]
    if text.isascii():
        return spans
    parts = [part for start, stop in _joined(text) for part in _folded_parts(text, start, stop)]
    return [(parts[start][0], parts[stop - 1][1]) for start, stop in spans]


def _joined(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each character and the following ones that may merge with it."""
    firsts = [at for at, sign in enumerate(text) if not at or not (_is_mark(sign) or JOINED.match(sign))]
    return pairwise([*firsts, len(text)])


def _folded_parts(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """Return the span of the text that each character of ``fold(text[start:stop])`` comes from."""
    whole, single = fold(text[start:stop]), [fold(sign) for sign in text[start:stop]]
    if "".join(single) == whole:
        return [(at, at + 1) for at, folded in enumerate(single, start) for _ in folded]
    return [(start, stop)] * len(whole)
