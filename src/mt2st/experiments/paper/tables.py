"""The tables of the experiment, in the form of the paper's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from mt2st.evaluation import mean_interval, paired_difference
from mt2st.experiments.outcomes import MEASURES, Outcome
from mt2st.experiments.paper.cells import (
    AUXILIARIES,
    FROZEN,
    LEXICAL,
    PAPER_FROZEN,
    PAPER_TRAINED,
    SINGLE,
    STRATEGIES,
    TRAINED,
    PaperCell,
)
from mt2st.experiments.paper.published import published
from mt2st.experiments.tables import Table, plus_minus

SHORT = ("macro P", "macro R", "macro F1", "weighted P", "weighted R", "weighted F1")
COSTS = ("accuracy", "published", "minus single", "rate", "seconds", "to single's best")
Found = Mapping[PaperCell, Outcome]


def all_tables(found: Found) -> list[Table]:
    """Return the summary, the origin of the paper's gain, and two tables for the primary alone and each strategy."""
    embeddings = list(dict.fromkeys(cell.embedding for cell in found if PaperCell(cell.embedding, TRAINED) in found))
    whole = [name for name in embeddings if all(cell in found for cell in _summed(name))]
    return [
        *([summary(found, whole)] if whole else []),
        confounded(found, embeddings),
        *strategy_tables(found, embeddings, SINGLE, (FROZEN, TRAINED)),
        *(each for way in STRATEGIES for each in strategy_tables(found, embeddings, way, tuple(AUXILIARIES))),
    ]


def _summed(embedding: str) -> list[PaperCell]:
    return [PaperCell(embedding, row, strategy) for row in AUXILIARIES for strategy in STRATEGIES]


def summary(found: Found, embeddings: Sequence[str]) -> Table:
    """Return accuracy, difference to the primary alone and cost of each way, as means over embeddings."""
    single = [found[PaperCell(name, TRAINED)] for name in embeddings]
    baseline, seconds = _by_seed(single), fmean(each.seconds for each in single)
    rows = [["none", SINGLE, plus_minus(mean_interval(baseline)), "", f"{seconds:.2f}", "1.00"]]
    for row in AUXILIARIES:
        for strategy in STRATEGIES:
            cells = [found[PaperCell(name, row, strategy)] for name in embeddings]
            values, cost = _by_seed(cells), fmean(each.seconds for each in cells)
            difference = plus_minus(paired_difference(values, baseline), "+.3f")
            figures = plus_minus(mean_interval(values)), difference, f"{cost:.2f}", f"{cost / seconds:.2f}"
            rows.append([row, strategy, *figures])
    columns = ("auxiliary", "strategy", "accuracy", "minus single", "seconds", "of single's")
    return Table(f"Mean over the embeddings {', '.join(embeddings)}", columns, rows)


def _by_seed(cells: Sequence[Outcome]) -> list[float]:
    """Return each seed's mean over embeddings."""
    return [fmean(values) for values in zip(*(each.values() for each in cells), strict=True)]


def confounded(found: Found, embeddings: Sequence[str]) -> Table:
    """Return a table of what the paper's baseline and its other rows differ in: frozen vectors and the rate."""
    ways = (PAPER_FROZEN, PAPER_TRAINED, FROZEN, TRAINED)
    rows = []
    for name in embeddings:
        cells = [PaperCell(name, way) for way in ways]
        ours = [plus_minus(found[cell].interval()) if cell in found else "-" for cell in cells]
        theirs = published(PaperCell(name, FROZEN))
        best = [published(PaperCell(name, row, strategy)) for row in LEXICAL for strategy in STRATEGIES]
        most = max((each.accuracy for each in best if each), default=None)
        rows.append([name, *ours, _plain(theirs.accuracy if theirs else None), _plain(most)])
    columns = ("embedding", *ways[:2], "frozen, rate searched", "trained, rate searched")
    title = "The paper's baseline and its other rows, all without any auxiliary (accuracy)"
    return Table(title, (*columns, "published: frozen", "published: best other"), rows)


def strategy_tables(found: Found, embeddings: Sequence[str], strategy: str, rows: Sequence[str]) -> list[Table]:
    """Return accuracy and cost, then precision, recall and F1, of one strategy."""
    cells = [cell for name in embeddings for row in rows if (cell := PaperCell(name, row, strategy)) in found]
    names = [[cell.embedding, cell.row] for cell in cells]
    costs = [_costs(cell, found[cell], found[PaperCell(cell.embedding, TRAINED)]) for cell in cells]
    measures = [[plus_minus(found[cell].interval(measure)) for measure in MEASURES[1:]] for cell in cells]
    return [
        Table(
            f"{strategy}: {title}",
            ("embedding", "auxiliary", *columns),
            [a + b for a, b in zip(names, part, strict=True)],
        )
        for title, columns, part in (("accuracy and cost", COSTS, costs), ("precision, recall and F1", SHORT, measures))
    ]


def _costs(cell: PaperCell, outcome: Outcome, single: Outcome) -> list[str]:
    theirs, reached = published(cell), outcome.seconds_to(single)
    difference = "" if outcome is single else plus_minus(outcome.minus(single), "+.3f")
    costs = f"{outcome.rate:g}", f"{outcome.seconds:.2f}", "never" if reached is None else f"{reached:.2f}"
    return [plus_minus(outcome.interval()), _plain(theirs.accuracy if theirs else None), difference, *costs]


def _plain(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
