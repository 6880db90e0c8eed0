"""Single training runs, in memory, of one job with given strategy, rates and seed."""

from __future__ import annotations

from dataclasses import dataclass

from mt2st.training.corpus import Corpus
from mt2st.training.job import make_job
from mt2st.training.listener import Quiet
from mt2st.training.loop import Record, Trainer
from mt2st.training.settings import Settings
from mt2st.training.stopping import StopRequest


@dataclass(frozen=True, slots=True)
class Cell:
    """One training run of a comparison: which strategy, rates and seed."""

    strategy: str
    rates: tuple[float, float]
    seed: int


@dataclass(frozen=True, slots=True)
class CellResult:
    """The result of a run; ``curve`` holds (training seconds, development score) after each interval.

    ``test`` is None for the runs of the search, which never use the test part; ``seconds`` include
    ``comparison_seconds``, the time spent on comparing gradients.
    """

    cell: Cell
    development: float
    test: float | None
    seconds: float
    curve: tuple[tuple[float, float], ...]
    comparison_seconds: float = 0.0


class _Curve(Quiet):
    """Collects the development scores of a run."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []

    def on_record(self, record: Record) -> None:
        if "score" in record:
            self.points.append((record["seconds"]["training"], next(iter(record["score"].values()))))


def cell_settings(settings: Settings, cell: Cell) -> Settings:
    """Return the settings of one run; its strategy replaces those of single auxiliaries."""
    head, table = cell.rates
    changed = settings.model_copy(deep=True)
    changed.strategy.name = cell.strategy  # type: ignore[assignment]
    for auxiliary in changed.auxiliary.values():
        auxiliary.strategy = None
    changed.training.seed = cell.seed
    if changed.model.encoder == "bag":
        changed.primary.head_rate *= head
        changed.primary.table_rate *= table
    else:
        changed.model.rate *= head
        changed.model.table_rate *= table
    return changed


def run_cell(corpus: Corpus, settings: Settings, cell: Cell, *, with_test: bool) -> CellResult:
    """Train once and evaluate the state with the best development score."""
    trainer, curve = Trainer(make_job(corpus, cell_settings(settings, cell))), _Curve()
    trainer.run(curve, StopRequest())
    trainer.restore_best()
    test = trainer.evaluate(corpus.test).score if with_test else None
    ledger = trainer.ledger
    return CellResult(
        cell, trainer.best_score, test, ledger.training_seconds, tuple(curve.points), ledger.comparison_seconds
    )
