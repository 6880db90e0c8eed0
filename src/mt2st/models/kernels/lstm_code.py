"""A step of an LSTM for a few sentences and a block of units, from which `lstm_rows` makes steps of any number.

A block has as many units as a vector register has lanes.
All of a tile's sums stay in registers: products with the weights are summed, gates activated and the state updated
without storing intermediate results in memory. For unit u of a sentence, with sigma the logistic function:

    i, f, o = sigma(z_i), sigma(z_f), sigma(z_o);   g = tanh(z_g);   c = f c' + i g;   h = o tanh(c)
    z = p + W_hh h'      p = b_ih + b_hh + W_ih x for the word's vector x; c', h' the state before

and backward, with dh and dc the gradients from this word's output and from the following step:

    dc += dh o (1 - tanh(c)^2);   dc' = dc f
    dz = dc g i (1 - i),   dc c' f (1 - f),   dc i (1 - g^2),   dh tanh(c) o (1 - o)

Addresses and distances between rows are in bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import types
from numba.extending import intrinsic

from mt2st.embeddings.kernels.vector_code import (
    FLOAT,
    LONG,
    Code,
    broadcast,
    constant,
    load,
    multiply_add,
    store,
    whole,
)
from mt2st.embeddings.lanes import LANES, WIDE
from mt2st.models.kernels.gate_code import sigmoid, tanh

REGISTER = 4 * LANES
GATES = 4
# Registers kept of a step for the backward pass: i, f, g, o, c, tanh(c).
KEPT = 6
# Number of sentences in a tile, chosen so that sums and weights fit in the registers.
FORWARD, BACKWARD = (6 if WIDE else 3), 6
# Number of blocks in a tile of the backward pass.
ABREAST = 2


def _added_up(code: Code, count: Code, sums: list[Code], add: Callable[[Code, list[Code]], list[Code]]) -> list[Code]:
    """Write ``for k in range(count): sums = add(k, sums)``; the count may be 0."""
    before, function = code.block, code.function
    inside, after = function.append_basic_block("adding"), function.append_basic_block("added")
    code.cbranch(code.icmp_signed(">", count, whole(0)), inside, after)
    code.position_at_end(inside)
    k = code.phi(LONG)
    k.add_incoming(whole(0), before)
    values = [code.phi(value.type) for value in sums]
    for value, first in zip(values, sums, strict=True):
        value.add_incoming(first, before)
    new = add(k, values)
    following = code.add(k, whole(1))
    k.add_incoming(following, inside)
    for value, next_value in zip(values, new, strict=True):
        value.add_incoming(next_value, inside)
    code.cbranch(code.icmp_signed("<", following, count), inside, after)
    code.position_at_end(after)
    results = [code.phi(value.type) for value in sums]
    for result, first, last in zip(results, sums, new, strict=True):
        result.add_incoming(first, before)
        result.add_incoming(last, inside)
    return results


def _with_products(code: Code, rows: list[Code], count: Code, weights: Code, sums: list[Code]) -> list[Code]:
    """Add to ``sums``, row by row, each of the rows' ``count`` numbers times its line of weights."""
    width = len(sums) // len(rows)

    def add(k: Code, sums: list[Code]) -> list[Code]:
        line = code.add(weights, code.mul(k, whole(width * REGISTER)))
        held = [load(code, code.add(line, whole(part * REGISTER))) for part in range(width)]
        new = []
        for r, row in enumerate(rows):
            number = broadcast(code, load(code, code.add(row, code.mul(k, whole(4))), FLOAT))
            new += [multiply_add(code, number, held[part], sums[r * width + part]) for part in range(width)]
        return new

    return _added_up(code, count, sums, add)


def _rows_of(code: Code, given: Code, place: int, rows: int) -> list[Code]:
    """Return the addresses of rows from that of the first and, after it, the distance between rows."""
    first, distance = code.extract_value(given, place), code.extract_value(given, place + 1)
    return [code.add(first, code.mul(distance, whole(row))) for row in range(rows)]


def _parts(code: Code, block: Code, count: int) -> list[Code]:
    return [load(code, code.add(block, whole(part * REGISTER))) for part in range(count)]


def _store_parts(code: Code, values: list[Code], block: Code) -> None:
    for part, value in enumerate(values):
        store(code, value, code.add(block, whole(part * REGISTER)))


def make_products(rows: int) -> Any:
    """Return ``products((x, _, out, _), (weights, bias), size)`` for some words and a block of units.

    It writes bias + W_ih x. Each ``_`` is the distance between the rows of two words. There are ``size`` numbers in x;
    ``weights`` has a line of four registers for each.
    """
    places, models = types.UniTuple(types.int64, 4), types.UniTuple(types.int64, 2)

    def write(target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
        given, model, size = arguments
        x, out = (_rows_of(code, given, place, rows) for place in range(0, 4, 2))
        weights, bias = (code.extract_value(model, place) for place in range(2))
        sums = _with_products(code, x, size, weights, _parts(code, bias, GATES) * rows)
        for row in range(rows):
            _store_parts(code, sums[row * GATES : (row + 1) * GATES], out[row])
        return target.get_dummy_value()

    @intrinsic
    def products(_typing, _places, _model, _size):  # type: ignore[no-untyped-def]
        return types.void(places, models, types.int64), write

    return products


def _at_word(code: Code, word: Code, table: Code, row: Code) -> Code:
    """Return the address of the row of ``table`` whose number is at ``word``; rows are ``row`` bytes apart."""
    return code.add(table, code.mul(load(code, word, LONG), row))


def make_forward(rows: int) -> Any:
    """Return ``forward((word, _, h', _, c', _, kept, _, h, _), (weights, products, _), hidden)`` for some sentences.

    Each ``_`` is the distance between two rows: of two sentences, or, the last, of the products of two words. At
    ``word`` is the number of the sentence's word. There are ``hidden`` numbers in h'; ``weights`` has a line of four
    registers for each.
    """
    places, models = types.UniTuple(types.int64, 10), types.UniTuple(types.int64, 3)

    def write(target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
        given, model, hidden = arguments
        words, before, c_before, kept, out = (_rows_of(code, given, place, rows) for place in range(0, 10, 2))
        weights, products, apart = (code.extract_value(model, place) for place in range(3))
        sums = [part for word in words for part in _parts(code, _at_word(code, word, products, apart), GATES)]
        sums = _with_products(code, before, hidden, weights, sums)
        for row in range(rows):
            z = sums[row * GATES : (row + 1) * GATES]
            i, f, g, o = sigmoid(code, z[0]), sigmoid(code, z[1]), tanh(code, z[2]), sigmoid(code, z[3])
            c = multiply_add(code, f, load(code, c_before[row]), code.fmul(i, g))
            bent = tanh(code, c)
            _store_parts(code, [i, f, g, o, c, bent], kept[row])
            store(code, code.fmul(o, bent), out[row])
        return target.get_dummy_value()

    @intrinsic
    def forward(_typing, _places, _model, _hidden):  # type: ignore[no-untyped-def]
        return types.void(places, models, types.int64), write

    return forward


def make_backward(rows: int, blocks: int) -> Any:
    """Return ``backward(places, (weights, totals, _), (count, c_apart, kept_apart))`` for some sentences and blocks.

    ``places`` is (dz', _, dh, _, c', _, kept, _, dc, _, dz, _, word, _). dz' is of the following step, with ``count``
    numbers, 0 if there is none; dh is from the output only. dc is from the following step, and is replaced by that for
    the previous one. dz is also added to the word's row of ``totals``. ``c_apart`` and ``kept_apart`` are the distances
    between two blocks.
    """
    places, models, distances = (types.UniTuple(types.int64, count) for count in (14, 3, 3))

    def write(target: Any, code: Code, _signature: Any, arguments: Any) -> Code:
        weights, totals, row = (code.extract_value(arguments[1], place) for place in range(3))
        count, c_apart, kept_apart = (code.extract_value(arguments[2], place) for place in range(3))
        after, dh, *others, words = (_rows_of(code, arguments[0], place, rows) for place in range(0, 14, 2))
        others.append([_at_word(code, word, totals, row) for word in words])
        sums = [value for row in dh for value in _parts(code, row, blocks)]
        sums = _with_products(code, after, count, weights, sums)
        for block in range(blocks):
            apart = [code.mul(each, whole(block)) for each in (c_apart, kept_apart)]
            apart += [whole(block * REGISTER), *[whole(block * GATES * REGISTER)] * 2]
            here = [[code.add(row, by) for row in of] for of, by in zip(others, apart, strict=True)]
            _finish_backward(code, sums[block::blocks], *here)
        return target.get_dummy_value()

    @intrinsic
    def backward(_typing, _places, _model, _sizes):  # type: ignore[no-untyped-def]
        return types.void(places, models, distances), write

    return backward


def _finish_backward(
    code: Code,
    changes: list[Code],
    c_before: list[Code],
    kept: list[Code],
    carried: list[Code],
    dz: list[Code],
    totals: list[Code],
) -> None:
    """Write a block's dz and dc of some sentences, and add dz to their words' totals."""
    for row, change in enumerate(changes):
        values = _parts(code, kept[row], KEPT)
        steps, moved = _gate_steps(code, values, load(code, c_before[row]), change, load(code, carried[row]))
        _store_parts(code, steps, dz[row])
        store(code, moved, carried[row])
        before = _parts(code, totals[row], GATES)
        _store_parts(code, [code.fadd(total, step) for total, step in zip(before, steps, strict=True)], totals[row])


def _gate_steps(code: Code, kept: list[Code], c_before: Code, dh: Code, dc: Code) -> tuple[list[Code], Code]:
    """Return dz of the four gates, and dc of the previous step."""
    i, f, g, o, _, bent = kept
    one = constant(1.0)
    dc = multiply_add(code, code.fmul(dh, o), _less_square(code, bent), dc)
    steps = [
        code.fmul(code.fmul(dc, g), code.fmul(i, code.fsub(one, i))),
        code.fmul(code.fmul(dc, c_before), code.fmul(f, code.fsub(one, f))),
        code.fmul(code.fmul(dc, i), _less_square(code, g)),
        code.fmul(code.fmul(dh, bent), code.fmul(o, code.fsub(one, o))),
    ]
    return steps, code.fmul(dc, f)


def _less_square(code: Code, x: Code) -> Code:
    return code.fsub(constant(1.0), code.fmul(x, x))
