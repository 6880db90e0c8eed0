"""Operations on whole rows, by address; widths in bytes, a multiple of a vector register's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.extending import intrinsic

from mt2st.embeddings.kernels.vector_code import BYTE, INT, LONG, Code, broadcast, constant, load, loop, store, whole
from mt2st.embeddings.lanes import LANES

CACHE_LINE = 64


def _row_operation(rows: int, write_columns: Callable[..., None], *, scaled: bool = False) -> Any:
    """Return ``operation((row_1, .., row_n), width)``, an operation on all columns of some rows.

    With ``scaled`` it is ``operation((row_1, .., row_n), factor, width)``.
    """
    addresses = types.UniTuple(types.int64, rows)

    def write(target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
        places = [code.extract_value(arguments[0], row) for row in range(rows)]
        factor = [broadcast(code, arguments[1])] if scaled else []

        def columns(offset: Code, _: list[Code]) -> list[Code]:
            write_columns(code, *[code.add(place, offset) for place in places], *factor)
            return []

        loop(code, arguments[-1], 4 * LANES, [], columns)
        return target.get_dummy_value()

    @intrinsic
    def operation(_typing, _rows, _width):  # type: ignore[no-untyped-def]
        return types.void(addresses, types.int64), write

    @intrinsic
    def scaled_operation(_typing, _rows, _factor, _width):  # type: ignore[no-untyped-def]
        return types.void(addresses, types.float32, types.int64), write

    return scaled_operation if scaled else operation


def _clear(code: Code, row: Code) -> None:
    store(code, constant(0.0), row)


def _copy_twice(code: Code, row: Code, first: Code, second: Code) -> None:
    value = load(code, row)
    store(code, value, first)
    store(code, value, second)


def _add(code: Code, a: Code, b: Code, out: Code) -> None:
    store(code, code.fadd(load(code, a), load(code, b)), out)


def _subtract(code: Code, new: Code, old: Code) -> None:
    store(code, code.fsub(load(code, new), load(code, old)), new)


def _add_change(code: Code, row: Code, new: Code, old: Code) -> None:
    store(code, code.fadd(load(code, row), code.fsub(load(code, new), load(code, old))), row)


def _merge(code: Code, row: Code, own: Code, before: Code) -> None:
    value = code.fadd(load(code, row), code.fsub(load(code, own), load(code, before)))
    for place in (row, own, before):
        store(code, value, place)


def _window_mean(code: Code, low: Code, here: Code, behind: Code, high: Code, out: Code, share: Code) -> None:
    after = code.fsub(load(code, high), load(code, behind))
    before = code.fsub(load(code, here), load(code, low))
    store(code, code.fmul(code.fadd(after, before), share), out)


def _share_of_rest(code: Code, total: Code, row: Code, out: Code, share: Code) -> None:
    store(code, code.fmul(code.fsub(load(code, total), load(code, row)), share), out)


def _add_share(code: Code, row: Code, change: Code, share: Code) -> None:
    store(code, code.fadd(load(code, row), code.fmul(load(code, change), share)), row)


def _spread(code: Code, step: Code, low: Code, high: Code, own: Code) -> None:
    value = load(code, step)
    store(code, code.fadd(load(code, low), value), low)
    store(code, code.fsub(load(code, high), value), high)
    store(code, value, own)


def _gather_change(code: Code, running: Code, change: Code, own: Code) -> None:
    total = code.fadd(load(code, running), load(code, change))
    store(code, total, running)
    store(code, code.fsub(total, load(code, own)), own)
    store(code, constant(0.0), change)


clear = _row_operation(1, _clear)
"""``clear((row,), width)``"""
copy_twice = _row_operation(3, _copy_twice)
"""``copy_twice((row, first, second), width)``"""
add = _row_operation(3, _add)
"""``add((a, b, out), width)``: out = a + b"""
subtract = _row_operation(2, _subtract)
"""``subtract((new, old), width)``: new -= old"""
add_change = _row_operation(3, _add_change)
"""``add_change((row, new, old), width)``: row += new - old"""
merge = _row_operation(3, _merge)
"""``merge((row, own, before), width)``: row += own - before; own = row; before = row"""
window_mean = _row_operation(5, _window_mean, scaled=True)
"""``window_mean((low, here, behind, high, out), share, width)``: out = share * (here - low + high - behind)"""
share_of_rest = _row_operation(3, _share_of_rest, scaled=True)
"""``share_of_rest((total, row, out), share, width)``: out = share * (total - row)"""
add_share = _row_operation(2, _add_share, scaled=True)
"""``add_share((row, change), share, width)``: row += share * change"""
spread = _row_operation(4, _spread)
"""``spread((step, low, high, own), width)``: low += step; high -= step; own = step"""
gather_change = _row_operation(3, _gather_change)
"""``gather_change((running, change, own), width)``: running += change; own = running - own; change = 0"""


@intrinsic
def address(_typing, array):  # type: ignore[no-untyped-def]
    """``address(array)``: the address of an array's values."""

    def write(context: Any, code: Code, signature: Any, arguments: Any) -> Code:
        held = context.make_array(signature.args[0])(context, code, arguments[0])
        return code.ptrtoint(held.data, LONG)

    return types.int64(array), write


@intrinsic
def sum_rows(_typing, _table, _numbers, _count, _factor, _out, _width):  # type: ignore[no-untyped-def]
    """``sum_rows(table, numbers, count, factor, out, width)``: out = factor * the sum of some rows of a table.

    ``numbers`` is the address of ``count`` row numbers, int32, at least one.
    """

    def write(target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
        table, numbers, count, factor, out, width = arguments
        scale = broadcast(code, factor)

        def columns(offset: Code, _: list[Code]) -> list[Code]:
            def one_row(i: Code, total: list[Code]) -> list[Code]:
                number = load(code, code.add(numbers, code.mul(i, whole(4))), INT)
                row = code.add(table, code.mul(code.sext(number, LONG), width))
                return [code.fadd(total[0], load(code, code.add(row, offset)))]

            total = loop(code, count, 1, [constant(0.0)], one_row)[0]
            store(code, code.fmul(total, scale), code.add(out, offset))
            return []

        loop(code, width, 4 * LANES, [], columns)
        return target.get_dummy_value()

    signature = types.void(*[types.int64] * 3, types.float32, types.int64, types.int64)
    return signature, write


@intrinsic
def prefetch(_typing, _row, _width):  # type: ignore[no-untyped-def]
    """``prefetch(row, width)``: start loading a row into the L2 cache.

    L1 can have few requests outstanding: prefetching far ahead into L2 loads twice as many rows.
    """

    def write(target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
        pointer = BYTE.as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [pointer, INT, INT, INT])
        function = get_or_insert_function(code.module, kind, "llvm.prefetch.p0")
        for_reading, into_the_second, data = (ir.Constant(INT, value) for value in (0, 2, 1))

        def line(offset: Code, _: list[Code]) -> list[Code]:
            place = code.inttoptr(code.add(arguments[0], offset), pointer)
            code.call(function, [place, for_reading, into_the_second, data])
            return []

        loop(code, arguments[1], CACHE_LINE, [], line)
        return target.get_dummy_value()

    return types.void(types.int64, types.int64), write


__all__ = [
    "add",
    "add_change",
    "add_share",
    "address",
    "clear",
    "copy_twice",
    "gather_change",
    "merge",
    "prefetch",
    "share_of_rest",
    "spread",
    "subtract",
    "sum_rows",
    "window_mean",
]
