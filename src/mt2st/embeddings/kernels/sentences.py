"""What skip-gram's and CBOW's kernels do alike: how sentences are cut, and rows asked for ahead of their use."""

from __future__ import annotations

import numpy as np

from mt2st.embeddings.kernels.rows import prefetch
from mt2st.native import Floats, Numbers, Places, kernel

# Longer sentences are cut, as in word2vec; windows end at the cut.
LONGEST = 1000
# Words trained between gathering input vectors and adding their change to the table.
BLOCK = 64


@kernel("void(float32[:,::1], int64[::1], int32[::1], int64[::1], int64)", inner=True)
def prefetch_inputs(table: Floats, row_offsets: Places, rows: Numbers, words: Places, count: int) -> None:
    """Ask for the rows of the first words of a sentence."""
    width, first = table.shape[1] * 4, np.int64(table.ctypes.data)
    for i in range(count):
        if row_offsets.shape[0] == 0:
            prefetch(first + words[i] * width, width)
        else:
            for place in range(row_offsets[words[i]], row_offsets[words[i] + 1]):
                prefetch(first + rows[place] * width, width)


@kernel("void(float32[:,::1], int64[::1], int64, int64[:,::1], int64[::1], int64, int64[::1], int64)", inner=True)
def list_targets(
    output: Floats, words: Places, count: int, negatives: Places, drawn: Places, pair: int, targets: Places, first: int
) -> None:
    """Write the addresses of a pair of words' negatives to ``targets[first:]``, and ask for all the pair's rows."""
    width, base = output.shape[1] * 4, np.int64(output.ctypes.data)
    for i in range(drawn[pair]):
        address = base + negatives[pair, i] * width
        targets[first + i] = address
        prefetch(address, width)
    for i in range(first + drawn[pair], targets.shape[0]):
        targets[i] = base
    for i in range(2 * pair, min(2 * pair + 2, count)):
        prefetch(base + words[i] * width, width)
