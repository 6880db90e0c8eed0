"""Feedback: a strategy that adjusts another one to scores and gradients observed in training."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from mt2st.strategies.action import Action
from mt2st.strategies.checks import count, number, one_of
from mt2st.strategies.feedback.conflict import Conflict
from mt2st.strategies.feedback.course import Course
from mt2st.strategies.feedback.reactions import Reactions
from mt2st.strategies.feedback.setback import Setback
from mt2st.strategies.feedback.shares import Shares
from mt2st.strategies.feedback.trials import Trials
from mt2st.strategies.nesting import check_part
from mt2st.strategies.observation import Observation
from mt2st.strategies.plateau import Plateau, check_plateau
from mt2st.strategies.strategy import Curve, Phase, Strategy
from mt2st.strategies.switch import Switch


@dataclass
class Feedback(Strategy):
    """Adjust another strategy, ``base``, to what is observed in training: the feedback loop of the paper.

    Parameters
    ----------
    base
        The strategy to adjust, by default ``Switch(at=0.5)``; not a `Feedback` itself.
    trial
        Length of each of the `Trials`, as a share of the steps of the base. 0: no trials; all auxiliaries keep their
        weight, and the switch never comes early.
    probe
        Steps between comparisons of each auxiliary's gradient with the primary's. In a PyTorch loop a comparison takes
        one backward pass per task, down to one layer: with 50, about 1% of training.
    against
        See `Conflict`: the weight of an auxiliary whose mean cosine is under minus this is halved, then it is dropped.
    window, patience
        Scores that are averaged, and observations in a row that must agree before anything is done.
    share
        See `Plateau`: switch early when the gain has fallen to this share of the steepest.
    depth
        See `Setback`: the fall of the score, in standard errors, after which to restore the best state. 0: never.
    noise
        Standard error of scores for observations without one.
    cost
        ``"work"`` counts words or losses, so that runs are reproducible; ``"seconds"`` reads the clock.

    Examples
    --------
    >>> from mt2st.strategies import Clock, Observation
    >>> bound = Feedback(Switch(at=0.5), trial=0.25).bind("products", ["film"], Clock(150))
    >>> for step, score in ((12, 0.50), (25, 0.60), (37, 0.50), (50, 0.58)):  # two trials
    ...     for action in bound.observe(Observation(step, score, {}, seconds=step, cost=step)):
    ...         print(action.text())
    products: restore the first state, as the trial is over: it scored 0.600 in the mean
    film: restore the first state, as the trial is over: it scored 0.580 in the mean
    film: drop, as its trial gained -0.020 over the primary alone, at a standard error of 0.010
    switch, as no auxiliary is left
    >>> bound.weights(50)
    {'products': 1.0, 'film': 0.0}

    Notes
    -----
    An auxiliary whose trial lost is dropped, and one whose gain is in doubt is scaled down (`standing`). Trials tell
    nothing if they end while the score of the primary alone still rises as steeply as before (`levels_off`). The weight
    of one whose gradient keeps pointing against the primary's is halved, then it is dropped (`Conflict`). The switch
    comes early when the multi-task phase gains, for its cost, no more than ``share`` of its steepest gain (`Plateau`).
    A fall of the score restores the best state and halves all learning rates, but never below an eighth (`Setback`);
    the single-task phase begins with the full rates. Each acts only when ``patience`` observations agree, and its count
    is reset only by values well away from where it acts.

    Cosines alone do not show what helps: random labels give gradients that point neither way. Trials do.
    """

    name = "feedback"
    time = "steps"
    outermost = True
    base: Strategy = field(default_factory=lambda: Switch(at=0.5))
    trial: float = 0.3
    probe: int = 50
    against: float = 0.1
    window: int = 3
    patience: int = 2
    share: float = 0.25
    depth: float = 3.0
    noise: float = 0.01
    cost: Literal["work", "seconds"] = "work"
    _reactions: Reactions = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_part(self.base, "base")
        check_plateau(self)
        self.trial, self.against = number(self.trial, "trial", 0.0, 1.0), number(self.against, "against", 0.0, 1.0)
        self.depth, self.noise = number(self.depth, "depth"), number(self.noise, "noise", above=True)
        self.probe = count(self.probe, "probe")
        one_of(self.cost, "cost", ("work", "seconds"))

    def whole(self, steps: int, auxiliaries: int) -> int:
        """Return the steps of a run that leaves ``steps`` for the base, including trials of this many auxiliaries."""
        return steps + (1 + auxiliaries) * 2 * round(self.trial * steps / 2.0) if auxiliaries else steps

    @property
    def _course(self) -> Course:
        return self._reactions.course

    def curve(self, task: str) -> Curve:
        """Return gamma_k as currently planned; t is in steps."""
        return lambda t: self.auxiliary_weight(task, int(t))

    def auxiliary_weight(self, task: str, step: int) -> float:
        """Return the weight of an auxiliary, as currently planned."""
        return self._course.auxiliary_weight(task, step)

    def primary_weight(self, step: int) -> float:
        """Return the weight of the primary: the base's, or 1 if no auxiliary has a weight."""
        return self._course.primary_weight(step)

    def transition(self) -> int:
        """Return the first step of the single-task phase, as currently planned."""
        self._bound_clock()
        return self._course.transition()

    def phase(self, step: int) -> Phase:
        """Return the part of a trial, or the base's phase, that a step is in."""
        self._bound_clock()
        return self._course.phase(step)

    def held(self, step: int) -> int:
        """Return the step whose weights apply at ``step``: a trial only ends once a score is observed at its end."""
        return self._course.trials.held(step)

    def rate_scale(self, step: int) -> float:
        """Return the factor of the learning rates."""
        return self._course.rate_scale(step)

    @property
    def restores(self) -> bool:
        """Return whether it may restore an earlier state, after trials and after setbacks."""
        return self._course.trials.part > 0 or self.depth > 0.0

    def probes(self, step: int) -> bool:
        """Return whether gradients are compared at ``step``."""
        return step % self.probe == 0 and self._course.trials.stop <= step < self.transition()

    def observe(self, observation: Observation) -> Sequence[Action]:
        """React to an observation, and return the actions."""
        if not math.isfinite(observation.score):
            return ()
        return list(self._reactions.to(replace(observation, noise=observation.noise or self.noise)))

    def reset(self) -> None:
        """Forget all observations and decisions."""
        clock, trials = self._bound_clock(), 1 + len(self.auxiliaries)
        share = self.trial / (1.0 + trials * self.trial) if self.auxiliaries else 0.0
        tried = Trials(self.auxiliaries, round(share * clock.total_steps / 2.0))
        self._reactions = Reactions(
            Course(self.base, self.primary, clock, tried, Shares(self.auxiliaries)),
            {task: Conflict(self.against, self.patience) for task in self.auxiliaries},
            Plateau(self.window, self.share, self.patience),
            Setback(self.depth, self.patience),
            self.cost,
        )

    def settings(self) -> dict[str, Any]:
        """Return its own settings, and name and settings of its base."""
        return {**super().settings(), "base": {"name": self.base.name, "settings": self.base.settings()}}

    def memory(self) -> dict[str, Any]:
        """Return all observations and decisions, as JSON values."""
        return self._reactions.state_dict()

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Load observations and decisions."""
        self._reactions.load_state_dict(memory)
