"""Skip-gram with negative sampling, with or without subwords, in blocks of rows held in registers.

Text is trained in blocks of words. The input vectors of a block and its context are gathered once and trained in that
copy, and their changes are added to the table's rows at the end; output rows are trained in the table. All contexts of
a word share its negatives. `mt2st.embeddings.kernels.reference` computes the same in plain loops.
"""

from __future__ import annotations

import numpy as np
from numba import float32, float64, int64, types, uint64, void

from mt2st.embeddings.kernels.blocks import to_steps
from mt2st.embeddings.kernels.context_groups import GROUP, score, update
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
from mt2st.embeddings.kernels.rows import add, add_change, address, copy_twice, subtract, sum_rows
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
from mt2st.embeddings.lanes import LANES
from mt2st.embeddings.table import aligned_zeros
from mt2st.native import Floats, Places, kernel


@kernel(void(TABLES, int64[:, ::1], int64, int64, int64, int64), inner=True)
def gather(tables: Tables, words: Places, start: int, stop: int, out: int, copies: int) -> None:
    """Write the input vectors of the words ``start`` to ``stop`` to ``out`` and ``copies``."""
    width, table = tables.table.shape[1] * 4, address(tables.table)
    row_offsets, rows = tables.row_offsets, tables.rows
    for i in range(start, stop):
        word, here, copy = words[i, WORD], out + (i - start) * width, copies + (i - start) * width
        if row_offsets.shape[0] == 0:
            copy_twice((table + word * width, here, copy), width)
            continue
        low, size = row_offsets[word], row_offsets[word + 1] - row_offsets[word]
        numbers, share = address(rows) + low * 4, np.float32(1) / np.float32(size)
        sum_rows(table, numbers, size, share, here, width)
        copy_twice((here, here, copy), width)


@kernel(void(TABLES, int64[:, ::1], int64, int64, int64, int64), inner=True)
def scatter(tables: Tables, words: Places, start: int, stop: int, new: int, old: int) -> None:
    """Add the changes of the vectors of the words ``start`` to ``stop`` to all their rows."""
    width, table = tables.table.shape[1] * 4, address(tables.table)
    row_offsets, rows = tables.row_offsets, tables.rows
    for i in range(start, stop):
        word, after, before = words[i, WORD], new + (i - start) * width, old + (i - start) * width
        if row_offsets.shape[0] == 0:
            add_change((table + word * width, after, before), width)
            continue
        subtract((after, before), width)
        for place in range(row_offsets[word], row_offsets[word + 1]):
            row = table + rows[place] * width
            add((row, after, row), width)


@kernel(
    types.Tuple((float64, int64, int64))(
        *(PIECE_OF_TEXT, int64, int64, int64, int64, int64, int64, float32, uint64),
        *(int64, int64, float64[::1], int64[::1]),
    ),
    inner=True,
)
def train_block(
    piece: Piece,
    count: int,
    start: int,
    stop: int,
    vectors: int,
    width: int,
    window: int,
    rate: np.float32,
    key: np.uint64,
    signs: int,
    steps: int,
    products: Doubles,
    contexts: Places,
) -> tuple[float, int, int]:
    """Train on the words ``start`` to ``stop``; word i's vector is at ``vectors + i * width``.

    Returns the loss, the number of pairs in it, and the number skipped.
    """
    words, drawn, targets = piece.words, piece.drawn, piece.targets
    loss, factors, trained, bad = 0.0, 0, 0, 0
    for i in range(start, stop):
        if i + OUTPUTS_AHEAD < count:
            prefetch_outputs(targets, drawn, 1, i + OUTPUTS_AHEAD, i + OUTPUTS_AHEAD + 1, width)
        reach, size = draw_reach(key, i, window), 0
        for j in range(max(words[i, BEGIN], i - reach), min(words[i, END], i + reach + 1)):
            contexts[size] = vectors + j * width
            size += np.int64(j != i)
        listed, number = address(targets) + i * targets.shape[1] * 8, 1 + drawn[i]
        groups, place = (size + GROUP - 1) // GROUP, 0
        while groups > 0:
            group = (size - place + groups - 1) // groups
            here, scores = address(contexts) + place * 8, group * number
            score(group, here, listed, number, width, steps)
            factors += (scores + LANES - 1) // LANES
            if to_steps(steps, scores, signs + group * LANES * 4, rate, address(products)):
                update(group, here, listed, number, width, steps)
                trained += group
            else:
                bad += group
            if factors >= MOST_FACTORS:
                loss += take_loss(products)
                factors = 0
            place += group
            groups -= 1
    return loss + take_loss(products), trained, bad


def skipgram_space(width: int, window: int, negative: int) -> tuple[Piece, Floats, Floats, Doubles, Places]:
    """Return the working memory of `skipgram_update`: piece, vectors, steps, products, contexts."""
    return (
        new_piece(negative),
        aligned_zeros(2 * (BLOCK + 1 + 2 * window), width),
        aligned_zeros(GROUP * targets_listed(negative) + 2 * LANES),
        aligned_zeros(LANES, kind=np.float64),
        aligned_zeros(2 * window + 1, kind=np.int64),
    )


@kernel(
    types.Tuple((float64, int64, int64, int64))(
        *(TABLES, TEXT, int64, int64, float32, uint64, float32[:, ::1]),
        *(PIECE_OF_TEXT, float32[:, ::1], float32[::1], float64[::1], int64[::1]),
    )
)
def skipgram_update(
    tables: Tables,
    text: Text,
    window: int,
    negative: int,
    rate: np.float32,
    seed: np.uint64,
    signs: Floats,
    piece: Piece,
    vectors: Floats,
    steps: Floats,
    products: Doubles,
    contexts: Places,
) -> tuple[float, int, int, int]:
    """Train in place on some sentences: each word's vector predicts the words around it against random ones.

    Parameters
    ----------
    tables, text
        The tables to train, and the sentences to train on.
    window, negative
        Maximum number of context words on either side (each word's is drawn uniformly from 1 to this), and number of
        negatives per word.
    rate
        Learning rate, the task's weight already multiplied in.
    seed
        Seed of all random draws of this call.
    signs
        `mt2st.embeddings.kernels.context_groups.SIGNS`.
    piece, vectors, steps, products, contexts
        `skipgram_space`.

    Returns
    -------
    The sum of the losses, and the numbers of pairs in it, of words kept, and of pairs skipped as not finite.

    Notes
    -----
    T. Mikolov et al., "Distributed representations of words and phrases and their compositionality", 2013. Blocks of
    contexts against shared negatives: S. Ji et al., "Parallelizing word2vec in shared and distributed memory", 2016.
    """
    width, words = vectors.shape[1] * 4, piece.words
    new, old = address(vectors), address(vectors) + vectors.shape[0] // 2 * width
    loss, trained, kept, bad, number, place, done = 0.0, 0, 0, 0, 0, 0, 0
    products[:] = 1
    share_rows(tables)
    while place < text.order.shape[0]:
        key = random_bits(seed, number)
        place, done, count, kept_here = next_piece(tables, text, piece, place, done, 1, negative, key)
        start, number, kept = 0, number + 1, kept + kept_here
        while start < count:
            stop = end_of_block(words, start, count)
            low, high = max(words[start, BEGIN], start - window), min(words[stop - 1, END], stop + window)
            prefetch_inputs(tables, piece, count, start + INPUTS_AHEAD, stop + INPUTS_AHEAD)
            gather(tables, words, low, high, new, old)
            found = train_block(
                *(piece, count, start, stop, new - low * width, width, window, rate, key),
                *(address(signs), address(steps), products, contexts),
            )
            scatter(tables, words, low, high, new, old)
            loss, trained, bad = loss + found[0], trained + found[1], bad + found[2]
            start = stop
        share_rows(tables)
    return loss, trained, kept, bad
