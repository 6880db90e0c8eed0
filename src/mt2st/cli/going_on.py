"""What is said where long work is stopped that can be gone on with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer


@contextmanager
def telling_how_to_go_on(kept: Path, how: str = "again") -> Iterator[None]:
    """Say how to go on where a signal ends the work and something is kept.

    Parameters
    ----------
    kept
        What is there where something is.
    how
        How the same command is to be given.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        if kept.exists():
            typer.echo(f"stopped and saved; to resume, give the same command {how}", err=True)
        raise
