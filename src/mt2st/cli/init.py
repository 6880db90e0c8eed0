"""``mt2st init``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mt2st.cli.options import PrimaryName, check_folder
from mt2st.errors import ConfigError


def init_command(
    path: Annotated[Path, typer.Argument(help="File to write.")] = Path("mt2st.toml"),
    primary: Annotated[PrimaryName, typer.Option(help="Primary task of the job.")] = PrimaryName.products,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Write the settings of the default job, each with a comment, as a starting point."""
    from mt2st.training.settings import default_settings, dump_other_kinds, dump_settings, parse_settings
    from mt2st.whole_file import write_whole

    check_folder(path)
    if path.exists() and not force:
        raise ConfigError(f"{path} exists: give another path, or --force to overwrite it")
    settings = parse_settings(default_settings(primary.value))
    try:
        write_whole(path, (dump_settings(settings) + dump_other_kinds(settings)).encode())
    except OSError as error:
        raise ConfigError(f"cannot write {path} ({error.strerror}): give another path") from error
    typer.echo(f"wrote {path}; train with: mt2st train {path}")
