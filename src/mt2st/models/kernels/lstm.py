"""Forward and backward pass of both directions of an LSTM over packed sentences.

Tokens are in the order of a packed sequence: word t of all sentences that have one, the longest sentence first, before
word t + 1 of any. Units are numbered in blocks of ``LANES``, the last one padded with units that have no effect.
"""

from __future__ import annotations

import numpy as np
from numba import float32, int64, types
from numpy.typing import NDArray

from mt2st.embeddings.kernels.rows import address, prefetch
from mt2st.embeddings.lanes import LANES
from mt2st.models.kernels.lstm_code import ABREAST, GATES, KEPT, REGISTER
from mt2st.models.kernels.lstm_rows import backward_rows, forward_rows, product_rows
from mt2st.native import Floats, Places, kernel

# Columns of a plan; the direction that reads from the end uses the last two pairs the other way round.
BEGIN, COUNT, EARLIER, LATER = 0, 1, 2, 4


def make_plan(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the positions of the words t of all sentences, (longest, 6).

    A row has their start and number, then the same for the words before and after them.

    Examples
    --------
    >>> make_plan(np.array([3, 2])).tolist()
    [[0, 3, 0, 0, 3, 2], [3, 2, 0, 2, 5, 0]]
    """
    ends = np.cumsum(counts)
    begins, none = ends - counts, np.zeros(1, np.int64)
    earlier = np.concatenate((none, begins[:-1])), np.concatenate((none, counts[1:]))
    return np.stack((begins, counts, *earlier, ends, np.concatenate((counts[1:], none))), 1)


@kernel(types.void(float32[:, ::1], float32[:, :, :, ::1], float32[:, :, ::1], float32[:, ::1]), exact=True)
def word_products(vectors: Floats, weights: Floats, biases: Floats, products: Floats) -> None:
    """Compute what each distinct word adds to the gates of both directions.

    Parameters
    ----------
    vectors
        (distinct, vector_size).
    weights
        (2, blocks, vector_size, 4 * LANES): for each number of a vector, its weights in i, f, g and o of the block's
        units.
    biases
        (2, blocks, 4 * LANES).
    products
        Written, (distinct, 2 * blocks * 4 * LANES).
    """
    size, blocks = vectors.shape[1], weights.shape[1]
    for way in range(2):
        for block in range(blocks):
            out = address(products) + (way * blocks + block) * GATES * REGISTER
            model = address(weights[way, block]), address(biases[way, block])
            product_rows(vectors.shape[0], (address(vectors), 4 * size, out, 4 * products.shape[1]), model, size)


@kernel(
    types.void(
        float32[:, ::1], int64[::1], int64[:, ::1], float32[:, :, :, ::1], float32[:, :, :, ::1], float32[:, :, ::1]
    ),
    exact=True,
)
def lstm_forward(products: Floats, words: Places, plan: Places, weights: Floats, kept: Floats, hidden: Floats) -> None:
    """Run the forward pass of both directions.

    Parameters
    ----------
    products
        As `word_products` writes them.
    words
        (tokens,): the row of ``products`` of each token.
    plan
        As `make_plan` makes it.
    weights
        (2, blocks, hidden_size, 4 * LANES): for each number of the previous state, its weights in i, f, g and o of the
        block's units.
    kept
        Written, (2, blocks, tokens, 6 * LANES): i, f, g, o, c and tanh(c), for the backward pass.
    hidden
        Written, (tokens, 2, blocks * LANES): h.
    """
    blocks, nothing = weights.shape[1], np.zeros(LANES, np.float32)
    kept_row, hidden_row = KEPT * REGISTER, 2 * blocks * REGISTER
    width = blocks * GATES * REGISTER
    for way in range(2):
        hidden_at = address(hidden) + way * blocks * REGISTER
        for step in range(plan.shape[0]):
            row = plan[step if way == 0 else plan.shape[0] - 1 - step]
            following = plan[min(step + 1, plan.shape[0] - 1) if way == 0 else max(plan.shape[0] - 2 - step, 0)]
            for token in range(following[BEGIN], following[BEGIN] + following[COUNT]):
                prefetch(address(products) + (2 * words[token] + way) * width, width)
            before = row[EARLIER if way == 0 else LATER]
            going = row[(EARLIER if way == 0 else LATER) + 1]
            for block in range(blocks):
                kept_at = address(kept[way, block])
                product = address(products) + (way * blocks + block) * GATES * REGISTER
                model = address(weights[way, block]), product, 4 * products.shape[1]
                for first, last in ((0, going), (going, row[COUNT])):
                    goes_on, token = first < going, row[BEGIN] + first
                    places = (
                        address(words) + 8 * token,
                        8,
                        hidden_at + before * hidden_row,
                        hidden_row,
                        kept_at + before * kept_row + GATES * REGISTER if goes_on else address(nothing),
                        kept_row if goes_on else 0,
                        kept_at + token * kept_row,
                        kept_row,
                        hidden_at + token * hidden_row + block * REGISTER,
                        hidden_row,
                    )
                    forward_rows(last - first, places, model, weights.shape[2] if goes_on else 0)


@kernel(
    types.void(
        float32[:, :, ::1],
        int64[::1],
        int64[:, ::1],
        float32[:, ::1],
        float32[:, :, :, ::1],
        float32[:, :, ::1],
        float32[:, ::1],
        float32[:, ::1],
    ),
    exact=True,
)
def lstm_backward(
    changes: Floats,
    words: Places,
    plan: Places,
    weights: Floats,
    kept: Floats,
    carried: Floats,
    steps: Floats,
    totals: Floats,
) -> None:
    """Run the backward pass of both directions.

    Parameters
    ----------
    changes
        (tokens, 2, blocks * LANES): gradient of h as an output.
    words, plan
        As in the forward pass.
    weights
        (2, 4 * (blocks * LANES) ** 2): recurrent weights as packed by `pack_backward`.
    kept
        As written by the forward pass.
    carried
        (2, longest batch, blocks * LANES): zeros; overwritten.
    steps
        Written, (tokens, 2 * blocks * 4 * LANES or more): gradient of z, the input of the gates.
    totals
        (distinct, 2 * blocks * 4 * LANES): zeros; the sum of ``steps`` over the tokens of each distinct word.
    """
    blocks, nothing = kept.shape[1], np.zeros(LANES, np.float32)
    width, steps_row, hidden_row = blocks * REGISTER, 4 * steps.shape[1], 2 * blocks * REGISTER
    kept_row, kept_apart = KEPT * REGISTER, KEPT * REGISTER * kept.shape[2]
    for way in range(2):
        steps_at = address(steps) + way * GATES * width
        for step in range(plan.shape[0]):
            row = plan[plan.shape[0] - 1 - step if way == 0 else step]
            before, going = row[EARLIER + 2 * way], row[EARLIER + 2 * way + 1]
            after, coming = row[LATER - 2 * way], row[LATER - 2 * way + 1]
            both, either = min(going, coming), max(going, coming)
            for block in range(0, blocks, ABREAST):
                abreast = min(ABREAST, blocks - block)
                kept_at = address(kept[way, block])
                for of_block in range(abreast):
                    prefetch(kept_at + of_block * kept_apart + before * kept_row, going * kept_row)
                total = address(totals) + (way * blocks + block) * GATES * REGISTER
                model = address(weights[way]) + block * GATES * LANES * width, total, 4 * totals.shape[1]
                for first, last in ((0, both), (both, either), (either, row[COUNT])):
                    goes_on, token = first < going, row[BEGIN] + first
                    place = kept_at + (before + first) * kept_row + GATES * REGISTER
                    places = (
                        steps_at + (after + first) * steps_row,
                        steps_row,
                        address(changes) + token * hidden_row + way * width + block * REGISTER,
                        hidden_row,
                        place if goes_on else address(nothing),
                        kept_row if goes_on else 0,
                        kept_at + token * kept_row,
                        kept_row,
                        address(carried) + (way * carried.shape[1] + first) * width + block * REGISTER,
                        width,
                        steps_at + token * steps_row + block * GATES * REGISTER,
                        steps_row,
                        address(words) + 8 * token,
                        8,
                    )
                    count = GATES * blocks * LANES if first < coming else 0
                    sizes = count, kept_apart if goes_on else 0, kept_apart
                    backward_rows(last - first, places, model, sizes, abreast)
