"""``mt2st tune``."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mt2st.cli.options import BadRows, Quiet, check_folder
from mt2st.errors import ConfigError

if TYPE_CHECKING:
    from mt2st.estimators.tuning.sets import Files, Sets

TRIALS, RESULT, MODEL = "trials.jsonl", "tuning.json", "model"


class KindName(StrEnum):
    """What has a label."""

    classification = "classification"
    tagging = "tagging"


class EngineName(StrEnum):
    """Who proposes settings."""

    auto = "auto"
    optuna = "optuna"
    random = "random"


class MetricName(StrEnum):
    """What classifiers are judged by."""

    accuracy = "accuracy"
    macro_f1 = "macro_f1"


def tune_command(
    data: Annotated[str, typer.Argument(metavar="FILE", help="Labelled examples, in any format that train reads.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the model and the record; new or empty.")],
    kind: Annotated[KindName, typer.Option(help="A label a text, or a tag a token.")] = KindName.classification,
    unlabelled: Annotated[
        list[str] | None, typer.Option(metavar="FILE", help="More text, without labels; may be given several times.")
    ] = None,
    auxiliary: Annotated[
        list[str] | None, typer.Option(metavar="NAME=FILE", help="Other labelled examples that help; several times.")
    ] = None,
    validation: Annotated[
        str | None, typer.Option(metavar="FILE", help="Examples to judge settings by, instead of held-out ones.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help="Budget, in what this work takes a reference machine. Default: 60.")
    ] = None,
    trials: Annotated[int | None, typer.Option(min=1, help="Settings to try, instead of seconds, or besides.")] = None,
    model_size: Annotated[
        str | None, typer.Option(metavar="SIZE", help="The most that the saved model may have, as 500K or 2M.")
    ] = None,
    test_share: Annotated[
        float, typer.Option(min=0.0, max=0.99, help="Share laid aside before the search, to judge the result by, once.")
    ] = 0.2,
    metric: Annotated[MetricName | None, typer.Option(help="What settings are judged by. Default: accuracy.")] = None,
    engine: Annotated[EngineName, typer.Option(help="Who proposes; auto: Optuna where installed.")] = EngineName.auto,
    seed: Annotated[int, typer.Option(min=0, help="Of the test part, the held-out examples and the proposals.")] = 0,
    file_format: Annotated[str, typer.Option("--format", help="Format of the file; auto goes by its name.")] = "auto",
    text_column: Annotated[str | None, typer.Option(help="Name or number of the text's column.")] = None,
    label_column: Annotated[str | None, typer.Option(help="Name or number of the label's column.")] = None,
    document_column: Annotated[str | None, typer.Option(help="The same of the document, which is not split.")] = None,
    on_bad_rows: Annotated[BadRows, typer.Option(help="Stop at a bad row, or count it and go on.")] = BadRows.error,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the record here too.")] = None,
    quiet: Quiet = False,
) -> None:
    """Find the settings of a text classifier, or of a tagger, that suit your data; save the model fitted with them.

    The defaults come first, and stay unless others beat them beyond the noise. Ctrl-C ends the search and fits the best
    so far. The same seed and data give the same model, which mt2st predict DIR reads.
    """
    check_folder(json_file)
    source = {"format": file_format, "text_column": text_column, "label_column": label_column}
    files = _files(data, kind, unlabelled, auxiliary, validation, on_bad_rows, document_column, source)
    how = {"seconds": seconds, "trials": trials, "model_size": model_size, "seed": seed, "engine": engine.value}
    if metric is not None:
        how["metric"] = metric.value
    from mt2st.cli.new_folder import new_folder
    from mt2st.estimators.tuning.sets import read_sets
    from mt2st.text.parameters import as_flag, parameters_named

    with new_folder(out):
        with parameters_named(as_flag):
            sets = read_sets(files, test_share=test_share, seed=seed)
        _warn(sets)
        record, signal = _tune(sets, kind, how, out, quiet=quiet)
    for path in (out / RESULT, json_file):
        if path:
            path.write_text(json.dumps(record, indent=2), encoding="utf-8")
    if not quiet:
        from mt2st.cli.tuning_tables import print_tuning

        print_tuning(record, out)
    if signal is not None:
        typer.echo(f"stopped; the best of {len(record['trials'])} trials is saved", err=True)
        sys.exit(128 + signal)


def _files(
    data: str,
    kind: KindName,
    unlabelled: list[str] | None,
    auxiliary: list[str] | None,
    validation: str | None,
    on_bad_rows: BadRows,
    document_column: str | None,
    source: dict[str, Any],
) -> Files:
    from mt2st.estimators.tuning.sets import Files
    from mt2st.training.settings.labelled import Source

    if kind is KindName.classification:
        source["document_column"] = document_column
    elif document_column is not None:
        raise ConfigError("--document-column is for classification: leave it out")
    helping = dict(_named(each) for each in auxiliary or [])
    read = Source.model_validate(source)
    return Files(data, kind.value, unlabelled or [], helping, validation, read, on_bad_rows.value)


def _named(given: str) -> tuple[str, str]:
    name, sign, path = given.partition("=")
    if not (name and sign and path):
        raise ConfigError(f"--auxiliary takes NAME=FILE, {given!r} found")
    return name, path


def _warn(sets: Sets) -> None:
    for path, reasons in sets.skipped.items():
        for reason, count in reasons.items():
            typer.echo(f"warning: {path}: rows left out: {count} {reason}", err=True)


def _tune(
    sets: Sets, kind: KindName, how: dict[str, Any], out: Path, *, quiet: bool
) -> tuple[dict[str, Any], int | None]:
    """Return the record, and the signal that ended the search."""
    from mt2st.cli.tuning_display import TuningDisplay
    from mt2st.estimators.tuning.job import tune_sets
    from mt2st.training.stopping import StopRequest

    stop = StopRequest()
    with TuningDisplay(out / TRIALS, how, quiet=quiet) as display, stop.listening():
        stopped = lambda: stop.signal is not None  # noqa: E731
        model, record = tune_sets(sets, kind.value, how, display.on_trial, stopped)
        model.save(out / MODEL)
    return record, stop.signal
