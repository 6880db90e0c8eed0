"""The final output of ``mt2st fit``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from mt2st.cli.tables import calibration_line, console, print_measures
from mt2st.errors import counted

TEXTS = ("text", "label")
NOUNS = {"classification": TEXTS, "multilabel": TEXTS, "tagging": ("sentence", "tag")}
COLUMNS = {"words": "word", "pairs": "pair", "ngrams": "n-gram"}


def print_fit(record: dict[str, Any], folder: Path) -> None:
    """Print the data, what was fitted, the test measures, and the paths of the files written."""
    out = console()
    noun, label = NOUNS[record["kind"]]
    for line in (_helped(record, noun, label), *_found(record["found"], record["kind"])):
        out.print(line, soft_wrap=True)
    print_test(out, record["test"], record["kind"])
    print_paths(out, record["test"], folder, "fit.json")


def print_test(out: Console, test: dict[str, Any] | None, kind: str) -> None:
    """Print the measures on the test part, or that there is none."""
    if test is None:
        out.print("Not tested: no rows were held out")
        return
    print_measures(out, test, f"Test: {counted(test['rows'], NOUNS[kind][0])} never used above")
    if line := calibration_line(test):
        out.print(line, soft_wrap=True)


def print_paths(out: Console, test: dict[str, Any] | None, folder: Path, record: str) -> None:
    """Print where the model, the page of mistakes, if there is a test part, and the record are."""
    page = [("report", "report.html")] if test is not None else []
    for what, name in (("model", "model"), *page, ("record", record)):
        out.print(f"{what:>9}  {folder / name}", soft_wrap=True)


def _helped(record: dict[str, Any], noun: str, label: str) -> str:
    beside = [f"{counted(rows, noun)} of {name}" for name, rows in record["auxiliary"].items()]
    if record["unlabelled"]:
        beside.append(f"{record['unlabelled']:,} without {label}s")
    helped = f", helped by {' and '.join(beside)}," if beside else ""
    own = f"{counted(record['rows'], noun)} with {counted(len(record['labels']), label)}"
    return f"fitted to {own}{helped} in {record['seconds']:.1f} s"


def _found(found: dict[str, Any], kind: str) -> Iterator[str]:
    if "scheme" in found:
        yield f"tags: spans in the scheme {found['scheme']}" if found["scheme"] else "tags: no spans"
        return
    counts = ", ".join(counted(found[name], noun) for name, noun in COLUMNS.items())
    measure = "share of labels told right" if kind == "multilabel" else "accuracy"
    yield f"columns: {counts}; C {found['C']:g}, cross-validated {measure} {found['cross_validated_accuracy']:.3f}"
    if found["vectors"]:
        moment = f"the switch to this task alone came at {found['switch']:g} of the run"
        yield f"vectors: {found['vectors']:,}, share in the head {found['vectors_share']:g}; {moment}"
