"""CBOW with negative sampling, with or without subwords, two words at a time against shared negatives.

Within a block of words the input rows are fixed; their changes are summed and added at its end. Both the means of
windows and the sums of their changes come from running sums, so a word costs a few row operations for any window size.
`mt2st.embeddings.kernels.reference` computes the same in plain loops.
"""

from __future__ import annotations

import numpy as np
from numba import float32, float64, int64, types, uint64

from mt2st.embeddings.kernels.draws import random_bits
from mt2st.embeddings.kernels.losses import MOST_FACTORS, Doubles, take_loss
from mt2st.embeddings.kernels.means import move_targets, score_means
from mt2st.embeddings.kernels.memory import (
    BEGIN,
    END,
    PIECE_OF_TEXT,
    TABLES,
    TEXT,
    Piece,
    Tables,
    Text,
    new_piece,
    targets_listed,
)
from mt2st.embeddings.kernels.rows import address, spread
from mt2st.embeddings.kernels.sentences import (
    BLOCK,
    INPUTS_AHEAD,
    OUTPUTS_AHEAD,
    end_of_block,
    next_piece,
    prefetch_inputs,
    prefetch_outputs,
    share_rows,
)
from mt2st.embeddings.kernels.window_sums import LINES, Lines, gather_sums, lines_at, scatter_changes, write_mean
from mt2st.embeddings.lanes import LANES
from mt2st.embeddings.table import aligned_zeros
from mt2st.native import Floats, Places, kernel


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

    Returns the loss, the number of windows in it, and the number skipped.
    """
    words = piece.words
    loss, factors, trained, bad = 0.0, 0, 0, 0
    for i in range(start, stop, 2):
        pair, size = i // 2, min(2, count - i)
        if i + OUTPUTS_AHEAD < count:
            ahead = pair + OUTPUTS_AHEAD // 2
            prefetch_outputs(piece.targets, piece.drawn, 2, ahead, ahead + 1, width)
        for k in range(size):
            write_mean(words, i + k, low, width, window, key, lines, rows_before, edges)
        factors += (size * (piece.drawn[pair] + size) + LANES - 1) // LANES
        if not score_means(piece, pair, size, address(means), width, signs, rate, steps, products):
            bad += size
            continue
        move_targets(piece, pair, size, address(means), width, steps)
        trained += size
        if factors >= MOST_FACTORS:
            loss += take_loss(products)
            factors = 0
        for k in range(size):
            low_edge, high_edge = lines.changes + edges[k, 0] * width, lines.changes + edges[k, 1] * width
            spread((lines.means + k * width, low_edge, high_edge, lines.own + (i + k - low) * width), width)
    return loss + take_loss(products), trained, bad


def cbow_space(width: int, window: int, negative: int) -> tuple[Piece, Floats, Floats, Doubles, Places, Places, Places]:
    """Return the working memory of `cbow_update`: piece, lines, steps, products, rows before, means, edges.

    Lines are zeros, and each call leaves zeros where the next needs them.
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
    """Train in place on some sentences: the mean of the rows around a word predicts it against random words.

    Parameters and results are those of `mt2st.embeddings.kernels.skipgram.skipgram_update`, with windows for pairs and
    with `cbow_space`: the mean is over all rows of all words of a window, and each is updated by the mean's whole
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
        place, done, count, kept_here = next_piece(tables, text, piece, place, done, 2, negative, key)
        start, number, kept = 0, number + 1, kept + kept_here
        while start < count:
            stop = end_of_block(words, start, count)
            low, high = max(words[start, BEGIN], start - window), min(words[stop - 1, END], stop + window)
            prefetch_inputs(tables, piece, count, start + INPUTS_AHEAD, stop + INPUTS_AHEAD)
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
