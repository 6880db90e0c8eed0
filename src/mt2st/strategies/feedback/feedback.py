"""Feedback: a strategy around another, that watches what training gives and changes the other's course."""

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
    """Follow ``base``, and act on what is observed: the feedback loop of the paper.

    Parameters
    ----------
    base
        The strategy to follow, ``Switch(at=0.5)`` where none is given; no `Feedback` itself.
    trial
        Steps of each of its `Trials`, as a share of the steps that the base has. 0: none; all auxiliaries are
        trusted, and no switch comes forward.
    probe
        Steps between two comparisons of each auxiliary's gradient with the primary's. In a PyTorch loop a comparison
        takes a backward pass a task, down to one layer: at 50, about 1% of training.
    against
        Of `Conflict`: an auxiliary is halved and then dropped while its mean cosine is under minus this.
    window, patience
        Scores in a mean, and observations that must agree before anything is done.
    share
        Of `Plateau`: what is left of the steepest gain when the switch comes forward.
    depth
        Of `Setback`, in standard errors of the score. 0: never go back.
    noise
        The standard error of scores that come without one.
    cost
        ``"work"`` counts words or losses, so that a seed has the same run every time; ``"seconds"`` reads the clock.

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
    An auxiliary whose trial lost is dropped, one whose gain is in doubt scaled (`standing`). One whose
    gradient keeps pointing against the primary's is halved, then dropped (`Conflict`). The switch comes forward when
    the multi-task phase gains for its cost no more than ``share`` of its steepest gain (`Plateau`). A fall of
    the score restores the best state and halves all learning rates, to an eighth at most (`Setback`); the single-task
    phase begins with whole ones. Each waits until ``patience`` observations agree, and forgives only well below where
    it acts.

    Cosines alone do not tell what helps: labels at random give gradients that point neither way. Trials do.
    """

    name = "feedback"
    time = "steps"
    outermost = True
    base: Strategy = field(default_factory=lambda: Switch(at=0.5))
    trial: float = 0.3
    probe: int = 50
    against: float = 0.1
    window: int = 2
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
        """Return the steps of a run that leaves ``steps`` for the base, trials of so many auxiliaries counted in."""
        return steps + (1 + auxiliaries) * 2 * round(self.trial * steps / 2.0) if auxiliaries else steps

    @property
    def _course(self) -> Course:
        return self._reactions.course

    def curve(self, task: str) -> Curve:
        """Return gamma_k as far as it is known; t is in steps."""
        return lambda t: self.auxiliary_weight(task, int(t))

    def auxiliary_weight(self, task: str, step: int) -> float:
        """Return what an auxiliary weighs, as far as is known."""
        return self._course.auxiliary_weight(task, step)

    def primary_weight(self, step: int) -> float:
        """Return what the primary weighs: the base's weight, 1 where no auxiliary has any."""
        return self._course.primary_weight(step)

    def transition(self) -> int:
        """Return the first step of the single-task phase, as far as is known."""
        self._bound_clock()
        return self._course.transition()

    def phase(self, step: int) -> Phase:
        """Return the part of a trial, or the base's phase, that a step is in."""
        self._bound_clock()
        return self._course.phase(step)

    def held(self, step: int) -> int:
        """Return the step that ``step`` is to do as: a trial is not over before a score is observed at its end."""
        return self._course.trials.held(step)

    def rate_scale(self, step: int) -> float:
        """Return what learning rates are multiplied by."""
        return self._course.rate_scale(step)

    @property
    def restores(self) -> bool:
        """Say whether it may ask for an earlier state, after trials and after setbacks."""
        return self._course.trials.part > 0 or self.depth > 0.0

    def probes(self, step: int) -> bool:
        """Say whether gradients are compared at ``step``."""
        return step % self.probe == 0 and self._course.trials.stop <= step < self.transition()

    def observe(self, observation: Observation) -> Sequence[Action]:
        """Take in what training saw, act, and return what was done."""
        if not math.isfinite(observation.score):
            return ()
        return list(self._reactions.to(replace(observation, noise=observation.noise or self.noise)))

    def reset(self) -> None:
        """Forget all that was seen and decided."""
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
        """Return all that was seen and decided, as JSON values."""
        return self._reactions.state_dict()

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Take up what was seen and decided."""
        self._reactions.load_state_dict(memory)
