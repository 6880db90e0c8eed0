"""``mt2st compare``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mt2st.cli.options import Config, Data, Labels, OnBadRows, Out, Primary, Quiet, Request, Seed, Sets, check_folder
from mt2st.errors import counted

if TYPE_CHECKING:
    from mt2st.training.cells import CellResult
    from mt2st.training.comparison import Comparison
    from mt2st.training.settings import Settings


def compare_command(
    config: Config = None,
    sets: Sets = None,
    primary: Primary = None,
    data: Data = None,
    labels: Labels = None,
    out: Out = None,
    seed: Seed = None,
    seeds: Annotated[int, typer.Option(min=1, help="Number of seeds, each with its own draw of labels.")] = 5,
    trials: Annotated[int, typer.Option(min=1, max=9, help="Learning rates tried for each strategy.")] = 9,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the results as JSON.")] = None,
    on_bad_rows: OnBadRows = None,
    quiet: Quiet = False,
) -> None:
    """Compare the strategies single, pretrain, constant, diminish, switch and feedback.

    All have the same data, seeds and search of learning rates. Strategies of single auxiliaries and
    training.max_seconds are ignored, so that runs differ in their strategy alone.
    """
    flags = {"primary.labels": labels, "training.seed": seed, "training.on_bad_rows": on_bad_rows}
    settings = Request(config, primary, data, sets or [], flags).settings()
    from mt2st.cli.new_folder import new_folder
    from mt2st.cli.resume_hint import resume_hint
    from mt2st.cli.run_warnings import data_warnings
    from mt2st.training.store import NAME

    check_folder(json_file)
    _warn(settings)
    with new_folder(out, f"{settings.primary.name}-compare", begun=NAME) as folder:
        with resume_hint(folder / NAME, "again" if out else f"with --out {folder}"):
            found = _compare(settings, folder / NAME, seeds, trials, quiet=quiet).as_dict()
        _save(found, settings, folder)
    if json_file:
        json_file.write_text(json.dumps(found, indent=2), encoding="utf-8")
    for told in data_warnings(found["data"], settings.primary.labels):
        typer.echo(f"warning: {told}", err=True)
    if not quiet:
        _print(found, folder)


def _warn(settings: Settings) -> None:
    left_out = [f"auxiliary.{name}.strategy" for name, own in settings.auxiliary.items() if own.strategy is not None]
    if settings.training.max_seconds is not None:
        left_out.append("training.max_seconds")
    for key in left_out:
        typer.echo(f"warning: {key} is left out: compare sets the strategy, and trains to the last step", err=True)


def _compare(settings: Settings, path: Path, seeds: int, trials: int, *, quiet: bool) -> Comparison:
    from mt2st.cli.progress import WorkDisplay
    from mt2st.training.comparison import STRATEGIES, compare, planned_runs
    from mt2st.training.comparison_store import ComparisonStore

    store = ComparisonStore(path, settings)
    with WorkDisplay(planned_runs(STRATEGIES, seeds, trials), "training", quiet=quiet) as display:
        display.begin("reading data")

        def on_run(result: CellResult, fresh: bool) -> None:
            if fresh:
                store.add(result)
            what = "search" if result.test is None else f"seed {result.cell.seed}"
            display.end_one(f"{what}: {result.cell.strategy}", fresh)

        return compare(settings, seeds=seeds, trials=trials, finished=store.results, on_run=on_run)


def _save(found: dict[str, Any], settings: Settings, folder: Path) -> None:
    from mt2st.report import plot_comparison
    from mt2st.training.run_directory import RunDirectory
    from mt2st.training.settings import dump_settings
    from mt2st.whole_file import write_whole

    write_whole(folder / "comparison.json", json.dumps(found, indent=2).encode())
    plot_comparison(found["rows"], folder / "comparison.svg")
    write_whole(RunDirectory(folder).config, dump_settings(settings).encode())


def _print(found: dict[str, Any], folder: Path) -> None:
    from mt2st.cli.tables import comparison_table, console

    data = found["data"]
    labels = "all labels" if found["labels"] is None else counted(data["training"], "label")
    tried = f"{counted(len(found['seeds']), 'seed')}, {counted(found['search']['trials'], 'rate')} tried each"
    title = f"{found['primary']}, {labels}, {tried}"
    out = console()
    out.print(comparison_table(found["rows"], title, found["measure"]))
    shared = f"all share one test part of {data['test']:,}"
    out.print(f"Intervals are over seeds (draw of labels, initial values, order); {shared}.")
    for name in ("comparison.json", "comparison.svg"):
        out.print(str(folder / name), soft_wrap=True)
