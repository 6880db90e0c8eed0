"""The gradient norm of a bag classifier's loss with respect to the shared table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import softmax

from mt2st.text import Ragged


def bag_gradient_norm(
    logits: NDArray[np.float32],
    labels: NDArray[np.int32],
    head: NDArray[np.float32],
    rows: Ragged,
    row_weights: NDArray[np.float32],
) -> float:
    """Return the norm of the gradient of the mean loss over some examples, with respect to the table.

    With A the shares of rows in examples' means, (examples, rows), and G the gradients of these means, (examples,
    columns), the gradient is ``A^T G / examples``. Its squared norm is the sum of the elements of
    ``(A A^T) * (G G^T)``, an elementwise product, over examples squared, which takes no array of the table's size.

    Parameters
    ----------
    logits, labels
        (examples, classes) and (examples,).
    head
        (classes, columns): the columns that are not frozen, without the bias.
    rows
        The examples' rows of the table.
    row_weights
        The weight of each row in a mean, (rows,).

    Examples
    --------
    >>> logits, head = np.zeros((1, 2), np.float32), np.array([[3.0, 4.0], [-3.0, -4.0]], np.float32)
    >>> bag_gradient_norm(logits, np.array([0]), head, Ragged.from_lists([[2]]), np.ones(3, np.float32))
    5.0
    """
    if not len(rows):
        return 0.0
    errors = softmax(logits.astype(np.float64), axis=1)
    errors[np.arange(len(rows)), labels] -= 1
    gradients = errors @ head  # (examples, columns)
    weights, shape = row_weights[rows.ids].astype(np.float64), (len(rows), len(row_weights))
    shares = csr_array((weights, rows.ids, rows.offsets), shape)
    totals = shares.sum(axis=1)
    shares = shares.multiply(1 / np.where(totals > 0, totals, 1)[:, None]).tocsr()
    products = (shares @ shares.T).toarray() * (gradients @ gradients.T)
    return float(np.sqrt(max(products.sum(), 0.0))) / len(rows)
