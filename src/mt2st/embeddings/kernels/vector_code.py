"""Building blocks of LLVM code for vector registers, used by the kernels of `blocks` and `rows`.

Numba's loops store rows of the table to memory between two operations; a kernel written in LLVM's own language keeps
them in registers. LLVM maps vector types to the processor's registers, so the code is portable.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba.core.cgutils import get_or_insert_function

from mt2st.embeddings.lanes import LANES

Code = Any  # llvmlite's builder and values are untyped

FLOAT, DOUBLE = ir.FloatType(), ir.DoubleType()
INT, LONG, BYTE = ir.IntType(32), ir.IntType(64), ir.IntType(8)


VECTOR, DOUBLES = ir.VectorType(FLOAT, LANES), ir.VectorType(DOUBLE, LANES)


def whole(value: int) -> Code:
    """Return a 64-bit constant."""
    return ir.Constant(LONG, value)


def constant(value: float) -> Code:
    """Return a constant vector filled with one number."""
    return ir.Constant(VECTOR, [value] * LANES)


def multiply_add(code: Code, a: Code, b: Code, c: Code) -> Code:
    """Return ``a * b + c``, fused if the processor can."""
    function = get_or_insert_function(code.module, ir.FunctionType(VECTOR, [VECTOR] * 3), f"llvm.fmuladd.v{LANES}f32")
    return code.call(function, [a, b, c])


def load(code: Code, address: Code, kind: Code = VECTOR) -> Code:
    """Return the value at an address."""
    value = code.load(code.inttoptr(address, kind.as_pointer()))
    value.align = 8 if kind is LONG else 4
    return value


def store(code: Code, value: Code, address: Code) -> None:
    """Store a value at an address."""
    code.store(value, code.inttoptr(address, value.type.as_pointer())).align = 4


def broadcast(code: Code, number: Code) -> Code:
    """Return a vector filled with one number."""
    blank = ir.Constant(VECTOR, ir.Undefined)
    first = code.insert_element(blank, number, ir.Constant(INT, 0))
    return shuffle(code, first, blank, [0] * LANES)


def shuffle(code: Code, a: Code, b: Code, places: Sequence[int]) -> Code:
    """Return the lanes of ``a`` followed by ``b`` at these indices."""
    return code.shuffle_vector(a, b, ir.Constant(ir.VectorType(INT, len(places)), list(places)))


def at_least(code: Code, value: Code, low: float) -> Code:
    """Return the larger of value and ``low``; NaN stays NaN."""
    return code.select(code.fcmp_ordered("<", value, constant(low)), constant(low), value)


def at_most(code: Code, value: Code, high: float) -> Code:
    """Return the smaller of value and ``high``; NaN stays NaN."""
    return code.select(code.fcmp_ordered(">", value, constant(high)), constant(high), value)


def no_lane(code: Code, lanes: Code) -> Code:
    """Return whether none of a vector's truth values is true."""
    bits = code.bitcast(lanes, ir.IntType(LANES))
    return code.icmp_unsigned("==", bits, ir.Constant(bits.type, 0))


def loop(
    code: Code, stop: Code, step: int, carried: Sequence[Code], body: Callable[[Code, list[Code]], Sequence[Code]]
) -> list[Code]:
    """Write ``for i in range(0, stop, step): carried = body(i, carried)`` and return the final ``carried``.

    The body runs at least once.
    """
    before, function = code.block, code.function
    inside, after = function.append_basic_block("inside"), function.append_basic_block("after")
    code.branch(inside)
    code.position_at_end(inside)
    i = code.phi(LONG)
    i.add_incoming(whole(0), before)
    values = [code.phi(value.type) for value in carried]
    for value, first in zip(values, carried, strict=True):
        value.add_incoming(first, before)
    new = list(body(i, values))
    following = code.add(i, whole(step))
    i.add_incoming(following, code.block)
    for value, next_value in zip(values, new, strict=True):
        value.add_incoming(next_value, code.block)
    code.cbranch(code.icmp_signed("<", following, stop), inside, after)
    code.position_at_end(after)
    return new


def sums_of_lanes(code: Code, vectors: Sequence[Code]) -> Code:
    """Return a vector whose lane i is the sum of the lanes of ``vectors[i]``; there are at most ``LANES``.

    Halves are added pairwise: each round halves the number of vectors, so that most additions use whole vectors.
    """
    current: list[Code | None] = [*vectors, *[None] * (LANES - len(vectors))]
    half = LANES // 2
    while half:
        current = [_add_halves(code, current[i], current[i + half], half) for i in range(half)]
        half //= 2
    return current[0]


def _add_halves(code: Code, a: Code | None, b: Code | None, half: int) -> Code | None:
    """Add the halves of each block of ``2 * half`` lanes: a's sums to the low half, b's to the high one."""
    if a is None:
        return None
    low, high = [], []
    for lane in range(LANES):
        block, place = lane - lane % (2 * half), lane % (2 * half)
        start = block + place if place < half else LANES + block + place - half
        low.append(start)
        high.append(start + half)
    other = constant(0.0) if b is None else b
    return code.fadd(shuffle(code, a, other, low), shuffle(code, a, other, high))


def store_lanes(code: Code, vector: Code, address: Code, count: int) -> None:
    """Store the first ``count`` lanes at an address, and nothing after them."""
    done = 0
    while done < count:
        size = 1 << ((count - done).bit_length() - 1)
        part = shuffle(code, vector, vector, range(done, done + size)) if size > 1 else None
        value = code.extract_element(vector, ir.Constant(INT, done)) if part is None else part
        store(code, value, code.add(address, whole(4 * done)))
        done += size
