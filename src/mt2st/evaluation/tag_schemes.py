"""Schemes to encode spans as tags: BIO, BIOES, BILOU, IOB1 and IO."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from mt2st.errors import DataError, did_you_mean

OUTSIDE = "O"
UNTYPED = "_"
PREFIXES = "OIBESLU"


class Tag(NamedTuple):
    """A parsed tag: its prefix, one letter, and the type of its span; ``O`` has the type ``_``."""

    prefix: str
    type: str


NOTHING = Tag(OUTSIDE, UNTYPED)


def parse_tag(tag: str) -> Tag:
    """Return prefix and type of a tag such as ``B-PER``; one without a type has the type ``_``.

    Raises
    ------
    DataError
        If it is not ``O`` and does not begin with a prefix, alone or before a hyphen.

    Examples
    --------
    >>> parse_tag("I-work-of-art"), parse_tag("B")
    (Tag(prefix='I', type='work-of-art'), Tag(prefix='B', type='_'))
    """
    prefix, hyphen, kind = tag.partition("-") if isinstance(tag, str) else ("", "", "")
    if len(prefix) != 1 or prefix not in PREFIXES or (hyphen and not kind) or (prefix == OUTSIDE and hyphen):
        raise DataError(f"{tag!r} is not a tag of a span: write O outside and, say, B-PER at the beginning of one")
    return Tag(prefix, kind or UNTYPED)


@dataclass(frozen=True)
class TagScheme:
    """The pairs of adjacent tags that begin, continue and end a span.

    Parameters
    ----------
    name
        Its name.
    prefixes
        The prefixes of its tags, one letter each.
    begins, continues, ends
        Patterns of a tag and the next: two prefixes and ``=`` if the types must be equal, ``!`` if they must differ,
        ``*`` for any types. A span begins or continues at the second tag, or ends before it.

    Examples
    --------
    >>> SCHEMES["bio"].allows("B-PER", "I-PER"), SCHEMES["bio"].allows("B-PER", "I-ORG")
    (True, False)
    >>> SCHEMES["bioes"].may_begin("I-PER"), SCHEMES["bioes"].may_end("B-PER")
    (False, False)
    """

    name: str
    prefixes: str
    begins: frozenset[str]
    continues: frozenset[str]
    ends: frozenset[str]

    def parse(self, tag: str) -> Tag:
        """Return prefix and type of a tag; one with another scheme's prefix is a `DataError`."""
        found = parse_tag(tag)
        if found.prefix not in self.prefixes:
            known = ", ".join(self.prefixes)
            raise DataError(f"{tag!r} is not a tag of the scheme {self.name}, which has the prefixes {known}")
        return found

    def allows(self, before: str, tag: str) -> bool:
        """Return whether ``tag`` may follow ``before``: within a span, or if one ends and another starts."""
        left, right = self.parse(before), self.parse(tag)
        if matches(self.continues, left, right):
            return True
        closed = left.prefix == OUTSIDE or matches(self.ends, left, right)
        return closed and (right.prefix == OUTSIDE or matches(self.begins, left, right))

    def may_begin(self, tag: str) -> bool:
        """Return whether a sentence may begin with the tag."""
        return self.allows(OUTSIDE, tag)

    def may_end(self, tag: str) -> bool:
        """Return whether a sentence may end with the tag."""
        return self.allows(tag, OUTSIDE)

    def first_fault(self, tags: Sequence[str | None]) -> int | None:
        """Return the index of a sentence's first violation, its length if it ends too soon, None if there is none.

        None, an unknown tag, is no violation where some tag could stand: between any tags, except that a single one
        cannot end one span and begin another where each needs a tag of its own, as in BIOES and BILOU.

        Examples
        --------
        >>> SCHEMES["bio"].first_fault(["O", "I-PER"]), SCHEMES["bioes"].first_fault(["B-PER"])
        (1, 1)
        >>> print(SCHEMES["bio"].first_fault([None, "I-PER"]))
        None
        >>> SCHEMES["bioes"].first_fault(["B-PER", None, "E-LOC"])
        2
        """
        earlier: str | None = None
        before: str | None = OUTSIDE
        for at, tag in enumerate(tags):
            if tag is not None and parse_tag(tag).prefix not in self.prefixes:
                return at
            if tag is not None and not self._reaches(earlier, before, tag):
                return at
            earlier, before = before, tag
        return None if before is None or self.may_end(before) else len(tags)

    def _reaches(self, earlier: str | None, before: str | None, tag: str) -> bool:
        """Return whether ``tag`` may follow ``before``, or if that is unknown some tag that may follow ``earlier``."""
        if before is not None:
            return self.allows(before, tag)
        return earlier is None or self._bridged(earlier, tag)

    @cache  # noqa: B019 - of the few schemes, and of their tags
    def _bridged(self, left: str, right: str) -> bool:
        """Return whether some tag may stand between two."""
        types = {self.parse(tag).type for tag in (left, right)}
        middles = [OUTSIDE, *(f"{prefix}-{kind}" for prefix in self.prefixes[1:] for kind in types)]
        return any(self.allows(left, middle) and self.allows(middle, right) for middle in middles)


def matches(patterns: Iterable[str], left: Tag, right: Tag) -> bool:
    """Return whether two adjacent tags match one of the patterns."""
    pair = left.prefix + right.prefix
    return f"{pair}*" in patterns or f"{pair}{'=' if left.type == right.type else '!'}" in patterns


def _scheme(name: str, prefixes: str, begins: str, continues: str, ends: str) -> TagScheme:
    return TagScheme(name, prefixes, *(frozenset(part.split()) for part in (begins, continues, ends)))


def _pairs(lefts: str, rights: str) -> str:
    return " ".join(f"{left}{right}*" for left in lefts for right in rights)


# Starts and ends are those of seqeval's strict mode, so that both count the same spans.
SCHEMES = {
    scheme.name: scheme
    for scheme in (
        _scheme("bio", "OBI", _pairs("OBI", "B"), "BI= II=", f"{_pairs('BI', 'OB')} BI! II!"),
        _scheme("bioes", "OBIES", _pairs("OBIES", "BS"), "BI= BE= II= IE=", _pairs("ES", "OBIES")),
        _scheme("bilou", "OBILU", _pairs("OBILU", "BU"), "BI= BL= II= IL=", _pairs("LU", "OBILU")),
        _scheme("iob1", "OBI", "OI* BI* II! IB= BB=", "BI= II=", "IO* BO* IB* II! BI! BB="),
        _scheme("io", "OI", "OI* II!", "II=", "IO* II!"),
    )
}


def find_scheme(name: str) -> TagScheme:
    """Return the scheme of a name; an unknown name is a `DataError` that suggests the nearest."""
    if name not in SCHEMES:
        raise DataError(f"there is no tag scheme {name!r}{did_you_mean(name, SCHEMES)}")
    return SCHEMES[name]


def detect_scheme(sentences: Sequence[Sequence[str | None]]) -> TagScheme | None:
    """Return the scheme that most sentences follow, or None for tags that are not spans; None is an unknown tag.

    Ties go to the scheme that lacks the fewest of the prefixes in use, then to the first of io, bio, bioes, bilou,
    iob1. A scheme that lacks a prefix must fit more than half of the sentences.

    Examples
    --------
    >>> [detect_scheme(tags).name for tags in ([["I-a"]], [["O", "B-a"]], [["S-a"]], [["I-a", "B-a"], ["I-a"]])]
    ['io', 'bio', 'bioes', 'iob1']
    >>> detect_scheme([["B-a", "I-a"], ["O", "B-a"], ["E-a"]]).name
    'bio'
    >>> print(detect_scheme([["PRON", "VERB"]]))
    None
    """
    try:
        prefixes = {parse_tag(tag).prefix for tags in sentences for tag in tags if tag is not None}
    except DataError:
        return None
    if prefixes <= {OUTSIDE}:
        return None

    def unfit(scheme: TagScheme) -> tuple[int, int]:
        broken = sum(scheme.first_fault(tags) is not None for tags in sentences)
        return broken, len(prefixes - set(scheme.prefixes))

    best = min((SCHEMES[name] for name in ("io", "bio", "bioes", "bilou", "iob1")), key=unfit)
    broken, lacking = unfit(best)
    return None if lacking and 2 * broken >= len(sentences) else best
