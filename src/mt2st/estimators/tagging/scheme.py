"""The scheme by which a tagger's tags mark spans."""

from __future__ import annotations

from collections.abc import Sequence

from mt2st.errors import ConfigError, DataError, did_you_mean, listed
from mt2st.evaluation import SCHEMES, TagScheme, detect_scheme
from mt2st.evaluation.tag_faults import find_fault, find_stray

NO_SPANS = ("none", None)


def scheme_of(wanted: str | None, tags: Sequence[Sequence[str | None]]) -> str | None:
    """Return the name of the scheme that is given or detected; None if tags do not mark spans.

    Parameters
    ----------
    wanted
        ``"auto"`` detects the scheme of most sentences, which the others may violate; ``"none"`` or None means no
        scheme; else the name of one, which all sentences must follow.
    tags
        Tags of each sentence; None if not known.

    Raises
    ------
    ConfigError
        If there is no such scheme.
    DataError
        Naming sentence and token, from 0, for a tag that is not in the scheme, or that violates a given one.

    Examples
    --------
    >>> scheme_of("auto", [["B-PER", "I-PER", "O"]]), scheme_of("auto", [["PRON", "VERB"]])
    ('bio', None)
    """
    scheme = find_wanted(wanted, tags)
    if scheme is None:
        return None
    _check_tags(tags, scheme, asked=wanted != "auto")
    classes = sorted({tag for each in tags for tag in each if tag is not None})
    if any(scheme.may_begin(tag) and scheme.may_end(tag) and scheme.allows(tag, tag) for tag in classes):
        return scheme.name
    if wanted == "auto":
        return None
    raise DataError(f"no sequence of the tags {listed(classes)} keeps to the scheme {wanted}: set another")


def find_wanted(wanted: str | None, tags: Sequence[Sequence[str | None]]) -> TagScheme | None:
    """Return the scheme that is given or detected, without checking the tags; see `scheme_of`."""
    if wanted in NO_SPANS:
        return None
    return detect_scheme(tags) if wanted == "auto" else _named(wanted)


def check_spans(tags: Sequence[Sequence[str | None]]) -> None:
    """Refuse a tag that marks no span, naming sentence and token, both from 0."""
    for at, sentence in enumerate(tags):
        fault = find_stray(sentence)
        if fault is not None:
            raise DataError(f"tags of sentences[{at}][{fault.at}]: {fault.message}")


def _named(wanted: object) -> TagScheme:
    if not isinstance(wanted, str) or wanted not in SCHEMES:
        raise ConfigError(f"scheme {wanted!r} is unknown{did_you_mean(str(wanted), ['auto', 'none', *SCHEMES])}")
    return SCHEMES[wanted]


def _check_tags(tags: Sequence[Sequence[str | None]], scheme: TagScheme, *, asked: bool) -> None:
    for at, sentence in enumerate(tags):
        fault = (find_fault if asked else find_stray)(sentence, scheme)
        if fault is not None:
            found = "" if asked else " (found: most sentences keep to it)"
            other = "auto" if asked else "none"
            message = f"{fault.message}{found}; correct the tag, or set scheme={other!r}"
            raise DataError(f"tags of sentences[{at}][{fault.at}]: {message}")
