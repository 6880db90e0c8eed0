"""Precision, recall and F1 of spans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from mt2st.errors import DataError
from mt2st.evaluation.spans import judged_spans


class SpanScore(NamedTuple):
    """Precision, recall and F1, with 0 / 0 = 0, and the number of gold spans."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class SpanReport:
    """Spans counted by type: ``P = correct / predicted``, ``R = correct / gold``, ``F1 = 2 P R / (P + R)``.

    A predicted span is correct if a gold one has the same type, start and end.

    Attributes
    ----------
    types
        The types that occur, in gold or predicted, sorted.
    correct, predicted, gold
        Numbers of spans of each type.
    """

    types: tuple[str, ...]
    correct: tuple[int, ...]
    predicted: tuple[int, ...]
    gold: tuple[int, ...]

    @property
    def by_type(self) -> dict[str, SpanScore]:
        """Return the measures of each type."""
        counts = zip(self.correct, self.predicted, self.gold, strict=True)
        return {kind: _score(*each) for kind, each in zip(self.types, counts, strict=True)}

    @property
    def micro(self) -> SpanScore:
        """Return the measures over all spans of any type: what "span F1" means if not qualified."""
        return _score(sum(self.correct), sum(self.predicted), sum(self.gold))

    @property
    def macro(self) -> SpanScore:
        """Return the unweighted means over types."""
        return self._mean([1] * len(self.types))

    @property
    def weighted(self) -> SpanScore:
        """Return the means over types, weighted by the number of gold spans."""
        return self._mean(self.gold)

    def _mean(self, weights: Sequence[int]) -> SpanScore:
        total = sum(weights)
        if not total:
            return SpanScore(0.0, 0.0, 0.0, 0)
        rows = np.array([score[:3] for score in self.by_type.values()])  # (types, 3)
        precision, recall, f1 = (float(value) for value in np.asarray(weights) @ rows / total)
        return SpanScore(precision, recall, f1, sum(self.gold))

    def as_dict(self) -> dict[str, Any]:
        """Return the measures as JSON values."""
        means = {name: getattr(self, name)._asdict() for name in ("micro", "macro", "weighted")}
        return {**means, "types": {kind: score._asdict() for kind, score in self.by_type.items()}}


def evaluate_spans(
    gold: Sequence[Sequence[str | None]], predicted: Sequence[Sequence[str]], scheme: str | None = None
) -> SpanReport:
    """Compare the spans of predicted tags with those of gold tags.

    Parameters
    ----------
    gold, predicted
        The tags of each sentence's tokens; a gold tag of None is unknown, and spans that contain or touch its token are
        ignored, see `judged_spans`.
    scheme
        None: count leniently, as ``conlleval`` and seqeval do by default; the name of a scheme: strictly. See
        `find_spans`.

    Raises
    ------
    DataError
        If a sentence's numbers of gold and predicted tags differ, or a tag is invalid.

    Examples
    --------
    >>> report = evaluate_spans([["B-PER", "I-PER", "O", "B-LOC"]], [["B-PER", "I-PER", "O", "B-ORG"]])
    >>> report.micro
    SpanScore(precision=0.5, recall=0.5, f1=0.5, support=2)
    >>> report.by_type["PER"].f1, round(report.macro.f1, 3)
    (1.0, 0.333)
    """
    if len(gold) != len(predicted):
        raise DataError(f"{len(gold)} gold sentences but {len(predicted)} predicted: give the tags of the same ones")
    for number, (one, other) in enumerate(zip(gold, predicted, strict=True)):
        if len(one) != len(other):
            raise DataError(f"sentence {number}: {len(one)} gold tags but {len(other)} predicted: give one per token")
    counts = Counter[str](), Counter[str](), Counter[str]()
    for one, other in zip(gold, predicted, strict=True):
        there, told = judged_spans(one, other, scheme)
        for count, spans in zip(counts, (there & told, told, there), strict=True):
            count.update(span.type for span in spans)
    types = tuple(sorted(set().union(*counts)))
    return SpanReport(types, *(tuple(count[kind] for kind in types) for count in counts))


def _score(correct: int, predicted: int, gold: int) -> SpanScore:
    precision = correct / predicted if predicted else 0.0
    recall = correct / gold if gold else 0.0
    f1 = 2 * correct / (predicted + gold) if correct else 0.0
    return SpanScore(precision, recall, f1, gold)
