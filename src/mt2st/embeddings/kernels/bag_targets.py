"""The bag with several outputs, for multi-label classification and ratings, trained one example at a time."""

from __future__ import annotations

import numpy as np

from mt2st.embeddings.kernels.bag import bag_mean, head_logits, head_step, move_rows
from mt2st.embeddings.kernels.finite import is_finite
from mt2st.native import Floats, Numbers, Places, kernel

LOGISTIC, SQUARED, HUBER = 0, 1, 2


@kernel("float32(float32, float32, int64)")
def target_error(output: np.float32, target: np.float32, loss: int) -> np.float32:
    """Return minus the derivative of the loss by the output."""
    if loss == LOGISTIC:
        return target - np.float32(1) / (np.float32(1) + np.exp(-output))
    error = target - output
    if loss == HUBER:
        return min(max(error, np.float32(-1)), np.float32(1))
    return error


@kernel("float32(float32, float32, int64)")
def target_loss(output: np.float32, target: np.float32, loss: int) -> np.float32:
    """Return ``log(1 + e^z) - y z``, ``e^2 / 2``, or the latter up to |e| = 1 and |e| - 1/2 beyond."""
    if loss == LOGISTIC:
        return max(output, np.float32(0)) + np.log1p(np.exp(-abs(output))) - target * output
    error = abs(target - output)
    if loss == HUBER and error > 1:
        return error - np.float32(0.5)
    return np.float32(0.5) * error * error


@kernel("Tuple((float64, int64))(float32[::1], float32[::1], int64, float32[::1])")
def target_errors(outputs: Floats, targets: Floats, loss: int, errors: Floats) -> tuple[float, int]:
    """Write errors, divided by the number of known targets, 0 for unknown ones; return loss and number."""
    total, known = np.float64(0), 0
    for k in range(outputs.shape[0]):
        errors[k] = 0
        if targets[k] == targets[k]:  # NaN: unknown
            total += target_loss(outputs[k], targets[k], loss)
            errors[k] = target_error(outputs[k], targets[k], loss)
            known += 1
    for k in range(outputs.shape[0]):
        errors[k] /= np.float32(max(known, 1))
    return total, known


@kernel(
    "Tuple((float64, int64, int64))(float32[:,::1], float32[::1], float32[:,::1], int32[::1], int64[::1],"
    " float32[:,::1], int64[::1], int64, float32, float32, boolean)",
)
def bag_targets_update(
    table: Floats,
    row_weights: Floats,
    head: Floats,
    ids: Numbers,
    offsets: Places,
    targets: Floats,
    order: Places,
    loss: int,
    head_rate: np.float32,
    table_rate: np.float32,
    stop_at_bad: bool,
) -> tuple[float, int, int]:
    """Train head and table on the examples ``order``, one at a time, each on the mean loss of its known targets.

    Parameters
    ----------
    table
        (rows, vector_size or more), updated in place; only the head's ``vector_size`` columns are used.
    row_weights
        (rows,): the weight of each row in a mean.
    head
        (targets, vector_size + 1), updated in place; the last column is the bias.
    ids, offsets, targets
        Example e is ``ids[offsets[e]:offsets[e + 1]]`` with ``targets[e]``, (targets,), NaN if unknown.
    order
        Indices of the examples to train on, in order.
    loss
        `LOGISTIC`, `SQUARED` or `HUBER`.
    head_rate, table_rate
        Learning rates, the task's weight already multiplied in.
    stop_at_bad
        Return at the first loss that is not finite; otherwise skip such examples and count them.

    Returns
    -------
    The sum of the losses, the number of targets in it, and the number of examples with a loss that was not finite.
    """
    size = head.shape[1] - 1
    mean, gradient = np.empty(size, np.float32), np.empty(size, np.float32)
    outputs, errors = np.empty(head.shape[0], np.float32), np.empty(head.shape[0], np.float32)
    total, terms, bad = np.float64(0), 0, 0
    for example in order:
        start, stop = offsets[example], offsets[example + 1]
        weight = bag_mean(table, row_weights, ids, start, stop, mean)
        head_logits(head, mean, outputs)
        found, known = target_errors(outputs, targets[example], loss, errors)
        if not is_finite(np.float32(found)):
            bad += 1
            if stop_at_bad:
                break
            continue
        total += found
        terms += known
        if known == 0:
            continue
        head_step(head, mean, errors, head_rate, gradient)
        move_rows(table, row_weights, ids, start, stop, table_rate, weight, gradient)
    return total, terms, bad
