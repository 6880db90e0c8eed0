"""The message when long work that can be resumed is stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer


@contextmanager
def resume_hint(kept: Path, how: str = "again") -> Iterator[None]:
    """Print how to resume if a signal stops the work and results were saved.

    Parameters
    ----------
    kept
        The file that exists if results were saved.
    how
        How to repeat the command.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        if kept.exists():
            typer.echo(f"stopped and saved; to resume, give the same command {how}", err=True)
        raise
