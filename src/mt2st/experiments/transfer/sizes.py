"""How large the comparison is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """The numbers that all methods share.

    Attributes
    ----------
    passes
        Times the passes over the primary's examples that each primary has.
    helper_passes, language_passes
        Passes over the labelled auxiliaries and over the language model's text, where they are never switched off.
    words
        Of the language model's text.
    steps
        How finely tasks are interleaved.
    intervals
        Development scores in a run.
    vector_size, hidden_size
        Of a word, and of each direction of the BiLSTM.
    """

    passes: float = 1.0
    helper_passes: float = 1.0
    language_passes: float = 5.0
    words: int = 3_000_000
    steps: int = 400
    intervals: int = 40
    vector_size: int = 64
    hidden_size: int = 32


WHOLE = Sizes()
QUICK = Sizes(passes=0.4, helper_passes=0.5, language_passes=1.0, words=60_000, steps=120, intervals=12, hidden_size=16)
