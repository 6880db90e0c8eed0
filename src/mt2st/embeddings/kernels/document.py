"""A document's mean of words and word pairs is to tell each of its words from random ones.

Within a document the rows of its words and pairs stay as they are; the gradients of its means are summed and added at
its end. ``tests/embeddings/test_documents.py`` says the same in plain loops.
"""

from __future__ import annotations

import numpy as np
from numba import float32, float64, int32, int64, types, uint64, void

from mt2st.embeddings.kernels.draws import random_bits
from mt2st.embeddings.kernels.losses import MOST_FACTORS, Doubles, take_loss
from mt2st.embeddings.kernels.means import train_means
from mt2st.embeddings.kernels.memory import (
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
from mt2st.embeddings.kernels.rows import add, add_share, address, clear, prefetch, share_of_rest, sum_rows
from mt2st.embeddings.kernels.sentences import OUTPUTS_AHEAD, ask_for_outputs, share_rows, take_up
from mt2st.embeddings.lanes import LANES
from mt2st.embeddings.table import aligned_zeros
from mt2st.native import Floats, Numbers, Places, kernel

# Means of two words, the sum of a document's rows, and of what its words move them by.
MEANS, SUM, CHANGE, LINES = 0, 2, 3, 4
# In a document of so many words and pairs or fewer each moves by the whole gradient of every mean, as in CBOW; in a
# longer one by a share, so that together they move as far as so many.
WHOLE_UP_TO = 10


@kernel(
    types.Tuple((float64, int64, int64))(
        PIECE_OF_TEXT, int64, int64, int64, float32, float32, int64, float32[::1], float64[::1], int64[::1]
    ),
    inner=True,
)
def train_piece(
    piece: Piece,
    count: int,
    table: int,
    width: int,
    share: np.float32,
    rate: np.float32,
    signs: int,
    steps: Floats,
    products: Doubles,
    lines: Places,
) -> tuple[float, int, int]:
    """Train on a piece of one document; return the loss, the words it is over, and those left out."""
    words = piece.words
    loss, factors, trained, bad = 0.0, 0, 0, 0
    means = lines[MEANS]
    for i in range(0, count, 2):
        pair, size = i // 2, min(2, count - i)
        if i + OUTPUTS_AHEAD < count:
            ahead = pair + OUTPUTS_AHEAD // 2
            ask_for_outputs(piece.targets, piece.drawn, 2, ahead, ahead + 1, width)
        for k in range(size):
            share_of_rest((lines[SUM], table + words[i + k, WORD] * width, means + k * width), share, width)
        factors += (size * (piece.drawn[pair] + size) + LANES - 1) // LANES
        if not train_means(piece, pair, size, address(lines), width, signs, rate, steps, products):
            bad += size
            continue
        trained += size
        if factors >= MOST_FACTORS:
            loss += take_loss(products)
            factors = 0
        for k in range(size):
            add((lines[CHANGE], means + k * width, lines[CHANGE]), width)
    return loss + take_loss(products), trained, bad


@kernel(void(int64, int32[::1], int64, int64, int64), inner=True)
def ask_for_rows(table: int, rows: Numbers, start: int, stop: int, width: int) -> None:
    """Ask for some rows of the table."""
    for i in range(start, stop):
        prefetch(table + rows[i] * width, width)


def document_space(width: int, _window: int, negative: int) -> tuple[Piece, Floats, Floats, Doubles, Places]:
    """Return the memory that `document_update` works in: piece, lines, steps, products, where the lines are."""
    return (
        new_piece(negative),
        aligned_zeros(LINES, width),
        aligned_zeros(2 * targets_listed(negative) + 2 * LANES),
        aligned_zeros(LANES, kind=np.float64),
        aligned_zeros(LINES, kind=np.int64),
    )


@kernel(
    types.Tuple((float64, int64, int64, int64))(
        *(TABLES, TEXT, int32[::1], int64[::1], int64, float32, uint64, float32[:, ::1]),
        *(PIECE_OF_TEXT, float32[:, ::1], float32[::1], float64[::1], int64[::1]),
    )
)
def document_update(
    tables: Tables,
    text: Text,
    rows: Numbers,
    offsets: Places,
    negative: int,
    rate: np.float32,
    seed: np.uint64,
    signs: Floats,
    piece: Piece,
    memory: Floats,
    steps: Floats,
    products: Doubles,
    lines: Places,
) -> tuple[float, int, int, int]:
    """Train in place on some documents.

    Parameters
    ----------
    tables
        Of which ``row_offsets`` and ``rows`` are not used: a word's row has its number.
    text
        The documents' words, which are to be told.
    rows, offsets
        Document d is the mean of the table's rows ``rows[offsets[d]:offsets[d + 1]]``: those of its words and of its
        word pairs. A word's own row is left out of the mean that is to tell it.
    negative, rate, seed, signs
        As in `mt2st.embeddings.kernels.cbow.cbow_update`.
    piece, memory, steps, products, lines
        Made by `document_space`.

    Returns
    -------
    The sum of the words' losses, how many words it is over, words kept, and words left out as not finite.
    """
    width, table = memory.shape[1] * 4, address(tables.table)
    for line in range(LINES):
        lines[line] = address(memory) + line * width
    loss, trained, kept, bad, number, order = 0.0, 0, 0, 0, 0, text.order
    products[:] = 1
    share_rows(tables)
    for at in range(order.shape[0]):
        start, stop = offsets[order[at]], offsets[order[at] + 1]
        if at + 1 < order.shape[0]:
            ask_for_rows(table, rows, offsets[order[at + 1]], offsets[order[at + 1] + 1], width)
        if stop - start < 2:
            continue
        sum_rows(table, address(rows) + start * 4, stop - start, np.float32(1), lines[SUM], width)
        clear((lines[CHANGE],), width)
        share = np.float32(1) / np.float32(stop - start - 1)
        one, place, done = Text(text.ids, text.offsets, order[at : at + 1], text.keep, text.alias), 0, 0
        while place < 1:
            key = random_bits(seed, number)
            place, done, count, kept_here = take_up(tables, one, piece, place, done, 2, negative, key)
            found = train_piece(piece, count, table, width, share, rate, address(signs), steps, products, lines)
            number, kept = number + 1, kept + kept_here
            loss, trained, bad = loss + found[0], trained + found[1], bad + found[2]
        share = min(np.float32(1), np.float32(WHOLE_UP_TO) * share)
        for i in range(start, stop):
            add_share((table + rows[i] * width, lines[CHANGE]), share, width)
        share_rows(tables)
    return loss, trained, kept, bad
