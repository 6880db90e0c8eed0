"""CBOW with negative sampling, with or without subwords, two words at a time against shared negatives.

Within a block of words the input rows stay as they are; their changes are summed and added at its end. Both the mean of
a window and the sum of the changes that windows make come from running sums, so a word costs a few row operations
however wide its window. `mt2st.embeddings.kernels.reference` says the same in plain loops.
"""

from __future__ import annotations

import numpy as np

from mt2st.embeddings.kernels.blocks import LEAST_PRODUCT, TARGETS_PADDED_TO, make_scores, make_update, to_steps
from mt2st.embeddings.kernels.draws import Bits, draw_negatives, draw_reach, random_bits, subsample
from mt2st.embeddings.kernels.rows import add, gather_change, spread, sum_rows, window_mean
from mt2st.embeddings.kernels.sentences import BLOCK, LONGEST, list_targets, prefetch_inputs
from mt2st.embeddings.lanes import LANES
from mt2st.native import Floats, Numbers, Places, kernel

# Scores lie as (first target, first mean), (first target, second mean), (second target, first mean), ...
SIGNS = np.ones((2, LANES), np.float32)
SIGNS[0, 0] = -1
SIGNS[1, [0, 3]] = -1
NO_PAIR = np.float32(-100)

_score_one, _score_two = make_scores(1, 4), make_scores(2, 4)
_update_one, _update_two = make_update(1, keep=False), make_update(2, keep=False)


@kernel(
    "void(float32[:,::1], int64[::1], int32[::1], int64[::1], int64, int64, float32[:,::1], int64[::1])",
    inner=True,
)
def gather_sums(
    table: Floats,
    row_offsets: Places,
    rows: Numbers,
    words: Places,
    start: int,
    stop: int,
    sums: Floats,
    rows_before: Places,
) -> None:
    """Write the running sums of the rows of ``words[start:stop]``, and of how many rows they have."""
    width, first, out = table.shape[1] * 4, np.int64(table.ctypes.data), np.int64(sums.ctypes.data)
    for i in range(start, stop):
        word, here = words[i], out + (i - start) * width
        if row_offsets.shape[0] == 0:
            add((here, first + word * width, here + width), width)
            rows_before[i - start + 1] = rows_before[i - start] + 1
            continue
        low, size = row_offsets[word], row_offsets[word + 1] - row_offsets[word]
        sum_rows(first, np.int64(rows.ctypes.data) + low * 4, size, here, np.float32(1), here + width, width)
        rows_before[i - start + 1] = rows_before[i - start] + size


@kernel(
    "void(float32[:,::1], int64[::1], int32[::1], int64[::1], int64, int64, float32[:,::1], float32[:,::1])", inner=True
)
def scatter_changes(
    table: Floats,
    row_offsets: Places,
    rows: Numbers,
    words: Places,
    start: int,
    stop: int,
    changes: Floats,
    own: Floats,
) -> None:
    """Add to each word's rows the changes of the windows it lies in, but not of its own; clear both lists."""
    width, first = table.shape[1] * 4, np.int64(table.ctypes.data)
    running = np.zeros(table.shape[1], np.float32)
    changes_at, own_at = np.int64(changes.ctypes.data), np.int64(own.ctypes.data)
    for i in range(start, stop):
        word, change = words[i], own_at + (i - start) * width
        # Taken within the loop, as in `train_block`.
        gather_change((np.int64(running.ctypes.data), changes_at + (i - start) * width, change), width)
        if row_offsets.shape[0] == 0:
            row = first + word * width
            add((row, change, row), width)
        else:
            for place in range(row_offsets[word], row_offsets[word + 1]):
                row = first + rows[place] * width
                add((row, change, row), width)
        own[i - start] = 0
    changes[stop - start] = 0


@kernel(
    "Tuple((float64, int64, int64))(float32[:,::1], int64[::1], int64, int64[:,::1], int64[::1], int64, int64,"
    " float32[:,::1], int64[::1], float32[:,::1], float32[:,::1], int64, int64, float32, uint64, float32[:,::1],"
    " float32[:,::1], float32[::1], int64[:,::1])",
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
    sums: Floats,
    rows_before: Places,
    changes: Floats,
    own: Floats,
    low: int,
    window: int,
    rate: np.float32,
    key: np.uint64,
    signs: Floats,
    means: Floats,
    steps: Floats,
    targets: Places,
) -> tuple[float, int, int]:
    """Train on the words ``start`` to ``stop``; lists begin at word ``low``. ``start`` is even.

    Returns the sum of the losses, the windows it is over, and those left out.
    """
    width, base = output.shape[1] * 4, np.int64(output.ctypes.data)
    sums_at, changes_at, own_at = np.int64(sums.ctypes.data), np.int64(changes.ctypes.data), np.int64(own.ctypes.data)
    steps_at, means_at = np.int64(steps.ctypes.data), np.int64(means.ctypes.data)
    listed, edges = np.empty(2, np.int64), np.empty((2, 2), np.int64)
    listed[0], listed[1] = means_at, means_at + width
    loss, product, trained, bad = 0.0, 1.0, 0, 0
    list_targets(output, words, count, negatives, drawn, start // 2, targets[(start // 2) & 1], 2)
    for i in range(start, stop, 2):
        pair, size = i // 2, min(2, count - i)
        # Taken within the loop: Numba frees an array behind its last use by name, addresses do not count.
        listed_at = np.int64(listed.ctypes.data)
        if i + 2 < stop:
            list_targets(output, words, count, negatives, drawn, pair + 1, targets[(pair + 1) & 1], 2)
        for k in range(size):
            reach = draw_reach(key, i + k, window)
            first, last = max(0, i + k - reach) - low, min(count, i + k + reach + 1) - low
            edges[k, 0], edges[k, 1] = first, last
            here = i + k - low
            share = np.float32(1) / np.float32(
                rows_before[last] - rows_before[first] - rows_before[here + 1] + rows_before[here]
            )
            lines = (
                sums_at + first * width,
                sums_at + here * width,
                sums_at + (here + 1) * width,
                sums_at + last * width,
                means_at + k * width,
            )
            window_mean(lines, share, width)
        # A lone word has its negatives from the third place on; its own row takes the second too.
        shift = 2 - size
        targets[pair & 1, shift] = base + words[i] * width
        if size == 2:
            targets[pair & 1, 1] = base + words[i + 1] * width
        targets_at = np.int64(targets.ctypes.data) + ((pair & 1) * targets.shape[1] + shift) * 8
        number = drawn[pair] + size
        if size == 2:
            _score_two(listed_at, targets_at, number, width, steps_at)
            steps[1], steps[2] = NO_PAIR, NO_PAIR
        else:
            _score_one(listed_at, targets_at, number, width, steps_at)
        given = to_steps(steps_at, size * number, np.int64(signs.ctypes.data) + (size - 1) * signs.shape[1] * 4, rate)
        if not given < np.inf:
            bad += size
            continue
        if size == 2:
            steps[1], steps[2] = 0, 0
            _update_two(listed_at, targets_at, number, width, steps_at)
        else:
            _update_one(listed_at, targets_at, number, width, steps_at)
        product *= max(given, LEAST_PRODUCT)
        trained += size
        if product < 1e-100:
            loss -= np.log(product)
            product = 1.0
        for k in range(size):
            lines_moved = (
                means_at + k * width,
                changes_at + edges[k, 0] * width,
                changes_at + edges[k, 1] * width,
                own_at + (i + k - low) * width,
            )
            spread(lines_moved, width)
    return loss - np.log(product), trained, bad


@kernel(
    "Tuple((float64, int64, int64, int64))(float32[:,::1], float32[:,::1], int32[::1], int64[::1], int64[::1],"
    " int64[::1], int32[::1], float32[::1], uint64[::1], int64, int64, float32, uint64, float32[:,::1])",
)
def cbow_update(
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
    """Train on the sentences ``order``: the mean of the rows around a word is to tell it from random words.

    Parameters and results are those of `mt2st.embeddings.kernels.skipgram.skipgram_update`, with windows for pairs: the
    mean is over all rows of all words of a window, and each of them moves by the mean's whole gradient, as in word2vec
    and fastText.

    Notes
    -----
    T. Mikolov et al., "Efficient estimation of word representations in vector space", 2013.
    """
    width, most = table.shape[1], BLOCK + 2 * window
    sums, changes, own = (
        np.zeros((most + 1, width), np.float32),
        np.zeros((most + 1, width), np.float32),
        np.zeros((most, width), np.float32),
    )
    listed = (negative + 1 + TARGETS_PADDED_TO) // TARGETS_PADDED_TO * TARGETS_PADDED_TO + TARGETS_PADDED_TO
    means, rows_before = np.empty((2, width), np.float32), np.zeros(most + 1, np.int64)
    steps, targets = np.empty(2 * listed + 2 * LANES, np.float32), np.empty((2, listed), np.int64)
    words = np.empty(LONGEST, np.int64)
    negatives, drawn = np.empty((LONGEST // 2, negative), np.int64), np.empty(LONGEST // 2, np.int64)
    loss, trained, kept, bad, piece = 0.0, 0, 0, 0, 0
    for s in order:
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
                gather_sums(table, row_offsets, rows, words, low, high, sums, rows_before)
                block_loss, block_trained, block_bad = train_block(
                    output,
                    words,
                    count,
                    negatives,
                    drawn,
                    start,
                    stop,
                    sums,
                    rows_before,
                    changes,
                    own,
                    low,
                    window,
                    rate,
                    key,
                    signs,
                    means,
                    steps,
                    targets,
                )
                loss, trained, bad = loss + block_loss, trained + block_trained, bad + block_bad
                scatter_changes(table, row_offsets, rows, words, low, high, changes, own)
    return loss, trained, kept, bad
