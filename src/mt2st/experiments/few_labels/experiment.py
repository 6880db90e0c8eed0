"""The comparison as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mt2st.errors import MissingExtraError
from mt2st.experiments.experiment import Experiment
from mt2st.experiments.few_labels.cells import all_cells
from mt2st.experiments.few_labels.chart import draw_chart
from mt2st.experiments.few_labels.glance import draw_glance
from mt2st.experiments.few_labels.runs import begin, run
from mt2st.experiments.few_labels.sets import check_data
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.tables import Found, all_tables
from mt2st.experiments.tables import Table
from mt2st.experiments.trials import Grid, Record, Trial

CHART, GLANCE = "few-labels.svg", "few-labels-at-a-glance.svg"


@dataclass(frozen=True)
class FewLabelsExperiment(Experiment):
    """The experiment, its settings and its files.

    Attributes
    ----------
    source
        The folder of the real data.
    folder
        The folder of finished trainings, tables and the chart.
    sizes
        Sizes of the experiment.
    sets
        Some of `mt2st.experiments.few_labels.sets.SETS`.
    splits
        Number of draws of labels per contender.
    most
        Maximum number of labels; None for no limit.
    """

    file = "few-labels.md"

    source: Path
    folder: Path
    sizes: Sizes
    sets: tuple[str, ...]
    splits: int = 5
    most: int | None = None

    @property
    def grid(self) -> Grid:
        """Return all trainings: contenders tune themselves, so none is a search."""
        return Grid(all_cells(self.sets, self.most), self.splits, search_seeds=0)

    def header(self) -> Mapping[str, Any]:
        """Return the settings that finished trainings depend on."""
        return {"name": "few labels", **asdict(self.sizes)}

    def check(self) -> None:
        """Raise an error if the data or the rivals' packages are missing."""
        if find_spec("fasttext") is None or find_spec("gensim") is None:
            raise MissingExtraError("the classifiers compared with", extra="bench")
        check_data(self.source, self.sets)

    def prepare(self, on_step: Callable[[str], None]) -> None:
        """Report that worker processes start, which takes some seconds."""
        on_step("starting")

    def workers(self) -> tuple[Callable[..., None], Sequence[Any], Callable[[Trial], Record]]:
        """Return a worker's initialiser, its arguments, and the training function."""
        return begin, (self.source, self.sizes), run

    def tables(self, found: Found) -> Sequence[Table]:
        """Return the tables."""
        return all_tables(found)

    def charts(self, found: Found) -> Mapping[str, bytes]:
        """Return the chart of all sets, and that of the first page."""
        drawn = {CHART: draw_chart(found) if found else None, GLANCE: draw_glance(found)}
        return {name: content for name, content in drawn.items() if content is not None}
