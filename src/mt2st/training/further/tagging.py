"""Tagged sentences of an auxiliary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mt2st.datasets import DATASETS
from mt2st.errors import DataError
from mt2st.evaluation import TagScheme, detect_scheme, find_scheme
from mt2st.evaluation.tag_faults import find_fault, find_stray
from mt2st.models.tagging_model import encode_tokens
from mt2st.tasks import TaggedRows
from mt2st.tasks.labelled import UNKNOWN
from mt2st.text.content import leave_out
from mt2st.text.parameters import told
from mt2st.text.rows import RowError, Rows
from mt2st.text.surface import surface_numbers
from mt2st.text.tagged import TaggedSentence, read_tagged

if TYPE_CHECKING:
    from mt2st.text.features import Encodes
    from mt2st.training.settings import Auxiliary
    from mt2st.training.settings.labelled import TaggedSource

# Hash buckets of surface features; a data set of 10,000 sentences has some 8,000 different ones, most of them rare.
BUCKETS = 4096
REMEDY = "leave such sentences out with --on-bad-rows skip, or set scheme = 'none'"


@dataclass(frozen=True)
class Tagging:
    """Sentences and the scheme of their tags; None if these do not mark spans."""

    sentences: list[TaggedSentence]
    scheme: TagScheme | None

    def token_lists(self) -> Iterator[list[str]]:
        """Yield the words of every sentence in lower case."""
        for sentence in self.sentences:
            yield [token.lower() for token in sentence.tokens]

    def classes(self) -> tuple[str, ...]:
        """Return the tags that occur, sorted."""
        return tags_of(self.sentences)

    def encode(self, features: Encodes) -> TaggedRows:
        """Return the sentences as word and class numbers; a word without a row has the number -1."""
        return encode_tagged(self.sentences, features, self.classes(), self.scheme)


def encode_tagged(
    sentences: list[TaggedSentence], features: Encodes, classes: tuple[str, ...], scheme: TagScheme | None
) -> TaggedRows:
    """Return sentences as word and class numbers; a tag that is not among ``classes`` counts as unknown."""
    number = {tag: place for place, tag in enumerate(classes)}
    rows = encode_tokens((sentence.tokens for sentence in sentences), features)
    tags = [number.get(tag or "", UNKNOWN) for sentence in sentences for tag in sentence.tags]
    surface = surface_numbers((token for sentence in sentences for token in sentence.tokens), BUCKETS)
    name = None if scheme is None else scheme.name
    return TaggedRows(rows, np.array(tags, np.int32), classes, surface, BUCKETS, name)


def read_tagging(auxiliary: Auxiliary, rows: Rows, held_out: set[str]) -> tuple[Tagging, int]:
    """Read tagged sentences whose text is not held out, all in one scheme; see `read_tagged`.

    Raises
    ------
    DataError
        If there is only one tag; for a tag that is not in the scheme, with its place; with a CRF, or if a scheme is
        named, also for one that the scheme forbids at its place.
    """
    sentences, scheme = read_sentences(auxiliary, rows, auxiliary.scheme, insist=insists(auxiliary))
    kept = leave_out(sentences, held_out)
    _check_tags(kept, rows.path)
    return Tagging(kept, scheme), len(sentences) - len(kept)


def insists(source: TaggedSource) -> bool:
    """Return whether sequences of tags must be valid in their scheme: without a CRF an invalid one does no harm."""
    return source.crf or source.scheme != "auto"


def read_sentences(
    source: TaggedSource, rows: Rows, scheme: str, *, insist: bool
) -> tuple[list[TaggedSentence], TagScheme | None]:
    """Read the tagged sentences of a file, and the scheme of their tags.

    Parameters
    ----------
    source
        Its format and columns.
    rows
        The file's name, and how bad sentences are handled.
    scheme
        The scheme's name; ``auto`` detects it, ``none`` means no scheme.
    insist
        Whether a tag that the scheme forbids at its place makes a sentence bad; a tag not in the scheme always does.

    Raises
    ------
    DataError
        As `read_tagging`.
    """
    if rows.path in DATASETS:
        raise DataError(f"the data set {rows.path!r} has no tagged sentences: give a CoNLL-U file, or one of columns")
    columns = {"token_column": source.text_column, "tag_column": source.label_column}
    found = read_tagged(rows.path, format=source.format, rows=rows, **columns)
    known = _scheme(scheme, found)
    good = list(rows.good(found, lambda sentence: of_scheme(sentence, known, insist=insist)))
    _check_tags(good, rows.path)
    return good, known


def tags_of(sentences: list[TaggedSentence]) -> tuple[str, ...]:
    """Return the tags that occur, sorted."""
    return tuple(sorted({tag for each in sentences for tag in each.tags if tag is not None}))


def _check_tags(sentences: list[TaggedSentence], path: str) -> None:
    classes = tags_of(sentences)
    if len(classes) < 2:
        only = ", ".join(classes) or "none"
        raise DataError(f"tags of two kinds or more are needed, found {only}: see {told('label_column')}", path=path)


def _scheme(name: str, sentences: list[TaggedSentence]) -> TagScheme | None:
    if name == "auto":
        return detect_scheme([sentence.tags for sentence in sentences])
    return None if name == "none" else find_scheme(name)


def of_scheme(sentence: TaggedSentence, scheme: TagScheme | None, *, insist: bool) -> TaggedSentence:
    """Return the sentence if its known tags are all in the scheme and, with ``insist``, form a valid sequence.

    Raises
    ------
    RowError
        If a tag is not in the scheme or, with ``insist``, the sequence is invalid.
    """
    if scheme is not None:
        fault = (find_fault if insist else find_stray)(sentence.tags, scheme)
        if fault is not None:
            raise RowError("bad tag", f"{fault.message}: correct the tag, {REMEDY}", sentence.lines[fault.at])
    return sentence


def of_spans(sentence: TaggedSentence) -> TaggedSentence:
    """Return the sentence if its known tags all mark spans, in any scheme, so that spans can be evaluated.

    Raises
    ------
    RowError
        If a tag does not mark a span.
    """
    fault = find_stray(sentence.tags)
    if fault is not None:
        remedy = "correct the tag, or leave such sentences out with --on-bad-rows skip"
        raise RowError("bad tag", f"{fault.message}; {remedy}", sentence.lines[fault.at])
    return sentence
