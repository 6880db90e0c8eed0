"""The data of a command's files: the training part, and the test part, which only the final evaluation uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from mt2st.errors import ConfigError, DataError, counted
from mt2st.estimators.inputs.files import Files, Helping
from mt2st.estimators.inputs.labelled_sets import LabelledSet, as_labelled_set, read_labelled
from mt2st.estimators.inputs.targets import Targets
from mt2st.estimators.tagging.scheme import find_wanted
from mt2st.text.content import contents, leave_out
from mt2st.text.parameters import parameters_named, told
from mt2st.text.rows import Rows
from mt2st.training.further.tagging import of_scheme, of_spans
from mt2st.training.settings.labelled import LabelledSource, Source
from mt2st.training.sources import load_examples
from mt2st.training.split import COPIES, beside, draw_documents


@dataclass(frozen=True)
class Sets:
    """The data; no text of the test part is in any other part.

    Attributes
    ----------
    training, test
        Parts of the data, the former in the file's order; or all data, and the contents of the test file.
    unlabelled, auxiliary, validation
        In the form that `mt2st.autotune` accepts; texts of the data without a known label are in ``unlabelled``.
    skipped
        Rows left out by file and reason.
    """

    training: LabelledSet
    test: LabelledSet
    unlabelled: list[str]
    auxiliary: dict[str, tuple[Any, Any]]
    validation: tuple[Any, Any] | None
    skipped: dict[str, dict[str, int]]


def read_sets(files: Files, *, test_share: float, seed: int) -> Sets:
    """Read all files, and set the test part aside: whole documents, whose texts are removed from all other parts.

    Copies of a text that belong to no document are set aside together.

    Raises
    ------
    ConfigError, DataError
        If a file cannot be used, or nothing is left to train on.
    """
    if not 0 <= test_share < 1:
        raise ConfigError(f"test_share must be from 0 to below 1, {test_share!r} found")
    _check_kinds(files)
    reader = _Reader(files)
    examples, without = reader.labelled(files.data, files.source)
    if files.test is None:
        test = draw_documents(examples, round(test_share * len(examples)), seed)
        training = beside(examples, test)
        reader.note(files.data, {COPIES: len(examples) - len(test) - len(training)})
    else:
        test = reader.known(files.test, files.source)
        training = reader.clear_of(files.data, examples, test, "in the test file too")
    held = None
    if files.validation is not None:
        held = reader.clear_of(files.validation, reader.known(files.validation, files.source), test)
        training = reader.clear_of(files.data, training, held, "in the validation file too")
    if files.source.kind == "tagging":
        training, test, held = reader.of_spans(files, training, test, held)
    if not training:
        message = (
            f"of {counted(len(examples), 'example')} none is left to train on: all are, or are like, ones to judge"
        )
        lower = f", or lower {told('test_share')}" if files.test is None else ""
        raise DataError(f"{message} by; give more different ones{lower}", path=files.data)
    rest = [beside(without, [*test, *(held or [])])]
    rest += [reader.clear_of(name, reader.text(name), test) for name in files.unlabelled]
    helping = {name: reader.helping(own, test) for name, own in files.auxiliary.items()}
    own = as_labelled_set(training, files.source)
    if isinstance(own.labels, Targets):
        own.labels.check_known(files.data)
    return Sets(
        own,
        as_labelled_set(test, files.source),
        [each.text for part in rest for each in part],
        helping,
        None if held is None else as_labelled_set(held, files.source).pair(),
        reader.skipped,
    )


def _check_kinds(files: Files) -> None:
    tagging = files.source.kind == "tagging"
    for own in files.auxiliary.values():
        if (own.source.kind == "tagging") != tagging:
            wanted = "tagging, as a tagger learns from tags alone" if tagging else "classification or multilabel"
            raise ConfigError(f"{own.named('kind', False)} must be {wanted}, {own.source.kind} found")


class _Reader:
    """Reads files and counts the rows left out."""

    def __init__(self, files: Files) -> None:
        self.on_bad_rows = files.on_bad_rows
        self.skipped: dict[str, dict[str, int]] = {}

    def labelled(self, data: str, source: LabelledSource) -> tuple[list[Any], list[Any]]:
        """Return the examples whose label is known, and the others."""
        found = read_labelled(data, source, self.on_bad_rows)
        self.note(data, found.skipped)
        return found.known, found.without

    def known(self, data: str, source: LabelledSource) -> list[Any]:
        """Return the examples whose label is known."""
        known, without = self.labelled(data, source)
        self.note(data, {"without a label": len(without)})
        return known

    def helping(self, own: Helping, test: Sequence[Any]) -> tuple[list[Any], Any]:
        """Return the texts and labels of an auxiliary."""
        with parameters_named(own.named):
            known = self.known(own.data, own.source)
        return as_labelled_set(self.clear_of(own.data, known, test), own.source).pair()

    def of_spans(
        self, files: Files, training: list[Any], test: list[Any], held: list[Any] | None
    ) -> tuple[list[Any], list[Any], list[Any] | None]:
        """Return the sentences whose tags are in the scheme of the training part, if tags mark spans."""
        scheme = find_wanted(files.scheme, [each.tags for each in training])
        if scheme is None:
            return training, test, held
        of_training = partial(of_scheme, scheme=scheme, insist=files.scheme != "auto")
        return (
            self._good(files.data, training, of_training),
            self._good(files.test or files.data, test, of_spans),
            None if files.validation is None else self._good(files.validation, held or [], of_spans),
        )

    def text(self, data: str) -> list[Any]:
        """Return the examples of a file, labelled or not."""
        bad = self.on_bad_rows
        found = load_examples(Source(), data, on_bad_rows=bad, require_labels=False)
        self.note(data, found.skipped)
        return found.examples

    def clear_of(
        self, data: str, examples: Sequence[Any], others: Sequence[Any], reason: str = "held out for the test"
    ) -> list[Any]:
        """Return the examples whose text is not among the others."""
        kept = leave_out(examples, contents(others))
        self.note(data, {reason: len(examples) - len(kept)})
        return kept

    def _good(self, data: str, examples: Sequence[Any], check: Callable[[Any], Any]) -> list[Any]:
        rows = Rows(data, self.on_bad_rows == "skip")
        kept = list(rows.good(examples, check))
        self.note(data, rows.skipped)
        return kept

    def note(self, data: str, skipped: Mapping[str, int]) -> None:
        """Count rows left out, by reason."""
        for reason, count in skipped.items():
            if count:
                own = self.skipped.setdefault(data, {})
                own[reason] = own.get(reason, 0) + count
