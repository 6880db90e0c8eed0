"""Timeline: which tasks run at each step, which have ended, and the state that a resumed run needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

from mt2st.strategies import Action, Observation
from mt2st.strategies.work import never_idle
from mt2st.training.balance.agenda import Agenda, Todo
from mt2st.training.balance.checks import check_kept, check_whole
from mt2st.training.balance.cosines import GradientCosines
from mt2st.training.balance.departures import Departures
from mt2st.training.balance.heads import optimizers_of
from mt2st.training.balance.losses import LossChecks
from mt2st.training.balance.tally import Account, Tally

if TYPE_CHECKING:
    from collections.abc import Collection

    from torch import Tensor
    from torch.nn import Module
    from torch.optim import Optimizer

    from mt2st.training.balance.combine import Combiner
    from mt2st.training.balance.heads import Heads
    from mt2st.training.balance.kept import KeptStates


class Timeline:
    """The base class of `Balance` that handles time: everything but the losses of a step.

    Parameters
    ----------
    agenda
        Which tasks run at which step.
    heads
        Heads and optimisers, from which auxiliaries that have ended are removed.
    combine
        Combines several losses into one; it may have a state.
    shared
        Parameters that each task's first loss must reach.
    kept
        Earlier states that a strategy may restore; None if no model was given.
    several
        Returns whether there are several processes.

    Attributes
    ----------
    followers
        Functions called after each observation; `PhaseLR` adds one.
    """

    def __init__(
        self,
        agenda: Agenda,
        heads: Heads,
        combine: Combiner,
        shared: Collection[Tensor],
        kept: KeptStates | None,
        several: Callable[[], bool],
    ) -> None:
        self.strategy, self.shared = agenda.strategy, tuple(shared)
        self._agenda, self._heads, self._combine, self._kept, self._several = agenda, heads, combine, kept, several
        self._todo, self._alone = Todo(), ""
        self.followers: list[Callable[[], None]] = []
        self._begin()

    def __getstate__(self) -> dict[str, Any]:
        """Leave the followers out of a copy."""
        return {**self.__dict__, "followers": []}

    @property
    def ledger(self) -> dict[str, Account]:
        """Return the account of each task: calls that ran it, and that skipped it."""
        return {task: self._tally.account(task) for task in self._tally.tasks}

    @property
    def steps(self) -> int:
        """Return the number of steps done, which is also the number of the next one."""
        return self._steps

    @property
    def weights(self) -> dict[str, float]:
        """Return the weight of each task at the next step, before ``work`` decides what runs; 0 once dropped."""
        weights = self.strategy.weights(self.strategy.held(self._steps))
        left = {task: 0.0 if task in self.dropped else weight for task, weight in weights.items()}
        return dict(never_idle(left, self.strategy.primary))

    @property
    def dropped(self) -> dict[str, str]:
        """Return the dropped auxiliaries, with the step and the reason in words."""
        return self._departures.dropped

    @property
    def turn(self) -> int:
        """Return the first step of the primary alone, at which the last auxiliary is dropped, as far as is known."""
        return self._departures.turn

    @property
    def plan(self) -> Sequence[Mapping[str, float]]:
        """Return the tasks of the steps planned last, with their factors: a new object after each planning."""
        return self._ahead

    def attach(self, *optimizers: Optimizer) -> None:
        """Set the optimisers that dropped heads are removed from, and that are restored, if they are made later."""
        self._heads.optimizers[:] = optimizers_of(optimizers)  # in place, as KeptStates holds the same list

    def head_tensors(self, tasks: Iterable[str]) -> set[int]:
        """Return the ids of the parameters and buffers of the heads that ``tasks`` have left."""
        return self._heads.tensors(tasks)

    def lost_heads(self, state: Mapping[str, Any]) -> list[str]:
        """Return the tasks whose heads a saved run still had, and which have been removed here since."""
        return self._heads.lost(state["dropped"])

    def head_prefixes(self, model: Module, tasks: Collection[str]) -> tuple[str, ...]:
        """Return what names in the ``state_dict`` of ``model`` begin with for the heads of ``tasks``, gone or not."""
        return self._heads.prefixes(model, tasks)

    def active(self, step: int | None = None) -> tuple[str, ...]:
        """Return the tasks that will run at ``step``, or at the next step, as far as is known now."""
        return tuple(self._todo if step in (None, self._steps) else self._agenda.todo(step))

    def step(self) -> None:
        """Advance time by one step of the optimiser, however many calls it accumulated gradients from."""
        self._steps += 1
        if self._steps == self._agenda.total_steps:
            self._plan()  # also if the primary is alone, so that a step past the last is noticed
            return
        if self._alone:
            return
        if not self._agenda.endings and self._todo:  # only the primary runs from here to the end
            watched = self._loss_checks.unchecked or self._loss_checks.bad or self._several()
            self._alone = "" if watched or self._todo[self.strategy.primary] != 1.0 else self.strategy.primary
            return
        if self._loss_checks.bad or self._steps - self._planned >= len(self._ahead):
            self._plan()
        self._todo = self._ahead[self._steps - self._planned]

    def observe(self, score: float, noise: float = 0.0) -> list[Action]:
        """Pass the primary's development score to the strategy; with several ranks each does, and the mean counts.

        Parameters
        ----------
        score
            Higher is better, such as accuracy on held-out examples.
        noise
            Its standard error, if known: ``sqrt(p * (1 - p) / n)`` of an accuracy p on n examples.

        Returns
        -------
        list of Action
            The actions that the strategy took, each with its reason in words, ``action.text()``.
        """
        seconds, cost, cosines = perf_counter() - self._began, float(self._tally.losses), self._cosines.means.take()
        actions = self._agenda.observe(Observation(self._steps, score, {}, seconds, cost, noise, cosines))
        for action in actions:
            if self._kept is not None and action.name == "keep":
                self._kept.keep("best")
            elif self._kept is not None and action.state:
                self._kept.restore(action.state)
            elif action.name == "drop" and action.task in self._agenda.endings:
                self._departures.drop(action.task, self._steps, action.reason)
        self._plan()
        for follow in self.followers:
            follow()
        return [action for action in actions if action.name != "keep"]

    @property
    def comparison_seconds(self) -> float:
        """Return the seconds spent on comparing gradients."""
        return self._cosines.seconds

    def kept_state_dict(self) -> dict[str, Any]:
        """Return the earlier states that are kept, as tensors, to be saved by `torch.save` along with `state_dict`."""
        return {} if self._kept is None else self._kept.state_dict()

    def load_kept_state_dict(self, states: Mapping[str, Any]) -> None:
        """Load the earlier states; call this before `load_state_dict`."""
        if self._kept is not None:
            # The heads dropped by then are not known before `load_state_dict`, which checks again.
            self._kept.load_state_dict(states, self.head_tensors(self.strategy.auxiliaries))

    def state_dict(self) -> dict[str, Any]:
        """Return all state that a resumed run needs, as JSON values."""
        return {
            "run": self._agenda.settings(),
            "steps": self._steps,
            "dropped": dict(self.dropped),
            "ended": dict(self._departures.ended) or None,  # states saved by earlier versions lack it
            "bad": dict(self._loss_checks.bad),
            "strategy": self.strategy.state_dict(),
            "tally": self._tally.state_dict(),
            "cosines": self._cosines.state_dict(),
            "combine": self._combine.state_dict(),
            "seconds": perf_counter() - self._began,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Load a saved state; before those of model and optimisers, as this drops the heads that had been dropped.

        Raises
        ------
        CheckpointError
            If the state is of another run, or cannot be restored; nothing is changed then.
        """
        self._check(state)
        self.strategy.load_state_dict(state["strategy"])
        self._tally.load_state_dict(state["tally"])
        self._cosines.load_state_dict(state["cosines"])
        self._loss_checks.bad = dict(state["bad"])
        self._combine.load_state_dict(state.get("combine"))
        ended = dict.fromkeys(state["dropped"], state["steps"]) | (state.get("ended") or {})
        self._departures.restore(state["dropped"], ended)
        self._go_to(state["steps"], state["seconds"])

    def _check(self, state: Mapping[str, Any]) -> None:
        check_whole(state, self.state_dict())
        self._agenda.check_settings(state["run"])
        self.strategy.check_state(state["strategy"])
        self._combine.check_state(state.get("combine"))
        self._heads.check(state["dropped"])
        check_kept(self.strategy, self._kept, state["steps"])
        if self._kept is not None:
            self._kept.check(self._kept.state_dict(), self.head_tensors(state["dropped"]))

    def reset(self) -> None:
        """Go back to the first step with nothing seen, nothing counted and nothing dropped."""
        self._heads.check(())
        if self._kept is not None:
            self._kept.reset()
        self.strategy.reset()
        self._combine.reset()
        self._begin()

    def _begin(self) -> None:
        self._tally = Tally((self.strategy.primary, *self.strategy.auxiliaries))
        self._loss_checks = LossChecks(self.strategy.primary, self.shared, self._tally, self._heads)
        self._cosines = GradientCosines(self.shared, self.strategy.primary)
        self._departures = Departures(self._heads, self._agenda, self._loss_checks)
        self._departures.restore({}, {})
        self._go_to(0, 0.0)

    def _go_to(self, steps: int, seconds: float) -> None:
        self._steps, self._began = steps, perf_counter() - seconds
        self._plan()

    def _plan(self) -> None:
        self._departures.due(self._steps)
        self._planned, self._ahead = self._steps, self._agenda.ahead(self._steps)
        self._looks = self._agenda.looks(self._steps, len(self._ahead))
        self._todo, self._alone = self._ahead[0], ""
