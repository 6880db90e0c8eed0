"""A step of an LSTM for any number of sentences: cut into the tiles of `lstm_code`, the largest first."""

from __future__ import annotations

from numba import int64, types

from mt2st.models.kernels.lstm_code import BACKWARD, FORWARD, make_backward, make_forward
from mt2st.native import kernel

Pair = tuple[int, int]
_PAIR = types.UniTuple(int64, 2)

_forward_most, _forward_three, _forward_two, _forward_one = (make_forward(rows) for rows in (FORWARD, 3, 2, 1))
_backward_most, _backward_six, _backward_three, _backward_two, _backward_one = (
    make_backward(rows) for rows in (BACKWARD, 6, 3, 2, 1)
)


@kernel(types.void(int64, types.UniTuple(int64, 10), _PAIR, _PAIR), inner=True, exact=True)
def forward_rows(rows: int, places: tuple[int, ...], model: Pair, sizes: Pair) -> None:
    """Take a step with some sentences; other arguments as `make_forward` has them."""
    x, x_row, before, before_row, c, c_row, kept, kept_row, out, out_row = places
    while rows > 0:
        here = (x, x_row, before, before_row, c, c_row, kept, kept_row, out, out_row)
        if rows >= FORWARD:
            _forward_most(here, model, sizes)
            done = FORWARD
        elif rows >= 3:
            _forward_three(here, model, sizes)
            done = 3
        elif rows == 2:
            _forward_two(here, model, sizes)
            done = 2
        else:
            _forward_one(here, model, sizes)
            done = 1
        rows -= done
        x, before, c = x + done * x_row, before + done * before_row, c + done * c_row
        kept, out = kept + done * kept_row, out + done * out_row


@kernel(types.void(int64, types.UniTuple(int64, 12), int64, int64), inner=True, exact=True)
def backward_rows(rows: int, places: tuple[int, ...], weights: int, count: int) -> None:
    """Take a step back with some sentences; other arguments as `make_backward` has them."""
    after, after_row, dh, dh_row, c, c_row, kept, kept_row, carried, carried_row, dz, dz_row = places
    while rows > 0:
        here = (after, after_row, dh, dh_row, c, c_row, kept, kept_row, carried, carried_row, dz, dz_row)
        if rows >= BACKWARD:
            _backward_most(here, weights, count)
            done = BACKWARD
        elif rows >= 6:
            _backward_six(here, weights, count)
            done = 6
        elif rows >= 3:
            _backward_three(here, weights, count)
            done = 3
        elif rows == 2:
            _backward_two(here, weights, count)
            done = 2
        else:
            _backward_one(here, weights, count)
            done = 1
        rows -= done
        after, dh, c = after + done * after_row, dh + done * dh_row, c + done * c_row
        kept, carried, dz = kept + done * kept_row, carried + done * carried_row, dz + done * dz_row
