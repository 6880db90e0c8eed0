"""A step of an LSTM for any number of sentences: cut into the tiles of `lstm_code`, the largest first."""

from __future__ import annotations

from numba import int64, types

from mt2st.models.kernels.lstm_code import ABREAST, BACKWARD, FORWARD, make_backward, make_forward, make_products
from mt2st.native import kernel

Pair = tuple[int, int]
Three = tuple[int, int, int]
_PAIR, _THREE, _FOUR, _TEN, _FOURTEEN = (types.UniTuple(int64, count) for count in (2, 3, 4, 10, 14))

_products_most, _products_one = make_products(FORWARD), make_products(1)
_forward_most, _forward_three, _forward_two, _forward_one = (make_forward(rows) for rows in (FORWARD, 3, 2, 1))
_backward_most, _backward_three, _backward_two, _backward_one = (
    make_backward(rows, ABREAST) for rows in (BACKWARD, 3, 2, 1)
)
_last_most, _last_three, _last_two, _last_one = (make_backward(rows, 1) for rows in (BACKWARD, 3, 2, 1))


@kernel(types.void(int64, _FOUR, _PAIR, int64), inner=True, exact=True)
def product_rows(rows: int, places: tuple[int, ...], model: Pair, size: int) -> None:
    """Compute what ``rows`` words add to a block's gates; other arguments as in `make_products`."""
    x, x_row, out, out_row = places
    while rows > 0:
        here = (x, x_row, out, out_row)
        done = FORWARD if rows >= FORWARD else 1
        if done == FORWARD:
            _products_most(here, model, size)
        else:
            _products_one(here, model, size)
        rows, x, out = rows - done, x + done * x_row, out + done * out_row


@kernel(types.void(int64, _TEN, _THREE, int64), inner=True, exact=True)
def forward_rows(rows: int, places: tuple[int, ...], model: Three, hidden: int) -> None:
    """Take a forward step with ``rows`` sentences; other arguments as in `make_forward`."""
    word, word_row, before, before_row, c, c_row, kept, kept_row, out, out_row = places
    while rows > 0:
        here = (word, word_row, before, before_row, c, c_row, kept, kept_row, out, out_row)
        done = FORWARD if rows >= FORWARD else min(rows, 3)
        if done == FORWARD:
            _forward_most(here, model, hidden)
        elif done == 3:
            _forward_three(here, model, hidden)
        elif done == 2:
            _forward_two(here, model, hidden)
        else:
            _forward_one(here, model, hidden)
        rows -= done
        word, before, c = word + done * word_row, before + done * before_row, c + done * c_row
        kept, out = kept + done * kept_row, out + done * out_row


@kernel(types.void(int64, _FOURTEEN, _THREE, _THREE), inner=True, exact=True)
def _back(rows: int, here: tuple[int, ...], model: Three, sizes: Three) -> None:
    if rows == BACKWARD:
        _backward_most(here, model, sizes)
    elif rows == 3:
        _backward_three(here, model, sizes)
    elif rows == 2:
        _backward_two(here, model, sizes)
    else:
        _backward_one(here, model, sizes)


@kernel(types.void(int64, _FOURTEEN, _THREE, _THREE), inner=True, exact=True)
def _back_last(rows: int, here: tuple[int, ...], model: Three, sizes: Three) -> None:
    if rows == BACKWARD:
        _last_most(here, model, sizes)
    elif rows == 3:
        _last_three(here, model, sizes)
    elif rows == 2:
        _last_two(here, model, sizes)
    else:
        _last_one(here, model, sizes)


@kernel(types.void(int64, _FOURTEEN, _THREE, _THREE, int64), inner=True, exact=True)
def backward_rows(rows: int, places: tuple[int, ...], model: Three, sizes: Three, blocks: int) -> None:
    """Take a backward step with ``rows`` sentences and `ABREAST` blocks or one; otherwise as in `make_backward`."""
    after, after_row, dh, dh_row, c, c_row, kept, kept_row, dc, dc_row, dz, dz_row, word, word_row = places
    while rows > 0:
        here = (after, after_row, dh, dh_row, c, c_row, kept, kept_row, dc, dc_row, dz, dz_row, word, word_row)
        done = BACKWARD if rows >= BACKWARD else min(rows, 3)
        if blocks == ABREAST:
            _back(done, here, model, sizes)
        else:
            _back_last(done, here, model, sizes)
        rows -= done
        after, dh, c = after + done * after_row, dh + done * dh_row, c + done * c_row
        kept, dc, dz = kept + done * kept_row, dc + done * dc_row, dz + done * dz_row
        word += done * word_row
