"""One contender on one set with so many labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mt2st.experiments.few_labels.contenders import AUTOTUNED, CONTENDERS, WITH_EXTRA
from mt2st.experiments.few_labels.sets import SETS, has_extra


@dataclass(frozen=True)
class FewLabelsCell:
    """One contender on one set; each finds its own settings, so there is nothing for the grid to search."""

    set: str
    labels: int | None
    contender: str

    @property
    def setting(self) -> str:
        """Return the set and the number of labels."""
        return f"{self.set} {'all' if self.labels is None else self.labels}"

    @property
    def name(self) -> str:
        """Return what it is called in the store."""
        return f"{self.setting} / {self.contender}"

    @property
    def rates(self) -> tuple[float, ...]:
        """Return a single one, which means nothing."""
        return (0.0,)


def all_cells(names: Sequence[str], most: int | None = None) -> list[FewLabelsCell]:
    """Return the cells of some sets; what waits for a clock last, so that the rest of the table is there soon.

    Parameters
    ----------
    names
        Keys of `SETS`.
    most
        Leave out larger numbers of labels; None for none.
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
