"""Functions that tasks on a bag of words share: a head's initial values, and a step of head and table on a batch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings import aligned_zeros, new_table
from mt2st.tasks.sampler import stream_key
from mt2st.tasks.workers import Workers

Head = NDArray[np.float32]
# Fewer examples than this are not worth a second thread.
LEAST_PART = 64


def new_bag_head(outputs: int, size: int, seed: int, name: str) -> Head:
    """Return the head of a task ``name``, (outputs, size + 1), whose last column is the bias.

    A head of zeros would send no gradient to the table, and rows with equal values would stay equal.
    """
    head = aligned_zeros(outputs, size + 1)
    head[:, :size] = new_table(outputs, size, stream_key(seed, name), scale=0.2 * size)
    return head


def learn_in_parts(
    workers: Workers,
    head: Head,
    batch: NDArray[np.int64],
    update: Callable[[Head, NDArray[np.int64]], tuple[float, int, int]],
) -> tuple[float, int, int]:
    """Call ``update(head, part)`` for each worker's part of a batch and return the sums of loss, terms and bad losses.

    The first part changes the head itself, each other one a copy, whose change is added at the end.
    """
    before, moves = head.copy(), list[Head]()

    def part_step(part: NDArray[np.int64], number: int) -> tuple[float, int, int]:
        own = before.copy() if number else head
        result = update(own, part)
        if number:
            moves.append(own - before)
        return result

    results = workers.map(part_step, batch, LEAST_PART)
    for move in moves:
        head += move
    loss, terms, bad = (sum(column) for column in zip(*results, strict=True))
    return loss, int(terms), int(bad)
