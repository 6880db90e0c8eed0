"""A task given by any differentiable loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from mt2st.errors import ConfigError, GradientPathError
from mt2st.tasks.share import WHOLE, Share
from mt2st.tasks.task import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from mt2st.models.pytorch.shared import Trained
    from mt2st.tasks.sampler import Sampler

NOTHING = Outcome(0.0, 0, 0, 0)
FROZEN = "frozen: no shared parameter has requires_grad set"
DETACHED = (
    "detached or wrong table: the loss is computed on a copy (.detach(), .numpy(), .data), under torch.no_grad(), "
    "or on another table or encoder than the shared one"
)


class DifferentiableTask:
    """Learn by a torch loss that has a gradient on the shared parameters.

    `learn` adds ``weight`` times the gradient of the mean loss to the pending gradients, which
    ``TorchShared.finish_step`` applies.

    Parameters
    ----------
    name
        The task's name.
    sampler
        Draws the batches.
    loss
        Maps example numbers, (batch,), to the *mean* loss of their labels, a scalar.
    shared
        The parameters that the loss must reach.
    head
        The task's own module, as ``TorchShared.register`` returned it; None if it has none.
    primary
        Its role, for messages.
    lengths
        Number of words of each example, (examples,), for the ledger; None for one per example.
    counts
        Number of labels of each example, (examples,), if some have none or several; None for one per example. The loss
        is then the mean over the batch's labels, and is not computed if there are none.

    Attributes
    ----------
    share
        The part of each batch that this process trains on: all of it, unless several train together, whose gradients
        then sum to the whole batch's.

    Raises
    ------
    GradientPathError
        By `learn`, if the loss has no gradient at all. A loss that reaches only other parameters than the shared ones
        is found by comparing ``TorchShared.trace()`` before and after.

    Examples
    --------
    >>> from mt2st.tasks import Sampler
    >>> vectors = torch.nn.Parameter(torch.ones(4, 2))
    >>> sampler = Sampler(size=4, passes=1, steps=2, seed=1, name="norm")
    >>> task = DifferentiableTask("norm", sampler, lambda batch: vectors[batch].square().sum(1).mean(), [vectors])
    >>> task.learn(np.array([0, 3]), weight=0.5, rate=1.0)
    Outcome(loss=4.0, terms=2, examples=2, words=2, not_finite=0)
    >>> vectors.grad.tolist()
    [[0.5, 0.5], [0.0, 0.0], [0.0, 0.0], [0.5, 0.5]]
    """

    def __init__(
        self,
        name: str,
        sampler: Sampler,
        loss: Callable[[NDArray[np.int64]], torch.Tensor],
        shared: Iterable[torch.nn.Parameter],
        *,
        head: Trained | None = None,
        primary: bool = False,
        lengths: NDArray[np.int64] | None = None,
        counts: NDArray[np.int64] | None = None,
    ) -> None:
        self.name, self.sampler, self.loss, self.primary = name, sampler, loss, primary
        self.shared, self.head, self.lengths = tuple(shared), head, lengths
        self.counts = counts
        self.share: Share = WHOLE

    def learn(self, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:  # noqa: ARG002
        """Add ``weight`` times the batch's gradient to the pending one; ``rate`` is used when that is applied."""
        return self.learn_by(self.own_loss, batch, weight)

    def learn_by(
        self, own_loss: Callable[[NDArray[np.int64]], torch.Tensor | None], batch: NDArray[np.int64], weight: float
    ) -> Outcome:
        """Learn from a batch, whose loss in this process is ``own_loss(batch)``; see `own_loss`."""
        if len(batch) == 0:
            return NOTHING
        labels = self.labels_of(batch)
        if labels == 0:
            return Outcome(0.0, 0, len(batch), self.words_of(batch))
        loss, own = own_loss(batch), batch[self.share.part]
        outcome = self.share.total(self._outcome(loss, own))
        if outcome.not_finite:  # in any process: then none adds a gradient, and it counts as one batch
            return Outcome(0.0, 0, outcome.examples, outcome.words, not_finite=1)
        if loss is not None:
            (loss * (weight * self.labels_of(own) / labels)).backward()  # type: ignore[no-untyped-call]
        return outcome

    def _outcome(self, loss: torch.Tensor | None, own: NDArray[np.int64]) -> Outcome:
        words = self.words_of(own)
        if loss is None:
            return Outcome(0.0, 0, len(own), words)
        self._check(loss)
        mean, labels = float(loss.detach()), self.labels_of(own)
        if not np.isfinite(mean):
            return Outcome(0.0, 0, len(own), words, not_finite=1)
        return Outcome(mean * labels, labels, len(own), words)

    def words_of(self, batch: NDArray[np.int64]) -> int:
        """Return the number of words of some examples."""
        return len(batch) if self.lengths is None else int(self.lengths[batch].sum())

    def labels_of(self, batch: NDArray[np.int64]) -> int:
        """Return the number of labels of some examples."""
        return len(batch) if self.counts is None else int(self.counts[batch].sum())

    def own_loss(self, batch: NDArray[np.int64]) -> torch.Tensor | None:
        """Return the mean loss over this process's part of the batch; None if that has no label."""
        own = batch[self.share.part]
        return self.loss(own) if self.labels_of(own) else None

    def path_fault(self) -> str:
        """Return the likely cause of a loss that does not reach the shared parameters."""
        return DETACHED if any(parameter.requires_grad for parameter in self.shared) else FROZEN

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the live parameters and optimiser state of the head as ``head.*``; nothing without a head."""
        return {} if self.head is None else self.head.arrays("head.")

    def _check(self, loss: torch.Tensor) -> None:
        role = "primary" if self.primary else "auxiliary"
        if not isinstance(loss, torch.Tensor) or not loss.requires_grad:
            found = self.path_fault()
            raise GradientPathError(f"the loss of the {role} task {self.name!r} has no gradient; likely cause: {found}")
        if loss.numel() != 1:
            shape = tuple(loss.shape)
            raise ConfigError(
                f"the loss of {self.name!r} must be one number, the batch's mean, found the shape {shape}"
            )
