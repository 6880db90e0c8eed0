"""The command ``mt2st``."""

from __future__ import annotations

import errno
import io
import os
import signal
import sys
import warnings
from collections.abc import Callable
from typing import Annotated, Any

import typer

from mt2st import __version__
from mt2st.cli import benchmark, compare, convert, data, evaluate, fit, init, predict, train, tune, vectors, words
from mt2st.errors import Mt2stError, NonFiniteLossError, OtherRankError

app = typer.Typer(
    name="mt2st",
    help="Train small text models first on many tasks, then on one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
FILE, JOBS, VECTORS, MORE = "One labelled file", "Jobs of several tasks", "Word vectors", "Data and experiments"
app.command("fit", rich_help_panel=FILE)(fit.fit_command)
app.command("tune", rich_help_panel=FILE)(tune.tune_command)
app.command("init", rich_help_panel=JOBS)(init.init_command)
app.command("train", rich_help_panel=JOBS)(train.train_command)
app.command("compare", rich_help_panel=JOBS)(compare.compare_command)
app.command("predict", rich_help_panel="Models")(predict.predict_command)
app.command("evaluate", rich_help_panel="Models")(evaluate.evaluate_command)
app.command("vectors", rich_help_panel=VECTORS)(vectors.vectors_command)
app.command("neighbours", rich_help_panel=VECTORS)(words.neighbours_command)
app.command("analogy", rich_help_panel=VECTORS)(words.analogy_command)
app.command("convert", rich_help_panel=VECTORS)(convert.convert_command)
app.add_typer(data.app, name="data", rich_help_panel=MORE)
app.add_typer(benchmark.app, name="benchmark", rich_help_panel=MORE)

REMEDIES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "free space on the disk, or write to another one"),
    errno.EBADF: "give it a file or a pipe, as by > FILE",
    errno.EFBIG: "write to a place that takes larger files (see: ulimit -f)",
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "change the mode, or give another path"),
}
FAILED, NOT_FINITE, INTERRUPTED, TERMINATED = 2, 3, 130, 143


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"mt2st {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


class _Closed(io.TextIOBase):
    """Replaces a closed standard output, to which Python would silently discard writes."""

    def write(self, _: str) -> int:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard output")


def _shown_once() -> Callable[..., None]:
    """Return a function that prints each distinct warning once."""
    told = set[str]()

    def show(message: Warning | str, *_: Any, **__: Any) -> None:
        if str(message) not in told:
            told.add(str(message))
            typer.echo(f"warning: {message}", err=True)

    return show


def main() -> None:
    """Run the command; an error of mt2st prints one message and exits with 2, or 3 for a loss that is not finite."""
    sys.stdout = sys.stdout or _Closed()
    # During training, StopRequest handles both signals; at other times there is nothing to save.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _shown_once()
            app()
    except NonFiniteLossError as error:
        typer.echo(f"mt2st: {error}", err=True)
        sys.exit(NOT_FINITE)
    except OtherRankError:
        sys.exit(FAILED)  # the other process prints the message
    except Mt2stError as error:
        typer.echo("\n".join([f"mt2st: {error}", *getattr(error, "__notes__", ())]), err=True)
        sys.exit(FAILED)
    except OSError as error:
        sys.stdout = None  # its buffer cannot be flushed at exit either
        place = "" if error.filename is None else f"{error.filename}: "
        remedy = REMEDIES.get(error.errno or 0, "check the path and the disk")
        typer.echo(f"mt2st: {place}the system says: {error.strerror or error}; {remedy}", err=True)
        sys.exit(FAILED)
    except MemoryError as error:
        typer.echo(f"mt2st: there is not enough memory ({error}): use fewer dimensions, or less text", err=True)
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
