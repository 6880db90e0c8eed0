"""The results on a set of analogies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mt2st.evaluation.analogy_questions import Question


@dataclass(frozen=True)
class AnsweredSection:
    """The questions of a section, answered correctly or not, with words as they were compared."""

    name: str
    syntactic: bool
    correct: list[Question]
    incorrect: list[Question]

    @property
    def answered(self) -> int:
        """Return the number of questions counted."""
        return len(self.correct) + len(self.incorrect)

    @property
    def accuracy(self) -> float | None:
        """Return the share of right answers; None if no question was counted."""
        return len(self.correct) / self.answered if self.answered else None


@dataclass(frozen=True)
class AnalogyReport:
    """The results of vectors on a set of analogies.

    Attributes
    ----------
    sections
        The questions by section, in the order of the file.
    unknown
        Number of questions with a word that has no vector, skipped or counted as wrong.
    total
        Number of questions in the set.
    """

    sections: tuple[AnsweredSection, ...]
    unknown: int
    total: int

    @property
    def oov_ratio(self) -> float:
        """Return the share of questions with a word that has no vector, in percent."""
        return 100 * self.unknown / self.total

    def answered(self, *, syntactic: bool | None = None) -> int:
        """Return the number of questions counted, in all sections or in those of one kind."""
        return sum(section.answered for section in self._of_kind(syntactic))

    def accuracy(self, *, syntactic: bool | None = None) -> float | None:
        """Return the share of right answers, in all sections or in those of one kind; None if none was counted."""
        answered = self.answered(syntactic=syntactic)
        right = sum(len(section.correct) for section in self._of_kind(syntactic))
        return right / answered if answered else None

    def _of_kind(self, syntactic: bool | None) -> list[AnsweredSection]:
        return [section for section in self.sections if syntactic in (None, section.syntactic)]

    def as_dict(self) -> dict[str, Any]:
        """Return the measures as JSON values."""
        sections = [
            {"section": section.name, "accuracy": section.accuracy, "questions": section.answered}
            for section in self.sections
        ]
        return {
            "total": self.accuracy(),
            "semantic": self.accuracy(syntactic=False),
            "syntactic": self.accuracy(syntactic=True),
            "questions": self.answered(),
            "unknown": self.unknown,
            "oov_ratio": self.oov_ratio,
            "sections": sections,
        }

    def as_sections(self) -> list[dict[str, Any]]:
        """Return the questions as in gensim: a dictionary for each section and, last, for all."""
        found = [
            {"section": section.name, "correct": section.correct, "incorrect": section.incorrect}
            for section in self.sections
        ]
        every = {side: [question for part in found for question in part[side]] for side in ("correct", "incorrect")}
        return [*found, {"section": "Total accuracy", **every}]
