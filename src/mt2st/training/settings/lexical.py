"""Settings of auxiliaries that learn word lists."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from mt2st.training.settings.labelled import LabelledSource
from mt2st.training.settings.section import AtLeast0, Count

LEXICAL = ("similarity", "analogy", "offset", "alignment")
# Cosines in float32 differ by 6e-8 and more: under this, few or none lie near enough for a gradient.
LEAST_TEMPERATURE = 1e-6
# Two pairs are in order or not: their rank correlation has no gradient.
LEAST_PAIRS = 3


class LexicalSource(LabelledSource):
    """A source with what only word lists have."""

    batch: Count = Field(
        128,
        description="entries learned from at a step, instead of passes; at least 3 for similarity over pairs "
        "(word lists)",
    )
    over: Literal["pairs", "elements"] = Field(
        "pairs",
        description="pairs: order the cosines of word pairs as people did; elements: the paper's algorithm 3 to the "
        "letter, on the pairs that people scored above the list's median (similarity)",
    )
    ranks: Literal["pairwise", "isotonic"] = Field("pairwise", description="how ranks are made soft (similarity)")
    temperature: float | None = Field(
        None,
        ge=LEAST_TEMPERATURE,
        allow_inf_nan=False,
        description="how soft ranks or answers are, at least 1e-6; none: 0.1 for similarity and alignment, 0.02 for "
        "analogy",
    )
    candidates: Count = Field(2000, description="the most frequent words, which may answer a question (analogy)")
    semantic: AtLeast0 = Field(1.0, description="what semantic questions count (analogy)")
    syntactic: AtLeast0 = Field(1.0, description="what questions about a form of a word count (analogy)")
    total: AtLeast0 = Field(1.0, description="what all questions together count (analogy)")
    target_vectors: str | None = Field(
        None,
        description="a file of vectors of the other language's words, which rest; "
        "none: translations are words of the shared table (alignment)",
    )
    mapping: bool = Field(False, description="compare by a linear map, learned along (alignment)")
    gamma: AtLeast0 = Field(1.0, description="what a wrong translation costs, of what a right one gains (alignment)")
    neighbours: Count = Field(10, description="nearest words that make up a word's neighbourhood (alignment)")
    threshold: float | None = Field(None, description="least CSLS of a translation; none: there is none (alignment)")

    @model_validator(mode="after")
    def _lists_have_their_own_options(self) -> LexicalSource:
        able = {
            "batch": LEXICAL,
            "temperature": ("similarity", "analogy", "alignment"),
            **dict.fromkeys(("over", "ranks"), ("similarity",)),
            **dict.fromkeys(("candidates", "semantic", "syntactic", "total"), ("analogy",)),
            **dict.fromkeys(("target_vectors", "mapping", "gamma", "neighbours", "threshold"), ("alignment",)),
        }
        self.refuse_options(able, self.kind)
        if self.kind == "similarity" and self.over == "pairs" and self.batch < LEAST_PAIRS:
            raise ValueError(
                f"batch must be {LEAST_PAIRS} or more, {self.batch} found: fewer pairs have no ranks to learn"
            )
        if self.kind == "analogy" and not self.semantic + self.syntactic + self.total:
            raise ValueError("semantic, syntactic and total cannot all be 0: nothing would count")
        return self
