"""The bag classifier: softmax over the weighted mean of word and word-pair vectors, trained one example at a time."""

from __future__ import annotations

import numpy as np

from mt2st.embeddings.kernels.finite import is_finite
from mt2st.native import Floats, Numbers, Places, kernel


@kernel("float32(float32[:,::1], float32[::1], int32[::1], int64, int64, float32[::1])")
def bag_mean(table: Floats, row_weights: Floats, ids: Numbers, start: int, stop: int, mean: Floats) -> np.float32:
    """Write the weighted mean of the rows ``ids[start:stop]`` into ``mean`` and return the sum of their weights.

    The table may be wider than the mean: the padding of its rows is not read.
    """
    mean[:] = 0
    total = np.float32(0)
    for i in range(start, stop):
        row = table[ids[i]]
        weight = row_weights[ids[i]]
        total += weight
        for d in range(mean.shape[0]):
            mean[d] += weight * row[d]
    if total > 0:
        scale = np.float32(1) / total
        for d in range(mean.shape[0]):
            mean[d] *= scale
    return total


@kernel("void(float32[:,::1], float32[::1], float32[::1])")
def head_logits(head: Floats, mean: Floats, logits: Floats) -> None:
    """Write ``head[:, :-1] @ mean + head[:, -1]`` into ``logits``."""
    size = mean.shape[0]
    for k in range(head.shape[0]):
        value = head[k, size]
        for d in range(size):
            value += head[k, d] * mean[d]
        logits[k] = value


@kernel("float32(float32[::1], int64)")
def softmax_errors(logits: Floats, label: int) -> np.float32:
    """Turn logits into errors in place, the label's 1 - p and others' -p; return -log p of the label."""
    largest = logits[0]
    for k in range(1, logits.shape[0]):
        largest = max(largest, logits[k])
    at_label = logits[label] - largest
    total = np.float32(0)
    for k in range(logits.shape[0]):
        logits[k] = np.exp(logits[k] - largest)
        total += logits[k]
    for k in range(logits.shape[0]):
        logits[k] = (np.float32(1) if k == label else np.float32(0)) - logits[k] / total
    return np.log(total) - at_label


@kernel("void(float32[:,::1], float32[::1], float32[::1], float32, float32[::1])")
def head_step(head: Floats, mean: Floats, errors: Floats, rate: np.float32, gradient: Floats) -> None:
    """Update the head by gradient descent; write minus the gradient by the mean, computed before the update.

    ``errors`` are minus the derivatives of the loss by the outputs.
    """
    size = mean.shape[0]
    gradient[:] = 0
    for k in range(head.shape[0]):
        error = errors[k]
        for d in range(size):
            gradient[d] += error * head[k, d]
            head[k, d] += rate * error * mean[d]
        head[k, size] += rate * error


@kernel("void(float32[:,::1], float32[::1], int32[::1], int64, int64, float32, float32, float32[::1])", inner=True)
def move_rows(
    table: Floats,
    row_weights: Floats,
    ids: Numbers,
    start: int,
    stop: int,
    rate: np.float32,
    total: np.float32,
    gradient: Floats,
) -> None:
    """Update the rows ``ids[start:stop]``, of total weight ``total``, by ``gradient``, minus that of their mean."""
    # If all weights are zero there is nothing to update; dividing by their sum would give NaN.
    if total == 0:
        return
    for i in range(start, stop):
        row = table[ids[i]]
        step = rate * row_weights[ids[i]] / total
        for d in range(gradient.shape[0]):
            row[d] += step * gradient[d]


@kernel(
    "Tuple((float64, int64, int64))(float32[:,::1], float32[::1], float32[:,::1], int32[::1], int64[::1],"
    " int32[::1], int64[::1], float32, float32, boolean)",
)
def bag_update(
    table: Floats,
    row_weights: Floats,
    head: Floats,
    ids: Numbers,
    offsets: Places,
    labels: Numbers,
    order: Places,
    head_rate: np.float32,
    table_rate: np.float32,
    stop_at_bad: bool,
) -> tuple[float, int, int]:
    """Train head and table on the examples ``order``, one at a time.

    Parameters
    ----------
    table
        (rows, vector_size or more), updated in place; only the head's ``vector_size`` columns are used.
    row_weights
        (rows,): the weight of each row in a mean.
    head
        (classes, vector_size + 1), updated in place; the last column is the bias.
    ids, offsets, labels
        Example e is ``ids[offsets[e]:offsets[e + 1]]`` with class ``labels[e]``.
    order
        Indices of the examples to train on, in order.
    head_rate, table_rate
        Learning rates, the task's weight already multiplied in.
    stop_at_bad
        Return at the first loss that is not finite; otherwise skip such examples and count them.

    Returns
    -------
    The sum of the losses, the number of examples in it, and the number with a loss that was not finite.
    """
    size = head.shape[1] - 1
    mean, gradient = np.empty(size, np.float32), np.empty(size, np.float32)
    logits = np.empty(head.shape[0], np.float32)
    total, examples, bad = np.float64(0), 0, 0
    for example in order:
        start, stop = offsets[example], offsets[example + 1]
        weight = bag_mean(table, row_weights, ids, start, stop, mean)
        head_logits(head, mean, logits)
        loss = softmax_errors(logits, labels[example])
        if not is_finite(loss):
            bad += 1
            if stop_at_bad:
                break
            continue
        total += loss
        examples += 1
        head_step(head, mean, logits, head_rate, gradient)
        move_rows(table, row_weights, ids, start, stop, table_rate, weight, gradient)
    return total, examples, bad


@kernel("float32[:,::1](float32[:,::1], float32[::1], float32[:,::1], int32[::1], int64[::1])")
def bag_logits(table: Floats, row_weights: Floats, head: Floats, ids: Numbers, offsets: Places) -> Floats:
    """Return the logits of every example, shape (examples, classes); those of an empty one are the bias."""
    mean = np.empty(head.shape[1] - 1, np.float32)
    logits = np.empty((offsets.shape[0] - 1, head.shape[0]), np.float32)
    for example in range(logits.shape[0]):
        bag_mean(table, row_weights, ids, offsets[example], offsets[example + 1], mean)
        head_logits(head, mean, logits[example])
    return logits
