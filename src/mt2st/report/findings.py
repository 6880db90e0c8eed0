"""What a trained model does on labelled examples: everything that its page says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mt2st.evaluation.mistakes import Confusion
from mt2st.report.record import Json


class Group(NamedTuple):
    """Some examples, and the share of them that are predicted right."""

    name: str
    examples: int
    accuracy: float


@dataclass(frozen=True)
class Coverage:
    """Words that the model does not know.

    Attributes
    ----------
    words, unseen
        Running words of the examples, and those of them that are not known.
    frequent
        The most frequent unknown ones, and how often each occurs.
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
        The headline, and what was judged on what.
    measures
        Of `mt2st.evaluation.ClassificationReport.as_dict`, `LabelsReport.as_dict` or `TaggingReport.as_dict`, the last
        with the ``labels`` and ``confusion`` of its tags.
    calibration
        Of `mt2st.evaluation.CalibrationReport.as_dict`; None where there are no probabilities.
    confusions
        The most frequent, with examples.
    coverage
        None where it is not known.
    unit
        What is judged: texts, labels of texts, or tokens.
    """

    title: str
    about: str
    measures: Json
    calibration: Json | None
    confusions: Sequence[Confusion]
    coverage: Coverage | None = None
    unit: str = "texts"
