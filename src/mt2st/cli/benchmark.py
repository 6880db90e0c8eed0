"""``mt2st benchmark``: whole experiments, from data to tables."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mt2st.cli.options import Quiet
from mt2st.errors import ConfigError, DataError, Mt2stError

if TYPE_CHECKING:
    from mt2st.experiments.experiment import Experiment
    from mt2st.experiments.tables import Table

app = typer.Typer(help="Run an experiment, from data to tables.", no_args_is_help=True)

Folder = Annotated[
    Path | None,
    typer.Option("--data", metavar="FOLDER", help="Folder of the data sets.", envvar="MT2ST_DATA", show_envvar=True),
]
Jobs = Annotated[int | None, typer.Option(min=1, help="Trainings at once, one thread each. Default: one per core.")]


@app.callback()
def _root() -> None:
    pass


@app.command("paper")
def paper_command(
    data: Folder = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Output folder; the same command resumes there.")] = Path(
        "paper"
    ),
    quick: Annotated[bool, typer.Option("--quick", help="Five minutes: one embedding, small sizes, 3 seeds.")] = False,
    seeds: Annotated[int | None, typer.Option(min=1, help="Trainings per cell. Default: 5.")] = None,
    embedding: Annotated[list[str] | None, typer.Option(help="Only this one. Repeatable.")] = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
) -> None:
    """Run the grid of the paper's Tables I to III: every auxiliary with a gradient, the same search for every cell."""
    from mt2st.experiments.paper.cells import EMBEDDINGS
    from mt2st.experiments.paper.experiment import PaperExperiment
    from mt2st.experiments.paper.sizes import QUICK, WHOLE

    chosen = tuple(embedding or (("skipgram",) if quick else EMBEDDINGS))
    _check_known("embedding", chosen, EMBEDDINGS)
    experiment = PaperExperiment(
        data_folder(data), out, QUICK if quick else WHOLE, chosen, seeds or (3 if quick else 5)
    )
    _run(experiment, jobs, quiet)


@app.command("transfer")
def transfer_command(
    data: Folder = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Output folder; the same command resumes there.")] = Path(
        "transfer"
    ),
    quick: Annotated[bool, typer.Option("--quick", help="Some minutes: one primary, small sizes, 3 seeds.")] = False,
    seeds: Annotated[int | None, typer.Option(min=1, help="Trainings per method. Default: 5.")] = None,
    primary: Annotated[list[str] | None, typer.Option(help="Only this one. Repeatable.")] = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
) -> None:
    """Compare strategies with TorchJD's methods on five primaries with few labels: same model, budget and search."""
    from mt2st.experiments.transfer.experiment import TransferExperiment
    from mt2st.experiments.transfer.primaries import PRIMARIES
    from mt2st.experiments.transfer.sizes import QUICK, WHOLE

    chosen = tuple(primary or (("questions",) if quick else PRIMARIES))
    _check_known("primary", chosen, tuple(PRIMARIES))
    sizes, trials = (QUICK, 2) if quick else (WHOLE, 4)
    experiment = TransferExperiment(data_folder(data), out, sizes, chosen, seeds or (3 if quick else 5), trials)
    _run(experiment, jobs, quiet)


@app.command("few-labels")
def few_labels_command(
    data: Folder = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Output folder; the same command resumes there.")] = Path(
        "few-labels"
    ),
    quick: Annotated[bool, typer.Option("--quick", help="Under five minutes: one set, small sizes, 3 splits.")] = False,
    splits: Annotated[int | None, typer.Option(min=1, help="Draws of labels. Default: 5.")] = None,
    chosen: Annotated[list[str] | None, typer.Option("--set", help="Only this one. Repeatable.")] = None,
    most: Annotated[int | None, typer.Option(min=1, help="Skip larger numbers of labels.")] = None,
    autotune: Annotated[int | None, typer.Option(min=1, help="Seconds of fastText's search. Default: 60.")] = None,
    jobs: Jobs = None,
    quiet: Quiet = False,
) -> None:
    """Compare mt2st's text classifier with TF-IDF, fastText and skip-gram means where labels are few."""
    from mt2st.experiments.few_labels.experiment import FewLabelsExperiment
    from mt2st.experiments.few_labels.sets import SETS
    from mt2st.experiments.few_labels.sizes import QUICK, WHOLE

    sets = tuple(chosen or (("cr",) if quick else SETS))
    _check_known("set", sets, tuple(SETS))
    sizes = QUICK if quick else WHOLE
    sizes = sizes if autotune is None else replace(sizes, autotune=autotune)
    number = splits or (3 if quick else 5)
    experiment = FewLabelsExperiment(data_folder(data), out, sizes, sets, number, 250 if quick and not most else most)
    _run(experiment, jobs, quiet)


def _check_known(what: str, chosen: Sequence[str], known: Sequence[str]) -> None:
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise ConfigError(f"no {what} {unknown[0]!r}: there are {', '.join(known)}")


def data_folder(data: Path | None) -> Path:
    """Return the folder of the real data.

    Raises
    ------
    DataError
        If it is not given.
    """
    if data is None:
        raise DataError("no folder of the real data is set: give it with --data, or in MT2ST_DATA")
    return data


def _run(experiment: Experiment, jobs: int | None, quiet: bool) -> None:
    """Run the missing trainings, write the tables and print them.

    Raises
    ------
    Mt2stError
        If trainings failed, after the tables of the others are written.
    """
    _run_missing(experiment, jobs or os.cpu_count() or 1, quiet)
    tables, path = experiment.write(), experiment.folder / experiment.file
    if not quiet:
        _show(tables, path)
    if failures := experiment.failures():
        failed, reason = next(iter(failures.items()))
        empty = f"{len({trial.cell for trial in failures})} of {len(experiment.grid.cells)}"
        raise Mt2stError(
            f"{path}: empty cells: {empty}, as trainings failed, the first of them {failed.key} ({reason}): "
            "the same command tries them again"
        )


def _run_missing(experiment: Experiment, jobs: int, quiet: bool) -> None:
    from mt2st.cli.progress import WorkDisplay
    from mt2st.cli.resume_hint import resume_hint
    from mt2st.training.store import NAME

    display = WorkDisplay(len(experiment.grid), "training", quiet=quiet)
    with resume_hint(experiment.folder / NAME), display:
        display.begin("reading data")
        experiment.run(jobs, display.begin, lambda trial, fresh: display.end_one(trial.key, fresh))


def _show(tables: Sequence[Table], path: Path) -> None:
    from mt2st.cli.tables import console

    for table in tables:
        console().print(table.rich())
    console().print(str(path), soft_wrap=True)
