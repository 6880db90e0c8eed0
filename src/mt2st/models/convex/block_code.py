"""Computations of one row with the weights of sixteen outputs at once, in vector registers.

A table has for each column sixteen weights, then sixteen variances, all float32: two whole cache lines, which are
loaded once for all outputs. Addresses are in bytes.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic

from mt2st.embeddings.kernels.vector_code import (
    FLOAT,
    INT,
    LONG,
    Code,
    broadcast,
    constant,
    load,
    loop,
    multiply_add,
    store,
    whole,
)
from mt2st.embeddings.lanes import LANES

OUTPUTS = 16
_SIGNATURE = types.void(*[types.int64] * 5)
# Offsets of the registers of a column's weights, and of its variances.
_WEIGHTS = range(0, 4 * OUTPUTS, 4 * LANES)
_VARIANCES = range(4 * OUTPUTS, 8 * OUTPUTS, 4 * LANES)


def _entry(code: Code, columns: Code, values: Code, table: Code, i: Code) -> tuple[Code, Code]:
    """Return the address of the weights of the column of a row's entry i, and a register filled with its value."""
    here = code.mul(i, whole(4))
    column = code.sext(load(code, code.add(columns, here), INT), LONG)
    value = load(code, code.add(values, here), FLOAT)
    return code.add(table, code.mul(column, whole(8 * OUTPUTS))), broadcast(code, value)


def _make_sums(places: range, *, squared: bool) -> Any:
    @intrinsic
    def sums(_typing, _columns, _values, _count, _table, _out):  # type: ignore[no-untyped-def]
        def write(target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
            columns, values, count, table, out = arguments

            def add(i: Code, totals: list[Code]) -> list[Code]:
                column, value = _entry(code, columns, values, table, i)
                factor = code.fmul(value, value) if squared else value
                parts = [load(code, code.add(column, whole(place))) for place in places]
                return [multiply_add(code, factor, part, total) for part, total in zip(parts, totals, strict=True)]

            totals = loop(code, count, 1, [constant(0.0)] * len(places), add)
            for place, total in zip(_WEIGHTS, totals, strict=True):
                store(code, total, code.add(out, whole(place)))
            return target.get_dummy_value()

        return _SIGNATURE, write

    return sums


def _make_move() -> Any:
    @intrinsic
    def move(_typing, _columns, _values, _count, _table, _steps):  # type: ignore[no-untyped-def]
        def write(target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
            columns, values, count, table, steps = arguments
            own = [load(code, code.add(steps, whole(place))) for place in _WEIGHTS]

            def add(i: Code, _: list[Code]) -> list[Code]:
                column, value = _entry(code, columns, values, table, i)
                for place, behind, step in zip(_WEIGHTS, _VARIANCES, own, strict=True):
                    weights, variances = (code.add(column, whole(each)) for each in (place, behind))
                    moved = multiply_add(code, code.fmul(value, step), load(code, variances), load(code, weights))
                    store(code, moved, weights)
                return []

            loop(code, count, 1, [], add)
            return target.get_dummy_value()

        return _SIGNATURE, write

    return move


# Each is called with ``(columns, values, count, table, numbers)``. The first two write numbers, one for each output;
# the third changes each column's weights by ``number * variance * value``.
scores_of_row = _make_sums(_WEIGHTS, squared=False)
squares_of_row = _make_sums(_VARIANCES, squared=True)
move_weights = _make_move()
