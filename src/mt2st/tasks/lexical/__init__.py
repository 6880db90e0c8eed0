"""Learning from word lists: the paper's four auxiliary objectives, each with a gradient.

Each objective has a module, with first a pure function on tensors, then the task, which draws batches of a list and
trains the rows of the shared table by the function's gradient. `offset` (UPDATE 0, eq. 6), `alignment` (UPDATE 1,
eq. 7), `analogy` (UPDATE 2, eq. 8), `similarity` (UPDATE 3, algorithm 3). All need torch; `mt2st.tasks.known_words`,
which looks up the rows of a list's words, does not.
"""

import mt2st.models.pytorch  # noqa: F401 - asks for torch, before any of these does
from mt2st.tasks.known_words import place_words
from mt2st.tasks.lexical.alignment import AlignmentTask, alignment_loss
from mt2st.tasks.lexical.analogy import AnalogyTask, analogy_loss
from mt2st.tasks.lexical.elements import elements_loss
from mt2st.tasks.lexical.offset import OffsetTask, offset_loss
from mt2st.tasks.lexical.similarity import SimilarityTask, similarity_loss

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
