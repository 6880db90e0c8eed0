"""The files of a search: what is trained on, and the test part that the search never sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mt2st.errors import ConfigError
from mt2st.text.rows import Rows
from mt2st.text.tagged import read_tagged
from mt2st.training.settings.labelled import Source
from mt2st.training.sources import load_examples
from mt2st.training.split import split_documents

KINDS = ("classification", "tagging")


@dataclass(frozen=True)
class Files:
    """What to read.

    Attributes
    ----------
    data
        Labelled examples: a file, or the name of a set.
    kind
        One of `KINDS`: a label a text, or a tag a token.
    unlabelled
        Files of text.
    auxiliary
        Files with labels of another kind, by name.
    validation
        A file to judge trials by; None to hold out some of the training examples.
    source, on_bad_rows
        How files are read.
    """

    data: str
    kind: str = "classification"
    unlabelled: Sequence[str] = ()
    auxiliary: Mapping[str, str] = field(default_factory=dict)
    validation: str | None = None
    source: Source = field(default_factory=Source)
    on_bad_rows: str = "error"


@dataclass(frozen=True)
class Lot:
    """Texts with labels, or sentences with tags."""

    texts: list[Any]
    labels: list[Any]
    documents: list[str | None]

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True)
class Sets:
    """What was read; no text of the test part is in any other.

    Attributes
    ----------
    training, test
        Parts of the data.
    unlabelled, auxiliary, validation
        As `mt2st.autotune` takes them.
    skipped
        Rows left out by file and reason.
    """

    training: Lot
    test: Lot
    unlabelled: list[str]
    auxiliary: dict[str, tuple[Any, Any]]
    validation: tuple[Any, Any] | None
    skipped: dict[str, dict[str, int]]


def read_sets(files: Files, *, test_share: float, seed: int) -> Sets:
    """Read all files, and lay the test part aside: whole documents, and no text that is elsewhere too.

    Raises
    ------
    ConfigError, DataError
        Where there is nothing to read, or the share leaves nothing to train on.
    """
    if not 0 <= test_share < 1:
        raise ConfigError(f"test_share must be from 0 to below 1, {test_share!r} found")
    reader = _Reader(files)
    examples = reader.labelled(files.data, files.source)
    parts = split_documents(examples, 0, round(test_share * len(examples)), seed)
    aside = {example.text for example in parts.test}
    rest = [each for name in files.unlabelled for each in reader.text(name, aside)]
    helping = {name: reader.pair(path, aside) for name, path in files.auxiliary.items()}
    held = None if files.validation is None else reader.pair(files.validation, aside, files.source)
    training, test = (reader.lot(part) for part in (parts.training, parts.test))
    return Sets(training, test, rest, helping, held, reader.skipped)


class _Reader:
    """Reads files of one kind and counts the rows left out."""

    def __init__(self, files: Files) -> None:
        self.tagging, self.on_bad_rows = files.kind == "tagging", files.on_bad_rows
        self.skipped: dict[str, dict[str, int]] = {}

    def labelled(self, data: str, source: Source) -> list[Any]:
        if self.tagging:
            rows = Rows(data, self.on_bad_rows == "skip")
            columns = {"token_column": source.text_column, "tag_column": source.label_column}
            sentences = read_tagged(data, format=source.format, rows=rows, **columns)
            self._note(data, rows.skipped)
            return list(sentences)
        found = load_examples(source, data, on_bad_rows=self.on_bad_rows, require_labels=True)
        self._note(data, found.skipped)
        return found.examples

    def text(self, data: str, aside: set[str]) -> list[str]:
        found = load_examples(Source(), data, on_bad_rows=self.on_bad_rows, require_labels=False)
        kept = [each.text for each in found if each.text not in aside]
        held = {"held out for the test": len(found) - len(kept)} if len(kept) < len(found) else {}
        self._note(data, {**found.skipped, **held})
        return kept

    def pair(self, data: str, aside: set[str], source: Source | None = None) -> tuple[Any, Any]:
        examples = self.labelled(data, source or Source())
        kept = [each for each in examples if each.text not in aside]
        self._note(data, {"held out for the test": len(examples) - len(kept)} if len(kept) < len(examples) else {})
        lot = self.lot(kept)
        return lot.texts, lot.labels

    def lot(self, examples: Sequence[Any]) -> Lot:
        if self.tagging:
            sentences, tags = [each.tokens for each in examples], [list(each.tags) for each in examples]
            return Lot(sentences, tags, [None] * len(examples))
        texts, labels = [each.text for each in examples], [each.label for each in examples]
        return Lot(texts, labels, [each.document for each in examples])

    def _note(self, data: str, skipped: Mapping[str, int]) -> None:
        if skipped:
            self.skipped.setdefault(data, {}).update(skipped)
