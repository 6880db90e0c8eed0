"""Pairs of texts of an auxiliary, with a similarity score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.datasets import DATASETS
from mt2st.errors import DataError, counted
from mt2st.tasks import TextPairs
from mt2st.text import Ragged, tokenize
from mt2st.text.content import content
from mt2st.text.fields import TEXT_NAMES
from mt2st.text.named_fields import Field, read_fields
from mt2st.text.parameters import told
from mt2st.text.rows import Cell, Rows, check_text
from mt2st.training.further.targets import SCORE_NAMES, read_number

if TYPE_CHECKING:
    from mt2st.text.features import Encodes
    from mt2st.training.settings import Auxiliary

FIRST_NAMES = ("text1", "sentence1", "question1", "text_a", "sentence_a", "premise", "first", *TEXT_NAMES)
SECOND_NAMES = ("text2", "sentence2", "question2", "text_b", "sentence_b", "hypothesis", "second")


@dataclass(frozen=True)
class Pairs:
    """First and second texts, and their scores, NaN if not known."""

    left: list[str]
    right: list[str]
    scores: NDArray[np.float32]

    def token_lists(self) -> Iterator[list[str]]:
        """Yield the words of every text: all first texts, then all second ones."""
        return map(tokenize, self.left + self.right)

    def encode(self, features: Encodes) -> TextPairs:
        """Return the texts as numbers."""

        def rows(side: list[str]) -> Ragged:
            return Ragged.from_lists([features.encode(tokenize(text)) for text in side])

        return TextPairs(rows(self.left), rows(self.right), self.scores)


def read_pairs(auxiliary: Auxiliary, rows: Rows, held_out: set[str]) -> tuple[Pairs, int]:
    """Read score, first text and second text from columns given by name or number, or from three in this order.

    Raises
    ------
    DataError
        With ``file:line:column`` for a row that cannot be read; if no pair has a score.
    """
    if rows.path in DATASETS:
        raise DataError(f"the data set {rows.path!r} has no pairs of texts: give a table with a score and two texts")
    fields = [
        Field("label", auxiliary.label_column, (*SCORE_NAMES, "similarity")),
        Field("text", auxiliary.text_column, FIRST_NAMES),
        Field("second", auxiliary.second_column, SECOND_NAMES),
    ]

    def parse(cells: list[Cell]) -> tuple[float, str, str]:
        return read_number(cells[0]), check_text(cells[1]), check_text(cells[2])

    found = list(rows.good(read_fields(rows.path, fields, rows, format=auxiliary.format), parse))
    kept = [pair for pair in found if held_out.isdisjoint(map(content, pair[1:]))]
    scores = np.array([pair[0] for pair in kept], np.float32)
    if np.isnan(scores).all():
        raise DataError(
            f"no score is known of {counted(len(kept), 'pair')}: see {told('label_column')}", path=rows.path
        )
    return Pairs([pair[1] for pair in kept], [pair[2] for pair in kept], scores), len(found) - len(kept)
