"""What is run of a step's weights: every task, or each with a probability that keeps the expected update.

Decisions come from (seed, step, task) alone, so a resumed run, and every process of a parallel one, takes the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

from mt2st.errors import ConfigError


def uniform(seed: int, step: int, task: str) -> float:
    """Return a number drawn evenly from [0, 1) that depends on its arguments alone.

    Examples
    --------
    >>> uniform(1, 2, "film") == uniform(1, 2, "film") != uniform(1, 3, "film")
    True
    """
    digest = blake2b(f"{seed}/{step}/{task}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "little") >> 11) * 2.0**-53


class Work(Protocol):
    """Decides whether a task runs at a step and what its loss then counts."""

    def factor(self, weight: float, draw: float) -> float:
        """Return the multiplier of the loss, 0 where the task does not run; ``draw`` is uniform on [0, 1)."""
        ...


@dataclass(frozen=True, slots=True)
class Exact:
    """Run every task that weighs anything, eq. 3."""

    def factor(self, weight: float, draw: float) -> float:  # noqa: ARG002
        """Return the weight itself.

        Examples
        --------
        >>> Exact().factor(0.25, draw=0.9)
        0.25
        """
        return weight


@dataclass(frozen=True, slots=True)
class Skip:
    """Run a task of weight gamma with probability ``p = min(1, max(gamma, floor))`` and count it gamma / p.

    The expected update is eq. 3's, while the cost falls with gamma.

    Parameters
    ----------
    floor
        The least probability, 0 < floor <= 1. It bounds the number of steps between two runs of a task.
    """

    floor: float = 0.05

    def __post_init__(self) -> None:
        if not 0.0 < self.floor <= 1.0:
            raise ConfigError(f"floor is a probability above 0, found {self.floor}")

    def factor(self, weight: float, draw: float) -> float:
        """Return gamma / p where the draw falls under p, else 0.

        Examples
        --------
        >>> Skip().factor(0.25, draw=0.2), Skip().factor(0.25, draw=0.3)
        (1.0, 0.0)
        """
        if weight <= 0.0:
            return 0.0
        probability = min(1.0, max(weight, self.floor))
        return weight / probability if draw < probability else 0.0


def plan(weights: Mapping[str, float], work: Work, seed: int, step: int) -> dict[str, float]:
    """Return the tasks that run at ``step`` with what each one's loss counts, in the order of ``weights``.

    Examples
    --------
    >>> plan({"products": 1.0, "film": 0.0}, Exact(), seed=1, step=0)
    {'products': 1.0}
    """
    factors = {
        task: work.factor(weight, uniform(seed, step, task) if weight < 1.0 else 0.0)
        for task, weight in weights.items()
        if weight > 0.0
    }
    return {task: factor for task, factor in factors.items() if factor > 0.0}
