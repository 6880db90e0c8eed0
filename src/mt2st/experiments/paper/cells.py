"""The cells of the grid: embedding x auxiliaries x strategy."""

from __future__ import annotations

from dataclasses import dataclass

EMBEDDINGS = ("cbow", "skipgram", "cbow+subwords", "skipgram+subwords", "glove")
LEXICAL = ("offset", "alignment", "analogy", "similarity")
# The auxiliaries of each row of the tables.
AUXILIARIES: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in LEXICAL},
    "all four": LEXICAL,
    "language": ("language",),
    "all": (*LEXICAL, "language"),
}
STRATEGIES = {"multi-task": "constant", "diminish": "diminish", "switch": "switch", "feedback": "feedback"}
FROZEN, TRAINED = "frozen", "trained"
# Without an auxiliary there is no strategy.
SINGLE = "single"
# The paper's code compares a baseline with frozen vectors, at a rate of 0.05, with rows that train them at 0.001. No
# auxiliary loss has any effect there, so that this is the only difference. A step uses all reviews.
PAPER_RATES = {"paper: frozen, rate 0.05": 0.05, "paper: trained, rate 0.001": 0.001}
PAPER_FROZEN, PAPER_TRAINED = PAPER_RATES
RATES = (2e-3, 5e-4, 8e-3)


@dataclass(frozen=True)
class PaperCell:
    """One cell.

    Attributes
    ----------
    embedding
        The initial vectors, one of `EMBEDDINGS`.
    row
        A key of `AUXILIARIES`; or `FROZEN`, `TRAINED` or one of `PAPER_RATES`, which train the primary alone.
    strategy
        A key of `STRATEGIES`, or `SINGLE`.
    """

    embedding: str
    row: str
    strategy: str = SINGLE

    @property
    def name(self) -> str:
        """Return its name in the store."""
        return f"{self.embedding} / {self.row} / {self.strategy}"

    @property
    def rates(self) -> tuple[float, ...]:
        """Return the learning rates to try, the same for all cells except the paper's own."""
        return (PAPER_RATES[self.row],) if self.row in PAPER_RATES else RATES

    @property
    def frozen(self) -> bool:
        """Return whether the vectors are frozen."""
        return self.row in (FROZEN, PAPER_FROZEN)


def all_cells(embeddings: tuple[str, ...] = EMBEDDINGS) -> list[PaperCell]:
    """Return the whole grid.

    Examples
    --------
    >>> cells = all_cells()
    >>> len(cells), cells[0].name, cells[4].name
    (160, 'cbow / frozen / single', 'cbow / offset / multi-task')
    """
    return [cell for embedding in embeddings for cell in _cells_of(embedding)]


def _cells_of(embedding: str) -> list[PaperCell]:
    alone = [PaperCell(embedding, row) for row in (FROZEN, TRAINED, *PAPER_RATES)]
    return alone + [PaperCell(embedding, row, strategy) for row in AUXILIARIES for strategy in STRATEGIES]
