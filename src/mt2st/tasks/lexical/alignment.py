"""A bilingual dictionary as questions: UPDATE 1 of the paper, eq. 7."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch

from mt2st.errors import ConfigError
from mt2st.tasks.lexical.checks import check_places, check_rows
from mt2st.tasks.lexical.csls import csls_scores
from mt2st.tasks.lexical.shares import alignment_shares
from mt2st.tasks.pytorch.differentiable import DifferentiableTask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.models.pytorch.table import SharesTable
    from mt2st.tasks.sampler import Sampler


def alignment_loss(
    sources: torch.Tensor,
    targets: torch.Tensor,
    correct: torch.Tensor,
    *,
    temperature: float = 0.1,
    gamma: float = 1.0,
    neighbours: int = 10,
    threshold: float | None = None,
    among: torch.Tensor | None = None,
) -> torch.Tensor:
    r"""Return the expected number of misaligned minus aligned source words by CSLS (eq. 7), per source word.

    .. math:: L = \frac1n \sum_x \big( -aligned(x) + \gamma \, misaligned(x) \big)

    Parameters
    ----------
    sources, targets
        Vectors, (sources, dim) and (targets, dim); every target is a candidate translation.
    correct, temperature, threshold
        As in `alignment_shares`. Without a threshold misaligned is 1 - aligned, and gamma changes only the scale.
    gamma
        The cost of a wrong translation, relative to the gain of a right one.
    neighbours, among
        As in `csls_scores`.

    Returns
    -------
    A scalar between -1 and gamma.

    Raises
    ------
    ConfigError
        As `csls_scores` and `alignment_shares`; also if gamma is negative or infinite.

    Examples
    --------
    >>> x, y = torch.tensor([[1.0, 0.0], [0.6, 0.8]]), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    >>> alignment_loss(x, y, torch.eye(2, dtype=torch.bool), temperature=0.6, gamma=0.5, neighbours=1)
    tensor(-0.7627)
    """
    if not 0 <= gamma < float("inf"):
        raise ConfigError(f"gamma must be finite and at least 0, {gamma} found: it is what a wrong translation costs")
    scores = csls_scores(sources, targets, neighbours, among)
    aligned, misaligned, _ = alignment_shares(scores, correct, temperature, threshold)
    return (gamma * misaligned - aligned).mean()


class LinearMap(torch.nn.Module):
    """The product W x for rows x, (..., size); W is initially the identity.

    Examples
    --------
    >>> LinearMap(2)(torch.tensor([[3.0, 4.0]])).tolist()
    [[3.0, 4.0]]
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.eye(size))

    def forward(self, vectors: torch.Tensor) -> torch.Tensor:
        """Return the mapped vectors."""
        return vectors @ self.weight.T


class AlignmentTask(DifferentiableTask):
    """Learn a dictionary; an example is a source word with all its translations.

    Parameters
    ----------
    name
        The task's name.
    shared
        Holds the shared table, with the words of both languages.
    pairs
        Rows of source and target words, (pairs, 2), as `mt2st.tasks.known_words.place_words` finds them. A source
        may have several translations, and a target several sources.
    sampler
        Draws the batches from ``source_words(pairs)`` examples.
    targets
        Rows of further target words, which translate none of these sources but are wrong candidates, (words,).
    target_vectors
        A fixed table of the target words, (words, dim), to which ``pairs[:, 1]`` and ``targets`` then refer. None: the
        target words are in the shared table.
    mapping
        Compare W x with y, where W is the task's own linear map (dim, dim), initially the identity. It generalises to
        all words: without it, the translation of a word that is in no batch improves only as wrong words move away from
        it.
    mapping_rate
        Its learning rate; None for the shared part's rate of heads.
    temperature, gamma, neighbours, threshold
        As in `alignment_loss`.

    Raises
    ------
    ConfigError
        If there is no pair, a row is outside its table, or the target vectors have another size.

    Examples
    --------
    >>> import numpy as np
    >>> from mt2st.models.pytorch.table import TorchTable
    >>> from mt2st.tasks import Sampler
    >>> table = np.array([[1, 0], [0.6, 0.8], [1, 0], [0, 1]], np.float32)
    >>> pairs, sampler = np.array([[0, 2], [1, 3]]), Sampler(2, 1, 1, seed=1, name="dictionary")
    >>> task = AlignmentTask("dictionary", TorchTable(table), pairs, sampler, temperature=0.6, neighbours=1)
    >>> round(task.learn(sampler.draw(), weight=1.0, rate=1.0).loss / 2, 4)
    -0.6836
    """

    def __init__(
        self,
        name: str,
        shared: SharesTable,
        pairs: NDArray[np.int64],
        sampler: Sampler,
        *,
        targets: NDArray[np.int64] | None = None,
        target_vectors: NDArray[np.float32] | None = None,
        mapping: bool = False,
        mapping_rate: float | None = None,
        temperature: float = 0.1,
        gamma: float = 1.0,
        neighbours: int = 10,
        threshold: float | None = None,
    ) -> None:
        other = shared.table if target_vectors is None else target_vectors
        check_places(name, pairs, 2, max(len(shared.table), len(other)))
        check_places(name, pairs[:, :1], 1, len(shared.table))
        self.embedding, size = shared.embedding, shared.table.shape[1]
        self.resting = None if target_vectors is None else torch.from_numpy(target_vectors)
        every, source_number = np.unique(pairs[:, 0], return_inverse=True)
        others = pairs[:0, 1] if targets is None else targets
        answers, number = np.unique(np.concatenate([pairs[:, 1], others]), return_inverse=True)
        check_rows(name, answers, len(other))
        self.sources, self.targets = torch.from_numpy(every), torch.from_numpy(answers)
        self.correct = torch.zeros(len(every), len(answers), dtype=torch.bool)
        self.correct[source_number, number[: len(pairs)]] = True
        self.map = LinearMap(size) if mapping else None
        self.aligned = partial(
            alignment_loss, temperature=temperature, gamma=gamma, neighbours=neighbours, threshold=threshold
        )
        head = None if self.map is None else shared.register(self.map, mapping_rate)
        super().__init__(name, sampler, self._loss, shared.parameters(), head=head)

    def _loss(self, batch: NDArray[np.int64]) -> torch.Tensor:
        chosen = torch.from_numpy(batch)
        every = self.embedding(self.sources)
        targets = self.embedding(self.targets) if self.resting is None else self.resting[self.targets]
        every = every if self.map is None else self.map(every)
        return self.aligned(every[chosen], targets, self.correct[chosen], among=every)


def source_words(pairs: NDArray[np.int64]) -> int:
    """Return the number of examples in a dictionary: of its distinct source words.

    Examples
    --------
    >>> import numpy as np
    >>> source_words(np.array([[4, 1], [4, 2], [5, 1]]))
    2
    """
    return len(set(pairs[:, 0].tolist()))
