"""The functions of `mt2st.models.scoring.kernels.texts`, compiled; importing this takes seconds."""

from __future__ import annotations

from typing import Any

from numba import cfunc, int64, types, uint8, uint64, void

from mt2st.models.scoring.kernels import texts
from mt2st.native import FASTMATH

POINTERS, LIST = types.CPointer(types.voidptr), types.CPointer(int64)
LETTERS = types.CPointer(uint8)
SIGNATURES = {
    "fill_words": void(POINTERS, LETTERS, LIST),
    "fill_pairs": void(POINTERS, types.CPointer(uint64)),
    "number_ngrams": int64(POINTERS, LETTERS, LIST),
    "score_texts": void(POINTERS, LETTERS, int64),
}
# Without Numba's cache: functions loaded from it cannot be written as machine code.
FUNCTIONS: dict[str, Any] = {
    name: cfunc(signature, fastmath=FASTMATH, error_model="numpy")(getattr(texts, name))
    for name, signature in SIGNATURES.items()
}
