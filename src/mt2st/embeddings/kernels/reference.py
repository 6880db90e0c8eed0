"""Skip-gram and CBOW in plain loops, as a readable reference to test the fast kernels against.

Draws, pieces and blocks are those of `skipgram_update` and `cbow_update`, so that both produce the same tables
up to float32 rounding.
"""

from __future__ import annotations

import numpy as np
from numba import boolean, float32, float64, int64, types, uint64

from mt2st.embeddings.kernels.context_groups import GROUP
from mt2st.embeddings.kernels.draws import draw_negatives, draw_reach, random_bits
from mt2st.embeddings.kernels.finite import is_finite
from mt2st.embeddings.kernels.memory import BEGIN, END, MOST_WORDS, TABLES, TEXT, WORD, Tables, Text
from mt2st.embeddings.kernels.sentences import end_of_block, take_sentences
from mt2st.native import Floats, Numbers, Places, kernel

LEAST = np.float32(1e-7)


@kernel("float32(float32[::1], float32[::1])")
def dot(a: Floats, b: Floats) -> np.float32:
    """Return the dot product of two rows."""
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
    """Train some vectors and targets at once, and return the loss, NaN if nothing was updated.

    Scores are computed before any update. The vectors' changes are written to ``moves``; targets are updated here, in
    order. Pairs that are not ``paired`` are skipped.
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


@kernel("int64(int64, int64[::1], int32[::1], float32[:,::1], float32[::1])")
def add_rows(word: int, row_offsets: Places, rows: Numbers, table: Floats, total: Floats) -> int:
    """Add the table's rows of a word to ``total`` and return their number."""
    if row_offsets.shape[0] == 0:
        add_scaled(total, np.float32(1), table[word])
        return 1
    for place in range(row_offsets[word], row_offsets[word + 1]):
        add_scaled(total, np.float32(1), table[rows[place]])
    return row_offsets[word + 1] - row_offsets[word]


@kernel("void(int64, int64[::1], int32[::1], float32[:,::1], float32[::1])")
def move_rows(word: int, row_offsets: Places, rows: Numbers, table: Floats, move: Floats) -> None:
    """Add ``move`` to each of the table's rows of a word."""
    if row_offsets.shape[0] == 0:
        add_scaled(table[word], np.float32(1), move)
    else:
        for place in range(row_offsets[word], row_offsets[word + 1]):
            add_scaled(table[rows[place]], np.float32(1), move)


@kernel("int64[::1](int64[:,::1], int64, int64, uint64)")
def window_of(piece: Places, i: int, window: int, key: np.uint64) -> Places:
    """Return the indices in the window of word i, within its sentence."""
    reach = draw_reach(key, i, window)
    low, high = max(piece[i, BEGIN], i - reach), min(piece[i, END], i + reach + 1)
    return np.array([j for j in range(low, high) if j != i])


@kernel(
    "Tuple((float64, int64, int64))(float32[:,::1], int64[:,::1], int64[:,::1], int64[::1], int64, int64,"
    " float32[:,::1], int64, int64, float32, uint64)"
)
def skipgram_block(
    output: Floats,
    piece: Places,
    negatives: Places,
    drawn: Places,
    start: int,
    stop: int,
    vectors: Floats,
    low: int,
    window: int,
    rate: np.float32,
    key: np.uint64,
) -> tuple[float, int, int]:
    """Train the output rows and the vectors of a block and its context; word i's is in row ``i - low``."""
    loss, pairs, bad = 0.0, 0, 0
    for i in range(start, stop):
        around = window_of(piece, i, window, key)
        targets = np.append(piece[i : i + 1, WORD], negatives[i, : drawn[i]])
        groups, place = (len(around) + GROUP - 1) // GROUP, 0
        for group in range(groups):
            size = (len(around) - place + groups - group - 1) // (groups - group)
            contexts = vectors[around[place : place + size] - low]
            labels, paired = np.zeros((len(targets), size), np.float32), np.ones((len(targets), size), np.bool_)
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
    return loss, pairs, bad


@kernel(
    "Tuple((float64, int64, int64))(float32[:,::1], float32[:,::1], int64[::1], int32[::1], int64[:,::1], int64,"
    " int64[:,::1], int64[::1], int64, int64, float32[:,::1], int64, int64, float32, uint64)"
)
def cbow_block(
    table: Floats,
    output: Floats,
    row_offsets: Places,
    rows: Numbers,
    piece: Places,
    count: int,
    negatives: Places,
    drawn: Places,
    start: int,
    stop: int,
    changes: Floats,
    low: int,
    window: int,
    rate: np.float32,
    key: np.uint64,
) -> tuple[float, int, int]:
    """Train the output rows on the windows of a block, and sum the changes of word i in ``changes[i - low]``."""
    loss, windows, bad = 0.0, 0, 0
    for i in range(start, stop, 2):
        size = min(2, count - i)
        means = np.zeros((size, table.shape[1]), np.float32)
        for k in range(size):
            number = 0
            for j in window_of(piece, i + k, window, key):
                number += add_rows(piece[j, WORD], row_offsets, rows, table, means[k])
            means[k] /= np.float32(number)
        targets = np.append(piece[i : i + size, WORD][::-1], negatives[i // 2, : drawn[i // 2]])
        labels, paired = np.zeros((len(targets), size), np.float32), np.ones((len(targets), size), np.bool_)
        for k in range(size):
            labels[size - 1 - k, k] = 1
            # The pair's other word is neither the true word nor a negative.
            if size == 2:
                paired[k, k] = False
        moves = np.empty_like(means)
        pair_loss = step(means, output, targets, labels, paired, rate, moves)
        if not is_finite(pair_loss):
            bad += size
            continue
        loss += pair_loss
        windows += size
        for k in range(size):
            for j in window_of(piece, i + k, window, key):
                add_scaled(changes[j - low], np.float32(1), moves[k])
    return loss, windows, bad


@kernel(types.Tuple((float64, int64, int64, int64))(boolean, TABLES, TEXT, int64, int64, float32, uint64))
def reference_update(
    cbow: bool, tables: Tables, text: Text, window: int, negative: int, rate: np.float32, seed: np.uint64
) -> tuple[float, int, int, int]:
    """Do what `skipgram_update`, or with ``cbow`` `cbow_update`, does on one thread; parameters as there."""
    table, output, _, row_offsets, rows = tables
    words, drawn = np.empty((MOST_WORDS + 1, 3), np.int64), np.empty(MOST_WORDS, np.int64)
    negatives = np.empty((MOST_WORDS, negative + 1), np.int64)
    loss, terms, kept, bad, number, place, done = 0.0, 0, 0, 0, 0, 0, 0
    while place < len(text.order):
        key = random_bits(seed, number)
        number += 1
        place, done, count, new = take_sentences(text, place, done, key, words)
        kept += new
        draw_negatives(words, count, 2 if cbow else 1, text.alias, negative, key, negatives, drawn)
        start = 0
        while start < count:
            stop = end_of_block(words, start, count)
            low, high = max(words[start, BEGIN], start - window), min(words[stop - 1, END], stop + window)
            changes = np.zeros((high - low, table.shape[1]), np.float32)
            if cbow:
                found = cbow_block(
                    *(table, output, row_offsets, rows, words, count, negatives, drawn, start, stop, changes, low),
                    *(window, rate, key),
                )
            else:
                for i in range(low, high):
                    size = add_rows(words[i, WORD], row_offsets, rows, table, changes[i - low])
                    changes[i - low] /= np.float32(size)
                before = changes.copy()
                found = skipgram_block(*(output, words, negatives, drawn, start, stop, changes, low, window, rate, key))
                changes -= before
            for i in range(low, high):
                move_rows(words[i, WORD], row_offsets, rows, table, changes[i - low])
            loss, terms, bad = loss + found[0], terms + found[1], bad + found[2]
            start = stop
    return loss, terms, kept, bad
