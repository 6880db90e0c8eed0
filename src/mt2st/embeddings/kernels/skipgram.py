"""Skip-gram with negative sampling, with or without subwords, in blocks of rows held in registers.

Text is taken in blocks of words. The input vectors of a block and its surroundings are gathered once, trained in place
there, and their change is added to the table's rows at the end; output rows are trained in the table. All contexts of a
word share its negatives. `mt2st.embeddings.kernels.reference` says the same in plain loops.
"""

from __future__ import annotations

import numpy as np

from mt2st.embeddings.kernels.blocks import AT_ONCE, make_scores, make_update, to_steps
from mt2st.embeddings.kernels.draws import Bits, draw_reach, random_bits
from mt2st.embeddings.kernels.losses import MOST_FACTORS, Doubles, take_loss
from mt2st.embeddings.kernels.rows import add, add_change, address, copy_twice, subtract, sum_rows
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

# Contexts that are scored together, at most.
GROUP = 6

SIGNS = np.ones((GROUP + 1, LANES), np.float32)
for _true_pairs in range(GROUP + 1):
    SIGNS[_true_pairs, :_true_pairs] = -1

_score_1, _score_2, _score_3, _score_4, _score_5, _score_6 = (
    make_scores(contexts, AT_ONCE[contexts - 1]) for contexts in range(1, GROUP + 1)
)
_update_1, _update_2, _update_3, _update_4, _update_5, _update_6 = (
    make_update(contexts, keep=True) for contexts in range(1, GROUP + 1)
)


@kernel("void(int64, int64, int64, int64, int64, int64)", inner=True)
def score(size: int, contexts: int, targets: int, count: int, width: int, out: int) -> None:
    """Score a group of ``size`` contexts, see `make_scores`."""
    if size == 1:
        _score_1(contexts, targets, count, width, out)
    elif size == 2:
        _score_2(contexts, targets, count, width, out)
    elif size == 3:
        _score_3(contexts, targets, count, width, out)
    elif size == 4:
        _score_4(contexts, targets, count, width, out)
    elif size == 5:
        _score_5(contexts, targets, count, width, out)
    else:
        _score_6(contexts, targets, count, width, out)


@kernel("void(int64, int64, int64, int64, int64, int64)", inner=True)
def update(size: int, contexts: int, targets: int, count: int, width: int, steps: int) -> None:
    """Move a group of ``size`` contexts and their targets, see `make_update`."""
    if size == 1:
        _update_1(contexts, targets, count, width, steps)
    elif size == 2:
        _update_2(contexts, targets, count, width, steps)
    elif size == 3:
        _update_3(contexts, targets, count, width, steps)
    elif size == 4:
        _update_4(contexts, targets, count, width, steps)
    elif size == 5:
        _update_5(contexts, targets, count, width, steps)
    else:
        _update_6(contexts, targets, count, width, steps)


@kernel("void(int64, int64, int64[::1], int32[::1], int64[:,::1], int64, int64, int64, int64)", inner=True)
def gather(
    table: int,
    width: int,
    row_offsets: Places,
    rows: Numbers,
    piece: Places,
    start: int,
    stop: int,
    out: int,
    copies: int,
) -> None:
    """Write the input vectors of the words ``start`` to ``stop`` to ``out``, and once more to ``copies``."""
    for i in range(start, stop):
        word, here, copy = piece[i, WORD], out + (i - start) * width, copies + (i - start) * width
        if row_offsets.shape[0] == 0:
            copy_twice((table + word * width, here, copy), width)
            continue
        low, size = row_offsets[word], row_offsets[word + 1] - row_offsets[word]
        numbers, share = address(rows) + low * 4, np.float32(1) / np.float32(size)
        sum_rows(table, numbers, size, share, here, width)
        copy_twice((here, here, copy), width)


@kernel("void(int64, int64, int64[::1], int32[::1], int64[:,::1], int64, int64, int64, int64)", inner=True)
def scatter(
    table: int, width: int, row_offsets: Places, rows: Numbers, piece: Places, start: int, stop: int, new: int, old: int
) -> None:
    """Add what training changed in the vectors of the words ``start`` to ``stop`` to all their rows."""
    for i in range(start, stop):
        word, after, before = piece[i, WORD], new + (i - start) * width, old + (i - start) * width
        if row_offsets.shape[0] == 0:
            add_change((table + word * width, after, before), width)
            continue
        subtract((after, before), width)
        for place in range(row_offsets[word], row_offsets[word + 1]):
            row = table + rows[place] * width
            add((row, after, row), width)


@kernel(
    "Tuple((float64, int64, int64))(int64[:,::1], int64[:,::1], int64[::1], int64, int64, int64, int64, int64, int64,"
    " float32, uint64, int64, int64, float64[::1], int64[::1])",
    inner=True,
)
def train_block(
    piece: Places,
    targets: Places,
    drawn: Places,
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
    """Train on the words ``start`` to ``stop``; word i has its vector at ``vectors + i * width``.

    Returns the loss, the pairs it is over, and those left out.
    """
    loss, factors, trained, bad = 0.0, 0, 0, 0
    for i in range(start, stop):
        ask_for_outputs(targets, drawn, 1, i + OUTPUTS_AHEAD, i + OUTPUTS_AHEAD + 1, count, width)
        reach, size = draw_reach(key, i, window), 0
        for j in range(max(piece[i, BEGIN], i - reach), min(piece[i, END], i + reach + 1)):
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


def skipgram_space(width: int, window: int, negative: int) -> Space:
    """Return the memory that `skipgram_update` works in, of any contents."""
    return (
        aligned_zeros(2 * (BLOCK + 1 + 2 * window), width),
        aligned_zeros(GROUP * targets_listed(negative) + 2 * LANES),
        *piece_space(negative),
        aligned_zeros(2 * window + 1, kind=np.int64),
    )


@kernel(
    "Tuple((float64, int64, int64, int64))(float32[:,::1], float32[:,::1], float32[:,::1], int32[::1], int64[::1],"
    " int64[::1], int64[::1], int32[::1], float32[::1], uint64[::1], int64, int64, float32, uint64, float32[:,::1],"
    " float32[:,::1], float32[::1], float64[::1], int64[:,::1], int64[:,::1], int64[::1], int64[:,::1], int64[::1])",
)
def skipgram_update(
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
    vectors: Floats,
    steps: Floats,
    products: Doubles,
    piece: Places,
    negatives: Places,
    drawn: Places,
    targets: Places,
    contexts: Places,
) -> tuple[float, int, int, int]:
    """Train on the sentences ``order``: each word's vector is to tell the words around it from random ones.

    Parameters
    ----------
    table, output
        (rows, width) and (words, width): input and output rows, changed in place. The width is a multiple of
        `vector_code.LANES`; unused columns hold zeros and keep them.
    own
        (2 * hot, width): zeros, or what an earlier call left there: its own copy of the first output rows, see
        `share_rows`; empty where no other thread trains.
    ids, offsets, order
        Sentence s is ``ids[offsets[s]:offsets[s + 1]]``; which sentences, in which order.
    row_offsets, rows
        Word w's vector is the mean of the table's rows ``rows[row_offsets[w]:row_offsets[w + 1]]``; where both are
        empty it is row w.
    keep
        (words,): probability that an occurrence is kept, see `keep_probability`.
    alias
        The packed alias table that negatives are drawn from.
    window, negative
        Words to either side at most (each word draws its own reach evenly from 1 to this), negatives of a pair.
    rate
        Learning rate, the task's weight already multiplied in.
    seed
        Of all random draws of this call.
    signs
        `SIGNS`.
    vectors, steps, products, piece, negatives, drawn, targets, contexts
        `skipgram_space`.

    Returns
    -------
    The sum of the losses, the pairs it is over, the words kept, and the pairs left out as not finite.

    Notes
    -----
    T. Mikolov et al., "Distributed representations of words and phrases and their compositionality", 2013. Blocks of
    contexts against shared negatives: S. Ji et al., "Parallelizing word2vec in shared and distributed memory", 2016.
    """
    width, most, hot = table.shape[1] * 4, vectors.shape[0] // 2, own.shape[0] // 2
    table_at, output_at, own_at = address(table), address(output), address(own)
    loss, trained, kept, bad, piece_number = 0.0, 0, 0, 0, 0
    place, done = 0, 0
    share_rows(output_at, own_at, hot, width)
    products[:] = 1
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
            1,
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
            gather(
                table_at, width, row_offsets, rows, piece, low, high, address(vectors), address(vectors) + most * width
            )
            block_loss, block_pairs, block_bad = train_block(
                piece,
                targets,
                drawn,
                count,
                start,
                stop,
                address(vectors) - low * width,
                width,
                window,
                rate,
                key,
                address(signs),
                address(steps),
                products,
                contexts,
            )
            loss, trained, bad = loss + block_loss, trained + block_pairs, bad + block_bad
            scatter(
                table_at, width, row_offsets, rows, piece, low, high, address(vectors), address(vectors) + most * width
            )
            start = stop
        share_rows(output_at, own_at, hot, width)
    return loss, trained, kept, bad
