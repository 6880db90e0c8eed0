"""The final output of training word vectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.table import Table
from rich.text import Text

from mt2st.cli.tables import console
from mt2st.errors import Mt2stError, counted

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors
    from mt2st.training.vectors.conduct import VectorResult
    from mt2st.training.vectors.settings import VectorSettings

# The neighbours of the most frequent words tell little; words after this many are still frequent.
SKIPPED, SHOWN, NEIGHBOURS = 100, 3, 5


def print_vectors(result: VectorResult, vectors: WordVectors, settings: VectorSettings, out: Path) -> None:
    """Print text size, training time, losses, neighbours of some words, and the next commands."""
    table = Table(title=f"Word vectors: {settings.method}", title_justify="left", show_header=False)
    for name, value in _facts(result, vectors):
        table.add_row(name, Text(value))
    shown = console()
    shown.print(table)
    if result.stopped_early:
        shown.print("stopped early: the development score no longer rose; the best vectors are kept")
    quoted = f"'{out}'" if " " in str(out) else str(out)
    typer.echo(f"wrote {out} ({out.stat().st_size / 1e6:.1f} MB)")
    typer.echo(f"next: mt2st neighbours {quoted} WORD    mt2st evaluate {quoted}")


def _facts(result: VectorResult, vectors: WordVectors) -> list[tuple[str, str]]:
    spent = "  ".join(f"{name} {seconds:.1f}" for name, seconds in result.seconds.items())
    losses = [record["loss"] for record in result.history if record["epoch"] == int(record["epoch"])]
    facts = [
        ("words", f"{result.words:,}, {result.tokens:,} of them in the vocabulary"),
        ("vocabulary", f"{counted(len(vectors), 'word')} of {counted(vectors.vector_size, 'dimension')}"),
        ("seconds", spent),
        ("loss by epoch", "  ".join("-" if loss is None else f"{loss:.4f}" for loss in losses)),
    ]
    scores = [record["score"] for record in result.history if "score" in record]
    if scores:
        facts.append(("development", "  ".join(f"{score:.4f}" for score in scores)))
    return [*facts, *_neighbours(vectors)]


def _neighbours(vectors: WordVectors) -> list[tuple[str, str]]:
    first = min(SKIPPED, max(len(vectors) - SHOWN, 0))
    found = []
    for word in vectors.index_to_key[first : first + SHOWN]:
        try:
            near = vectors.most_similar(word, topn=NEIGHBOURS)
        except Mt2stError:
            continue  # a word of zeros has no neighbours
        found.append((f"near {word!r}", ", ".join(other for other, _ in near)))
    return found
