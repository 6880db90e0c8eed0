"""The files of ``fit`` and ``tune``: options, reading, and writing the record."""

from __future__ import annotations

import json
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mt2st.errors import ConfigError

if TYPE_CHECKING:
    from mt2st.cli.options import BadRows
    from mt2st.estimators.inputs.files import Files
    from mt2st.estimators.inputs.sets import Sets

SHARE = 0.2


class KindName(StrEnum):
    """What has a label."""

    classification = "classification"
    multilabel = "multilabel"
    tagging = "tagging"


Labelled = Annotated[str, typer.Argument(metavar="FILE", help="Labelled examples; for the formats see --format.")]
NewFolder = Annotated[Path, typer.Option(metavar="DIR", help="Output folder, new or empty.")]
Kind = Annotated[KindName, typer.Option(help="One label per text, several labels per text, or one tag per token.")]
Unlabelled = Annotated[list[str] | None, typer.Option(metavar="FILE", help="More text, without labels. Repeatable.")]
Auxiliary = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=FILE",
        help="Labelled examples of a related task, of the same kind or, with NAME.kind=KIND, another. Repeatable.",
    ),
]
TestFile = Annotated[str | None, typer.Option(metavar="FILE", help="Test set, instead of a share of FILE.")]
TestShare = Annotated[
    float | None,
    typer.Option(
        min=0.0, max=0.99, help="Share of FILE held out as the test set, used once, at the end. Default: 0.2."
    ),
]
DocumentColumn = Annotated[
    str | None, typer.Option(help="Column of the document; none is split between training and test.")
]
RecordFile = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the record to this file, too.")]


def named_files(
    data: str,
    kind: KindName,
    unlabelled: list[str] | None,
    auxiliary: list[str] | None,
    on_bad_rows: BadRows,
    *,
    test: str | None = None,
    validation: str | None = None,
    scheme: str | None = "auto",
    **reading: str | None,
) -> Files:
    """Return the files named by the options; ``reading`` has settings of `mt2st.cli.sources.SETTINGS`."""
    from mt2st.cli.sources import read_helping, read_source
    from mt2st.estimators.inputs.files import Files
    from mt2st.text.parameters import as_flag

    source = read_source({"kind": kind.value, **reading}, as_flag)
    helping = read_helping(auxiliary or [], kind.value)
    return Files(data, source, unlabelled or [], helping, test, validation, on_bad_rows.value, scheme)


def read_files(files: Files, test_share: float | None, seed: int) -> Sets:
    """Read files, hold out the test part, and warn of skipped rows and of labels that may not be meant so."""
    if files.test is not None and test_share is not None:
        raise ConfigError("--test names a file of test examples, --test-share a share of the data: give one of them")
    from mt2st.cli.known_labels import as_known, check_tags_known, warn_of_unknown
    from mt2st.cli.odd_labels import odd_labels
    from mt2st.estimators.inputs.sets import read_sets
    from mt2st.text.parameters import as_flag, parameters_named

    with parameters_named(as_flag):
        sets = read_sets(files, test_share=SHARE if test_share is None else test_share, seed=seed)
        if files.test is not None and files.source.kind == KindName.tagging:
            check_tags_known(sets.test.names(), sets.training.names(), files.test)
        elif files.test is not None:
            sets = replace(sets, test=as_known(sets.test, sorted(set(sets.training.names())), files.test))
        elif files.source.kind != KindName.tagging:
            warn_of_unknown(sets.test.names(), sets.training.names(), files.data)
        odd = list(odd_labels(sets.training.names())) if files.source.kind == KindName.classification else []
    for sentence in odd:
        typer.echo(f"warning: {files.data}: {sentence}", err=True)
    for path, reasons in sets.skipped.items():
        for reason, count in reasons.items():
            typer.echo(f"warning: {path}: rows left out: {count} {reason}", err=True)
    return sets


def write_record(record: dict[str, Any], *paths: Path | None) -> None:
    """Write a record to each path that is not None."""
    for path in paths:
        if path:
            path.write_text(json.dumps(record, indent=2), encoding="utf-8")
