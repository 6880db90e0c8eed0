"""The number of passes of the language model over all text, and its learning rate."""

from __future__ import annotations

from math import sqrt

# Passes over little text, and the total number of words to read if there is much.
MOST, READ = 10.0, 30_000_000
# Minimum passes with few labelled texts, and with more than MANY, which gain from better vectors.
FEWEST, FEWEST_FOR_MANY, MANY = 3.0, 5.0, 500
# Above this rate the vectors of long texts diverge.
HIGHEST = 0.5


def planned_passes(passes: float | None, words: int, labelled: int) -> float:
    """Return the number of passes over ``words`` words: ``passes``, or if that is None as many as the text needs.

    Vectors of much text are as good after few passes; those of little text keep improving for ten.

    Examples
    --------
    >>> [planned_passes(None, words, 250) for words in (200_000, 6_000_000, 12_000_000)]
    [10.0, 5.0, 3.0]
    >>> planned_passes(None, 12_000_000, 5000), planned_passes(1.5, 12_000_000, 5000)
    (5.0, 1.5)
    """
    if passes is not None:
        return passes
    return max(FEWEST if labelled <= MANY else FEWEST_FOR_MANY, min(MOST, READ / max(words, 1)))


def first_rate(passes: float) -> float:
    """Return the initial learning rate of the table for a number of passes: the fewer passes, the higher the rate.

    Examples
    --------
    >>> [round(first_rate(passes), 3) for passes in (20, 10, 5, 3)]
    [0.3, 0.3, 0.424, 0.5]
    """
    from mt2st.training.settings.tasks import DEFAULTS_BY_KIND  # a third of a second

    usual: float = DEFAULTS_BY_KIND["document"]["table_rate"]
    return max(usual, min(HIGHEST, usual * sqrt(MOST / passes)))
