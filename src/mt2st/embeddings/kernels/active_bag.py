"""Compiled kernels of the bag classifier with some columns of the table frozen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.kernels.bag import bag_mean, head_logits, head_step, softmax_errors
from mt2st.embeddings.kernels.finite import is_finite
from mt2st.embeddings.kernels.rows import address
from mt2st.embeddings.kernels.weighted_rows import move_weighted, sum_weighted
from mt2st.native import Floats, Numbers, Places, kernel

# Unsigned indices need no check for negative ones.
Unsigned = NDArray[np.uint32]


@kernel("float64[::1](float32[:,::1], float32[::1], float32[:,::1], int32[::1], int64[::1], int32[::1])")
def bag_relevance(
    table: Floats, row_weights: Floats, head: Floats, ids: Numbers, offsets: Places, labels: Numbers
) -> NDArray[np.float64]:
    """Return the mean of |gradient x value| over all words of all examples, shape (vector_size,).

    Examples whose loss is not finite, or whose weights are all zero, are skipped. See `relevance` of the task.
    """
    size = head.shape[1] - 1
    mean, gradient = np.empty(size, np.float32), np.empty(size, np.float32)
    logits, still, total = np.empty(head.shape[0], np.float32), head.copy(), np.zeros(size, np.float64)
    words = 0
    for example in range(labels.shape[0]):
        start, stop = offsets[example], offsets[example + 1]
        weight = bag_mean(table, row_weights, ids, start, stop, mean)
        head_logits(head, mean, logits)
        loss = softmax_errors(logits, labels[example])
        if weight == 0 or not is_finite(loss):
            continue
        head_step(still, mean, logits, np.float32(0), gradient)
        words += stop - start
        for i in range(start, stop):
            row = table[ids[i]]
            share = row_weights[ids[i]] / weight
            for d in range(size):
                total[d] += abs(share * gradient[d] * row[d])
    return total / max(words, 1)


@kernel("void(float32[::1], int32[::1], int64[::1], float32[::1])")
def bag_shares(row_weights: Floats, ids: Numbers, offsets: Places, shares: Floats) -> None:
    """Write the weight of each word in its example's mean, ``w_i / sum(w_j)``, into ``shares``, shape (words,).

    If an example's weights are all zero, so are its words' shares.
    """
    for example in range(offsets.shape[0] - 1):
        total = np.float32(0)
        for i in range(offsets[example], offsets[example + 1]):
            total += row_weights[ids[i]]
        scale = np.float32(1) / total if total > 0 else np.float32(0)
        for i in range(offsets[example], offsets[example + 1]):
            shares[i] = scale * row_weights[ids[i]]


@kernel("void(float32[:,::1], float32[::1], int32[::1], int64[::1], float32[:,::1])")
def bag_means(own: Floats, shares: Floats, ids: Numbers, offsets: Places, means: Floats) -> None:
    """Write every example's mean into ``means``, shape (examples, padded columns)."""
    width = 4 * own.shape[1]
    for example in range(offsets.shape[0] - 1):
        start, words = offsets[example], offsets[example + 1] - offsets[example]
        if words:
            place, numbers = address(shares) + 4 * start, address(ids) + 4 * start
            sum_weighted(address(own), numbers, place, words, address(means) + width * example, width)


@kernel("void(float32[:,::1], uint32[::1], uint32[::1], float32[:,::1])")
def take_columns(table: Floats, rows: Unsigned, columns: Unsigned, own: Floats) -> None:
    """Write ``table[rows][:, columns]`` into the first columns of ``own``."""
    for r in range(rows.shape[0]):
        source, target = table[rows[r]], own[r]
        for c in range(columns.shape[0]):
            target[c] = source[columns[c]]


@kernel("void(float32[:,::1], uint32[::1], uint32[::1], float32[:,::1])")
def put_columns(own: Floats, rows: Unsigned, columns: Unsigned, table: Floats) -> None:
    """Write the first columns of ``own`` to ``table[rows][:, columns]``."""
    for r in range(rows.shape[0]):
        source, target = own[r], table[rows[r]]
        for c in range(columns.shape[0]):
            target[columns[c]] = source[c]


@kernel(
    "Tuple((float64, int64, int64))(float32[:,::1], float32[::1], float32[:,::1], uint32[::1], int64, float32[:,::1],"
    " int32[::1], int64[::1], int32[::1], int64[::1], float32, float32, boolean)",
)
def active_bag_update(
    own: Floats,
    shares: Floats,
    head: Floats,
    columns: Unsigned,
    active: int,
    frozen_means: Floats,
    ids: Numbers,
    offsets: Places,
    labels: Numbers,
    order: Places,
    head_rate: np.float32,
    table_rate: np.float32,
    stop_at_bad: bool,
) -> tuple[float, int, int]:
    """Train the whole head and the active columns on the examples ``order``: `bag_update` with the others frozen.

    Parameters
    ----------
    own
        (rows, padded width): the active columns, updated in place.
    shares
        (words,): the weight of each word in its example's mean.
    head
        (classes, vector_size + 1), updated in place; the last column is the bias.
    columns
        (vector_size + 1,): columns of the head, those that ``own`` holds first, then frozen ones, then the bias.
    active
        Number of active columns in ``own``.
    frozen_means
        (examples, frozen columns or more): the frozen columns of each example's mean.
    ids, offsets, labels
        Example e is the rows ``ids[offsets[e]:offsets[e + 1]]`` of ``own``, with class ``labels[e]``.
    order, head_rate, table_rate, stop_at_bad
        As in `bag_update`.

    Returns
    -------
    The sum of the losses, the number of examples in it, and the number with a loss that was not finite.
    """
    size, width, turned = head.shape[1] - 1, 4 * own.shape[1], np.empty(head.shape, np.float32)
    for k in range(head.shape[0]):
        for d in range(columns.shape[0]):
            turned[k, d] = head[k, columns[d]]
    mean, gradient = np.zeros(size, np.float32), np.empty(size, np.float32)
    part, to = np.zeros(own.shape[1], np.float32), np.zeros(own.shape[1], np.float32)
    logits = np.empty(head.shape[0], np.float32)
    total, examples, bad = np.float64(0), 0, 0
    for example in order:
        start, words = offsets[example], offsets[example + 1] - offsets[example]
        moving = words if active else 0
        mean[:active] = 0
        if moving:
            place, numbers = address(shares) + 4 * start, address(ids) + 4 * start
            sum_weighted(address(own), numbers, place, moving, address(part), width)
            for d in range(active):
                mean[d] = part[d]
        for d in range(size - active):
            mean[active + d] = frozen_means[example, d]
        head_logits(turned, mean, logits)
        loss = softmax_errors(logits, labels[example])
        if not is_finite(loss):
            bad += 1
            if stop_at_bad:
                break
            continue
        total += loss
        examples += 1
        head_step(turned, mean, logits, head_rate, gradient)
        if moving:
            for d in range(active):
                to[d] = gradient[d]
            place, numbers = address(shares) + 4 * start, address(ids) + 4 * start
            move_weighted(address(own), numbers, place, moving, table_rate, address(to), width)
    for k in range(head.shape[0]):
        for d in range(columns.shape[0]):
            head[k, columns[d]] = turned[k, d]
    return total, examples, bad
