"""The weighted sum of some rows of a table, and their update in one direction, a vector register of columns at a time.

The overhead of a Numba loop is a third of a row of 64 floats, so that halving the columns saves little there. Here the
sum, or the direction, stays in a register over all rows. Widths are in bytes, of whole registers.
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


def _row(code: Code, table: Code, numbers: Code, i: Code, width: Code) -> Code:
    number = load(code, code.add(numbers, code.mul(i, whole(4))), INT)
    return code.add(table, code.mul(code.sext(number, LONG), width))


def _number(code: Code, address: Code, i: Code) -> Code:
    value = code.load(code.inttoptr(code.add(address, code.mul(i, whole(4))), FLOAT.as_pointer()))
    value.align = 4
    return value


@intrinsic
def sum_weighted(_typing, _table, _numbers, _weights, _count, _out, _width):  # type: ignore[no-untyped-def]
    """``sum_weighted(table, numbers, weights, count, out, width)``: out = the sum of weights[i] * table[numbers[i]].

    All but ``count``, at least 1, and ``width`` are addresses.
    """

    def write(target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
        table, numbers, weights, count, out, width = arguments

        def columns(offset: Code, _: list[Code]) -> list[Code]:
            def one_row(i: Code, total: list[Code]) -> list[Code]:
                values = load(code, code.add(_row(code, table, numbers, i, width), offset))
                return [multiply_add(code, broadcast(code, _number(code, weights, i)), values, total[0])]

            store(code, loop(code, count, 1, [constant(0.0)], one_row)[0], code.add(out, offset))
            return []

        loop(code, width, 4 * LANES, [], columns)
        return target.get_dummy_value()

    return types.void(*[types.int64] * 6), write


@intrinsic
def move_weighted(_typing, _table, _numbers, _weights, _count, _rate, _to, _width):  # type: ignore[no-untyped-def]
    """``move_weighted(table, numbers, weights, count, rate, to, width)``: table[numbers[i]] += rate * weights[i] * to.

    All but ``count``, at least 1, ``rate`` and ``width`` are addresses.
    """

    def write(target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
        table, numbers, weights, count, rate, to, width = arguments
        scale = broadcast(code, rate)

        def columns(offset: Code, _: list[Code]) -> list[Code]:
            step = code.fmul(scale, load(code, code.add(to, offset)))

            def one_row(i: Code, _: list[Code]) -> list[Code]:
                place = code.add(_row(code, table, numbers, i, width), offset)
                store(
                    code, multiply_add(code, broadcast(code, _number(code, weights, i)), step, load(code, place)), place
                )
                return []

            loop(code, count, 1, [], one_row)
            return []

        loop(code, width, 4 * LANES, [], columns)
        return target.get_dummy_value()

    return types.void(*[types.int64] * 4, types.float32, *[types.int64] * 2), write


__all__ = ["move_weighted", "sum_weighted"]
