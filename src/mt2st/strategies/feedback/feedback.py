"""Feedback: a strategy around another, that watches what training gives and changes the other's course."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from mt2st.errors import ConfigError
from mt2st.strategies.action import Action
from mt2st.strategies.clock import Clock
from mt2st.strategies.feedback.conflict import Conflict
from mt2st.strategies.feedback.payoff import Payoff
from mt2st.strategies.feedback.setback import Setback
from mt2st.strategies.feedback.shares import Shares
from mt2st.strategies.feedback.trials import Trials, standing
from mt2st.strategies.strategy import Curve, Observation, Phase, Strategy
from mt2st.strategies.switch import Switch

SLOWEST = 0.125


@dataclass
class Feedback(Strategy):
    """Follow ``base``, and act on what is observed: the feedback loop of the paper.

    Parameters
    ----------
    base
        The strategy to follow.
    trial
        Steps of each of its `Trials`, as a share of the steps that the base has. 0: none, all auxiliaries are trusted.
    probe
        Steps between two comparisons of each auxiliary's gradient with the primary's.
    against
        Of `Conflict`: an auxiliary is halved and then dropped while its mean cosine is under minus this.
    window, patience
        Scores in a mean, and observations that must agree before anything is done.
    depth
        Of `Setback`, in standard errors of the score. 0: never go back.
    noise
        The standard error of scores that come without one.
    cost
        ``"work"`` counts words or losses, so that a seed has the same run every time; ``"seconds"`` reads the clock.
    """

    name = "feedback"
    time = "steps"
    base: Strategy = field(default_factory=lambda: Switch(at=0.5))
    trial: float = 0.3
    probe: int = 10
    against: float = 0.1
    window: int = 2
    patience: int = 2
    depth: float = 3.0
    noise: float = 0.01
    cost: Literal["work", "seconds"] = "work"
    _trials: Trials = field(init=False, repr=False, compare=False)
    _shares: Shares = field(init=False, repr=False, compare=False)
    _conflicts: dict[str, Conflict] = field(init=False, repr=False, compare=False)
    _payoff: Payoff = field(init=False, repr=False, compare=False)
    _setback: Setback = field(init=False, repr=False, compare=False)
    _switched: int | None = field(init=False, repr=False, compare=False)
    _slowed: tuple[int, float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, low, high in (("trial", 0.0, 1.0), ("against", 0.0, 1.0), ("depth", 0.0, math.inf)):
            if not low <= getattr(self, name) <= high:
                raise ConfigError(f"{name} must be from {low:g} to {high:g}, found {getattr(self, name)}")
        for name in ("probe", "window", "patience"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} must be at least 1, found {getattr(self, name)}")
        if not self.noise > 0.0 or self.cost not in ("work", "seconds"):
            raise ConfigError(f"noise > 0 and cost 'work' or 'seconds' are needed, found {self.noise}, {self.cost!r}")

    def whole(self, steps: int, auxiliaries: int) -> int:
        """Return the steps of a run that leaves ``steps`` for the base, trials of so many auxiliaries counted in."""
        return steps + (1 + auxiliaries) * 2 * round(self.trial * steps / 2.0) if auxiliaries else steps

    def bind(self, primary: str, auxiliaries: Sequence[str], clock: Clock) -> Self:
        """Return a copy that answers for these tasks on this clock; its base has the steps that trials leave."""
        bound = super().bind(primary, auxiliaries, clock)
        bound._bind_base()
        return bound

    def _bind_base(self) -> None:
        clock = self._bound_clock()
        left = Clock(max(clock.total_steps - self._trials.stop, 1), clock.steps_per_epoch)
        self.base = self.base.bind(self.primary, self.auxiliaries, left)

    def curve(self, task: str) -> Curve:
        """Return gamma_k as far as it is known; t is in steps."""
        return lambda t: self.auxiliary_weight(task, int(t))

    def auxiliary_weight(self, task: str, step: int) -> float:
        """Return the base's weight times the auxiliary's share of it; in trials one weighs at a time, or none."""
        if step < self._trials.stop:
            return self.base.auxiliary_weight(task, 0) if self._trials.active(step) == task else 0.0
        if self._alone(step):
            return 0.0
        return self._shares.at(task, step) * self.base.auxiliary_weight(task, step - self._trials.stop)

    def primary_weight(self, step: int) -> float:
        """Return the base's weight of the primary, 1 where no auxiliary has any."""
        if step < self._trials.stop:
            return self.base.primary_weight(0) if self._trials.active(step) else 1.0
        return 1.0 if self._alone(step) else self.base.primary_weight(step - self._trials.stop)

    def _alone(self, step: int) -> bool:
        return self._switched is not None and step >= self._switched

    def transition(self) -> int:
        """Return the first step of the single-task phase, as far as is known."""
        turn = self._trials.stop + self.base.transition()
        return turn if self._switched is None else min(self._switched, turn)

    def phase(self, step: int) -> Phase:
        """Return the part of a trial, or the base's phase, that a step is in."""
        begin = self._trials.stop
        if step < begin:
            return self._trials.phase(step)
        if self._switched is not None and step >= self._switched:
            return Phase("single-task", self._switched, self._bound_clock().total_steps)
        found = self.base.phase(step - begin)
        return Phase(found.name, found.start + begin, found.stop + begin)

    def rate_scale(self, step: int) -> float:
        """Return what learning rates are multiplied by; the single-task phase begins with whole ones again."""
        since, rate = self._slowed
        return 1.0 if since < self.transition() <= step else rate

    @property
    def restores(self) -> bool:
        """Say whether it may ask for an earlier state: after trials, and after setbacks."""
        return self._trials.part > 0 or self.depth > 0.0

    def probes(self, step: int) -> bool:
        """Say whether gradients are compared at ``step``."""
        return step % self.probe == 0 and self._trials.stop <= step < self.transition()

    def observe(self, observation: Observation) -> Sequence[Action]:
        """Take in what training saw, act, and return what was done."""
        if not math.isfinite(observation.score):
            return ()
        seen = replace(observation, noise=observation.noise or self.noise)
        if not self._trials.over:
            return list(self._try(seen))
        return [*self._follow(seen), *self._weigh(seen), *self._pay(seen), *self._go_back(seen)]

    def _try(self, seen: Observation) -> Iterator[Action]:
        if not self._trials.observe(seen.step, self._cost(seen), seen.score):
            return
        tried = len(self._trials.ends) - 1
        task = self.auxiliaries[tried - 1] if tried else self.primary
        reason = f"the trial is over: it scored {self._trials.level(tried):.3f} in the mean"
        yield Action(seen.step, "restore", reason, task, "start")
        if self._trials.over:
            self._bind_base()
            self._payoff.expected = self._trials.expected
            for task in self.auxiliaries:
                gain = self._trials.gain(task)
                reason = f"its trial gained {gain:+.3f} over the primary alone, at a standard error of {seen.noise:.3f}"
                yield from self._set_share(task, seen.step, standing(gain, seen.noise), reason)

    def _cost(self, seen: Observation) -> float:
        return seen.cost if self.cost == "work" else seen.seconds

    def _set_share(self, task: str, step: int, share: float, reason: str) -> Iterator[Action]:
        if share == self._shares.now(task):
            return
        self._shares.set(task, step, share)
        kept = f"{reason}; it keeps {share:.2f} of its weight"
        yield Action(step, "scale" if share else "drop", kept if share else reason, task=task)
        if not self._shares.any_left:
            yield from self._switch(step, "no auxiliary is left")

    def _switch(self, step: int, reason: str) -> Iterator[Action]:
        if step < self.transition():
            self._switched = step
            yield Action(step, "switch", reason)

    def _follow(self, seen: Observation) -> Iterator[Action]:
        begin = self._trials.stop
        for action in self.base.observe(replace(seen, step=seen.step - begin)):
            yield replace(action, step=action.step + begin)

    def _weigh(self, seen: Observation) -> Iterator[Action]:
        for task, cosine in seen.cosines.items():
            conflict = self._conflicts[task]
            before = conflict.share
            if conflict.observe(cosine) != before:
                share = self._shares.now(task) * conflict.share / before
                reason = f"its gradient's mean cosine with the primary's is {conflict.mean:+.2f}"
                yield from self._set_share(task, seen.step, share, reason)

    def _pay(self, seen: Observation) -> Iterator[Action]:
        if self._trials.part and seen.step < self.transition() and self._payoff.observe(self._cost(seen), seen.score):
            rise, expected = self._payoff.rise, self._payoff.expected
            reason = f"the score gains {rise:.2g} for a unit of cost and the primary alone gained {expected:.2g}"
            yield from self._switch(seen.step, reason)

    def _go_back(self, seen: Observation) -> Iterator[Action]:
        best, rate = self._setback.best, self.rate_scale(seen.step)
        if self._setback.observe(seen.score, seen.noise) and self.depth and rate > SLOWEST:
            self._slowed = (seen.step, rate / 2.0)
            reason = f"the score fell from {best:.3f} to {seen.score:.3f}"
            yield Action(seen.step, "restore", reason, state="best")
            yield Action(seen.step, "rate", f"{reason}; learning rates are multiplied by {rate / 2.0:g}")
        elif seen.score > best:
            yield Action(seen.step, "keep")

    def reset(self) -> None:
        """Forget all that was seen and done."""
        trials, total = 1 + len(self.auxiliaries), self._bound_clock().total_steps
        part = round(self.trial * total / (1.0 + trials * self.trial) / 2.0) if self.auxiliaries else 0
        self._trials, self._shares = Trials(self.auxiliaries, part), Shares(self.auxiliaries)
        self._conflicts = {task: Conflict(self.against, self.patience) for task in self.auxiliaries}
        self._payoff = Payoff(0.0, self.window, self.patience)
        self._setback = Setback(self.depth, self.patience)
        self._switched, self._slowed = None, (0, 1.0)
        self.base.reset()

    def settings(self) -> dict[str, Any]:
        """Return its own settings, and name and settings of its base."""
        return {**super().settings(), "base": {"name": self.base.name, "settings": self.base.settings()}}

    def memory(self) -> dict[str, Any]:
        """Return all that was seen and done, as JSON values."""
        parts = {name: getattr(self, f"_{name}").state_dict() for name in ("trials", "shares", "payoff", "setback")}
        return {
            **parts,
            "conflicts": {task: conflict.state_dict() for task, conflict in self._conflicts.items()},
            "switched": self._switched,
            "slowed": list(self._slowed),
            "base": self.base.memory(),
        }

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Take up what was seen and done."""
        for name in ("trials", "shares", "payoff", "setback"):
            getattr(self, f"_{name}").load_state_dict(memory[name])
        for task, conflict in self._conflicts.items():
            conflict.load_state_dict(memory["conflicts"][task])
        step, rate = memory["slowed"]
        self._switched, self._slowed = memory["switched"], (step, rate)
        self._bind_base()
        self.base.remember(memory["base"])
