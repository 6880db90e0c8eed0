"""``mt2st evaluate VECTORS``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mt2st.errors import DataError

if TYPE_CHECKING:
    from rich.table import Table

    from mt2st.embeddings import WordVectors
    from mt2st.evaluation import AnalogyReport, PairReport

    Judged = tuple[str, PairReport | AnalogyReport]

# As in word2vec's demonstration of analogies.
RESTRICT = 30_000

Pairs = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="For vectors: scored word pairs, a file or a named set. Repeatable."),
]
Analogies = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="For vectors: analogies in sections, a file or a named set. Repeatable."),
]
Restrict = Annotated[int, typer.Option(min=1, help="For vectors: analogies among this many most frequent words.")]


def evaluate_vectors(path: Path, pairs: list[Path], analogies: list[Path], restrict: int) -> list[dict[str, Any]]:
    """Evaluate word vectors on files or, if none is given, on the available named sets; print a table."""
    from mt2st.cli.tables import console
    from mt2st.embeddings.formats import load_vectors

    named = not pairs and not analogies
    chosen = {
        kind: list(_named(kind)) if named else [_set_at(place, kind) for place in given]
        for kind, given in (("pairs", pairs), ("analogies", analogies))
    }
    if not any(chosen.values()):
        raise DataError("none of the named sets is at hand: pip install 'mt2st[data]', or give --pairs or --analogies")
    judged = list(_judge(load_vectors(path), chosen, restrict, strict=not named))
    console().print(_scores_table(judged))
    return [{"set": name, **report.as_dict()} for name, report in judged]


def _named(kind: str) -> Iterator[tuple[str, Path]]:
    from mt2st.datasets import available, path_of

    for status in available():
        if status.kind == kind and status.cached:
            yield status.name, path_of(status.name)


def _set_at(place: Path, kind: str) -> tuple[str, Path]:
    """Return the name and the file of a set that is given by the name of a data set of this kind, or by its path."""
    from mt2st.datasets import DATASETS, path_of

    name = str(place)
    return (name, path_of(name)) if name in DATASETS and DATASETS[name].kind == kind else (place.name, place)


def _judge(
    vectors: WordVectors, chosen: dict[str, list[tuple[str, Path]]], restrict: int, *, strict: bool
) -> Iterator[Judged]:
    from mt2st.embeddings import judge_analogies, judge_pairs

    for name, file in chosen["pairs"]:
        try:
            yield name, judge_pairs(vectors, file)
        except DataError:
            if strict:
                raise
            typer.echo(f"warning: {name}: left out, as too few of its pairs have vectors", err=True)
    for name, file in chosen["analogies"]:
        yield name, judge_analogies(vectors, file, restrict_vocab=restrict)


def _scores_table(judged: list[Judged]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for column in ("set", "measure", "score", "used", "out of vocabulary"):
        table.add_column(column, justify="left" if column in ("set", "measure") else "right")
    for name, report in judged:
        for measure, score, used, unknown in _rows(report):
            table.add_row(Text(name), measure, "-" if score is None else f"{score:.3f}", f"{used:,}", unknown)
    return table


def _rows(report: PairReport | AnalogyReport) -> Iterator[tuple[str, float | None, int, str]]:
    from mt2st.evaluation import PairReport

    unknown = f"{report.oov_ratio:.1f}%"
    if isinstance(report, PairReport):
        yield "Spearman", report.spearman[0], report.pairs, unknown
        return
    yield "accuracy", report.accuracy(), report.answered(), unknown
    for measure, syntactic in (("... semantic", False), ("... syntactic", True)):
        yield measure, report.accuracy(syntactic=syntactic), report.answered(syntactic=syntactic), ""
