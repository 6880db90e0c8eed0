"""Settings of auxiliaries that learn from word lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from mt2st.training.settings.labelled import LabelledSource
from mt2st.training.settings.section import AtLeast0, Count

LEXICAL = ("similarity", "analogy", "offset", "alignment")
# Cosines in float32 differ by 6e-8 or more: with a lower temperature few or none are close enough for a gradient.
LEAST_TEMPERATURE = 1e-6
# The rank correlation of two pairs is either 1 or -1 and has no gradient.
LEAST_PAIRS = 3


class LexicalSource(LabelledSource):
    """A source with what only word lists have."""

    only_for: ClassVar[Mapping[str, Sequence[str]]] = {
        **LabelledSource.only_for,
        "batch": LEXICAL,
        "temperature": ("similarity", "analogy", "alignment"),
        **dict.fromkeys(("over", "ranks"), ("similarity",)),
        **dict.fromkeys(("candidates", "semantic", "syntactic", "total"), ("analogy",)),
        **dict.fromkeys(("target_vectors", "mapping", "gamma", "neighbours", "threshold"), ("alignment",)),
    }
    batch: Count = Field(
        128,
        description="entries per step, instead of passes; at least 3 for similarity over pairs (word lists)",
    )
    over: Literal["pairs", "elements"] = Field(
        "pairs",
        description="pairs: rank the cosines of word pairs as people did; elements: the paper's algorithm 3 to the "
        "letter, on the pairs that people scored above the list's median (similarity)",
    )
    ranks: Literal["pairwise", "isotonic"] = Field("pairwise", description="method of soft ranking (similarity)")
    temperature: float | None = Field(
        None,
        ge=LEAST_TEMPERATURE,
        allow_inf_nan=False,
        description="softness of ranks or answers, at least 1e-6; none: 0.1 (similarity, alignment) or 0.02 (analogy)",
    )
    candidates: Count = Field(2000, description="number of most frequent words considered as answers (analogy)")
    semantic: AtLeast0 = Field(1.0, description="weight of the semantic questions (analogy)")
    syntactic: AtLeast0 = Field(1.0, description="weight of the syntactic questions (analogy)")
    total: AtLeast0 = Field(1.0, description="weight of all questions together (analogy)")
    target_vectors: str | None = Field(
        None,
        description="a file of vectors of the other language's words, kept fixed; "
        "none: translations are words of the shared table (alignment)",
    )
    mapping: bool = Field(False, description="compare after a linear map, which is learned too (alignment)")
    gamma: AtLeast0 = Field(1.0, description="weight of wrong translations against right ones (alignment)")
    neighbours: Count = Field(10, description="nearest neighbours: k of CSLS (alignment)")
    threshold: float | None = Field(None, description="least CSLS of a translation; none: no threshold (alignment)")

    @model_validator(mode="after")
    def _lists_can_be_learned(self) -> Self:
        if self.kind == "similarity" and self.over == "pairs" and self.batch < LEAST_PAIRS:
            raise ValueError(
                f"batch must be {LEAST_PAIRS} or more, {self.batch} found: fewer pairs have no ranks to learn"
            )
        if self.kind == "analogy" and not self.semantic + self.syntactic + self.total:
            raise ValueError("semantic, syntactic and total cannot all be 0: nothing would count")
        return self
