"""``mt2st evaluate``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from mt2st.cli.judge import RESTRICT, Analogies, Pairs, Restrict, evaluate_vectors
from mt2st.cli.options import (
    AtBadRows,
    BadRows,
    FileFormat,
    LabelColumn,
    LabelColumns,
    LabelSeparator,
    TextColumn,
    check_folder,
)
from mt2st.errors import ConfigError


def evaluate_command(
    judged: Annotated[
        Path,
        typer.Argument(metavar="MODEL|VECTORS", help="A folder that train, fit, tune or save wrote, or word vectors."),
    ],
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE]", help="For a model: labelled examples; for the formats see --format."),
    ] = None,
    data: Annotated[str | None, typer.Option(metavar="FILE", help="The same as FILE.")] = None,
    file_format: FileFormat = "auto",
    text_column: TextColumn = None,
    label_column: LabelColumn = None,
    label_columns: LabelColumns = None,
    label_separator: LabelSeparator = None,
    on_bad_rows: AtBadRows = BadRows.error,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="For a model: write an HTML page of measures, confusions and their texts."),
    ] = None,
    pairs: Pairs = None,
    analogies: Analogies = None,
    restrict: Restrict = RESTRICT,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the measures as JSON.")
    ] = None,
) -> None:
    """Evaluate a model on labelled examples, or word vectors on word pairs and analogies."""
    check_folder(json_file)
    check_folder(report)
    data = _one_of(file, data)
    _check_sides(judged, data, [*(pairs or []), *(analogies or [])], report)
    if data is None:
        measures: Any = evaluate_vectors(judged, pairs or [], analogies or [], restrict)
    else:
        reading = {
            "format": file_format,
            "text_column": text_column,
            "label_column": label_column,
            "label_columns": label_columns,
            "label_separator": label_separator,
        }
        measures = _evaluate_model(judged, data, report, reading, on_bad_rows.value)
    if json_file:
        json_file.write_text(json.dumps(measures, indent=2), encoding="utf-8")


def _one_of(file: str | None, data: str | None) -> str | None:
    if file is not None and data is not None:
        raise ConfigError(f"the examples are given twice, {file} and --data {data}: leave one out")
    return file if data is None else data


def _check_sides(judged: Path, data: str | None, sets: list[Path], report: Path | None) -> None:
    if data and sets:
        raise ConfigError("labelled examples are for a model, --pairs and --analogies for word vectors: give either")
    if data and judged.is_file():
        raise ConfigError(
            f"labelled examples are for a model, {judged} is a file: give a folder, or, if they are word vectors, "
            f"--pairs {data} or --analogies {data}"
        )
    if not data and judged.is_dir():
        raise ConfigError(
            f"{judged} is a folder: give the examples to evaluate its model on, mt2st evaluate {judged} FILE, or the "
            "file of word vectors in it"
        )
    if report and not data:
        raise ConfigError("--report is of a model on labelled examples: give their file, or leave it out")


def _evaluate_model(
    model: Path, data: str, report: Path | None, reading: dict[str, str | None], on_bad_rows: str
) -> dict[str, Any]:
    from mt2st.cli.judge_models import judge_model
    from mt2st.cli.tables import calibration_line, console, print_measures
    from mt2st.estimators.loading import home
    from mt2st.text.parameters import as_flag, parameters_named

    with parameters_named(as_flag):
        measures, findings, skipped = judge_model(home(model), data, reading, on_bad_rows)
    print_measures(console(), measures, data)
    if line := calibration_line(measures):
        console().print(line, soft_wrap=True)
    for reason, count in skipped.items():
        typer.echo(f"warning: {data}: rows left out: {count} {reason}", err=True)
    if report is not None:
        from mt2st.report.judged import write_findings

        console().print(f"   report  {write_findings(findings(), report)}", soft_wrap=True)
    return measures
