"""What word lists teach: the paper's four auxiliary objectives, each with a gradient.

A file an objective: the pure function on tensors first, then the task that draws batches of a list and carries the
function's gradient to the rows of the shared table. `offset` (UPDATE 0, eq. 6), `alignment` (UPDATE 1, eq. 7),
`analogy` (UPDATE 2, eq. 8), `similarity` (UPDATE 3, algorithm 3). All need torch; `known` (words to rows) does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.lazy import lazily

if TYPE_CHECKING:
    from mt2st.tasks.lexical.alignment import AlignmentTask, alignment_loss
    from mt2st.tasks.lexical.analogy import AnalogyTask, analogy_loss
    from mt2st.tasks.lexical.elements import elements_loss
    from mt2st.tasks.lexical.known import place_words
    from mt2st.tasks.lexical.offset import OffsetTask, offset_loss
    from mt2st.tasks.lexical.similarity import SimilarityTask, similarity_loss

# Imported when first used: torch is an extra, and slow to import.
_HOME = {
    "AlignmentTask": ".alignment",
    "AnalogyTask": ".analogy",
    "OffsetTask": ".offset",
    "SimilarityTask": ".similarity",
    "alignment_loss": ".alignment",
    "analogy_loss": ".analogy",
    "elements_loss": ".elements",
    "offset_loss": ".offset",
    "place_words": ".known",
    "similarity_loss": ".similarity",
}

__all__ = [
    "AlignmentTask",
    "AnalogyTask",
    "OffsetTask",
    "SimilarityTask",
    "alignment_loss",
    "analogy_loss",
    "elements_loss",
    "offset_loss",
    "place_words",
    "similarity_loss",
]

__getattr__ = lazily(__name__, _HOME)
