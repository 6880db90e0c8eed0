"""``mt2st train``."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mt2st.cli.options import (
    Config,
    Data,
    Labels,
    OnBadRows,
    Out,
    Primary,
    Quiet,
    Request,
    Seed,
    Sets,
    StrategyName,
)
from mt2st.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from mt2st.training.ranks import Ranks
    from mt2st.training.run_directory import RunDirectory
    from mt2st.training.settings import Settings


def train_command(
    config: Config = None,
    sets: Sets = None,
    strategy: Annotated[
        StrategyName | None, typer.Option(help="How the auxiliaries' weights change over time.")
    ] = None,
    primary: Primary = None,
    data: Data = None,
    labels: Labels = None,
    out: Out = None,
    max_seconds: Annotated[float | None, typer.Option(min=0.0, help="Stop training after this time.")] = None,
    seed: Seed = None,
    on_bad_rows: OnBadRows = None,
    resume: Annotated[bool, typer.Option("--resume", help="Resume the run in --out, or the newest one.")] = False,
    quiet: Quiet = False,
) -> None:
    """Train a text model first on many tasks, then on one.

    Without arguments it trains the default job: sentiment of product reviews from 250 labels, with film reviews,
    tweets, editorials and a language model over all their text as auxiliaries.
    """
    flags = {
        "strategy.name": strategy,
        "primary.labels": labels,
        "training.seed": seed,
        "training.on_bad_rows": on_bad_rows,
    }
    from mt2st.training.ranks.launch import joined
    from mt2st.training.settings import parse_settings

    request = Request(config, primary, data, sets or [], flags)
    with joined() as ranks:
        run = _run_to_go_on_with(out, resume=resume) if ranks.first else None

        def begin() -> dict[str, Any]:
            return {"goes_on": run is not None, "settings": _settings(request, run).model_dump(mode="json")}

        begun = ranks.broadcast(begin)
        settings = parse_settings(begun["settings"])
        limit = settings.training.max_seconds
        if begun["goes_on"] or max_seconds is not None:
            limit = max_seconds  # for this session: it is not saved with the run's settings
        _train(settings, run, out, ranks, limit, quiet=quiet)


def _run_to_go_on_with(out: Path | None, *, resume: bool) -> RunDirectory | None:
    """Return the run to resume: the requested one, or the one begun before torchrun restarted these processes."""
    from mt2st.training.ranks.restart import find_own_run
    from mt2st.training.run_directory import RunDirectory, check_free

    run = find_own_run(out) or (RunDirectory.find(out) if resume else None)
    if run is None:
        check_free(out)
    return run


def _settings(request: Request, run: RunDirectory | None) -> Settings:
    """Return the settings of a run to resume, which cannot be changed, or those given."""
    if run is None:
        return request.settings()
    stored = run.settings()
    if request.given:
        _refuse_changes(stored, request.settings(stored.model_dump(mode="json")), run)
    return stored


def _refuse_changes(stored: Settings, asked: Settings, run: RunDirectory) -> None:
    from mt2st.training.settings.flat import differences, flat

    old, new = flat(stored.model_dump(mode="json")), flat(asked.model_dump(mode="json"))
    del old["training.max_seconds"], new["training.max_seconds"]
    if old != new:
        raise ConfigError(
            f"the settings of {run.path} are others ({differences(old, new)}): a run resumes with its own "
            "settings, so leave them out, or start a new run without --resume"
        )


def _train(
    settings: Settings, run: RunDirectory | None, out: Path | None, ranks: Ranks, limit: float | None, *, quiet: bool
) -> None:
    from mt2st.cli.display import make_display
    from mt2st.training.corpus import load_corpus
    from mt2st.training.ranks.restart import note_launcher
    from mt2st.training.run import train
    from mt2st.training.run_directory import RunDirectory

    with make_display(settings, quiet=quiet or not ranks.first) as display:
        # Read data first, to leave no folder if that fails; for a resumed run, its data is checked for changes first.
        corpus = None if run else load_corpus(settings)
        stop = ranks.stop(limit)
        with RunDirectory.begun(out, settings) if ranks.first and run is None else nullcontext(run) as run:
            if run is not None:
                note_launcher(run)
            result = train(settings, run, listeners=[display], stop=stop, corpus=corpus, ranks=ranks)
    if result is not None and run is not None:
        _report(result, run, settings, quiet=quiet)
    elif stop.signal is not None:
        if run is not None:
            typer.echo(f"stopped and saved; resume with: mt2st train --resume --out {run.path}", err=True)
        sys.exit(128 + int(stop.signal))


def _report(result: dict[str, Any], run: RunDirectory, settings: Settings, *, quiet: bool) -> None:
    from mt2st.cli.run_warnings import run_warnings
    from mt2st.report import model_card, write_report

    run.save_card(model_card(result, run.config.read_text(encoding="utf-8")))
    report = write_report(run.path)
    for told in run_warnings(result, settings):
        typer.echo(f"warning: {told}", err=True)
    if not quiet:
        from mt2st.cli.tables import print_result

        print_result(result, run, report)
