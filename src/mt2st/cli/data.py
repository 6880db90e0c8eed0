"""``mt2st data``."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="List the named data sets, or fetch one.", no_args_is_help=True)


@app.command("list")
def list_command() -> None:
    """List the named data sets: rows, licence, size, and whether they are on this machine."""
    from rich.table import Table

    from mt2st.cli.tables import console
    from mt2st.datasets import available

    table = Table()
    for column in ("name", "what", "rows", "licence", "size", "cached", "from"):
        table.add_column(column, justify="right" if column in ("rows", "size") else "left")
    for status in available():
        size = f"{status.bytes / 1e6:.2f} MB"
        cached = "yes" if status.cached else "no"
        table.add_row(status.name, status.title, f"{status.rows:,}", status.licence, size, cached, status.source)
    console().print(table)


@app.command("fetch")
def fetch_command(name: Annotated[str, typer.Argument(help="A name from mt2st data list.")]) -> None:
    """Fetch a named data set into the cache, verify it, and print its path."""
    from mt2st.datasets import fetch

    typer.echo(fetch(name))
