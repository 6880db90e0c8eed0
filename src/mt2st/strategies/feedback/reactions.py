"""Reactions to observations of training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from mt2st.strategies.action import Action
from mt2st.strategies.feedback.conflict import Conflict
from mt2st.strategies.feedback.course import Course
from mt2st.strategies.feedback.setback import Setback
from mt2st.strategies.feedback.trials import standing
from mt2st.strategies.observation import Observation
from mt2st.strategies.plateau import Plateau, levels_off

SLOWEST = 0.125


@dataclass
class Reactions:
    """Changes the course in reaction to trials, cosines, gains and falls.

    Parameters
    ----------
    course
        The course to change.
    conflicts, plateau, setback
        The detectors for each auxiliary's cosines, the gain per cost, and the score. A setback of depth 0 is disabled.
    cost
        Whether gains are per ``"work"`` or per ``"seconds"``.
    """

    course: Course
    conflicts: dict[str, Conflict]
    plateau: Plateau
    setback: Setback
    cost: Literal["work", "seconds"]

    def to(self, seen: Observation) -> Iterator[Action]:
        """Yield the actions on an observation with a finite score and a standard error, while carrying them out."""
        if not self.course.trials.over:
            yield from self._try(seen)
            return
        for react in (self._follow, self._weigh, self._pay, self._go_back):
            yield from react(seen)

    def _try(self, seen: Observation) -> Iterator[Action]:
        trials = self.course.trials
        if not trials.observe(seen.step, seen.score):
            return
        tried = len(trials.starts) - 2
        task = trials.auxiliaries[tried - 1] if tried else self.course.primary
        reason = f"the trial is over: it scored {trials.level(tried):.3f} in the mean"
        yield Action(seen.step, "restore", reason, task, "start")
        if trials.over:
            self.course.begin()
            for each in trials.auxiliaries:
                yield from self._judge(each, seen)

    def _judge(self, task: str, seen: Observation) -> Iterator[Action]:
        if doubt := self._doubt(task, seen.noise):
            yield Action(seen.step, "trust", f"its trial tells nothing: {doubt}; trials may be too short", task)
        else:
            gain = self.course.trials.gain(task)
            reason = f"its trial gained {gain:+.3f} over the primary alone, at a standard error of {seen.noise:.3f}"
            yield from self._set_share(task, seen.step, standing(gain, seen.noise), reason)

    def _doubt(self, task: str, noise: float) -> str:
        """Return why an auxiliary's trial tells nothing, if so."""
        trials = self.course.trials
        if trials.spread(task) < noise:
            return f"no score in it moved by a standard error of {noise:.3f}"
        if not levels_off(trials.points[0], self.plateau.window, self.plateau.share):
            return "the score of the primary alone still rose as steeply as before"
        return ""

    def _set_share(self, task: str, step: int, share: float, reason: str) -> Iterator[Action]:
        shares = self.course.shares
        if share == shares.now(task):
            return
        shares.set(task, step, share)
        kept = f"{reason}; it keeps {share:.2f} of its weight"
        yield Action(step, "scale" if share else "drop", kept if share else reason, task=task)
        if not shares.any_left:
            yield from self._switch(step, "no auxiliary is left")

    def _switch(self, step: int, reason: str) -> Iterator[Action]:
        if step < self.course.transition():
            self.course.switched = step
            yield Action(step, "switch", reason)

    def _follow(self, seen: Observation) -> Iterator[Action]:
        begin = self.course.trials.stop
        for action in self.course.base.observe(replace(seen, step=seen.step - begin)):
            yield replace(action, step=action.step + begin)

    def _weigh(self, seen: Observation) -> Iterator[Action]:
        for task, cosine in seen.cosines.items():
            conflict = self.conflicts[task]
            before = conflict.share
            if conflict.observe(cosine) != before:
                share = self.course.shares.now(task) * conflict.share / before
                reason = f"its gradient's mean cosine with the primary's is {conflict.mean:+.2f}"
                yield from self._set_share(task, seen.step, share, reason)

    def _pay(self, seen: Observation) -> Iterator[Action]:
        course, cost = self.course, seen.cost if self.cost == "work" else seen.seconds
        learns = course.primary_weight(max(seen.step - 1, 0)) > 0.0  # else the score means nothing
        watched = course.trials.part and learns and seen.step < course.transition()
        if watched and self.plateau.observe(cost, seen.score):
            yield from self._switch(seen.step, "the score gains little for what the auxiliaries cost")

    def _go_back(self, seen: Observation) -> Iterator[Action]:
        if not self.setback.depth:
            return
        best, rate = self.setback.best, self.course.rate_scale(seen.step)
        if self.setback.observe(seen.score, seen.noise) and rate > SLOWEST:
            self.course.slowed = (seen.step, rate / 2.0)
            reason = f"the score fell from {best:.3f} to {seen.score:.3f}"
            yield Action(seen.step, "restore", reason, state="best")
            yield Action(seen.step, "rate", f"{reason}; learning rates are multiplied by {rate / 2.0:g}")
        elif best is None or seen.score > best:
            yield Action(seen.step, "keep")

    def state_dict(self) -> dict[str, Any]:
        """Return all observations and decisions, as JSON values."""
        return {
            "course": self.course.state_dict(),
            "conflicts": {task: conflict.state_dict() for task, conflict in self.conflicts.items()},
            "plateau": self.plateau.state_dict(),
            "setback": self.setback.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load observations and decisions."""
        self.course.load_state_dict(state["course"])
        for task, conflict in self.conflicts.items():
            conflict.load_state_dict(state["conflicts"][task])
        self.plateau.load_state_dict(state["plateau"])
        self.setback.load_state_dict(state["setback"])
