"""Feedback: a strategy around another, that watches what training gives and changes the other's course."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from mt2st.strategies.action import Action
from mt2st.strategies.checks import count, number, one_of
from mt2st.strategies.feedback.conflict import Conflict
from mt2st.strategies.feedback.course import Course
from mt2st.strategies.feedback.setback import Setback
from mt2st.strategies.feedback.shares import Shares
from mt2st.strategies.feedback.trials import Trials, standing
from mt2st.strategies.nesting import check_part
from mt2st.strategies.observation import Observation
from mt2st.strategies.plateau import Plateau, check_plateau
from mt2st.strategies.strategy import Curve, Phase, Strategy
from mt2st.strategies.switch import Switch

SLOWEST = 0.125


@dataclass
class Feedback(Strategy):
    """Follow ``base``, and act on what is observed: the feedback loop of the paper.

    Parameters
    ----------
    base
        The strategy to follow; no `Feedback` itself.
    trial
        Steps of each of its `Trials`, as a share of the steps that the base has. 0: none, all auxiliaries are trusted.
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
    >>> from mt2st.strategies import Clock
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
    _course: Course = field(init=False, repr=False, compare=False)
    _conflicts: dict[str, Conflict] = field(init=False, repr=False, compare=False)
    _plateau: Plateau = field(init=False, repr=False, compare=False)
    _setback: Setback = field(init=False, repr=False, compare=False)

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
        """Say whether it may ask for an earlier state: after trials, and after setbacks."""
        return self._course.trials.part > 0 or self.depth > 0.0

    def probes(self, step: int) -> bool:
        """Say whether gradients are compared at ``step``."""
        return step % self.probe == 0 and self._course.trials.stop <= step < self.transition()

    def observe(self, observation: Observation) -> Sequence[Action]:
        """Take in what training saw, act, and return what was done."""
        if not math.isfinite(observation.score):
            return ()
        seen = replace(observation, noise=observation.noise or self.noise)
        if not self._course.trials.over:
            return list(self._try(seen))
        return [*self._follow(seen), *self._weigh(seen), *self._pay(seen), *self._go_back(seen)]

    def _try(self, seen: Observation) -> Iterator[Action]:
        trials = self._course.trials
        if not trials.observe(seen.step, seen.score):
            return
        tried = len(trials.starts) - 2
        task = self.auxiliaries[tried - 1] if tried else self.primary
        reason = f"the trial is over: it scored {trials.level(tried):.3f} in the mean"
        yield Action(seen.step, "restore", reason, task, "start")
        if trials.over:
            self._course.begin()
            for task in self.auxiliaries:
                yield from self._judge(task, seen)

    def _judge(self, task: str, seen: Observation) -> Iterator[Action]:
        trials, error = self._course.trials, f"a standard error of {seen.noise:.3f}"
        if trials.spread(task) < seen.noise:
            reason = f"its trial tells nothing: no score in it moved by {error}; trials may be too short"
            yield Action(seen.step, "trust", reason, task)
        else:
            gain = trials.gain(task)
            reason = f"its trial gained {gain:+.3f} over the primary alone, at {error}"
            yield from self._set_share(task, seen.step, standing(gain, seen.noise), reason)

    def _cost(self, seen: Observation) -> float:
        return seen.cost if self.cost == "work" else seen.seconds

    def _set_share(self, task: str, step: int, share: float, reason: str) -> Iterator[Action]:
        shares = self._course.shares
        if share == shares.now(task):
            return
        shares.set(task, step, share)
        kept = f"{reason}; it keeps {share:.2f} of its weight"
        yield Action(step, "scale" if share else "drop", kept if share else reason, task=task)
        if not shares.any_left:
            yield from self._switch(step, "no auxiliary is left")

    def _switch(self, step: int, reason: str) -> Iterator[Action]:
        if step < self.transition():
            self._course.switched = step
            yield Action(step, "switch", reason)

    def _follow(self, seen: Observation) -> Iterator[Action]:
        begin = self._course.trials.stop
        for action in self._course.base.observe(replace(seen, step=seen.step - begin)):
            yield replace(action, step=action.step + begin)

    def _weigh(self, seen: Observation) -> Iterator[Action]:
        for task, cosine in seen.cosines.items():
            conflict = self._conflicts[task]
            before = conflict.share
            if conflict.observe(cosine) != before:
                share = self._course.shares.now(task) * conflict.share / before
                reason = f"its gradient's mean cosine with the primary's is {conflict.mean:+.2f}"
                yield from self._set_share(task, seen.step, share, reason)

    def _pay(self, seen: Observation) -> Iterator[Action]:
        learns = self.primary_weight(max(seen.step - 1, 0)) > 0.0  # a score of what nothing trains says nothing
        watched = self._course.trials.part and learns and seen.step < self.transition()
        if watched and self._plateau.observe(self._cost(seen), seen.score):
            yield from self._switch(seen.step, "the score gains little for what the auxiliaries cost")

    def _go_back(self, seen: Observation) -> Iterator[Action]:
        if not self.depth:
            return
        best, rate = self._setback.best, self.rate_scale(seen.step)
        if self._setback.observe(seen.score, seen.noise) and rate > SLOWEST:
            self._course.slowed = (seen.step, rate / 2.0)
            reason = f"the score fell from {best:.3f} to {seen.score:.3f}"
            yield Action(seen.step, "restore", reason, state="best")
            yield Action(seen.step, "rate", f"{reason}; learning rates are multiplied by {rate / 2.0:g}")
        elif best is None or seen.score > best:
            yield Action(seen.step, "keep")

    def reset(self) -> None:
        """Forget all that was seen and decided."""
        clock, trials = self._bound_clock(), 1 + len(self.auxiliaries)
        share = self.trial / (1.0 + trials * self.trial) if self.auxiliaries else 0.0
        tried = Trials(self.auxiliaries, round(share * clock.total_steps / 2.0))
        self._course = Course(self.base, self.primary, clock, tried, Shares(self.auxiliaries))
        self._conflicts = {task: Conflict(self.against, self.patience) for task in self.auxiliaries}
        self._plateau = Plateau(self.window, self.share, self.patience)
        self._setback = Setback(self.depth, self.patience)

    def settings(self) -> dict[str, Any]:
        """Return its own settings, and name and settings of its base."""
        return {**super().settings(), "base": {"name": self.base.name, "settings": self.base.settings()}}

    def memory(self) -> dict[str, Any]:
        """Return all that was seen and decided, as JSON values."""
        return {
            "course": self._course.state_dict(),
            "conflicts": {task: conflict.state_dict() for task, conflict in self._conflicts.items()},
            "plateau": self._plateau.state_dict(),
            "setback": self._setback.state_dict(),
        }

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Take up what was seen and decided."""
        self._course.load_state_dict(memory["course"])
        for task, conflict in self._conflicts.items():
            conflict.load_state_dict(memory["conflicts"][task])
        self._plateau.load_state_dict(memory["plateau"])
        self._setback.load_state_dict(memory["setback"])
