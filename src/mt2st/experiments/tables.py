"""Tables for the terminal and for Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table as RichTable

    from mt2st.evaluation import Interval
    from mt2st.experiments.trials import Trial


@dataclass(frozen=True)
class Table:
    """A title, the names of the columns, and rows of text; the first column names the rows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """Return the table as Markdown, with the title above it in bold.

        Examples
        --------
        >>> print(Table("Sums", ("what", "sum"), [("a", "1")]).markdown())
        **Sums**
        <BLANKLINE>
        | what | sum |
        |---|---:|
        | a | 1 |
        """
        lines = [self.columns, ["---", *["---:"] * (len(self.columns) - 1)], *self.rows]
        ruled = [f"| {' | '.join(line)} |" if line[0] != "---" else f"|{'|'.join(line)}|" for line in lines]
        return "\n".join([f"**{self.title}**", "", *ruled])

    def rich(self) -> RichTable:
        """Return the table for the terminal."""
        from rich.table import Table as RichTable

        table = RichTable(title=self.title, title_justify="left")
        for number, column in enumerate(self.columns):
            table.add_column(column, justify="right" if number else "left")
        for row in self.rows:
            table.add_row(*row)
        return table


def failed_table(failures: Mapping[Trial, str]) -> Table:
    """Return the trainings that failed, each with its reason."""
    rows = [(trial.key, reason.replace("|", "\\|")) for trial, reason in failures.items()]
    return Table("Trainings that failed, so that their cells are empty", ("training", "reason"), rows)


def plus_minus(interval: Interval, spec: str = ".3f") -> str:
    """Return a mean with half of its 95% interval.

    Examples
    --------
    >>> from mt2st.evaluation import Interval
    >>> plus_minus(Interval(0.7123, 0.7023, 0.7223)), plus_minus(Interval(0.7, None, None), "+.2f")
    ('0.712 ±0.010', '+0.70')
    """
    mean = format(interval.mean, spec)
    return mean if interval.high is None else f"{mean} ±{interval.high - interval.mean:.3f}"
