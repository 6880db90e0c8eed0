"""Groups of up to six contexts, scored and updated together with targets that they share."""

from __future__ import annotations

import numpy as np

from mt2st.embeddings.kernels.blocks import AT_ONCE, make_scores, make_update
from mt2st.embeddings.lanes import LANES
from mt2st.native import kernel

# Maximum number of contexts scored together.
GROUP = 6

SIGNS = np.ones((GROUP + 1, LANES), np.float32)
for _true_pairs in range(GROUP + 1):
    SIGNS[_true_pairs, :_true_pairs] = -1

_score_1, _score_2, _score_3, _score_4, _score_5, _score_6 = (
    make_scores(contexts, AT_ONCE[contexts - 1]) for contexts in range(1, GROUP + 1)
)
_update_1, _update_2, _update_3, _update_4, _update_5, _update_6 = (
    make_update(contexts, keep=True) for contexts in range(1, GROUP + 1)
)


@kernel("void(int64, int64, int64, int64, int64, int64)", inner=True)
def score(size: int, contexts: int, targets: int, count: int, width: int, out: int) -> None:
    """Score a group of ``size`` contexts, see `make_scores`."""
    if size == 1:
        _score_1(contexts, targets, count, width, out)
    elif size == 2:
        _score_2(contexts, targets, count, width, out)
    elif size == 3:
        _score_3(contexts, targets, count, width, out)
    elif size == 4:
        _score_4(contexts, targets, count, width, out)
    elif size == 5:
        _score_5(contexts, targets, count, width, out)
    else:
        _score_6(contexts, targets, count, width, out)


@kernel("void(int64, int64, int64, int64, int64, int64)", inner=True)
def update(size: int, contexts: int, targets: int, count: int, width: int, steps: int) -> None:
    """Update a group of ``size`` contexts and their targets, see `make_update`."""
    if size == 1:
        _update_1(contexts, targets, count, width, steps)
    elif size == 2:
        _update_2(contexts, targets, count, width, steps)
    elif size == 3:
        _update_3(contexts, targets, count, width, steps)
    elif size == 4:
        _update_4(contexts, targets, count, width, steps)
    elif size == 5:
        _update_5(contexts, targets, count, width, steps)
    else:
        _update_6(contexts, targets, count, width, steps)
