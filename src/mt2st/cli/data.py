"""``mt2st data``."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="Named data sets: list them, fetch one.", no_args_is_help=True)


@app.command("list")
def list_command() -> None:
    """Show every named set: rows, licence, size, and whether it is at hand."""
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
def fetch_command(name: Annotated[str, typer.Argument(help="One of: mt2st data list.")]) -> None:
    """Fetch a named set into the cache, verified, and print its path."""
    from mt2st.datasets import fetch

    typer.echo(fetch(name))
