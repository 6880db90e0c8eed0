"""Evaluating taggers: accuracy of the tags, and F1 of the spans if tags encode spans."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mt2st.errors import DataError
from mt2st.evaluation.span_report import SpanReport, evaluate_spans
from mt2st.evaluation.spans import judged_spans
from mt2st.evaluation.tag_schemes import OUTSIDE


@dataclass(frozen=True)
class TaggingReport:
    """Measures of a tagger on held-out sentences.

    Attributes
    ----------
    tokens, correct, majority
        Numbers of tokens with a known tag, of those tagged correctly, and of those with the most frequent tag.
    spans
        Spans, counted as in conlleval, without those that contain or touch a token with an unknown tag; None if tags do
        not encode spans.
    """

    tokens: int
    correct: int
    majority: int
    spans: SpanReport | None

    @property
    def accuracy(self) -> float:
        """Return the share of tokens tagged correctly."""
        return self.correct / self.tokens if self.tokens else 0.0

    @property
    def measure(self) -> str:
        """Return ``span_f1`` if tags encode spans, else ``accuracy``."""
        return "accuracy" if self.spans is None else "span_f1"

    @property
    def score(self) -> float:
        """Return the micro-averaged F1 of spans, or the accuracy."""
        return self.accuracy if self.spans is None else self.spans.micro.f1

    @property
    def noise(self) -> float:
        """Return the score's standard error, treating it as a share of the tokens, or of the gold spans."""
        count = self.tokens if self.spans is None else self.spans.micro.support
        return math.sqrt(self.score * (1.0 - self.score) / max(count, 1))

    def scores(self) -> dict[str, float]:
        """Return the score and the accuracy."""
        return {self.measure: self.score, "accuracy": self.accuracy}

    def as_dict(self) -> dict[str, Any]:
        """Return the measures as JSON values."""
        counts = {"examples": self.tokens, self.measure: self.score, "accuracy": self.accuracy}
        counts["majority"] = self.majority / self.tokens if self.tokens else 0.0
        return counts if self.spans is None else {**counts, "spans": self.spans.as_dict()}


def evaluate_tagging(
    gold: Sequence[Sequence[str | None]], predicted: Sequence[Sequence[str]], *, spans: bool
) -> TaggingReport:
    """Compare predicted tags with gold ones, some of which may be unknown.

    Parameters
    ----------
    gold, predicted
        The tags of each sentence's tokens; a gold tag of None is ignored, as are spans, gold or predicted, that contain
        or touch its token.
    spans
        Whether tags encode spans.

    Examples
    --------
    >>> report = evaluate_tagging([["B-PER", "O"], ["O", None]], [["B-PER", "B-LOC"], ["O", "O"]], spans=True)
    >>> report.correct, report.tokens, round(report.score, 3), report.measure
    (2, 3, 0.667, 'span_f1')
    """
    pairs = [
        (tag, found)
        for sentence, tagged in zip(gold, predicted, strict=True)
        for tag, found in zip(sentence, tagged, strict=True)
        if tag is not None
    ]
    correct = sum(tag == found for tag, found in pairs)
    majority = max(Counter(tag for tag, _ in pairs).values(), default=0)
    return TaggingReport(len(pairs), correct, majority, evaluate_spans(gold, predicted) if spans else None)


def check_judgeable(gold: Sequence[Sequence[str | None]], *, spans: bool, path: object = None) -> None:
    """Raise `DataError` if gold tags cannot be evaluated: none is known, or tags encode spans and none is complete.

    Raises
    ------
    DataError
        With the file's name, if ``path`` is given.
    """
    if not any(tag is not None for tags in gold for tag in tags):
        raise DataError("no token has a known tag: there is nothing to evaluate on", path=path)
    if not spans or not any(tag not in (None, OUTSIDE) for tags in gold for tag in tags):
        return
    if not any(judged_spans(tags, [OUTSIDE] * len(tags))[0] for tags in gold):
        message = "all spans hold or touch a token whose tag is not known: give the tags around them, O where none is"
        raise DataError(message, path=path)
