"""CBOW with negative sampling, with or without subwords, two words at a time against shared negatives.

Within a block of words the input rows stay as they are; their changes are summed and added at its end. Both the mean of
a window and the sum of the changes that windows make come from running sums, so a word costs a few row operations
however wide its window. `mt2st.embeddings.kernels.reference` says the same in plain loops.
"""

from __future__ import annotations

import numpy as np

from mt2st.embeddings.kernels.blocks import make_scores, make_update, to_steps
from mt2st.embeddings.kernels.draws import Bits, draw_reach, random_bits
from mt2st.embeddings.kernels.losses import MOST_FACTORS, Doubles, take_loss
from mt2st.embeddings.kernels.rows import add, address, clear, gather_change, spread, sum_rows, window_mean
from mt2st.embeddings.kernels.sentences import (
    BEGIN,
    BLOCK,
    END,
    INPUTS_AHEAD,
    OUTPUTS_AHEAD,
    WORD,
    Space,
    ask_for_inputs,
    ask_for_outputs,
    end_of_block,
    piece_space,
    share_rows,
    take_up,
    targets_listed,
)
from mt2st.embeddings.lanes import LANES
from mt2st.embeddings.table import aligned_zeros
from mt2st.native import Floats, Numbers, Places, kernel

# Scores lie as (second word, first mean), (second word, second mean), (first word, first mean), ...; a lone word's mean
# is the only one.
SIGNS = np.ones((2, LANES), np.float32)
SIGNS[0, 0] = -1
SIGNS[1, [1, 2]] = -1
NO_PAIR = np.float32(-100)

_score_one, _score_two = make_scores(1, 4), make_scores(2, 4)
_update_one, _update_two = make_update(1, keep=False), make_update(2, keep=False)


@kernel("void(int64, int64, int64[::1], int32[::1], int64[:,::1], int64, int64, int64, int64, int64[::1])", inner=True)
def gather_sums(
    table: int,
    width: int,
    row_offsets: Places,
    rows: Numbers,
    piece: Places,
    start: int,
    stop: int,
    sums: int,
    zeros: int,
    rows_before: Places,
) -> None:
    """Write the running sums of the rows of the words ``start`` to ``stop``, and of how many rows they have.

    Sums of rows begin anew with each sentence, so that what is not finite stays in its own.
    """
    for i in range(start, stop):
        word, after = piece[i, WORD], sums + (i - start + 1) * width
        here = zeros if i in (start, piece[i, BEGIN]) else sums + (i - start) * width
        size = np.int64(1)
        if row_offsets.shape[0] == 0:
            add((here, table + word * width, after), width)
        else:
            low, size = row_offsets[word], row_offsets[word + 1] - row_offsets[word]
            sum_rows(table, address(rows) + low * 4, size, np.float32(1), after, width)
            add((here, after, after), width)
        rows_before[i - start + 1] = rows_before[i - start] + size


@kernel("void(int64, int64, int64[::1], int32[::1], int64[:,::1], int64, int64, int64, int64, int64)", inner=True)
def scatter_changes(
    table: int,
    width: int,
    row_offsets: Places,
    rows: Numbers,
    piece: Places,
    start: int,
    stop: int,
    changes: int,
    own: int,
    running: int,
) -> None:
    """Add to each word's rows the changes of the windows it lies in, but not of its own; clear both lists."""
    clear((running,), width)
    for i in range(start, stop):
        word, change = piece[i, WORD], own + (i - start) * width
        gather_change((running, changes + (i - start) * width, change), width)
        if row_offsets.shape[0] == 0:
            row = table + word * width
            add((row, change, row), width)
        else:
            for place in range(row_offsets[word], row_offsets[word + 1]):
                row = table + rows[place] * width
                add((row, change, row), width)
        clear((change,), width)
    clear((changes + (stop - start) * width,), width)


@kernel(
    "void(int64[:,::1], int64, int64, int64, int64, int64, int64, int64, uint64, int64[::1], int64[:,::1])",
    inner=True,
)
def write_mean(
    piece: Places,
    i: int,
    low: int,
    sums: int,
    zeros: int,
    mean: int,
    width: int,
    window: int,
    key: np.uint64,
    rows_before: Places,
    edges: Places,
) -> None:
    """Write the mean of word i's window to ``mean``, and its ends, from ``low`` on, to ``edges[i % 2]``."""
    reach, begin, here = draw_reach(key, i, window), max(piece[i, BEGIN], low) - low, i - low
    first, last = max(begin, here - reach), min(piece[i, END] - low, here + reach + 1)
    edges[i % 2, 0], edges[i % 2, 1] = first, last
    number = rows_before[last] - rows_before[first] - rows_before[here + 1] + rows_before[here]
    before = zeros if first == begin else sums + first * width
    left = zeros if here == begin else sums + here * width
    lines = (before, left, sums + (here + 1) * width, sums + last * width, mean)
    window_mean(lines, np.float32(1) / np.float32(number), width)


@kernel(
    "Tuple((float64, int64, int64))(int64[:,::1], int64[:,::1], int64[::1], int64, int64, int64, int64, int64, int64,"
    " int64, int64, int64, int64, int64, float32, uint64, int64, float32[::1], float64[::1], int64[::1], int64[::1],"
    " int64[:,::1])",
    inner=True,
)
def train_block(
    piece: Places,
    targets: Places,
    drawn: Places,
    count: int,
    start: int,
    stop: int,
    low: int,
    sums: int,
    zeros: int,
    changes: int,
    own: int,
    means: int,
    width: int,
    window: int,
    rate: np.float32,
    key: np.uint64,
    signs: int,
    steps: Floats,
    products: Doubles,
    rows_before: Places,
    means_listed: Places,
    edges: Places,
) -> tuple[float, int, int]:
    """Train on the words ``start`` to ``stop``; sums and changes begin at word ``low``. ``start`` is even.

    Returns the loss, the windows it is over, and those left out.
    """
    loss, factors, trained, bad = 0.0, 0, 0, 0
    for i in range(start, stop, 2):
        pair, size = i // 2, min(2, count - i)
        ask_for_outputs(targets, drawn, 2, i + OUTPUTS_AHEAD, i + OUTPUTS_AHEAD + 2, count, width)
        for k in range(size):
            write_mean(piece, i + k, low, sums, zeros, means + k * width, width, window, key, rows_before, edges)
        number = drawn[pair] + size
        listed = address(targets) + (pair * targets.shape[1] + 2 - size) * 8
        if size == 2:
            _score_two(address(means_listed), listed, number, width, address(steps))
            steps[0], steps[3] = NO_PAIR, NO_PAIR
        else:
            _score_one(address(means_listed), listed, number, width, address(steps))
        factors += (size * number + LANES - 1) // LANES
        if not to_steps(address(steps), size * number, signs + (size - 1) * LANES * 4, rate, address(products)):
            bad += size
            continue
        if size == 2:
            steps[0], steps[3] = 0, 0
            _update_two(address(means_listed), listed, number, width, address(steps))
        else:
            _update_one(address(means_listed), listed, number, width, address(steps))
        trained += size
        if factors >= MOST_FACTORS:
            loss += take_loss(products)
            factors = 0
        for k in range(size):
            moved = (means + k * width, changes + edges[k, 0] * width, changes + edges[k, 1] * width)
            spread((*moved, own + (i + k - low) * width), width)
    return loss + take_loss(products), trained, bad


def cbow_space(width: int, window: int, negative: int) -> Space:
    """Return the memory that `cbow_update` works in: zeros, and a call leaves zeros where it wants them."""
    most = BLOCK + 2 + 2 * window
    return (
        aligned_zeros(3 * most + 3, width),
        aligned_zeros(2 * targets_listed(negative) + 2 * LANES),
        *piece_space(negative),
        aligned_zeros(most, kind=np.int64),
        aligned_zeros(2, kind=np.int64),
        aligned_zeros(2, 2, kind=np.int64),
    )


@kernel(
    "Tuple((float64, int64, int64, int64))(float32[:,::1], float32[:,::1], float32[:,::1], int32[::1], int64[::1],"
    " int64[::1], int64[::1], int32[::1], float32[::1], uint64[::1], int64, int64, float32, uint64, float32[:,::1],"
    " float32[:,::1], float32[::1], float64[::1], int64[:,::1], int64[:,::1], int64[::1], int64[:,::1], int64[::1],"
    " int64[::1], int64[:,::1])",
)
def cbow_update(
    table: Floats,
    output: Floats,
    own: Floats,
    ids: Numbers,
    offsets: Places,
    order: Places,
    row_offsets: Places,
    rows: Numbers,
    keep: Floats,
    alias: Bits,
    window: int,
    negative: int,
    rate: np.float32,
    seed: np.uint64,
    signs: Floats,
    lines: Floats,
    steps: Floats,
    products: Doubles,
    piece: Places,
    negatives: Places,
    drawn: Places,
    targets: Places,
    rows_before: Places,
    means_listed: Places,
    edges: Places,
) -> tuple[float, int, int, int]:
    """Train on the sentences ``order``: the mean of the rows around a word is to tell it from random words.

    Parameters and results are those of `mt2st.embeddings.kernels.skipgram.skipgram_update`, with windows for pairs and
    with `cbow_space`: the mean is over all rows of all words of a window, and each of them moves by the mean's whole
    gradient, as in word2vec and fastText.

    Notes
    -----
    T. Mikolov et al., "Efficient estimation of word representations in vector space", 2013.
    """
    width, most, hot = table.shape[1] * 4, rows_before.shape[0], own.shape[0] // 2
    table_at, output_at, own_at = address(table), address(output), address(own)
    # The first row of sums is never written.
    sums, changes, step_of_own = address(lines), address(lines) + most * width, address(lines) + 2 * most * width
    means, running, zeros = step_of_own + most * width, step_of_own + (most + 2) * width, sums
    means_listed[0], means_listed[1] = means, means + width
    loss, trained, kept, bad, piece_number = 0.0, 0, 0, 0, 0
    place, done = 0, 0
    products[:] = 1
    share_rows(output_at, own_at, hot, width)
    while place < order.shape[0]:
        key = random_bits(seed, piece_number)
        piece_number += 1
        place, done, count, new = take_up(
            ids,
            offsets,
            order,
            place,
            done,
            keep,
            key,
            piece,
            2,
            alias,
            negative,
            negatives,
            drawn,
            targets,
            width,
            output_at,
            own_at,
            hot,
            table_at,
            row_offsets,
            rows,
        )
        kept += new
        start = 0
        while start < count:
            stop = end_of_block(piece, start, count)
            low, high = max(piece[start, BEGIN], start - window), min(piece[stop - 1, END], stop + window)
            ask_for_inputs(
                piece,
                min(start + INPUTS_AHEAD, count),
                min(stop + INPUTS_AHEAD, count),
                width,
                table_at,
                row_offsets,
                rows,
            )
            gather_sums(table_at, width, row_offsets, rows, piece, low, high, sums, zeros, rows_before)
            block_loss, block_trained, block_bad = train_block(
                piece,
                targets,
                drawn,
                count,
                start,
                stop,
                low,
                sums,
                zeros,
                changes,
                step_of_own,
                means,
                width,
                window,
                rate,
                key,
                address(signs),
                steps,
                products,
                rows_before,
                means_listed,
                edges,
            )
            loss, trained, bad = loss + block_loss, trained + block_trained, bad + block_bad
            scatter_changes(table_at, width, row_offsets, rows, piece, low, high, changes, step_of_own, running)
            start = stop
        share_rows(output_at, own_at, hot, width)
    return loss, trained, kept, bad
