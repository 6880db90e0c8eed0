"""Tables printed at the end of a command."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from mt2st.errors import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mt2st.training.run_directory import RunDirectory

WIDE = 120
# Maximum classes with a row of their own; the page has all.
MOST_CLASSES = 20


def console(*, stderr: bool = False) -> Console:
    """Return a console that prints text as it is, and does not wrap tables if the width is unknown.

    Labels, names and paths may contain what rich interprets as markup (``[/b]``) or emoji (``:key:``).
    """
    found = Console(highlight=False, markup=False, emoji=False, stderr=stderr)
    if not found.is_terminal:
        found.width = max(found.width, WIDE)
    return found


def print_measures(out: Console, report: dict[str, Any], title: str) -> None:
    """Print precision, recall and F1 of classes, labels or spans, if there are any, and the accuracy.

    The accuracy of always guessing the most frequent class stands below it, as it is high where one class is.
    """
    from mt2st.report.summary import guess_note

    out.print(title, style="italic", soft_wrap=True)
    table = Table()
    for column in ("", "precision", "recall", "F1", "support"):
        table.add_column(column, justify="right" if column else "left")
    for name, values in _rows(report):
        support = f"{values['support']:,}" if "support" in values else ""
        table.add_row(name, *(f"{values[measure]:.3f}" for measure in ("precision", "recall", "f1")), support)
    if table.rows:
        out.print(table)
    what = "example" if "macro_f1" in report else "token"
    whole = ": all labels right" if "gold" in report else ""
    accuracy = f"accuracy {report['accuracy']:.3f} on {counted(report['examples'], what)}{whole}"
    for line in filter(None, (accuracy, guess_note(report))):
        out.print(line, style="dim italic", soft_wrap=True)


def _rows(report: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield names and measures: of spans and their types; or of classes, if they are not many, and means over all."""
    from mt2st.report.measures import measures_of_classes

    if "spans" in report:
        yield "spans", report["spans"]["micro"]
        yield from report["spans"]["types"].items()
        return
    if len(report["labels"] if "macro_f1" in report else ()) <= MOST_CLASSES:
        yield from ((each.label, asdict(each)) for each in measures_of_classes(report))
    for mean in ("micro", "macro", "weighted"):
        if f"{mean}_f1" in report:
            yield mean, {measure: report[f"{mean}_{measure}"] for measure in ("precision", "recall", "f1")}


def calibration_line(report: dict[str, Any]) -> str:
    """Return a line on the calibration of probabilities, empty if unknown."""
    found = report.get("calibration")
    if not found:
        return ""
    chance = f"calibrated probabilities show {found['ece_by_chance']:.3f} by chance"
    error = f"expected calibration error {found['ece']:.3f} ({chance})"
    return f"{error}, Brier score {found['brier']:.3f}, log-loss {found['log_loss']:.3f}"


def work_table(result: dict[str, Any]) -> Table:
    """Return seconds and skipped work by task."""
    table = Table(title="Work", title_justify="left")
    for column in ("task", "seconds", "steps run", "skipped", "examples", "spared", "work skipped"):
        table.add_column(column, justify="left" if column == "task" else "right")
    for name, work in result["work"].items():
        whole = work["examples"] + work["examples_skipped"]
        share = work["examples_skipped"] / whole if whole else 0.0
        counts = (f"{work[key]:,}" for key in ("ran", "skipped", "examples", "examples_skipped"))
        table.add_row(name, f"{work['seconds']:.2f}", *counts, f"{share:.0%}")
    table.add_row("all", f"{result['seconds']['training']:.2f}", "", "", "", "", "", style="bold")
    return table


def baselines_table(result: dict[str, Any]) -> Table:
    """Return the run next to the same job trained on the primary alone and on all tasks throughout."""
    table = Table(title="The same job, trained otherwise (one seed)", title_justify="left")
    minus = f"minus {result['strategy']}"
    for column in ("strategy", "test score", minus, "seconds of training"):
        table.add_column(column, justify="left" if column == "strategy" else "right")
    own = result["test"].get("span_f1", result["test"]["accuracy"])
    table.add_row(result["strategy"], f"{own:.3f}", "", f"{result['seconds']['training']:.2f}", style="bold")
    for name, other in result["baselines"].items():
        table.add_row(name, f"{other['test']:.3f}", f"{other['test'] - own:+.3f}", f"{other['seconds']:.2f}")
    return table


def print_result(result: dict[str, Any], run: RunDirectory, report: Path) -> None:
    """Print the test measures, the work and the paths of the files written."""
    out = console()
    if result["stopped"]:
        remedy = ": resume with --resume" if result["stopped"] == "out of time" else ""
        out.print(f"{result['stopped']} at step {result['steps']} of {result['total_steps']}{remedy}")
    print_measures(out, result["test"], f"Test: {result['primary']}, {result['strategy']}")
    found = result["data"]["pretrained"]
    if found:
        share = f"{found['text_share']:.0%} of the running words"
        out.print(f"vectors were given for {found['found']:,} of {found['words']:,} words, {share}")
    out.print(work_table(result))
    if result["baselines"]:
        out.print(baselines_table(result))
    for what, path in (("model", run.path / "model"), ("report", report), ("all of it", run.path)):
        out.print(f"{what:>9}  {path}", soft_wrap=True)


def comparison_table(rows: Sequence[dict[str, Any]], title: str, measure: str) -> Table:
    """Return the strategies side by side; ``measure`` names the test score."""
    from mt2st.report.wording import measure as in_words

    table = Table(title=title, title_justify="left")
    test = f"test {in_words(measure)} [95%]"
    columns = ("strategy", test, "minus single [95%]", "s to single's best", "seconds", "of constant")
    for column in columns:
        table.add_column(column, justify="left" if column == "strategy" else "right")
    constant = next((row["seconds"] for row in rows if row["strategy"] == "constant"), None)
    for row in rows:
        table.add_row(
            row["strategy"],
            _interval(row["test"], ".3f"),
            _interval(row["paired"], "+.3f"),
            "-" if row["seconds_to_single_best"] is None else f"{row['seconds_to_single_best']:.3f}",
            f"{row['seconds']:.3f}",
            f"{row['seconds'] / constant:.0%}" if constant else "-",
        )
    return table


def _interval(values: dict[str, float | None] | None, spec: str) -> str:
    from mt2st.evaluation import Interval

    if values is None or values["mean"] is None:
        return "-"
    return format(Interval(values["mean"], values["low"], values["high"]), spec)
