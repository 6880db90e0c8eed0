"""One contender on one set with a number of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mt2st.experiments.few_labels.contenders import AUTOTUNED, CONTENDERS, WITH_EXTRA
from mt2st.experiments.few_labels.sets import SETS, has_extra


@dataclass(frozen=True)
class FewLabelsCell:
    """One contender on one set; each tunes its own settings, so the grid has nothing to search."""

    set: str
    labels: int | None
    contender: str

    @property
    def setting(self) -> str:
        """Return the set and the number of labels."""
        return f"{self.set} {'all' if self.labels is None else self.labels}"

    @property
    def name(self) -> str:
        """Return its name in the store."""
        return f"{self.setting} / {self.contender}"

    @property
    def rates(self) -> tuple[float, ...]:
        """Return a single dummy rate."""
        return (0.0,)


def all_cells(names: Sequence[str], most: int | None = None) -> list[FewLabelsCell]:
    """Return the cells of some sets, those with a time limit last, so that the rest of the table is finished soon.

    Parameters
    ----------
    names
        Keys of `SETS`.
    most
        Maximum number of labels; None for no limit.
    """
    cells = [
        FewLabelsCell(name, labels, contender)
        for name in names
        for labels in SETS[name].labels
        if most is None or (labels is not None and labels <= most)
        for contender in CONTENDERS
        if contender not in WITH_EXTRA or has_extra(name, labels)
    ]
    return sorted(cells, key=lambda cell: cell.contender == AUTOTUNED)
