"""Messages about tags that violate a scheme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mt2st.errors import DataError
from mt2st.evaluation.tag_schemes import TagScheme, parse_tag


class Fault(NamedTuple):
    """The index of a token with an invalid tag, and the reason."""

    at: int
    message: str


def find_stray(tags: Sequence[str | None], scheme: TagScheme | None = None) -> Fault | None:
    """Return the first tag of a sentence that is not in the scheme, or without a scheme no span tag at all.

    Examples
    --------
    >>> find_stray(["O", None, "NOUN"]).at
    2
    """
    parse = parse_tag if scheme is None else scheme.parse
    for at, tag in enumerate(tags):
        try:
            if tag is not None:
                parse(tag)
        except DataError as error:
            return Fault(at, str(error))
    return None


def find_fault(tags: Sequence[str | None], scheme: TagScheme) -> Fault | None:
    """Return where a sentence's tags, None if unknown, first violate a scheme, or None if they do not.

    Examples
    --------
    >>> from mt2st.evaluation import SCHEMES
    >>> find_fault(["O", "B-LOC"], SCHEMES["bioes"])
    Fault(at=1, message="the end of the sentence cannot follow 'B-LOC' in the scheme bioes")
    """
    stray = find_stray(tags, scheme)
    at = scheme.first_fault(tags) if stray is None else None
    if at is None:
        return stray
    before = _told(tags[:at])
    what = repr(tags[at]) if at < len(tags) else "the end of the sentence"
    return Fault(min(at, len(tags) - 1), f"{what} cannot follow {before} in the scheme {scheme.name}")


def _told(tags: Sequence[str | None]) -> str:
    """Return what precedes a fault: the last tag, or the one before a last tag that is unknown."""
    if not tags:
        return "the begin of a sentence"
    return repr(tags[-1]) if tags[-1] is not None else f"{tags[-2]!r} and an unknown tag"
