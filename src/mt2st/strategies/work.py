"""Which tasks run at a step: all, each with a probability that preserves the expected update, or each every n-th step.

Decisions depend on (seed, step, task) alone, so a resumed run, and every process of a parallel one, makes the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

from mt2st.strategies.checks import count, number


def uniform(seed: int, step: int, task: str) -> float:
    """Return a number drawn uniformly from [0, 1) that depends only on the arguments.

    Examples
    --------
    >>> uniform(1, 2, "film") == uniform(1, 2, "film") != uniform(1, 3, "film")
    True
    """
    digest = blake2b(f"{seed}/{step}/{task}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "little") >> 11) * 2.0**-53


class Work(Protocol):
    """Decides whether an auxiliary runs at a step, and the factor of its loss."""

    def factor(self, weight: float, seed: int, step: int, task: str) -> float:
        """Return the factor of the loss, 0 if the task does not run; ``weight`` is above 0."""
        ...


@dataclass(frozen=True, slots=True)
class Exact:
    """Run every task with a weight above 0: the sum of equation 3 itself."""

    def factor(self, weight: float, seed: int, step: int, task: str) -> float:  # noqa: ARG002
        """Return the weight itself.

        Examples
        --------
        >>> Exact().factor(0.25, seed=1, step=3, task="film")
        0.25
        """
        return weight


@dataclass(frozen=True, slots=True)
class Skip:
    """Run a task with probability ``p = min(1, max(share * gamma, floor, gamma / cap))``, its loss times gamma / p.

    The expected update is eq. 3's, while the cost falls with gamma.

    Parameters
    ----------
    floor
        The smallest probability, 0 < floor <= 1. It limits the number of steps between two runs of a task.
    share
        Ratio of probability to weight; above 0. With 0.5 a task runs half as often, with twice the loss.
    cap
        Largest gamma / p; at least 1. It is kept by running the task more often, so that the expected update stays the
        same. A task with a weight above ``cap`` runs at every step.
    """

    floor: float = 0.05
    share: float = 1.0
    cap: float = 10.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "floor", number(self.floor, "floor", 0.0, 1.0, above=True))
        object.__setattr__(self, "share", number(self.share, "share", above=True))
        if self.cap != float("inf"):
            object.__setattr__(self, "cap", number(self.cap, "cap", 1.0))

    def probability(self, weight: float) -> float:
        """Return p.

        Examples
        --------
        >>> Skip().probability(0.25), Skip(share=0.1, cap=4.0).probability(1.0)
        (0.25, 0.25)
        """
        return min(1.0, max(self.share * weight, self.floor, weight / self.cap))

    def factor(self, weight: float, seed: int, step: int, task: str) -> float:
        """Return gamma / p if the step's draw is below p, else 0; if p is 1, nothing is drawn.

        Examples
        --------
        >>> from mt2st.strategies.work import uniform
        >>> round(uniform(1, 2, "film"), 2), round(uniform(1, 3, "film"), 2)
        (0.12, 0.74)
        >>> [Skip().factor(0.25, seed=1, step=step, task="film") for step in (2, 3)]
        [1.0, 0.0]
        """
        probability = self.probability(weight)
        return weight / probability if probability == 1.0 or uniform(seed, step, task) < probability else 0.0


@dataclass(frozen=True, slots=True)
class Every:
    """Run a task every n-th step, from the first on, with its loss times ``n * gamma``.

    Parameters
    ----------
    n
        At least 1.
    """

    n: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "n", count(self.n, "n"))

    def factor(self, weight: float, seed: int, step: int, task: str) -> float:  # noqa: ARG002
        """Return n * gamma at the steps that n divides, else 0.

        Examples
        --------
        >>> [Every(3).factor(0.5, 1, step, "film") for step in range(4)]
        [1.5, 0.0, 0.0, 1.5]
        """
        return 0.0 if step % self.n else self.n * weight


def never_idle(weights: Mapping[str, float], primary: str) -> Mapping[str, float]:
    """Return the weights, with 1 for the primary if all are 0, e.g. when all auxiliaries it waits for were dropped.

    Examples
    --------
    >>> never_idle({"products": 0.0, "film": 0.0}, "products")
    {'products': 1.0, 'film': 0.0}
    """
    return weights if any(weights.values()) else {**weights, primary: 1.0}


def plan(
    weights: Mapping[str, float],
    work: Work,
    seed: int,
    step: int,
    primary: str,
    groups: Mapping[str, str] | None = None,
) -> dict[str, float]:
    """Return the tasks that run at ``step`` with the factors of their losses, in the order of ``weights``.

    ``work`` applies to the auxiliaries only: the primary runs whenever its weight is above 0, or all weights are 0.
    Tasks with the same name in ``groups`` share draws: with equal weights, they run at the same steps. Others draw
    independently.

    Examples
    --------
    >>> plan({"products": 1.0, "film": 0.0}, Exact(), seed=1, step=0, primary="products")
    {'products': 1.0}
    """
    todo = {}
    for task, weight in never_idle(weights, primary).items():
        if weight > 0.0:
            group = task if groups is None else groups.get(task, task)
            factor = weight if task == primary else work.factor(weight, seed, step, group)
            if factor > 0.0:
                todo[task] = factor
    return todo
