"""Several processes: the ranks agree on what one of them alone finds, before any of them acts on it.

Weights, skipping and endings follow from the seed and the step, so that ranks need not communicate them. A loss that is
not finite, a batch without labels, and a score differ between ranks.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import distributed

from mt2st.training.balance.losses import State
from mt2st.training.ranks.group import device, several


def agree(states: Mapping[str, State]) -> dict[str, State]:
    """Return the worst state of each task over all ranks; the tasks are the same on each, in the same order."""
    worst = torch.tensor(list(states.values()), dtype=torch.int32, device=device())
    distributed.all_reduce(worst, distributed.ReduceOp.MIN)
    return {task: State(state) for task, state in zip(states, worst.tolist(), strict=True)}


def mean_tensor(values: torch.Tensor) -> torch.Tensor:
    """Return the mean of a tensor over all ranks; in a single process, the tensor itself."""
    if not several():
        return values
    total = values.to(device())
    distributed.all_reduce(total)
    return total.to(values.device) / distributed.get_world_size()


def mean_over_ranks(total: torch.Tensor, count: int) -> torch.Tensor | None:
    """Return this rank's part of the mean loss over the examples of all ranks: ``ranks * total / sum(count)``.

    ``DistributedDataParallel`` averages gradients over ranks. That is the mean over the whole batch only if every rank
    has the same number of labels; when tokens are tagged, or labels are missing, use this instead.

    Parameters
    ----------
    total
        The sum of this rank's losses, or a zero with a gradient if it has no labels, as ``reduction="sum"`` gives it.
    count
        The number of losses summed.

    Returns
    -------
    Tensor or None
        None, on every rank, if no rank has any. In a single process ``total / count``.

    Examples
    --------
    >>> import torch
    >>> losses = torch.tensor([1.0, 2.0, 6.0])
    >>> mean_over_ranks(losses.sum(), 3)
    tensor(3.)
    """
    ranks, everywhere = 1, torch.tensor(count, device=device() if several() else None)
    if several():
        ranks = distributed.get_world_size()
        distributed.all_reduce(everywhere)
    examples = int(everywhere)
    return total * (ranks / examples) if examples else None
