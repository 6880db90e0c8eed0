"""Human similarity scores: UPDATE 3 of the paper, algorithm 3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import torch

from mt2st.errors import ConfigError
from mt2st.tasks.lexical.checks import check_above_0, check_places, check_shape
from mt2st.tasks.lexical.cosines import row_cosines
from mt2st.tasks.lexical.elements import elements_loss
from mt2st.tasks.lexical.soft_ranks.spearman import Ranks, average_ranks, rank_correlation, soft_ranks
from mt2st.tasks.pytorch.differentiable import DifferentiableTask

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.models.pytorch.table import SharesTable
    from mt2st.tasks.sampler import Sampler

Over = Literal["pairs", "elements"]
LEAST_PAIRS = 3


def similarity_loss(
    vectors: torch.Tensor,
    scores: torch.Tensor,
    sets: torch.Tensor | None = None,
    *,
    temperature: float = 0.1,
    ranks: Ranks = "pairwise",
) -> torch.Tensor:
    r"""Return minus Spearman's rho between the pairs' cosines and human scores: ``over="pairs"``.

    .. math:: L = -\rho(\text{soft ranks of } \cos(E_u, E_v), \; \text{ranks of the scores})

    Parameters
    ----------
    vectors
        Vectors of both words of each pair, (pairs, 2, dim).
    scores
        Human scores, (pairs,), all known: leave out pairs without a score. Equal scores share their mean rank.
    sets
        The number of each pair's set, (pairs,): scores are compared within a set only, and each set is weighted by its
        number of pairs. None: all pairs are in one set.
    temperature, ranks
        For the soft ranks of the cosines; see `mt2st.tasks.lexical.soft_ranks`. As the temperature goes to 0, the loss
        becomes minus SciPy's ``spearmanr``.

    Returns
    -------
    A scalar between -1 and 1. A set with fewer than three pairs, or with equal scores only, adds 0 and no gradient: the
    rank correlation of two pairs is either 1 or -1.

    Raises
    ------
    ConfigError
        If shapes do not fit, there is no pair, a score is not finite, ``ranks`` is unknown, or the temperature is not
        above 0.

    Examples
    --------
    >>> up, near, far = [0.0, 1.0], [0.6, 0.8], [1.0, 0.0]
    >>> vectors = torch.tensor([[up, up], [up, near], [up, far], [near, far]])
    >>> similarity_loss(vectors, torch.tensor([9.0, 6.0, 2.0, 3.0]), temperature=0.001).round(decimals=4)
    tensor(-1.)
    >>> similarity_loss(vectors, torch.tensor([9.0, 2.0, 6.0, 3.0]), temperature=0.001)
    tensor(-0.2000)
    """
    check_shape("vectors", vectors, "(pairs, 2, dim)", None, 2, None)
    check_shape("scores", scores, "(pairs,) of the vectors", len(vectors))
    if not scores.isfinite().all():
        raise ConfigError("scores must be finite: leave out the pairs without one")
    cosines = row_cosines(vectors[:, 0], vectors[:, 1])
    sets = torch.zeros_like(scores, dtype=torch.int64) if sets is None else sets
    check_shape("sets", sets, "(pairs,) of the vectors", len(vectors))
    members = [sets == number for number in sets.unique()]  # type: ignore[no-untyped-call]
    parts = [
        soft_rho(cosines[chosen], scores[chosen], temperature, ranks) * chosen.sum()
        for chosen in members
        if chosen.sum() >= LEAST_PAIRS
    ]
    # Without parts, the sum must still have a gradient, of zeros.
    return -torch.stack([*parts, cosines.sum() * 0]).sum() / len(scores)


def soft_rho(values: torch.Tensor, scores: torch.Tensor, temperature: float, ranks: Ranks = "pairwise") -> torch.Tensor:
    """Return Spearman's rho of soft ranks of ``values`` and average ranks of ``scores``, both (n,).

    Examples
    --------
    >>> soft_rho(torch.tensor([0.1, 0.2, 0.3, 0.4]), torch.tensor([1.0, 3.0, 2.0, 4.0]), temperature=0.001)
    tensor(0.8000)
    """
    found = soft_ranks(values, temperature, ranks)
    return rank_correlation(found, average_ranks(scores).to(found.dtype))


class SimilarityTask(DifferentiableTask):
    """Learn human similarity scores; an example is a pair of words.

    Parameters
    ----------
    name
        The task's name.
    shared
        Holds the shared table.
    pairs
        Rows of the table, (pairs, 2), as `mt2st.tasks.known_words.place_words` finds them.
    scores
        Score of each pair, (pairs,). Not used with ``over="elements"``.
    sampler
        Draws the batches. Ranks are computed within a batch: one batch of 50 teaches far more than two of 25.
    sets
        The number of each pair's set, int64, (pairs,); None: one set.
    over
        ``"pairs"`` for `similarity_loss`, the usual meaning; or ``"elements"`` for `elements_loss`.
    temperature, ranks
        As in these.

    Raises
    ------
    ConfigError
        If there are fewer than three pairs, a score is not finite, or a row is outside the table.

    Examples
    --------
    >>> import numpy as np
    >>> from mt2st.models.pytorch.table import TorchTable
    >>> from mt2st.tasks import Sampler
    >>> table = np.array([[0, 1], [0.6, 0.8], [1, 0]], np.float32)
    >>> pairs, scores = np.array([[0, 1], [0, 2], [1, 2]]), np.array([1.0, 2.0, 9.0])
    >>> sampler = Sampler(3, 1, 1, seed=1, name="words")
    >>> task = SimilarityTask("words", TorchTable(table), pairs, scores, sampler, temperature=0.001)
    >>> round(task.learn(sampler.draw(), weight=1.0, rate=1.0).loss / 3, 4)
    0.5
    """

    def __init__(
        self,
        name: str,
        shared: SharesTable,
        pairs: NDArray[np.int64],
        scores: NDArray[np.float64],
        sampler: Sampler,
        *,
        sets: NDArray[np.int64] | None = None,
        over: Over = "pairs",
        temperature: float = 0.1,
        ranks: Ranks = "pairwise",
    ) -> None:
        check_places(name, pairs, 2, len(shared.table))
        check_above_0("temperature", temperature)
        _check_pairs(name, len(pairs), over)
        places, said, embedding = torch.from_numpy(pairs), torch.from_numpy(scores).double(), shared.embedding
        if len(said) != len(places) or not said.isfinite().all():
            raise ConfigError(f"{name}: a finite score for each of the {len(places)} pairs is needed")
        numbers = torch.zeros(len(places), dtype=torch.int64) if sets is None else torch.from_numpy(sets)
        check_shape("sets", numbers, "(pairs,)", len(places))

        def loss(batch: NDArray[np.int64]) -> torch.Tensor:
            chosen = torch.from_numpy(batch)
            vectors = embedding(places[chosen])  # (batch, 2, dim)
            if over == "elements":
                return elements_loss(vectors, temperature=temperature, ranks=ranks)
            return similarity_loss(vectors, said[chosen], numbers[chosen], temperature=temperature, ranks=ranks)

        super().__init__(name, sampler, loss, shared.parameters())


def _check_pairs(name: str, pairs: int, over: str) -> None:
    if over not in ("pairs", "elements"):
        raise ConfigError(f"{name}: over must be 'pairs' or 'elements', {over!r} found")
    if pairs < LEAST_PAIRS and over == "pairs":
        raise ConfigError(
            f"{name}: ranks need {LEAST_PAIRS} pairs or more, {pairs} with vectors found: give a longer list"
        )
