"""Splitting a text into pieces coloured by each word's contribution; long texts are cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mt2st.evaluation.mistakes import Confusion, Mark, Mistake

# Characters to show of a text, on each side of an important word, and of one word.
MOST, BESIDE, LONGEST = 420, 70, 60
# Words with a contribution below this share of the text's strongest word are not coloured.
LEAST = 0.08
TOWARD, AGAINST, NOTED, PLAIN, GAP = "toward", "against", "noted", "", "gap"
# Log-odds that are 0.00 are not told.
LEAST_TOLD = 0.005
# Number of words listed under a text, for each side.
NAMED = 3


class Piece(NamedTuple):
    """A part of a text.

    Attributes
    ----------
    text
        The text itself.
    kind
        `TOWARD` the predicted label, `AGAINST` it, `NOTED` with a note, `PLAIN`, or a `GAP`.
    part
        Strength, as a share of the text's strongest word.
    title, note
        The tooltip, and the note beside it.
    """

    text: str
    kind: str = PLAIN
    part: float = 0.0
    title: str = ""
    note: str = ""


def pieces(mistake: Mistake, confusion: Confusion) -> list[Piece]:
    """Return a text in pieces; of a long one only those around the strongest words.

    Examples
    --------
    >>> mistake = Mistake("So dull.", (Mark(0, 2, -0.1), Mark(3, 7, 1.0)))
    >>> [(each.text, each.kind, each.title) for each in pieces(mistake, Confusion("pos", "neg", 1, 2, ()))]
    [('So', 'against', '+0.10 for pos'), (' ', '', ''), ('dull', 'toward', '+1.00 for neg'), ('.', '', '')]
    """
    parts, found, end = shown(mistake.text, mistake.marks), list[Piece](), 0
    strongest = max((abs(mark.value) for mark in mistake.marks), default=0.0)
    for start, stop in parts:
        if start > end:
            found.append(Piece("\u2026", GAP))
        found += _run(mistake, start, stop, confusion, strongest)
        end = stop
    if end < len(mistake.text):
        found.append(Piece("\u2026", GAP))
    return found


def _run(mistake: Mistake, start: int, stop: int, confusion: Confusion, strongest: float) -> list[Piece]:
    found, at = list[Piece](), start
    for mark in mistake.marks:
        if mark.start < start or mark.stop > stop:
            continue
        found.append(Piece(mistake.text[at : mark.start]))
        found.append(_marked(mistake.text[mark.start : mark.stop], mark, confusion, strongest))
        at = mark.stop
    found.append(Piece(mistake.text[at:stop]))
    return [piece._replace(text=_short(piece.text)) for piece in found if piece.text]


def _marked(text: str, mark: Mark, confusion: Confusion, strongest: float) -> Piece:
    if mark.note:
        return Piece(text, NOTED, mark.value, mark.note, mark.note)
    part = abs(mark.value) / strongest if strongest else 0.0
    if not mark.value:
        return Piece(text)
    title = f"+{abs(mark.value):.2f} for {confusion.predicted if mark.value > 0 else confusion.true}"
    if part < LEAST:
        return Piece(text, PLAIN, 0.0, title)
    return Piece(text, TOWARD if mark.value > 0 else AGAINST, part, title)


def _short(text: str) -> str:
    """Cut a very long word."""
    return text if len(text) <= LONGEST or " " in text else f"{text[: LONGEST - 1]}\u2026"


def shown(text: str, marks: Sequence[Mark], most: int = MOST) -> list[tuple[int, int]]:
    """Return the parts of a text to show: all, or those around the strongest marks, about ``most`` characters.

    Examples
    --------
    >>> shown("x " * 500 + "dull" + " x" * 500, (Mark(1000, 1004, 1.0),))
    [(931, 1074)]
    """
    if len(text) <= most:
        return [(0, len(text))]
    strongest = sorted((mark for mark in marks if mark.value or mark.note), key=lambda mark: -_weight(mark))
    parts = list[tuple[int, int]]()
    for mark in strongest:
        more = _joined([*parts, _around(text, mark)])
        if sum(stop - start for start, stop in more) > most:
            break
        parts = more
    return parts or [(0, _edge(text, most, back=True))]


def _weight(mark: Mark) -> float:
    return abs(mark.value)


def _around(text: str, mark: Mark) -> tuple[int, int]:
    start, stop = mark.start - BESIDE, min(mark.stop, mark.start + LONGEST) + BESIDE
    return (0 if start <= 0 else _edge(text, start, back=False)), (
        len(text) if stop >= len(text) else _edge(text, stop, back=True)
    )


def _edge(text: str, place: int, *, back: bool) -> int:
    """Return the next white space within a word's length, to avoid splitting a word; ``place`` if there is none."""
    step = -1 if back else 1
    near = range(place, place + step * LONGEST, step)
    return next((at for at in near if 0 <= at < len(text) and text[at].isspace()), min(place, len(text)))


def _joined(parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return parts in order, with adjacent or almost adjacent ones merged."""
    found = list[tuple[int, int]]()
    for start, stop in sorted(parts):
        if found and start <= found[-1][1] + 5:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return found


def strongest_words(mistake: Mistake, sign: int) -> list[tuple[str, float]]:
    """Return the words with the largest total contribution to the predicted label (1) or the true one (-1).

    Examples
    --------
    >>> strongest_words(Mistake("So so dull", (Mark(0, 2, 0.2), Mark(3, 5, 0.2), Mark(6, 10, -1.0))), 1)
    [('so', 0.4)]
    """
    totals = dict[str, float]()
    for mark in (mark for mark in mistake.marks if not mark.note):
        word = _short(mistake.text[mark.start : mark.stop].lower())
        totals[word] = totals.get(word, 0.0) + sign * mark.value
    best = sorted(totals.items(), key=lambda each: -each[1])[:NAMED]
    return [(word, value) for word, value in best if value >= LEAST_TOLD]
