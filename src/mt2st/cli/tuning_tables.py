"""The tables that ``mt2st tune`` prints at its end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.table import Table

from mt2st.cli.fit_tables import print_paths, print_test
from mt2st.cli.tables import console
from mt2st.errors import counted

SHOWN = 8


def print_tuning(record: dict[str, Any], kind: str, folder: Path) -> None:
    """Print the best trials, the winner, its test measures, and the paths of the files written."""
    out, test = console(), record["test"]
    # No table title: a narrow table would wrap it.
    tried = counted(len(record["trials"]), "trial")
    out.print(f"Best of {tried}, by {record['metric']} on held-out examples ({record['engine']})")
    out.print(_trials(record))
    out.print(_verdict(record))
    print_test(out, test, kind)
    if test is not None:
        out.print(f"{record['metric']} {test['tuned']:.3f}; the defaults, of any size: {test['given']:.3f}")
    print_paths(out, test, folder, "tuning.json")


def _trials(record: dict[str, Any]) -> Table:
    judged = [trial for trial in record["trials"] if trial["score"] is not None and trial["why_not"] is None]
    best = sorted(judged, key=lambda trial: (-trial["score"], trial["trial"]))[:SHOWN]
    table = Table()
    sized = record["size_limit"] is not None
    for column in ("trial", "score", *(("size",) if sized else ()), "settings"):
        table.add_column(column, justify="left" if column == "settings" else "right")
    given = record["trials"][0]["settings"]
    for trial in best:
        size = (_size(trial),) if sized else ()
        changed = _changes(trial["settings"], given) or "as given"
        style = "bold" if trial["trial"] == record["chosen"] else None
        table.add_row(str(trial["trial"]), f"{trial['score']:.3f}", *size, changed, style=style)
    return table


def _size(trial: dict[str, Any]) -> str:
    from mt2st.estimators.tuning.sizes import size_text

    return size_text(trial["bytes"]) + (", quantized" if trial["quantized"] else "")


def _changes(settings: dict[str, Any], given: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in settings.items() if value != given[name])


def _verdict(record: dict[str, Any]) -> str:
    first, chosen = record["trials"][0], record["trials"][record["chosen"]]
    ended = f"{record['work']:.1f} s of work, ended by: {record['stopped']}"
    if not record["reproducible"]:
        ended += " (another run may find something else)"
    if not record["chosen"]:
        return f"The settings as given stay: nothing beat them by more than the noise. {ended}"
    if first["why_not"] is not None:
        return f"Trial {record['chosen']} wins; as given: {first['why_not']}. {ended}"
    return f"Trial {record['chosen']} wins, {chosen['score'] - first['score']:+.3f}. {ended}"
