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

# Rows for what words look like; a data set of 10,000 sentences has some 8,000 different features, most of them rare.
BUCKETS = 4096
REMEDY = "leave such sentences out with --on-bad-rows skip, or set scheme = 'none'"


@dataclass(frozen=True)
class Tagging:
    """Sentences and the scheme of their tags; None where these are no spans."""

    sentences: list[TaggedSentence]
    scheme: TagScheme | None

    def token_lists(self) -> Iterator[list[str]]:
        """Yield the words of every sentence, in small letters."""
        for sentence in self.sentences:
            yield [token.lower() for token in sentence.tokens]

    def classes(self) -> tuple[str, ...]:
        """Return the tags that occur, sorted."""
        return tags_of(self.sentences)

    def encode(self, features: Encodes) -> TaggedRows:
        """Return sentences as word and class numbers; a word that has no row has the number -1."""
        return encode_tagged(self.sentences, features, self.classes(), self.scheme)


def encode_tagged(
    sentences: list[TaggedSentence], features: Encodes, classes: tuple[str, ...], scheme: TagScheme | None
) -> TaggedRows:
    """Return sentences as word and class numbers; a tag that is none of ``classes`` is as one not known."""
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
        Where there is one tag only; for a tag that is none of the scheme, with its place; with a CRF, or where a scheme
        is asked for, also for one that it forbids there.
    """
    sentences, scheme = read_sentences(auxiliary, rows, auxiliary.scheme, insist=insists(auxiliary))
    kept = leave_out(sentences, held_out)
    _check_tags(kept, rows.path)
    return Tagging(kept, scheme), len(sentences) - len(kept)


def insists(source: TaggedSource) -> bool:
    """Return whether tags must keep to their scheme: without a CRF one that no span can have does no harm."""
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
        The file's name, and what happens to bad sentences.
    scheme
        Its name; ``auto`` finds it, ``none`` has none.
    insist
        Whether a tag that the scheme forbids there makes a sentence bad; one that is none of its tags always does.

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
    """Return a sentence whose known tags are all of the scheme, and keep to it where that is insisted on.

    Raises
    ------
    RowError
        Where one is not.
    """
    if scheme is not None:
        fault = (find_fault if insist else find_stray)(sentence.tags, scheme)
        if fault is not None:
            raise RowError("bad tag", f"{fault.message}: correct the tag, {REMEDY}", sentence.lines[fault.at])
    return sentence


def of_spans(sentence: TaggedSentence) -> TaggedSentence:
    """Return a sentence whose known tags are all of spans, in whatever scheme: what can be judged as such.

    Raises
    ------
    RowError
        Where one is not.
    """
    fault = find_stray(sentence.tags)
    if fault is not None:
        remedy = "correct the tag, or leave such sentences out with --on-bad-rows skip"
        raise RowError("bad tag", f"{fault.message}; {remedy}", sentence.lines[fault.at])
    return sentence
