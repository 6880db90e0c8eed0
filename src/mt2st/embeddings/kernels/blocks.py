"""Blocks of rows held in registers: the scores of some contexts with some targets, and the update.

For contexts c_1 .. c_n and targets t_1 .. t_m, all rows of the same width:

    s_jk = t_j . c_k                                       `make_scores`
    g_jk = rate * (label_jk - sigmoid(s_jk))               `to_steps`
    t_j += sum_k g_jk c_k,   c_k += sum_j g_jk t_j         `make_update`, target by target, or by shares of it

which is skip-gram's step on n pairs that share their targets, and CBOW's on n means. Addresses and widths are in bytes;
rows need no alignment, but are fastest on whole vector registers (see `mt2st.embeddings.table`). A width is a multiple
of a register's; lists of targets are padded to a multiple of `TARGETS_PADDED_TO` with any addresses, and lists of
scores have room for as many, and for ``LANES`` more.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from mt2st.embeddings.kernels.vector_code import (
    DOUBLES,
    LONG,
    VECTOR,
    Code,
    at_least,
    at_most,
    broadcast,
    constant,
    load,
    loop,
    multiply_add,
    no_lane,
    store,
    store_lanes,
    sums_of_lanes,
    whole,
)
from mt2st.embeddings.lanes import LANES, WIDE

# Number of targets scored at once with 1 to 6 contexts, so that sums and rows fit the available registers.
AT_ONCE = (6, 6, 6, 6, 3, 3) if WIDE else (6, 6, 3, 3, 2, 2)
TARGETS_PADDED_TO = 6
# Probabilities are clipped to this before the logarithm.
LEAST = 1e-7

_ADDRESSES = [types.int64] * 5
# tanh(x) = x P(x^2) / Q(x^2) to float32 rounding within -9 to 9, highest power first: the minimax fit known from Eigen.
TANH_ABOVE = (
    -2.76076847742355e-16,
    2.00018790482477e-13,
    -8.60467152213735e-11,
    5.12229709037114e-08,
    1.48572235717979e-05,
    6.37261928875436e-04,
    4.89352455891786e-03,
)
TANH_BELOW = (1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03, 4.89352518554385e-03)


def _addresses(code: Code, places: Code, count: int) -> list[Code]:
    """Return the first ``count`` addresses of a list."""
    return [load(code, code.add(places, whole(8 * place)), LONG) for place in range(count)]


def make_scores(contexts: int, at_once: int) -> Any:
    """Return ``scores(context_list, target_list, count, width, out)`` for a number of contexts and ``count`` targets.

    Both lists are addresses of lists of addresses. Target j's score with context k goes to ``out[j * contexts + k]``.
    """

    @intrinsic
    def scores(_typing, _context, _targets, _count, _width, _out):  # type: ignore[no-untyped-def]
        def write(target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
            context_list, target_list, count, width, out = arguments
            context_rows = _addresses(code, context_list, contexts)

            def block(j: Code, _: list[Code]) -> list[Code]:
                target_rows = _addresses(code, code.add(target_list, code.mul(j, whole(8))), at_once)

                def add_products(offset: Code, sums: list[Code]) -> list[Code]:
                    return _products(code, context_rows, target_rows, offset, sums)

                sums = loop(code, width, 4 * LANES, [constant(0.0)] * (contexts * at_once), add_products)
                here = code.add(out, code.mul(j, whole(4 * contexts)))
                for start in range(0, len(sums), LANES):
                    part = sums[start : start + LANES]
                    total = sums_of_lanes(code, part)
                    store_lanes(code, total, code.add(here, whole(4 * start)), len(part))
                return []

            loop(code, count, at_once, [], block)
            return target.get_dummy_value()

        return types.void(*_ADDRESSES), write

    return scores


def _products(code: Code, contexts: list[Code], targets: list[Code], offset: Code, sums: list[Code]) -> list[Code]:
    """Add the products of all pairs over one register's width; the shorter list of rows stays loaded."""
    new = list(sums)
    kept, streamed = (targets, contexts) if len(targets) < len(contexts) else (contexts, targets)
    held = [load(code, code.add(row, offset)) for row in kept]
    for s, row in enumerate(streamed):
        value = load(code, code.add(row, offset))
        for k, other in enumerate(held):
            j, c = (k, s) if kept is targets else (s, k)
            place = j * len(contexts) + c
            new[place] = multiply_add(code, value, other, sums[place])
    return new


def make_update(contexts: int, *, keep: bool, shares: bool = False) -> Any:
    """Return ``update(context_list, target_list, count, width, steps)``, which updates targets and contexts.

    Targets are updated in order, each by the old contexts; a target listed twice is updated twice. With ``keep`` the
    contexts are updated; otherwise each is overwritten with its change. With ``shares`` there is one more argument, the
    address of a float for each target, by which the target's own update is multiplied.
    """

    def write(target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
        context_list, target_list, count, width, steps, *share_list = arguments
        rows = _addresses(code, context_list, contexts)

        def columns(offset: Code, _: list[Code]) -> list[Code]:
            places = [code.add(row, offset) for row in rows]
            old = [load(code, place) for place in places]

            def one_target(j: Code, moved: list[Code]) -> list[Code]:
                row = code.add(load(code, code.add(target_list, code.mul(j, whole(8))), LONG), offset)
                before = load(code, row)
                after, new = constant(0.0) if share_list else before, []
                for k in range(contexts):
                    size = _float(code, steps, j, contexts, k)
                    after = multiply_add(code, size, old[k], after)
                    new.append(multiply_add(code, size, before, moved[k]))
                if share_list:
                    after = multiply_add(code, _float(code, share_list[0], j, 1, 0), after, before)
                store(code, after, row)
                return new

            start = old if keep else [constant(0.0)] * contexts
            for place, value in zip(places, loop(code, count, 1, start, one_target), strict=True):
                store(code, value, place)
            return []

        loop(code, width, 4 * LANES, [], columns)
        return target.get_dummy_value()

    @intrinsic
    def update(_typing, _context, _targets, _count, _width, _steps):  # type: ignore[no-untyped-def]
        return types.void(*_ADDRESSES), write

    @intrinsic
    def update_by_shares(_typing, _context, _targets, _count, _width, _steps, _shares):  # type: ignore[no-untyped-def]
        return types.void(*_ADDRESSES, types.int64), write

    return update_by_shares if shares else update


def _float(code: Code, places: Code, j: Code, width: int, k: int) -> Code:
    """Return a vector of element (j, k) of a matrix of floats of this width."""
    place = code.add(code.add(places, code.mul(j, whole(4 * width))), whole(4 * k))
    return broadcast(code, load(code, place, ir.FloatType()))


@intrinsic
def to_steps(_typing, _scores, _count, _signs, _rate, _product):  # type: ignore[no-untyped-def]
    """``to_steps(scores, count, signs, rate, product)``: turn scores into steps and return whether all are finite.

    ``signs`` is the address of ``LANES`` floats: -1 if the score there is a true pair's, else 1. ``product`` is that of
    ``LANES`` doubles; double i is multiplied by the label probabilities of scores i, i + ``LANES`` and so on, at least
    `LEAST`. If a score is not finite they are left unchanged.
    """

    def write(_target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
        scores, count, signs, rate, product = arguments
        sign, down = load(code, signs), broadcast(code, code.fneg(rate))
        # After the last score: padding pairs without effect.
        store(code, constant(-100.0), code.add(scores, code.mul(count, whole(4))))
        # A true pair's score is negated, so that its sigmoid is also the probability of the wrong label.
        store(code, code.fmul(load(code, scores), sign), scores)

        def block(k: Code, given: list[Code]) -> list[Code]:
            place = code.add(scores, code.mul(k, whole(4)))
            wrong = _sigmoid(code, load(code, place))
            store(code, code.fmul(wrong, down), place)
            right = at_least(code, code.fsub(constant(1.0), wrong), LEAST)
            return [code.fmul(given[0], code.fpext(right, DOUBLES))]

        given = loop(code, count, LANES, [ir.Constant(DOUBLES, [1.0] * LANES)], block)[0]
        store(code, code.fmul(load(code, scores), sign), scores)
        finite = no_lane(code, code.fcmp_unordered("uno", given, given))
        before = load(code, product, DOUBLES)
        store(code, code.select(finite, code.fmul(before, given), before), product)
        return finite

    return types.boolean(types.int64, types.int64, types.int64, types.float32, types.int64), write


def _sigmoid(code: Code, x: Code) -> Code:
    """Return (1 + tanh(x / 2)) / 2; NaN if x is not finite."""
    half = at_most(code, at_least(code, code.fmul(x, constant(0.5)), -9.0), 9.0)
    square = code.fmul(half, half)
    above, below = constant(TANH_ABOVE[0]), constant(TANH_BELOW[0])
    for factor in TANH_ABOVE[1:]:
        above = multiply_add(code, above, square, constant(factor))
    for factor in TANH_BELOW[1:]:
        below = multiply_add(code, below, square, constant(factor))
    tanh = code.fdiv(code.fmul(half, above), below)
    value = multiply_add(code, tanh, constant(0.5), constant(0.5))
    return multiply_add(code, x, ir.Constant(VECTOR, [0.0] * LANES), value)
