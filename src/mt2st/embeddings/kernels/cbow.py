"""CBOW with negative sampling, with or without subwords, two words at a time against shared negatives.

Within a block of words the input rows stay as they are; their changes are summed and added at its end. Both the mean of
a window and the sum of the changes that windows make come from running sums, so a word costs a few row operations
however wide its window. `mt2st.embeddings.kernels.reference` says the same in plain loops.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import float32, float64, int64, types, uint64, void

from mt2st.embeddings.kernels.blocks import make_scores, make_update, to_steps
from mt2st.embeddings.kernels.draws import draw_reach, random_bits
from mt2st.embeddings.kernels.losses import MOST_FACTORS, Doubles, take_loss
from mt2st.embeddings.kernels.memory import (
    BEGIN,
    END,
    PIECE_OF_TEXT,
    TABLES,
    TEXT,
    WORD,
    Piece,
    Tables,
    Text,
    new_piece,
    targets_listed,
)
from mt2st.embeddings.kernels.rows import add, address, clear, gather_change, spread, sum_rows, window_mean
from mt2st.embeddings.kernels.sentences import (
    BLOCK,
    INPUTS_AHEAD,
    OUTPUTS_AHEAD,
    ask_for_inputs,
    ask_for_outputs,
    end_of_block,
    share_rows,
    take_up,
)
from mt2st.embeddings.lanes import LANES
from mt2st.embeddings.table import aligned_zeros
from mt2st.native import Floats, Places, kernel

# Scores lie as (second word, first mean), (second word, second mean), (first word, first mean), ...; a lone word's mean
# is the only one.
SIGNS = np.ones((2, LANES), np.float32)
SIGNS[0, 0] = -1
SIGNS[1, [1, 2]] = -1
NO_PAIR = np.float32(-100)

score_one, score_two = make_scores(1, 4), make_scores(2, 4)
update_one, update_two = make_update(1, keep=False), make_update(2, keep=False)


class Lines(NamedTuple):
    """Addresses of rows that a block works in.

    Attributes
    ----------
    sums, changes
        Running sums of input rows, and differences of what windows move words by: one line more than there are words.
    own
        What a word's own window moves all others by.
    means, running
        Means of two windows; one line for a sum.
    """

    sums: int
    changes: int
    own: int
    means: int
    running: int


LINES = types.NamedUniTuple(int64, 5, Lines)


@kernel(LINES(int64, int64, int64), inner=True)
def lines_at(first: int, most: int, width: int) -> Lines:
    """Return the lines of blocks of less than ``most`` words in ``3 * most + 3`` rows from the address ``first`` on."""
    changes, own = first + most * width, first + 2 * most * width
    return Lines(first, changes, own, own + most * width, own + (most + 2) * width)


@kernel(void(TABLES, int64[:, ::1], int64, int64, LINES, int64[::1]), inner=True)
def gather_sums(tables: Tables, words: Places, start: int, stop: int, lines: Lines, rows_before: Places) -> None:
    """Write the running sums of the rows of the words ``start`` to ``stop``, and of how many rows they have.

    Sums of rows begin anew with each sentence, so that what is not finite stays in its own; the first line is zeros.
    """
    width, table = tables.table.shape[1] * 4, address(tables.table)
    row_offsets, rows = tables.row_offsets, tables.rows
    for i in range(start, stop):
        word, after = words[i, WORD], lines.sums + (i - start + 1) * width
        here = lines.sums if i == words[i, BEGIN] else lines.sums + (i - start) * width
        size = np.int64(1)
        if row_offsets.shape[0] == 0:
            add((here, table + word * width, after), width)
        else:
            low, size = row_offsets[word], row_offsets[word + 1] - row_offsets[word]
            sum_rows(table, address(rows) + low * 4, size, np.float32(1), after, width)
            add((here, after, after), width)
        rows_before[i - start + 1] = rows_before[i - start] + size


@kernel(void(TABLES, int64[:, ::1], int64, int64, LINES), inner=True)
def scatter_changes(tables: Tables, words: Places, start: int, stop: int, lines: Lines) -> None:
    """Add to each word's rows the changes of the windows it lies in, but not of its own; clear both lists."""
    width, table = tables.table.shape[1] * 4, address(tables.table)
    row_offsets, rows = tables.row_offsets, tables.rows
    clear((lines.running,), width)
    for i in range(start, stop):
        word, change = words[i, WORD], lines.own + (i - start) * width
        gather_change((lines.running, lines.changes + (i - start) * width, change), width)
        if row_offsets.shape[0] == 0:
            row = table + word * width
            add((row, change, row), width)
        else:
            for place in range(row_offsets[word], row_offsets[word + 1]):
                row = table + rows[place] * width
                add((row, change, row), width)
        clear((change,), width)
    clear((lines.changes + (stop - start) * width,), width)


@kernel(void(int64[:, ::1], int64, int64, int64, int64, uint64, LINES, int64[::1], int64[:, ::1]), inner=True)
def write_mean(
    words: Places,
    i: int,
    low: int,
    width: int,
    window: int,
    key: np.uint64,
    lines: Lines,
    rows_before: Places,
    edges: Places,
) -> None:
    """Write the mean of word i's window, and its ends, from ``low`` on, to ``edges[i % 2]``."""
    reach, begin, here = draw_reach(key, i, window), max(words[i, BEGIN], low) - low, i - low
    first, last = max(begin, here - reach), min(words[i, END] - low, here + reach + 1)
    edges[i % 2, 0], edges[i % 2, 1] = first, last
    number = rows_before[last] - rows_before[first] - rows_before[here + 1] + rows_before[here]
    # Where the sentence begins its sum is still nothing, as the first line is.
    before = 0 if first == begin else first
    left = 0 if here == begin else here
    sums, mean = lines.sums, lines.means + (i % 2) * width
    parts = (sums + before * width, sums + left * width, sums + (here + 1) * width, sums + last * width, mean)
    window_mean(parts, np.float32(1) / np.float32(number), width)


@kernel("boolean(Piece, int64, int64, int64, int64, int64, float32, float32[::1], float64[::1])", inline="always")
def train_means(
    piece: Piece,
    pair: int,
    size: int,
    means: int,
    width: int,
    signs: int,
    rate: np.float32,
    steps: Floats,
    products: Doubles,
) -> bool:
    """Train the means of one or two words against their targets; say whether all scores were finite.

    ``means`` is the address of a list of their addresses; each is overwritten with what it is to be moved by.
    """
    drawn, targets, scores = piece.drawn, piece.targets, address(steps)
    number = drawn[pair] + size
    listed = address(targets) + (pair * targets.shape[1] + 2 - size) * 8
    if size == 2:
        score_two(means, listed, number, width, scores)
        steps[0], steps[3] = NO_PAIR, NO_PAIR
    else:
        score_one(means, listed, number, width, scores)
    if not to_steps(scores, size * number, signs + (size - 1) * LANES * 4, rate, address(products)):
        return False
    if size == 2:
        steps[0], steps[3] = 0, 0
        update_two(means, listed, number, width, scores)
    else:
        update_one(means, listed, number, width, scores)
    return True


@kernel(
    types.Tuple((float64, int64, int64))(
        *(PIECE_OF_TEXT, int64, int64, int64, int64, int64, int64, float32, uint64),
        *(LINES, int64, float32[::1], float64[::1], int64[::1], int64[::1], int64[:, ::1]),
    ),
    inner=True,
)
def train_block(
    piece: Piece,
    count: int,
    start: int,
    stop: int,
    low: int,
    width: int,
    window: int,
    rate: np.float32,
    key: np.uint64,
    lines: Lines,
    signs: int,
    steps: Floats,
    products: Doubles,
    rows_before: Places,
    means: Places,
    edges: Places,
) -> tuple[float, int, int]:
    """Train on the words ``start``, which is even, to ``stop``; sums and changes begin at word ``low``.

    Returns the loss, the windows it is over, and those left out.
    """
    words = piece.words
    loss, factors, trained, bad = 0.0, 0, 0, 0
    for i in range(start, stop, 2):
        pair, size = i // 2, min(2, count - i)
        if i + OUTPUTS_AHEAD < count:
            ahead = pair + OUTPUTS_AHEAD // 2
            ask_for_outputs(piece.targets, piece.drawn, 2, ahead, ahead + 1, width)
        for k in range(size):
            write_mean(words, i + k, low, width, window, key, lines, rows_before, edges)
        factors += (size * (piece.drawn[pair] + size) + LANES - 1) // LANES
        if not train_means(piece, pair, size, address(means), width, signs, rate, steps, products):
            bad += size
            continue
        trained += size
        if factors >= MOST_FACTORS:
            loss += take_loss(products)
            factors = 0
        for k in range(size):
            low_edge, high_edge = lines.changes + edges[k, 0] * width, lines.changes + edges[k, 1] * width
            spread((lines.means + k * width, low_edge, high_edge, lines.own + (i + k - low) * width), width)
    return loss + take_loss(products), trained, bad


def cbow_space(width: int, window: int, negative: int) -> tuple[Piece, Floats, Floats, Doubles, Places, Places, Places]:
    """Return the memory that `cbow_update` works in: piece, lines, steps, products, rows before, means, edges.

    Lines are zeros, and a call leaves zeros where it wants them.
    """
    most = BLOCK + 2 + 2 * window
    return (
        new_piece(negative),
        aligned_zeros(3 * most + 3, width),
        aligned_zeros(2 * targets_listed(negative) + 2 * LANES),
        aligned_zeros(LANES, kind=np.float64),
        aligned_zeros(most, kind=np.int64),
        aligned_zeros(2, kind=np.int64),
        aligned_zeros(2, 2, kind=np.int64),
    )


@kernel(
    types.Tuple((float64, int64, int64, int64))(
        *(TABLES, TEXT, int64, int64, float32, uint64, float32[:, ::1]),
        *(PIECE_OF_TEXT, float32[:, ::1], float32[::1], float64[::1], int64[::1], int64[::1], int64[:, ::1]),
    )
)
def cbow_update(
    tables: Tables,
    text: Text,
    window: int,
    negative: int,
    rate: np.float32,
    seed: np.uint64,
    signs: Floats,
    piece: Piece,
    memory: Floats,
    steps: Floats,
    products: Doubles,
    rows_before: Places,
    means: Places,
    edges: Places,
) -> tuple[float, int, int, int]:
    """Train in place on some sentences: the mean of the rows around a word is to tell it from random words.

    Parameters and results are those of `mt2st.embeddings.kernels.skipgram.skipgram_update`, with windows for pairs and
    with `cbow_space`: the mean is over all rows of all words of a window, and each of them moves by the mean's whole
    gradient, as in word2vec and fastText.

    Notes
    -----
    T. Mikolov et al., "Efficient estimation of word representations in vector space", 2013.
    """
    width, words = memory.shape[1] * 4, piece.words
    lines = lines_at(address(memory), rows_before.shape[0], width)
    means[0], means[1] = lines.means, lines.means + width
    loss, trained, kept, bad, number, place, done = 0.0, 0, 0, 0, 0, 0, 0
    products[:] = 1
    share_rows(tables)
    while place < text.order.shape[0]:
        key = random_bits(seed, number)
        place, done, count, kept_here = take_up(tables, text, piece, place, done, 2, negative, key)
        start, number, kept = 0, number + 1, kept + kept_here
        while start < count:
            stop = end_of_block(words, start, count)
            low, high = max(words[start, BEGIN], start - window), min(words[stop - 1, END], stop + window)
            ask_for_inputs(tables, piece, count, start + INPUTS_AHEAD, stop + INPUTS_AHEAD)
            gather_sums(tables, words, low, high, lines, rows_before)
            found = train_block(
                *(piece, count, start, stop, low, width, window, rate, key, lines),
                *(address(signs), steps, products, rows_before, means, edges),
            )
            scatter_changes(tables, words, low, high, lines)
            loss, trained, bad = loss + found[0], trained + found[1], bad + found[2]
            start = stop
        share_rows(tables)
    return loss, trained, kept, bad
