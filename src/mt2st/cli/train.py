"""``mt2st train``."""

from __future__ import annotations

import sys
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

    from mt2st.training.run_directory import RunDirectory
    from mt2st.training.settings import Settings


def train_command(
    config: Config = None,
    sets: Sets = None,
    strategy: Annotated[StrategyName | None, typer.Option(help="When the auxiliaries count.")] = None,
    primary: Primary = None,
    data: Data = None,
    labels: Labels = None,
    out: Out = None,
    max_seconds: Annotated[float | None, typer.Option(min=0.0, help="Stop training after so long.")] = None,
    seed: Seed = None,
    on_bad_rows: OnBadRows = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in --out, or the newest.")] = False,
    quiet: Quiet = False,
) -> None:
    """Train a text model first on many tasks, then on one.

    Without arguments: sentiment of product reviews from 250 labels, helped by films, tweets, editorials and a language
    model over all their text.
    """
    flags = {
        "strategy.name": strategy,
        "primary.labels": labels,
        "training.seed": seed,
        "training.on_bad_rows": on_bad_rows,
    }
    from mt2st.training.run_directory import RunDirectory, check_free

    request = Request(config, primary, data, sets or [], flags)
    run = RunDirectory.find(out) if resume else None
    if run is None:
        check_free(out)
    settings = _settings(request, run)
    if run or max_seconds is not None:
        settings.training.max_seconds = max_seconds  # the limit is of this session, not of the run
    _train(settings, run, out, quiet=quiet)


def _settings(request: Request, run: RunDirectory | None) -> Settings:
    """Return the settings of a run to go on with, which cannot be changed, or those asked for."""
    if run is None:
        return request.settings()
    stored = run.settings()
    if request.given:
        _refuse_changes(stored, request.settings(), run)
    return stored


def _refuse_changes(stored: Settings, asked: Settings, run: RunDirectory) -> None:
    old, new = stored.model_dump(), asked.model_dump()
    old["training"].pop("max_seconds"), new["training"].pop("max_seconds")
    differ = [section for section in old if old[section] != new[section]]
    if differ:
        raise ConfigError(
            f"the settings given differ from those of {run.path} in {', '.join(differ)}: a run goes on with its own "
            "settings, so leave them out, or start a new run without --resume"
        )


def _train(settings: Settings, run: RunDirectory | None, out: Path | None, *, quiet: bool) -> None:
    from mt2st.cli.display import make_display
    from mt2st.report import model_card, write_report
    from mt2st.training.corpus import load_corpus
    from mt2st.training.run import train
    from mt2st.training.run_directory import RunDirectory
    from mt2st.training.stopping import StopRequest

    with make_display(settings, quiet=quiet) as display:
        # Data that cannot be read leaves no folder behind.
        corpus = load_corpus(settings)
        run = run or RunDirectory.create(out, settings)
        stop = StopRequest(settings.training.max_seconds)
        result = train(settings, run, listeners=[display], stop=stop, corpus=corpus)
    if result is None:
        typer.echo(f"stopped and saved; go on with: mt2st train --resume --out {run.path}", err=True)
        sys.exit(128 + int(stop.signal or 0))
    run.save_card(model_card(result, run.config.read_text(encoding="utf-8")))
    report = write_report(run.path)
    _warn(result)
    if not quiet:
        from mt2st.cli.tables import print_result

        print_result(result, run, report)


def _warn(result: dict[str, Any]) -> None:
    for source, reasons in result["data"]["skipped_rows"].items():
        counts = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
        typer.echo(f"warning: {source}: rows left out: {counts}", err=True)
    for name, work in result["work"].items():
        if work["not_finite"]:
            typer.echo(f"warning: {name}: {work['not_finite']} losses were not finite and were left out", err=True)
    for name, reason in result["dropped"].items():
        typer.echo(f"warning: {name} was dropped at {reason}", err=True)
