"""The result of every reader: texts, their labels if any, and their positions in the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Example:
    """One text with its position in the file.

    Parameters
    ----------
    text
        The text, exactly as in the file.
    label
        Its class; None if the file has no labels, or this one is unknown.
    document
        The document that it belongs to; None if the file does not give it.
    line
        The physical line, from 1, on which the record starts.
    column
        The character column, from 1, of the label's cell; None without a label, or when the label is on a later line.

    Examples
    --------
    >>> Example("a fine film", "pos", line=3, column=1).label
    'pos'
    """

    text: str
    label: str | None = None
    document: str | None = None
    line: int | None = None
    column: int | None = None


@dataclass
class Examples:
    """All examples of one file, and the rows skipped.

    Parameters
    ----------
    examples
        The valid rows, in file order.
    path, format
        The file, and the format it was read as.
    skipped
        Number of invalid rows skipped, by reason.
    first_skipped
        The messages of the first five of them.

    Examples
    --------
    >>> read = Examples([Example("good", "pos"), Example("bad", "neg"), Example("fine", "pos")], "a.tsv", "tsv")
    >>> len(read), read.texts, read.labels_in_order()
    (3, ['good', 'bad', 'fine'], ['neg', 'pos'])
    """

    examples: list[Example]
    path: str
    format: str
    skipped: dict[str, int] = field(default_factory=dict)
    first_skipped: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.examples)

    def __iter__(self) -> Iterator[Example]:
        return iter(self.examples)

    @property
    def texts(self) -> list[str]:
        """The text of every example."""
        return [example.text for example in self.examples]

    @property
    def labels(self) -> list[str | None]:
        """The label of every example, None if it has none."""
        return [example.label for example in self.examples]

    def labels_in_order(self) -> list[str]:
        """Return the distinct labels, sorted, so that class numbers do not depend on the order of rows."""
        return sorted({example.label for example in self.examples if example.label is not None})
