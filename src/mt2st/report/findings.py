"""The results of a trained model on labelled examples: the content of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mt2st.evaluation.mistakes import Confusion
from mt2st.report.record import Json


class Group(NamedTuple):
    """A group of examples, and the accuracy on them."""

    name: str
    examples: int
    accuracy: float


@dataclass(frozen=True)
class Coverage:
    """Words that the model does not know.

    Attributes
    ----------
    words, unseen
        Number of words of the examples, and of the unknown ones among them.
    frequent
        The most frequent unknown words, with counts.
    groups
        Examples with few and with many unknown words.
    """

    words: int
    unseen: int
    frequent: Sequence[tuple[str, int]]
    groups: Sequence[Group] = ()


@dataclass(frozen=True)
class Findings:
    """The content of a page.

    Attributes
    ----------
    title, about
        The headline, and a line on the model and data evaluated.
    measures
        Of `mt2st.evaluation.ClassificationReport.as_dict`, `LabelsReport.as_dict` or `TaggingReport.as_dict`, the last
        with the ``labels`` and ``confusion`` of its tags.
    calibration
        Of `mt2st.evaluation.CalibrationReport.as_dict`; None if there are no probabilities.
    confusions
        The most frequent, with examples.
    coverage
        None if it is not known.
    unit
        What is evaluated: texts, labels of texts, or tokens.
    """

    title: str
    about: str
    measures: Json
    calibration: Json | None
    confusions: Sequence[Confusion]
    coverage: Coverage | None = None
    unit: str = "texts"
