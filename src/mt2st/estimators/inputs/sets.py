"""The files of a command: what is trained on, and the test part that nothing but the last judgement sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mt2st.errors import ConfigError, DataError
from mt2st.text.content import contents, leave_out
from mt2st.text.parameters import told
from mt2st.text.rows import Rows
from mt2st.text.tagged import read_tagged
from mt2st.training.settings.labelled import Source
from mt2st.training.sources import load_examples
from mt2st.training.split import beside, draw_documents

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
    test
        A file to judge the result by; None to lay a share of the data aside.
    validation
        A file to judge trials by; None to hold out some of the training examples.
    source, on_bad_rows
        How files are read.
    """

    data: str
    kind: str = "classification"
    unlabelled: Sequence[str] = ()
    auxiliary: Mapping[str, str] = field(default_factory=dict)
    test: str | None = None
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

    def pair(self) -> tuple[list[Any], list[Any]]:
        """Return texts and labels."""
        return self.texts, self.labels


@dataclass(frozen=True)
class Sets:
    """What was read; no text of the test part is in any other.

    Attributes
    ----------
    training, test
        Parts of the data, the former in the file's order; or all of it, and the file that was given to test on.
    unlabelled, auxiliary, validation
        As `mt2st.autotune` takes them; texts of the data whose label is not known are among the unlabelled ones.
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
        Where there is nothing to read, or nothing is left to train on.
    """
    if not 0 <= test_share < 1:
        raise ConfigError(f"test_share must be from 0 to below 1, {test_share!r} found")
    reader = _Reader(files)
    examples, without = reader.labelled(files.data, files.source)
    if files.test is None:
        test = draw_documents(examples, round(test_share * len(examples)), seed)
        training = beside(examples, test)
    else:
        test = reader.known(files.test, files.source)
        training = reader.clear_of(files.data, examples, test, "in the test file too")
    held = None
    if files.validation is not None:
        held = reader.clear_of(files.validation, reader.known(files.validation, files.source), test)
        training = reader.clear_of(files.data, training, held, "in the validation file too")
    if not training:
        message = f"of {len(examples)} examples none is left to train on: all are, or are like, ones to judge by"
        raise DataError(f"{message}; give more different ones, or lower {told('test_share')}", path=files.data)
    rest = [beside(without, [*test, *(held or [])])]
    rest += [reader.clear_of(name, reader.text(name), test) for name in files.unlabelled]
    helping = {name: reader.clear_of(path, reader.known(path), test) for name, path in files.auxiliary.items()}
    return Sets(
        reader.lot(training),
        reader.lot(test),
        [each.text for part in rest for each in part],
        {name: reader.lot(own).pair() for name, own in helping.items()},
        None if held is None else reader.lot(held).pair(),
        reader.skipped,
    )


class _Reader:
    """Reads files of one kind and counts the rows left out."""

    def __init__(self, files: Files) -> None:
        self.tagging, self.on_bad_rows = files.kind == "tagging", files.on_bad_rows
        self.skipped: dict[str, dict[str, int]] = {}

    def labelled(self, data: str, source: Source) -> tuple[list[Any], list[Any]]:
        """Return the examples whose label is known, and the others; sentences are all among the first."""
        if self.tagging:
            rows = Rows(data, self.on_bad_rows == "skip")
            columns = {"token_column": source.text_column, "tag_column": source.label_column}
            sentences = read_tagged(data, format=source.format, rows=rows, **columns)
            self._note(data, rows.skipped)
            return list(sentences), []
        found = self._examples(data, source, require_labels=True)
        known = [each for each in found if each.label is not None]
        return known, [each for each in found if each.label is None]

    def known(self, data: str, source: Source | None = None) -> list[Any]:
        """Return the examples whose label is known."""
        known, without = self.labelled(data, source or Source())
        self._note(data, {"without a label": len(without)})
        return known

    def text(self, data: str) -> list[Any]:
        """Return the examples of a file, labelled or not."""
        return self._examples(data, Source(), require_labels=False)

    def clear_of(
        self, data: str, examples: Sequence[Any], others: Sequence[Any], reason: str = "held out for the test"
    ) -> list[Any]:
        """Return the examples whose text is none of the others'."""
        kept = leave_out(examples, contents(others))
        self._note(data, {reason: len(examples) - len(kept)})
        return kept

    def lot(self, examples: Sequence[Any]) -> Lot:
        """Return what the estimators take."""
        if self.tagging:
            sentences, tags = [each.tokens for each in examples], [list(each.tags) for each in examples]
            return Lot(sentences, tags, [None] * len(examples))
        texts, labels = [each.text for each in examples], [each.label for each in examples]
        return Lot(texts, labels, [each.document for each in examples])

    def _examples(self, data: str, source: Source, *, require_labels: bool) -> list[Any]:
        bad = self.on_bad_rows
        found = load_examples(source, data, on_bad_rows=bad, require_labels=require_labels, keep_unlabelled=True)
        self._note(data, found.skipped)
        return found.examples

    def _note(self, data: str, skipped: Mapping[str, int]) -> None:
        for reason, count in skipped.items():
            if count:
                self.skipped.setdefault(data, {})[reason] = count
