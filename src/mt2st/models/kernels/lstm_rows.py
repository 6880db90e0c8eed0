"""A step of an LSTM for any number of sentences: cut into the tiles of `lstm_code`, the largest first."""

from __future__ import annotations

from numba import int64, types

from mt2st.models.kernels.lstm_code import ABREAST, BACKWARD, FORWARD, make_backward, make_forward
from mt2st.native import kernel

Pair = tuple[int, int]
_PAIR, _THREE = types.UniTuple(int64, 2), types.UniTuple(int64, 3)
_TEN, _TWELVE = types.UniTuple(int64, 10), types.UniTuple(int64, 12)

_forward_most, _forward_three, _forward_two, _forward_one = (make_forward(rows) for rows in (FORWARD, 3, 2, 1))
_backward_most, _backward_three, _backward_two, _backward_one = (
    make_backward(rows, ABREAST) for rows in (BACKWARD, 3, 2, 1)
)
_last_most, _last_three, _last_two, _last_one = (make_backward(rows, 1) for rows in (BACKWARD, 3, 2, 1))


@kernel(types.void(int64, _TEN, _PAIR, _PAIR), inner=True, exact=True)
def forward_rows(rows: int, places: tuple[int, ...], model: Pair, sizes: Pair) -> None:
    """Take a forward step with ``rows`` sentences; other arguments as in `make_forward`."""
    x, x_row, before, before_row, c, c_row, kept, kept_row, out, out_row = places
    while rows > 0:
        here = (x, x_row, before, before_row, c, c_row, kept, kept_row, out, out_row)
        done = FORWARD if rows >= FORWARD else min(rows, 3)
        if done == FORWARD:
            _forward_most(here, model, sizes)
        elif done == 3:
            _forward_three(here, model, sizes)
        elif done == 2:
            _forward_two(here, model, sizes)
        else:
            _forward_one(here, model, sizes)
        rows -= done
        x, before, c = x + done * x_row, before + done * before_row, c + done * c_row
        kept, out = kept + done * kept_row, out + done * out_row


@kernel(types.void(int64, _TWELVE, _PAIR, _THREE), inner=True, exact=True)
def _back(rows: int, here: tuple[int, ...], model: Pair, sizes: tuple[int, int, int]) -> None:
    if rows == BACKWARD:
        _backward_most(here, model, sizes)
    elif rows == 3:
        _backward_three(here, model, sizes)
    elif rows == 2:
        _backward_two(here, model, sizes)
    else:
        _backward_one(here, model, sizes)


@kernel(types.void(int64, _TWELVE, _PAIR, _THREE), inner=True, exact=True)
def _back_last(rows: int, here: tuple[int, ...], model: Pair, sizes: tuple[int, int, int]) -> None:
    if rows == BACKWARD:
        _last_most(here, model, sizes)
    elif rows == 3:
        _last_three(here, model, sizes)
    elif rows == 2:
        _last_two(here, model, sizes)
    else:
        _last_one(here, model, sizes)


@kernel(types.void(int64, _TWELVE, _PAIR, _THREE, int64), inner=True, exact=True)
def backward_rows(rows: int, places: tuple[int, ...], model: Pair, sizes: tuple[int, int, int], blocks: int) -> None:
    """Take a backward step with ``rows`` sentences and `ABREAST` blocks or one; otherwise as in `make_backward`."""
    after, after_row, dh, dh_row, c, c_row, kept, kept_row, carried, carried_row, dz, dz_row = places
    while rows > 0:
        here = (after, after_row, dh, dh_row, c, c_row, kept, kept_row, carried, carried_row, dz, dz_row)
        done = BACKWARD if rows >= BACKWARD else min(rows, 3)
        if blocks == ABREAST:
            _back(done, here, model, sizes)
        else:
            _back_last(done, here, model, sizes)
        rows -= done
        after, dh, c = after + done * after_row, dh + done * dh_row, c + done * c_row
        kept, carried, dz = kept + done * kept_row, carried + done * carried_row, dz + done * dz_row
