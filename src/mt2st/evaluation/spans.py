"""The spans that a sentence's tags encode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mt2st.evaluation.tag_schemes import NOTHING, OUTSIDE, Tag, find_scheme, matches, parse_tag

CLOSED = "ESLU"
OPENERS = "BSU"


class Span(NamedTuple):
    """The tokens from ``start`` to before ``stop``, and their type."""

    type: str
    start: int
    stop: int


def find_spans(tags: Sequence[str], scheme: str | None = None) -> list[Span]:
    """Return the spans of one sentence.

    Parameters
    ----------
    tags
        One tag per token.
    scheme
        None, lenient: as the program ``conlleval`` of the CoNLL tasks, and seqeval by default. Any tag but ``O``
        belongs to a span, which begins with ``B`` or ``S``, after ``E``, ``S`` or ``O``, or where the type changes.
        ``"bio"``, ``"bioes"``, ``"bilou"``, ``"iob1"`` or ``"io"``, strict: only spans that begin and end as the
        scheme requires.

    Raises
    ------
    DataError
        If a tag is invalid, or not one of the scheme.

    Examples
    --------
    >>> tags = ["O", "I-PER", "I-PER", "B-ORG"]
    >>> find_spans(tags)
    [Span(type='PER', start=1, stop=3), Span(type='ORG', start=3, stop=4)]
    >>> find_spans(tags, "bio")
    [Span(type='ORG', start=3, stop=4)]
    """
    return _lenient(tags) if scheme is None else _strict(tags, scheme)


def judged_spans(
    gold: Sequence[str | None], predicted: Sequence[str], scheme: str | None = None
) -> tuple[set[Span], set[Span]]:
    """Return the gold and the predicted spans of a sentence that can be evaluated.

    A gold tag of None is unknown. Spans that contain such a token, or are directly before or after one, are omitted
    from both, since the gold span's start or end there is unknown.

    Examples
    --------
    >>> judged_spans(["B-PER", None, "O", "B-LOC"], ["B-PER", "I-PER", "B-ORG", "B-LOC"])
    ({Span(type='LOC', start=3, stop=4)}, {Span(type='LOC', start=3, stop=4)})
    """
    unknown = {at for at, tag in enumerate(gold) if tag is None}
    found = find_spans([OUTSIDE if tag is None else tag for tag in gold], scheme), find_spans(predicted, scheme)
    there, told = ({each for each in own if unknown.isdisjoint(range(each.start - 1, each.stop + 1))} for own in found)
    return there, told


def _lenient(tags: Sequence[str]) -> list[Span]:
    found: list[Span] = []
    before, start = NOTHING, 0
    for at, tag in enumerate([*map(parse_tag, tags), NOTHING]):
        if _breaks(before, tag):
            if before.prefix != OUTSIDE:
                found.append(Span(before.type, start, at))
            start = at
        before = tag
    return found


def _breaks(before: Tag, tag: Tag) -> bool:
    """Return whether two adjacent tags, read leniently, are not in one span."""
    outside = OUTSIDE in (before.prefix, tag.prefix)
    return outside or before.prefix in CLOSED or tag.prefix in OPENERS or before.type != tag.type


def _strict(tags: Sequence[str], name: str) -> list[Span]:
    scheme = find_scheme(name)
    parsed = [*map(scheme.parse, tags), NOTHING]
    found, before, at = [], NOTHING, 0
    while at < len(tags):
        start = at
        at += 1
        if matches(scheme.begins, before, parsed[start]):
            while matches(scheme.continues, parsed[at - 1], parsed[at]):
                at += 1
            if matches(scheme.ends, parsed[at - 1], parsed[at]):
                found.append(Span(parsed[start].type, start, at))
        before = parsed[at - 1]
    return found
