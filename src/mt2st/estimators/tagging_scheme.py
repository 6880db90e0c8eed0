"""How the tags that a tagger is given stand for spans."""

from __future__ import annotations

from collections.abc import Sequence

from mt2st.errors import DataError
from mt2st.evaluation import TagScheme, detect_scheme, find_scheme

NO_SPANS = ("none", None)


def scheme_of(wanted: str | None, tags: Sequence[Sequence[str | None]]) -> str | None:
    """Return the name of the scheme that is asked for, or found; None where tags are no spans.

    Parameters
    ----------
    wanted
        ``"auto"`` finds it, ``"none"`` or None has none, else the name of one.
    tags
        Of each sentence; None where not known.

    Raises
    ------
    DataError
        Where there is no such scheme, or a tag is none of the scheme that is asked for.

    Examples
    --------
    >>> scheme_of("auto", [["B-PER", "I-PER", "O"]]), scheme_of("auto", [["PRON", "VERB"]])
    ('bio', None)
    """
    if wanted in NO_SPANS:
        return None
    classes = sorted({tag for each in tags for tag in each if tag is not None})
    if wanted != "auto":
        scheme = find_scheme(str(wanted))
        if not _has_sequences(scheme, classes):
            raise DataError(f"no sequence of the tags {', '.join(classes)} keeps to the scheme {wanted}: set another")
        return scheme.name
    found = detect_scheme([[str(tag) for tag in each] for each in tags if None not in each])
    try:
        return found.name if found is not None and _has_sequences(found, classes) else None
    except DataError:  # a tag, in a sentence that is known in part, that is no tag of spans
        return None


def _has_sequences(scheme: TagScheme, classes: Sequence[str]) -> bool:
    """Say whether a sentence of any length can be tagged; a tag of another scheme is a `DataError`."""
    for tag in classes:
        scheme.parse(tag)
    return any(scheme.may_begin(tag) and scheme.may_end(tag) and scheme.allows(tag, tag) for tag in classes)
