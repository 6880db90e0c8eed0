"""Skip-gram and CBOW in plain loops: what the fast kernels compute, to be read, and to be compared with.

Arguments and results are those of `skipgram_update` and `cbow_update`, and the random draws are the same, so that the
two end in the same tables but for float32 rounding.
"""

from __future__ import annotations

import numpy as np

from mt2st.embeddings.kernels.draws import Bits, draw_negatives, draw_reach, random_bits, subsample
from mt2st.embeddings.kernels.finite import is_finite
from mt2st.embeddings.kernels.sentences import BLOCK, LONGEST
from mt2st.embeddings.kernels.skipgram import GROUP
from mt2st.native import Floats, Numbers, Places, kernel

LEAST = np.float32(1e-7)
ARGUMENTS = (
    "(float32[:,::1], float32[:,::1], int32[::1], int64[::1], int64[::1], int64[::1], int32[::1], float32[::1],"
    " uint64[::1], int64, int64, float32, uint64)"
)


@kernel("float32(float32[::1], float32[::1])")
def dot(a: Floats, b: Floats) -> np.float32:
    """Return the product of two rows."""
    total = np.float32(0)
    for d in range(a.shape[0]):
        total += a[d] * b[d]
    return total


@kernel("void(float32[::1], float32, float32[::1])")
def add_scaled(row: Floats, factor: np.float32, other: Floats) -> None:
    """Add ``factor * other`` to a row."""
    for d in range(row.shape[0]):
        row[d] += factor * other[d]


@kernel("float64(float32[:,::1], float32[:,::1], int64[::1], float32[:,::1], boolean[:,::1], float32, float32[:,::1])")
def step(
    vectors: Floats,
    output: Floats,
    targets: Places,
    labels: Floats,
    paired: Floats,
    rate: np.float32,
    moves: Floats,
) -> float:
    """Train some vectors against some targets at once, and return the loss, which is not finite where nothing moved.

    Scores are taken before anything moves. ``moves`` gets what each vector is to move by; targets move here, in turn.
    Pairs that are not ``paired`` are left out.
    """
    steps = np.zeros(labels.shape, np.float32)
    loss = 0.0
    for j in range(targets.shape[0]):
        for k in range(vectors.shape[0]):
            score = dot(output[targets[j]], vectors[k])
            if not is_finite(score):
                return np.nan
            if paired[j, k]:
                probability = np.float32(1) / (np.float32(1) + np.exp(-score))
                steps[j, k] = rate * (labels[j, k] - probability)
                given = probability if labels[j, k] > 0 else np.float32(1) - probability
                loss -= np.log(np.float64(max(given, LEAST)))
    moves[:] = 0
    for j in range(targets.shape[0]):
        before = output[targets[j]].copy()
        for k in range(vectors.shape[0]):
            add_scaled(output[targets[j]], steps[j, k], vectors[k])
            add_scaled(moves[k], steps[j, k], before)
    return loss


@kernel("int64(int64[::1], int64[::1], int32[::1], int64, float32[:,::1], float32[::1])")
def add_rows(words: Places, row_offsets: Places, rows: Numbers, i: int, table: Floats, total: Floats) -> int:
    """Add the table's rows of word i of a sentence to ``total`` and return how many there are."""
    if row_offsets.shape[0] == 0:
        add_scaled(total, np.float32(1), table[words[i]])
        return 1
    for place in range(row_offsets[words[i]], row_offsets[words[i] + 1]):
        add_scaled(total, np.float32(1), table[rows[place]])
    return row_offsets[words[i] + 1] - row_offsets[words[i]]


@kernel("void(int64[::1], int64[::1], int32[::1], int64, float32[:,::1], float32[::1])")
def move_rows(words: Places, row_offsets: Places, rows: Numbers, i: int, table: Floats, move: Floats) -> None:
    """Add ``move`` to each of the table's rows of word i of a sentence."""
    if row_offsets.shape[0] == 0:
        add_scaled(table[words[i]], np.float32(1), move)
    else:
        for place in range(row_offsets[words[i]], row_offsets[words[i] + 1]):
            add_scaled(table[rows[place]], np.float32(1), move)


@kernel(f"Tuple((float64, int64, int64, int64)){ARGUMENTS}")
def skipgram_reference(
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
) -> tuple[float, int, int, int]:
    """Do what `mt2st.embeddings.kernels.skipgram.skipgram_update` does."""
    words = np.empty(LONGEST, np.int64)
    negatives, drawn = np.empty((LONGEST // 2, negative), np.int64), np.empty(LONGEST // 2, np.int64)
    loss, pairs, kept, bad, piece = 0.0, 0, 0, 0, 0
    for s in order:
        for begin in range(offsets[s], offsets[s + 1], LONGEST):
            key = random_bits(seed, piece)
            piece += 1
            count = subsample(ids, begin, min(begin + LONGEST, offsets[s + 1]), keep, key, words)
            kept += count
            if count < 2:
                continue
            draw_negatives(words, count, alias, negative, key, negatives, drawn)
            for start in range(0, count, BLOCK):
                stop = min(count, start + BLOCK)
                low, high = max(0, start - window), min(count, stop + window)
                vectors = np.zeros((high - low, table.shape[1]), np.float32)
                for i in range(low, high):
                    size = add_rows(words, row_offsets, rows, i, table, vectors[i - low])
                    vectors[i - low] /= np.float32(size)
                before = vectors.copy()
                for i in range(start, stop):
                    reach = draw_reach(key, i, window)
                    around = np.array([j for j in range(max(0, i - reach), min(count, i + reach + 1)) if j != i])
                    targets = np.append(words[i : i + 1], negatives[i // 2, : drawn[i // 2]])
                    groups = (len(around) + GROUP - 1) // GROUP
                    place = 0
                    for group in range(groups):
                        size = (len(around) - place + groups - group - 1) // (groups - group)
                        contexts = vectors[around[place : place + size] - low]
                        labels, paired = (
                            np.zeros((len(targets), size), np.float32),
                            np.ones((len(targets), size), np.bool_),
                        )
                        labels[0] = 1
                        moves = np.empty_like(contexts)
                        group_loss = step(contexts, output, targets, labels, paired, rate, moves)
                        if is_finite(group_loss):
                            loss += group_loss
                            pairs += size
                            for k in range(size):
                                add_scaled(vectors[around[place + k] - low], np.float32(1), moves[k])
                        else:
                            bad += size
                        place += size
                for i in range(low, high):
                    move_rows(words, row_offsets, rows, i, table, vectors[i - low] - before[i - low])
    return loss, pairs, kept, bad


@kernel(f"Tuple((float64, int64, int64, int64)){ARGUMENTS}")
def cbow_reference(
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
) -> tuple[float, int, int, int]:
    """Do what `mt2st.embeddings.kernels.cbow.cbow_update` does."""
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
            draw_negatives(words, count, alias, negative, key, negatives, drawn)
            for start in range(0, count, BLOCK):
                stop = min(count, start + BLOCK)
                low, high = max(0, start - window), min(count, stop + window)
                changes = np.zeros((high - low, table.shape[1]), np.float32)
                for i in range(start, stop, 2):
                    size = min(2, count - i)
                    means = np.zeros((size, table.shape[1]), np.float32)
                    for k in range(size):
                        reach, total = draw_reach(key, i + k, window), 0
                        for j in range(max(0, i + k - reach), min(count, i + k + reach + 1)):
                            if j != i + k:
                                total += add_rows(words, row_offsets, rows, j, table, means[k])
                        means[k] /= np.float32(total)
                    targets = np.append(words[i : i + size], negatives[i // 2, : drawn[i // 2]])
                    labels, paired = np.zeros((len(targets), size), np.float32), np.ones((len(targets), size), np.bool_)
                    for k in range(size):
                        labels[k, k] = 1
                        # The other word of the two is neither true nor a negative.
                        if size == 2:
                            paired[k, 1 - k] = False
                    moves = np.empty_like(means)
                    pair_loss = step(means, output, targets, labels, paired, rate, moves)
                    if not is_finite(pair_loss):
                        bad += size
                        continue
                    loss += pair_loss
                    trained += size
                    for k in range(size):
                        reach = draw_reach(key, i + k, window)
                        for j in range(max(0, i + k - reach), min(count, i + k + reach + 1)):
                            if j != i + k:
                                add_scaled(changes[j - low], np.float32(1), moves[k])
                for i in range(low, high):
                    move_rows(words, row_offsets, rows, i, table, changes[i - low])
    return loss, trained, kept, bad
