"""The files in the folder of a tagger, in a module of their own so that checking a folder loads no kernels."""

from __future__ import annotations

from mt2st.estimators.saving.saved_files import CARD
from mt2st.models import model_files
from mt2st.training.folder_kind import FolderKind

ARRAYS, DESCRIPTION = "tagger.safetensors", "tagger.json"
# The words, in the order of their rows; for a quantized model, sorted.
WORDS, SORTED = "words.json", "words.json.xz"
# The files of `mt2st.models.model_files` are those of the torch tagger.
TAGGER = FolderKind(
    "tagger",
    DESCRIPTION,
    frozenset(
        {ARRAYS, DESCRIPTION, WORDS, SORTED, CARD, model_files.ARRAYS, model_files.DESCRIPTION, model_files.VOCABULARY}
    ),
)
