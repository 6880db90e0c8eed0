"""``mt2st tune``."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mt2st.cli.labelled_files import (
    Auxiliary,
    DocumentColumn,
    Kind,
    KindName,
    Labelled,
    NewFolder,
    RecordFile,
    TestFile,
    TestShare,
    Unlabelled,
    named_files,
    read_files,
    write_record,
)
from mt2st.cli.options import (
    AtBadRows,
    BadRows,
    FileFormat,
    LabelColumn,
    LabelColumns,
    LabelSeparator,
    Quiet,
    TextColumn,
    check_folder,
)
from mt2st.errors import counted

if TYPE_CHECKING:
    from mt2st.estimators.inputs.sets import Sets

TRIALS, RESULT = "trials.jsonl", "tuning.json"


class EngineName(StrEnum):
    """Search engines."""

    auto = "auto"
    optuna = "optuna"
    random = "random"


class MetricName(StrEnum):
    """Metrics to compare classifiers by."""

    accuracy = "accuracy"
    macro_f1 = "macro_f1"


def tune_command(
    data: Labelled,
    out: NewFolder,
    kind: Kind = KindName.classification,
    unlabelled: Unlabelled = None,
    auxiliary: Auxiliary = None,
    validation: Annotated[
        str | None, typer.Option(metavar="FILE", help="Validation set, instead of held-out training examples.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help="Budget, in seconds of a reference machine. Default: 60.")
    ] = None,
    trials: Annotated[int | None, typer.Option(min=1, help="Most trials, instead of --seconds, or besides.")] = None,
    model_size: Annotated[
        str | None, typer.Option(metavar="SIZE", help="Largest size of the saved model, e.g. 500K or 2M.")
    ] = None,
    test: TestFile = None,
    test_share: TestShare = None,
    metric: Annotated[MetricName | None, typer.Option(help="Metric to optimise. Default: accuracy.")] = None,
    engine: Annotated[EngineName, typer.Option(help="Search engine; auto: Optuna if installed.")] = EngineName.auto,
    seed: Annotated[int, typer.Option(min=0, help="Random seed of all splits and of the search.")] = 0,
    file_format: FileFormat = "auto",
    text_column: TextColumn = None,
    label_column: LabelColumn = None,
    label_columns: LabelColumns = None,
    label_separator: LabelSeparator = None,
    document_column: DocumentColumn = None,
    on_bad_rows: AtBadRows = BadRows.error,
    json_file: RecordFile = None,
    quiet: Quiet = False,
) -> None:
    """Search for the settings of a text classifier, or of a tagger, that suit your data; save the model with these.

    The defaults are tried first, and kept unless other settings beat them by more than the noise. Ctrl-C ends the
    search, and the best settings so far are used. The same seed and data give the same model. Label texts with it by
    mt2st predict DIR.
    """
    check_folder(json_file)
    reading = {
        "format": file_format,
        "text_column": text_column,
        "label_column": label_column,
        "label_columns": label_columns,
        "label_separator": label_separator,
        "document_column": document_column,
    }
    files = named_files(data, kind, unlabelled, auxiliary, on_bad_rows, test=test, validation=validation, **reading)
    how = {"seconds": seconds, "trials": trials, "model_size": model_size, "seed": seed, "engine": engine.value}
    if metric is not None:
        how["metric"] = metric.value
    from mt2st.cli.new_folder import new_folder

    with new_folder(out):
        sets = read_files(files, test_share, seed)
        record, signal = _tune(sets, kind, how, out, quiet=quiet)
    write_record(record, out / RESULT, json_file)
    if not quiet:
        from mt2st.cli.tuning_tables import print_tuning

        print_tuning(record, kind.value, out)
    if signal is not None:
        typer.echo(f"stopped; the best of {counted(len(record['trials']), 'trial')} is saved", err=True)
        sys.exit(128 + signal)


def _tune(
    sets: Sets, kind: KindName, how: dict[str, Any], out: Path, *, quiet: bool
) -> tuple[dict[str, Any], int | None]:
    """Return the record, and the signal that ended the search, if any."""
    from mt2st.cli.tuning_display import TuningDisplay
    from mt2st.estimators.tuning.job import tune_sets
    from mt2st.training.stopping import StopRequest

    stop = StopRequest()
    with TuningDisplay(out / TRIALS, how, quiet=quiet) as display, stop.listening():
        stopped = lambda: stop.signal is not None  # noqa: E731
        record = tune_sets(sets, kind.value, how, out, display.on_trial, stopped)
    return record, stop.signal
