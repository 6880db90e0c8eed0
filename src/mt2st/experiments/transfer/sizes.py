"""The sizes of the comparison."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """The numbers that all methods share.

    Attributes
    ----------
    passes
        Factor of each primary's number of passes over its examples.
    helper_passes, language_passes
        Passes over the labelled auxiliaries and over the language model's text, if they are never switched off.
    words
        Number of words of the language model's text.
    steps
        Number of steps; more steps interleave the tasks more finely.
    intervals
        Number of development scores in a run.
    vector_size, hidden_size
        Size of word vectors, and of each direction of the BiLSTM.
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
