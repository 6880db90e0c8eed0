"""``mt2st neighbours`` and ``mt2st analogy``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from mt2st.errors import DataError

Vectors = Annotated[Path, typer.Argument(metavar="VECTORS", help="Word vectors, in any format that mt2st reads.")]
Top = Annotated[int, typer.Option(min=1, help="How many words to show.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def neighbours_command(
    vectors: Vectors,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORD...", help="Default: from standard input, one per line.")
    ] = None,
    top: Top = 10,
    as_json: Json = False,
) -> None:
    """Show the words whose vectors are nearest to a word's.

    A word without a vector is an error, exit code 2, after the answers for all others.
    """
    from mt2st.cli.standard_input import input_lines
    from mt2st.embeddings.formats import load_vectors

    asked = words or [line.strip() for line in input_lines() if line.strip()]
    table = load_vectors(vectors)
    answers, errors = {}, []
    for word in asked:
        try:
            answers[word] = table.most_similar(word, topn=top)
        except DataError as error:
            errors.append(error)
    _show(answers, as_json)
    if errors:
        raise DataError("\n".join(map(str, errors)))


def analogy_command(
    vectors: Vectors,
    a: Annotated[str, typer.Argument(metavar="A", help="A is to B ...")],
    b: Annotated[str, typer.Argument(metavar="B", help="... as C is to ?")],
    c: Annotated[str, typer.Argument(metavar="C")],
    top: Top = 10,
    as_json: Json = False,
) -> None:
    """Complete an analogy, e.g. man woman king: queen."""
    from mt2st.embeddings.formats import load_vectors

    found = load_vectors(vectors).most_similar([b, c], [a], topn=top)
    _show({f"{a} : {b} = {c} : ?": found}, as_json)


def _show(answers: dict[str, list[tuple[str, float]]], as_json: bool) -> None:
    if as_json:
        plain = {
            asked: [{"word": word, "cosine": round(cosine, 6)} for word, cosine in found]
            for asked, found in answers.items()
        }
        typer.echo(json.dumps(plain, indent=2, ensure_ascii=False))
        return
    from rich.table import Table
    from rich.text import Text

    from mt2st.cli.tables import console

    for asked, found in answers.items():
        table = Table()
        table.add_column("word")
        table.add_column("cosine", justify="right")
        for word, cosine in found:
            table.add_row(Text(word), f"{cosine:.4f}")
        console().print(Text(asked), soft_wrap=True)
        console().print(table)
