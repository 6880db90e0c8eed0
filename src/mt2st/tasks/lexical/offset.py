"""Analogies as parallelograms: UPDATE 0 of the paper, eq. 6."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from mt2st.tasks.lexical.checks import check_places, check_shape
from mt2st.tasks.lexical.cosines import row_cosines
from mt2st.tasks.pytorch.differentiable import DifferentiableTask

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.models.pytorch.table import SharesTable
    from mt2st.tasks.sampler import Sampler


def offset_loss(vectors: torch.Tensor) -> torch.Tensor:
    r"""Return minus the mean cosine between each fourth word and the sum that should point to it (eq. 6).

    .. math:: L = -\frac1n \sum_q \cos(E_4, \; E_2 - E_1 + E_3)

    Parameters
    ----------
    vectors
        E, (quadruples, 4, dim): "1 is to 2 as 3 is to 4". They are not made unit vectors first, in accordance with
        eq. 6 and unlike in the evaluation of analogies.

    Returns
    -------
    A scalar between -1 and 1. Vectors of zeros have cosine 0.

    Raises
    ------
    ConfigError
        If the shape is another, or there is no quadruple.

    Notes
    -----
    Nothing pushes other words away: if all vectors are equal, the loss is -1. Use it beside a task that keeps words
    apart; `docs/RESULTS.md` shows its effect alone.

    Examples
    --------
    >>> man, woman, king, queen = [0.0, 1.0], [1.0, 1.0], [0.0, 4.0], [3.0, 4.0]
    >>> offset_loss(torch.tensor([[man, woman, king, queen]]))
    tensor(-0.9216)
    """
    check_shape("vectors", vectors, "(quadruples, 4, dim)", None, 4, None)
    one, two, three, four = vectors.unbind(1)
    return -row_cosines(four, two - one + three).mean()


class OffsetTask(DifferentiableTask):
    """Learn analogies as parallelograms; an example is a quadruple of words.

    Parameters
    ----------
    name
        The task's name.
    shared
        Holds the shared table.
    quadruples
        Rows of the table, (quadruples, 4), as `mt2st.tasks.known_words.place_words` finds them.
    sampler
        Draws the batches.

    Raises
    ------
    ConfigError
        If there is no quadruple, or a row is outside the table.

    Examples
    --------
    >>> import numpy as np
    >>> from mt2st.models.pytorch.table import TorchTable
    >>> from mt2st.tasks import Sampler
    >>> table = np.array([[0, 1], [1, 1], [0, 4], [3, 4]], np.float32)
    >>> shared = TorchTable(table, rate=0.1)
    >>> task = OffsetTask("offset", shared, np.array([[0, 1, 2, 3]]), Sampler(1, 1, 1, seed=1, name="offset"))
    >>> round(task.learn(task.sampler.draw(), weight=1.0, rate=1.0).loss, 4)
    -0.9216
    >>> shared.finish_step(rate=1.0)
    >>> [round(float(value), 1) for value in table[3]]
    [2.9, 4.1]
    """

    def __init__(self, name: str, shared: SharesTable, quadruples: NDArray[np.int64], sampler: Sampler) -> None:
        check_places(name, quadruples, 4, len(shared.table))
        places, embedding = torch.from_numpy(quadruples), shared.embedding

        def loss(batch: NDArray[np.int64]) -> torch.Tensor:
            return offset_loss(embedding(places[torch.from_numpy(batch)]))  # (batch, 4, dim)

        super().__init__(name, sampler, loss, shared.parameters())
