"""A document's mean of words and word pairs predicts each of its words against random ones.

Within a document the rows of its words and pairs are fixed; the gradients of its means are summed and added at its end.
Each input and output row has a learning rate of its own, see `mt2st.embeddings.kernels.adagrad`.
``tests/embeddings/test_documents.py`` computes the same in plain loops.
"""

from __future__ import annotations

import numpy as np
from numba import float32, float64, int32, int64, types, uint64, void

from mt2st.embeddings.kernels.adagrad import share_of_rate, squared_length
from mt2st.embeddings.kernels.draws import random_bits
from mt2st.embeddings.kernels.losses import MOST_FACTORS, Doubles, take_loss
from mt2st.embeddings.kernels.means import move_targets_by_shares, score_means
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
from mt2st.embeddings.kernels.sentences import OUTPUTS_AHEAD, next_piece, prefetch_outputs, share_rows
from mt2st.embeddings.lanes import LANES
from mt2st.embeddings.table import aligned_zeros
from mt2st.native import Floats, Numbers, Places, kernel

# Working rows: the means for two words, the sum of a document's rows, and the sum of its means' gradients.
MEANS, SUM, CHANGE, LINES = 0, 2, 3, 4
# In a document of at most so many words and pairs, each is updated by the whole gradient of every mean, as in CBOW; in
# a longer one by a share, so that all updates together are as large as those of so many.
WHOLE_UP_TO = 10


@kernel(
    "void(int64[:, ::1], int64[::1], int64, int64, float32, float32[::1], float32[::1], float32, float32[::1])",
    inline="always",
)
def list_rates(
    words: Places,
    negatives: Places,
    drawn: int,
    last: int,
    size: int,
    length: np.float32,
    steps: Floats,
    squares: Floats,
    rate: np.float32,
    rates: Floats,
) -> None:
    """Write the learning rates of the output rows of one or two words, word ``last`` first, and of their negatives.

    ``length`` is the squared length of the document's mean, used in place of those of the means without a word's row.
    """
    for j in range(size + drawn):
        first, second = steps[j * size], steps[j * size + size - 1] * np.float32(size - 1)
        word = words[last - j, WORD] if j < size else negatives[j - size]
        squares[word] += (first * first + second * second) * length
        rates[j] = squares[word]
    for j in range(rates.shape[0]):
        rates[j] = rate * share_of_rate(rates[j])


@kernel(
    types.Tuple((float64, int64, int64))(
        *(PIECE_OF_TEXT, int64, int64, int64, float32, float32, float32, int64, float32[::1]),
        *(float32[::1], float32[::1], float64[::1], int64[::1]),
    ),
    inner=True,
)
def train_piece(
    piece: Piece,
    count: int,
    table: int,
    width: int,
    share: np.float32,
    length: np.float32,
    rate: np.float32,
    signs: int,
    squares: Floats,
    steps: Floats,
    rates: Floats,
    products: Doubles,
    lines: Places,
) -> tuple[float, int, int]:
    """Train on a piece of one document; return the loss, the number of words in it, and the number skipped."""
    words, negatives, drawn = piece.words, piece.negatives, piece.drawn
    loss, factors, trained, bad = 0.0, 0, 0, 0
    means = lines[MEANS]
    for i in range(0, count, 2):
        pair, size = i // 2, min(2, count - i)
        if i + OUTPUTS_AHEAD < count:
            ahead = pair + OUTPUTS_AHEAD // 2
            prefetch_outputs(piece.targets, drawn, 2, ahead, ahead + 1, width)
        for k in range(size):
            share_of_rest((lines[SUM], table + words[i + k, WORD] * width, means + k * width), share, width)
        factors += (size * (drawn[pair] + size) + LANES - 1) // LANES
        if not score_means(piece, pair, size, address(lines), width, signs, np.float32(1), steps, products):
            bad += size
            continue
        list_rates(words, negatives[pair], drawn[pair], i + size - 1, size, length, steps, squares, rate, rates)
        move_targets_by_shares(piece, pair, size, address(lines), width, steps, rates)
        trained += size
        if factors >= MOST_FACTORS:
            loss += take_loss(products)
            factors = 0
        for k in range(size):
            add((lines[CHANGE], means + k * width, lines[CHANGE]), width)
    return loss + take_loss(products), trained, bad


@kernel(void(int64, int32[::1], int64, int64, int64), inner=True)
def prefetch_rows(table: int, rows: Numbers, start: int, stop: int, width: int) -> None:
    """Prefetch some rows of the table."""
    for i in range(start, stop):
        prefetch(table + rows[i] * width, width)


def document_space(width: int, _window: int, negative: int) -> tuple[Piece, Floats, Floats, Floats, Doubles, Places]:
    """Return the working memory of `document_update`: piece, memory, steps, rates, products, addresses of lines."""
    return (
        new_piece(negative),
        aligned_zeros(LINES, width),
        aligned_zeros(2 * targets_listed(negative) + 2 * LANES),
        aligned_zeros(targets_listed(negative)),
        aligned_zeros(LANES, kind=np.float64),
        aligned_zeros(LINES, kind=np.int64),
    )


@kernel(
    types.Tuple((float64, int64, int64, int64))(
        *(TABLES, TEXT, int32[::1], int64[::1], float32[::1], float32[::1], int64, float32, uint64, float32[:, ::1]),
        *(PIECE_OF_TEXT, float32[:, ::1], float32[::1], float32[::1], float64[::1], int64[::1]),
    )
)
def document_update(
    tables: Tables,
    text: Text,
    rows: Numbers,
    offsets: Places,
    squares: Floats,
    output_squares: Floats,
    negative: int,
    rate: np.float32,
    seed: np.uint64,
    signs: Floats,
    piece: Piece,
    memory: Floats,
    steps: Floats,
    rates: Floats,
    products: Doubles,
    lines: Places,
) -> tuple[float, int, int, int]:
    """Train in place on some documents.

    Parameters
    ----------
    tables
        ``row_offsets`` and ``rows`` are not used: word w has row w.
    text
        The documents' words, which are predicted.
    rows, offsets
        Document d is the mean of the table's rows ``rows[offsets[d]:offsets[d + 1]]``: those of its words and of its
        word pairs. A word's own row is left out of the mean that predicts it.
    squares, output_squares
        (rows,) and (words,): sums of squared gradients of each row of the two tables, updated in place.
    negative, rate, seed, signs
        As in `mt2st.embeddings.kernels.cbow.cbow_update`; ``rate`` is that of a row without a gradient so far.
    piece, memory, steps, rates, products, lines
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
            prefetch_rows(table, rows, offsets[order[at + 1]], offsets[order[at + 1] + 1], width)
        if stop - start < 2:
            continue
        sum_rows(table, address(rows) + start * 4, stop - start, np.float32(1), lines[SUM], width)
        clear((lines[CHANGE],), width)
        share = np.float32(1) / np.float32(stop - start - 1)
        length = share * share * squared_length(memory, SUM)
        one, place, done = Text(text.ids, text.offsets, order[at : at + 1], text.keep, text.alias), 0, 0
        while place < 1:
            key = random_bits(seed, number)
            place, done, count, kept_here = next_piece(tables, one, piece, place, done, 2, negative, key)
            found = train_piece(
                *(piece, count, table, width, share, length, rate, address(signs)),
                *(output_squares, steps, rates, products, lines),
            )
            number, kept = number + 1, kept + kept_here
            loss, trained, bad = loss + found[0], trained + found[1], bad + found[2]
        share = min(np.float32(1), np.float32(WHOLE_UP_TO) * share)
        square = share * share * squared_length(memory, CHANGE)
        for i in range(start, stop):
            squares[rows[i]] += square
            own = rate * share * share_of_rate(squares[rows[i]])
            add_share((table + rows[i] * width, lines[CHANGE]), own, width)
        share_rows(tables)
    return loss, trained, kept, bad
