"""Compiled kernels of the bag classifier where only some columns of the table still train."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.kernels.bag import bag_mean, head_logits, head_step, softmax_loss
from mt2st.embeddings.kernels.finite import is_finite
from mt2st.native import Floats, Numbers, Places, kernel


@kernel("float64[::1](float32[:,::1], float32[::1], float32[:,::1], int32[::1], int64[::1], int32[::1])")
def bag_relevance(
    table: Floats, row_weights: Floats, head: Floats, ids: Numbers, offsets: Places, labels: Numbers
) -> NDArray[np.float64]:
    """Return the mean of |gradient x value| over all words of all examples, shape (vector_size,).

    Examples whose loss is not finite, and those whose words weigh nothing, are left out. See `relevance` of the task.
    """
    size = head.shape[1] - 1
    mean, gradient = np.empty(size, np.float32), np.empty(size, np.float32)
    logits, still, total = np.empty(head.shape[0], np.float32), head.copy(), np.zeros(size, np.float64)
    words = 0
    for example in range(labels.shape[0]):
        start, stop = offsets[example], offsets[example + 1]
        weight = bag_mean(table, row_weights, ids, start, stop, mean)
        head_logits(head, mean, logits)
        loss = softmax_loss(logits, labels[example])
        if weight == 0 or not is_finite(loss):
            continue
        head_step(still, mean, logits, labels[example], np.float32(0), gradient)
        words += stop - start
        for i in range(start, stop):
            row = table[ids[i]]
            share = row_weights[ids[i]] / weight
            for d in range(size):
                total[d] += abs(share * gradient[d] * row[d])
    return total / max(words, 1)


@kernel("void(float32[:,::1], float32[::1], int32[::1], int64[::1], float32[:,::1])")
def bag_means(table: Floats, row_weights: Floats, ids: Numbers, offsets: Places, means: Floats) -> None:
    """Write every example's mean into ``means``, shape (examples, columns); zeros where its words weigh nothing."""
    for example in range(means.shape[0]):
        bag_mean(table, row_weights, ids, offsets[example], offsets[example + 1], means[example])


@kernel("void(float32[:,::1], int64[::1], int64[::1], float32[:,::1])")
def take_columns(table: Floats, rows: Places, columns: Places, own: Floats) -> None:
    """Write ``table[rows][:, columns]`` into the first columns of ``own``."""
    for r in range(rows.shape[0]):
        source, target = table[rows[r]], own[r]
        for c in range(columns.shape[0]):
            target[c] = source[columns[c]]


@kernel("void(float32[:,::1], int64[::1], int64[::1], float32[:,::1])")
def put_columns(own: Floats, rows: Places, columns: Places, table: Floats) -> None:
    """Write the first columns of ``own`` to ``table[rows][:, columns]``."""
    for r in range(rows.shape[0]):
        source, target = own[r], table[rows[r]]
        for c in range(columns.shape[0]):
            target[columns[c]] = source[c]


@kernel(
    "Tuple((float64, int64, int64))(float32[:,::1], float32[::1], float32[:,::1], int64[::1], float32[:,::1],"
    " int32[::1], int64[::1], int32[::1], int64[::1], float32, float32, boolean)",
)
def active_bag_update(
    own: Floats,
    row_weights: Floats,
    head: Floats,
    columns: Places,
    frozen_means: Floats,
    ids: Numbers,
    offsets: Places,
    labels: Numbers,
    order: Places,
    head_rate: np.float32,
    table_rate: np.float32,
    stop_at_bad: bool,
) -> tuple[float, int, int]:
    """Train the whole head and the active columns on the examples ``order``: `bag_update` with the others at rest.

    Parameters
    ----------
    own
        (rows, active columns or more): the columns that train, side by side, changed in place.
    row_weights, ids
        As in `bag_update`, of and into the rows of ``own``.
    head
        (classes, vector_size + 1), in the table's order of columns, changed in place.
    columns
        (vector_size,): the table's column at each place here: active ones first, frozen ones behind.
    frozen_means
        (examples, frozen columns): what frozen columns come to in each example's mean.
    offsets, labels, order, head_rate, table_rate, stop_at_bad
        As in `bag_update`.

    Returns
    -------
    The sum of the losses, how many examples it is over, and how many were not finite.
    """
    classes, size = head.shape[0], head.shape[1] - 1
    active = size - frozen_means.shape[1]
    turned = np.empty((classes, size + 1), np.float32)
    for k in range(classes):
        for d in range(size):
            turned[k, d] = head[k, columns[d]]
        turned[k, size] = head[k, size]
    mean, gradient = np.empty(size, np.float32), np.empty(size, np.float32)
    logits = np.empty(classes, np.float32)
    total, examples, bad = np.float64(0), 0, 0
    for example in order:
        start, stop = offsets[example], offsets[example + 1]
        weight = np.float32(0)
        if active:
            weight = bag_mean(own, row_weights, ids, start, stop, mean[:active])
        mean[active:] = frozen_means[example]
        head_logits(turned, mean, logits)
        loss = softmax_loss(logits, labels[example])
        if not is_finite(loss):
            bad += 1
            if stop_at_bad:
                break
            continue
        total += loss
        examples += 1
        head_step(turned, mean, logits, labels[example], head_rate, gradient)
        if weight == 0:
            continue
        for i in range(start, stop):
            row = own[ids[i]]
            step = table_rate * row_weights[ids[i]] / weight
            for d in range(active):
                row[d] += step * gradient[d]
    for k in range(classes):
        for d in range(size):
            head[k, columns[d]] = turned[k, d]
        head[k, size] = turned[k, size]
    return total, examples, bad
