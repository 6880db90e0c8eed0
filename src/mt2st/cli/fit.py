"""``mt2st fit``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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
from mt2st.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from mt2st.estimators.fitting.job import Either

RECORD = "fit.json"


def fit_command(
    data: Labelled,
    out: NewFolder,
    kind: Kind = KindName.classification,
    unlabelled: Unlabelled = None,
    auxiliary: Auxiliary = None,
    test: TestFile = None,
    test_share: TestShare = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="Set a parameter of the estimator, e.g. ngrams=false. Repeatable."
        ),
    ] = None,
    quantize: Annotated[
        bool, typer.Option("--quantize", help="Save the model quantized, at about a tenth of its size.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Random seed of the test split and of training.")] = 0,
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
    """Fit a text classifier, or a tagger, to one labelled file; evaluate it on held-out rows, and save it.

    The estimator is mt2st.TextClassifier, or mt2st.TokenTagger, with its defaults: the same seed and data give the same
    model. Label texts with it by mt2st predict DIR; report.html shows its mistakes.
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
    from mt2st.cli.fit_display import shown_fit
    from mt2st.cli.new_folder import new_folder
    from mt2st.estimators.fitting.job import fit_sets, new_estimator

    estimator = new_estimator(kind.value, seed)
    _set(estimator, parameters or [])
    reading["scheme"] = estimator.get_params().get("scheme")
    files = named_files(data, kind, unlabelled, auxiliary, on_bad_rows, test=test, **reading)
    with new_folder(out), shown_fit(quiet=quiet):
        sets = read_files(files, test_share, seed)
        record = {"data": data, "kind": kind.value, "seed": seed, **fit_sets(estimator, sets, out, quantize=quantize)}
    write_record(record, out / RECORD, json_file)
    if not quiet:
        from mt2st.cli.fit_tables import print_fit

        print_fit(record, out)


def _set(estimator: Either, parameters: list[str]) -> None:
    if not parameters:
        return
    from mt2st.cli.sources import pair_of
    from mt2st.estimators.estimator import defaults
    from mt2st.training.settings.toml import value_of

    kind = type(estimator)
    for given in parameters:
        name, value = pair_of("--set", "NAME=VALUE", given)
        if name not in defaults(kind):
            raise ConfigError(
                f"--set {given}: {kind.__name__} has no such parameter{did_you_mean(name, defaults(kind))}"
            )
        setattr(estimator, name, value_of(value))
