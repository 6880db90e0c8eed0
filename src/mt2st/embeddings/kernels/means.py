"""One step on the means of one or two words, as CBOW and vectors of documents take it."""

from __future__ import annotations

import numpy as np

from mt2st.embeddings.kernels.blocks import make_scores, make_update, to_steps
from mt2st.embeddings.kernels.losses import Doubles
from mt2st.embeddings.kernels.memory import Piece
from mt2st.embeddings.kernels.rows import address
from mt2st.embeddings.lanes import LANES
from mt2st.native import Floats, kernel

# Scores lie as (second word, first mean), (second word, second mean), (first word, first mean), ...; a lone word's mean
# is the only one.
SIGNS = np.ones((2, LANES), np.float32)
SIGNS[0, 0] = -1
SIGNS[1, [1, 2]] = -1
NO_PAIR = np.float32(-100)

score_one, score_two = make_scores(1, 4), make_scores(2, 4)
update_one, update_two = make_update(1, keep=False), make_update(2, keep=False)
update_one_by_shares, update_two_by_shares = (make_update(size, keep=False, shares=True) for size in (1, 2))


@kernel("UniTuple(int64, 2)(Piece, int64, int64)", inline="always")
def targets_of(piece: Piece, pair: int, size: int) -> tuple[int, int]:
    """Return the address of the list of targets of one or two words, and their number."""
    targets = piece.targets
    return address(targets) + (pair * targets.shape[1] + 2 - size) * 8, piece.drawn[pair] + size


@kernel("boolean(Piece, int64, int64, int64, int64, int64, float32, float32[::1], float64[::1])", inline="always")
def score_means(
    piece: Piece,
    pair: int,
    size: int,
    means: int,
    width: int,
    signs: int,
    rate: np.float32,
    steps: Floats,
    products: Doubles,
) -> bool:
    """Write the steps between the means of one or two words and their targets; return whether all scores are finite.

    ``means`` is the address of a list of their addresses.
    """
    scores = address(steps)
    listed, number = targets_of(piece, pair, size)
    if size == 2:
        score_two(means, listed, number, width, scores)
        steps[0], steps[3] = NO_PAIR, NO_PAIR
    else:
        score_one(means, listed, number, width, scores)
    finite = to_steps(scores, size * number, signs + (size - 1) * LANES * 4, rate, address(products))
    if size == 2:
        steps[0], steps[3] = 0, 0
    return finite


@kernel("void(Piece, int64, int64, int64, int64, float32[::1])", inline="always")
def move_targets(piece: Piece, pair: int, size: int, means: int, width: int, steps: Floats) -> None:
    """Update the targets by the steps; each mean is overwritten with its change."""
    listed, number = targets_of(piece, pair, size)
    if size == 2:
        update_two(means, listed, number, width, address(steps))
    else:
        update_one(means, listed, number, width, address(steps))


@kernel("void(Piece, int64, int64, int64, int64, float32[::1], float32[::1])", inline="always")
def move_targets_by_shares(
    piece: Piece, pair: int, size: int, means: int, width: int, steps: Floats, shares: Floats
) -> None:
    """Do the same, with each target's update multiplied by its share."""
    listed, number = targets_of(piece, pair, size)
    if size == 2:
        update_two_by_shares(means, listed, number, width, address(steps), address(shares))
    else:
        update_one_by_shares(means, listed, number, width, address(steps), address(shares))
