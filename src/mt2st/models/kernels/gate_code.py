"""LLVM code for the activation functions of gates, with errors of a few roundings of float32."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from mt2st.embeddings.kernels.blocks import TANH_ABOVE, TANH_BELOW
from mt2st.embeddings.kernels.vector_code import VECTOR, Code, at_least, at_most, constant, multiply_add
from mt2st.embeddings.lanes import LANES

INTEGERS = ir.VectorType(ir.IntType(32), LANES)
# e^r - 1 - r over r^2 for |r| < ln(2) / 2, highest power first: the fit known from Cephes.
_EXP = (1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)
# ln 2 in two parts, the first with so few digits that its products with small integers are exact.
_LN2_HIGH, _LN2_LOW = 0.693359375, -2.12194440e-4
# Adding this to a small number rounds it to an integer, which is then in the lowest bits.
_ROUNDING = 1.5 * 2.0**23


def _polynomial(code: Code, x: Code, factors: Sequence[float]) -> Code:
    value = constant(factors[0])
    for factor in factors[1:]:
        value = multiply_add(code, value, x, constant(factor))
    return value


def exp(code: Code, x: Code) -> Code:
    """Return e^x with x clamped to -87 and 88, where e^x is a normal float; NaN stays NaN."""
    x = at_most(code, at_least(code, x, -87.0), 88.0)
    shifted = multiply_add(code, x, constant(1.4426950408889634), constant(_ROUNDING))
    power = code.fsub(shifted, constant(_ROUNDING))
    rest = multiply_add(code, power, constant(-_LN2_LOW), multiply_add(code, power, constant(-_LN2_HIGH), x))
    value = multiply_add(code, _polynomial(code, rest, _EXP), code.fmul(rest, rest), code.fadd(rest, constant(1.0)))
    # 2^power, assembled from its bits.
    bits = code.shl(code.bitcast(shifted, INTEGERS), ir.Constant(INTEGERS, [23] * LANES))
    scale = code.bitcast(code.add(bits, ir.Constant(INTEGERS, [127 << 23] * LANES)), VECTOR)
    return code.fmul(value, scale)


def sigmoid(code: Code, x: Code) -> Code:
    """Return 1 / (1 + e^-x)."""
    return code.fdiv(constant(1.0), code.fadd(constant(1.0), exp(code, code.fneg(x))))


def tanh(code: Code, x: Code) -> Code:
    """Return tanh(x) with x clamped to ±9; NaN stays NaN."""
    x = at_most(code, at_least(code, x, -9.0), 9.0)
    square = code.fmul(x, x)
    above = code.fmul(x, _polynomial(code, square, TANH_ABOVE))
    return code.fdiv(above, _polynomial(code, square, TANH_BELOW))
