"""Skip-gram with negative sampling, with or without subwords, in blocks of rows held in registers.

A sentence is taken in blocks of words. The input vectors of a block and its surroundings are gathered once, trained in
place there, and their change is added to the table's rows at the end; output rows are trained in the table. Every two
words share their negatives. `mt2st.embeddings.kernels.reference` says the same in plain loops.
"""

from __future__ import annotations

import numpy as np

from mt2st.embeddings.kernels.blocks import (
    AT_ONCE,
    LEAST_PRODUCT,
    TARGETS_PADDED_TO,
    make_scores,
    make_update,
    to_steps,
)
from mt2st.embeddings.kernels.draws import Bits, draw_negatives, draw_reach, random_bits, subsample
from mt2st.embeddings.kernels.rows import add, add_change, copy_twice, subtract, sum_rows
from mt2st.embeddings.kernels.sentences import BLOCK, LONGEST, list_targets, prefetch_inputs
from mt2st.embeddings.lanes import LANES
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


@kernel("void(float32[:,::1], int64[::1], int32[::1], int64[::1], int64, int64, int64, int64)", inner=True)
def gather(
    table: Floats, row_offsets: Places, rows: Numbers, words: Places, start: int, stop: int, out: int, copies: int
) -> None:
    """Write the input vectors of ``words[start:stop]`` to ``out``, and once more to ``copies``."""
    width, first = table.shape[1] * 4, np.int64(table.ctypes.data)
    nothing = np.zeros(table.shape[1], np.float32)
    for i in range(start, stop):
        word, here, copy = words[i], out + (i - start) * width, copies + (i - start) * width
        if row_offsets.shape[0] == 0:
            copy_twice((first + word * width, here, copy), width)
            continue
        low, size = row_offsets[word], row_offsets[word + 1] - row_offsets[word]
        numbers, share = np.int64(rows.ctypes.data) + low * 4, np.float32(1) / np.float32(size)
        sum_rows(first, numbers, size, np.int64(nothing.ctypes.data), share, here, width)
        copy_twice((here, here, copy), width)


@kernel("void(float32[:,::1], int64[::1], int32[::1], int64[::1], int64, int64, int64, int64)", inner=True)
def scatter(
    table: Floats, row_offsets: Places, rows: Numbers, words: Places, start: int, stop: int, new: int, old: int
) -> None:
    """Add what training changed in the vectors of ``words[start:stop]`` to all their rows."""
    width, first = table.shape[1] * 4, np.int64(table.ctypes.data)
    for i in range(start, stop):
        word, after, before = words[i], new + (i - start) * width, old + (i - start) * width
        if row_offsets.shape[0] == 0:
            add_change((first + word * width, after, before), width)
            continue
        subtract((after, before), width)
        for place in range(row_offsets[word], row_offsets[word + 1]):
            row = first + rows[place] * width
            add((row, after, row), width)


@kernel(
    "Tuple((float64, int64, int64))(float32[:,::1], int64[::1], int64, int64[:,::1], int64[::1], int64, int64, int64,"
    " int64, int64, float32, uint64, float32[:,::1], float32[::1], int64[::1], int64[:,::1])",
    inner=True,
)
def train_block(
    output: Floats,
    words: Places,
    count: int,
    negatives: Places,
    drawn: Places,
    start: int,
    stop: int,
    vectors: int,
    low: int,
    window: int,
    rate: np.float32,
    key: np.uint64,
    signs: Floats,
    steps: Floats,
    contexts: Places,
    targets: Places,
) -> tuple[float, int, int]:
    """Train on the words ``start`` to ``stop``; the vector of word i is at ``vectors + (i - low) * width``.

    Returns the product of the probabilities' logarithms, negated, the pairs it is over, and those left out.
    """
    width, base = output.shape[1] * 4, np.int64(output.ctypes.data)
    steps_at, contexts_at = np.int64(steps.ctypes.data), np.int64(contexts.ctypes.data)
    loss, product, pairs, bad = 0.0, 1.0, 0, 0
    list_targets(output, words, count, negatives, drawn, start // 2, targets[(start // 2) & 1], 1)
    for i in range(start, stop):
        pair = i // 2
        if i % 2 == 0 and i + 2 < stop:
            list_targets(output, words, count, negatives, drawn, pair + 1, targets[(pair + 1) & 1], 1)
        targets[pair & 1, 0] = base + words[i] * width
        targets_at = np.int64(targets.ctypes.data) + (pair & 1) * targets.shape[1] * 8
        size = 0
        reach = draw_reach(key, i, window)
        for j in range(max(0, i - reach), min(count, i + reach + 1)):
            contexts[size] = vectors + (j - low) * width
            size += np.int64(j != i)
        groups, place = (size + GROUP - 1) // GROUP, 0
        while groups > 0:
            group = (size - place + groups - 1) // groups
            here = contexts_at + place * 8
            score(group, here, targets_at, drawn[pair] + 1, width, steps_at)
            given = to_steps(
                steps_at, group * (drawn[pair] + 1), np.int64(signs.ctypes.data) + group * signs.shape[1] * 4, rate
            )
            if given < np.inf:
                update(group, here, targets_at, drawn[pair] + 1, width, steps_at)
                product *= max(given, LEAST_PRODUCT)
                pairs += group
                if product < 1e-100:
                    loss -= np.log(product)
                    product = 1.0
            else:
                bad += group
            place += group
            groups -= 1
    return loss - np.log(product), pairs, bad


@kernel(
    "Tuple((float64, int64, int64, int64))(float32[:,::1], float32[:,::1], int32[::1], int64[::1], int64[::1],"
    " int64[::1], int32[::1], float32[::1], uint64[::1], int64, int64, float32, uint64, float32[:,::1])",
)
def skipgram_update(
    table: Floats,
    output: Floats,
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
) -> tuple[float, int, int, int]:
    """Train on the sentences ``order``: each word's vector is to tell the words around it from random ones.

    Parameters
    ----------
    table, output
        (rows, width) and (words, width): input and output rows, changed in place. The width is a multiple of
        `vector_code.LANES`; unused columns hold zeros and keep them.
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

    Returns
    -------
    The sum of the losses, the pairs it is over, the words kept, and the pairs left out as not finite.

    Notes
    -----
    T. Mikolov et al., "Distributed representations of words and phrases and their compositionality", 2013. Blocks of
    contexts against shared negatives: S. Ji et al., "Parallelizing word2vec in shared and distributed memory", 2016.
    """
    width = table.shape[1]
    vectors, copies = (
        np.empty((BLOCK + 2 * window, width), np.float32),
        np.empty((BLOCK + 2 * window, width), np.float32),
    )
    listed = (negative + TARGETS_PADDED_TO) // TARGETS_PADDED_TO * TARGETS_PADDED_TO
    steps, targets = np.empty(GROUP * listed + 2 * LANES, np.float32), np.empty((2, listed), np.int64)
    contexts, words = np.empty(2 * window + 1, np.int64), np.empty(LONGEST, np.int64)
    negatives, drawn = np.empty((LONGEST // 2, negative), np.int64), np.empty(LONGEST // 2, np.int64)
    loss, pairs, kept, bad, piece = 0.0, 0, 0, 0, 0
    for s in order:
        # Taken within the loop: Numba frees an array behind its last use by name, addresses do not count.
        vectors_at, copies_at = np.int64(vectors.ctypes.data), np.int64(copies.ctypes.data)
        for begin in range(offsets[s], offsets[s + 1], LONGEST):
            key = random_bits(seed, piece)
            piece += 1
            count = subsample(ids, begin, min(begin + LONGEST, offsets[s + 1]), keep, key, words)
            kept += count
            if count < 2:
                continue
            prefetch_inputs(table, row_offsets, rows, words, min(count, BLOCK))
            draw_negatives(words, count, alias, negative, key, negatives, drawn)
            for start in range(0, count, BLOCK):
                stop = min(count, start + BLOCK)
                low, high = max(0, start - window), min(count, stop + window)
                gather(table, row_offsets, rows, words, low, high, vectors_at, copies_at)
                block_loss, block_pairs, block_bad = train_block(
                    output,
                    words,
                    count,
                    negatives,
                    drawn,
                    start,
                    stop,
                    vectors_at,
                    low,
                    window,
                    rate,
                    key,
                    signs,
                    steps,
                    contexts,
                    targets,
                )
                loss, pairs, bad = loss + block_loss, pairs + block_pairs, bad + block_bad
                scatter(table, row_offsets, rows, words, low, high, vectors_at, copies_at)
    return loss, pairs, kept, bad
