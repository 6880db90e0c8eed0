"""Balance: one sum of losses that moves from many tasks to one, in any PyTorch loop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from time import perf_counter
from typing import TYPE_CHECKING, Any

from mt2st.strategies import Action, Clock, Exact, Observation, Strategy, Work
from mt2st.strategies.work import never_idle
from mt2st.training.balance.agenda import Agenda, Todo
from mt2st.training.balance.checks import (
    check_heads,
    check_kept,
    check_left,
    check_moves,
    check_names,
    check_restores,
    check_start,
    check_whole,
    explain,
    no_closure,
)
from mt2st.training.balance.combine import Combiner
from mt2st.training.balance.cosines import GradientCosines, probed_layer
from mt2st.training.balance.departures import Departures
from mt2st.training.balance.heads import Heads, optimizers_of
from mt2st.training.balance.kept import KeptStates
from mt2st.training.balance.losses import Closure, Term, Watch, weighted_sum
from mt2st.training.balance.reach import parameters_of
from mt2st.training.balance.tally import Account, Tally

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module, ModuleDict
    from torch.optim import Optimizer

EXACT = Exact()


class Balance:
    """Sum the losses of the tasks that run, weighted by a strategy: ``loss = sum(gamma_k(t) * loss_k)`` (equation 3).

    Parameters
    ----------
    primary, auxiliaries
        Names of the tasks.
    strategy
        When each auxiliary counts, as `Diminish`; not yet bound.
    total_steps
        Steps of the optimiser in the whole run.
    shared
        Parameters, or the module that has them, that each task's first loss must reach. Without: it must have a
        gradient at all.
    work
        `Exact`, the default, runs every auxiliary that weighs anything; `Skip` and `Every` run some and save the rest.
    seed
        Decides what `Skip` leaves out, together with the step.
    drop
        An auxiliary with at most this share, from 0 to 1, of its schedule's weight left is dropped. 0: with none left.
    heads
        Heads of auxiliaries by name, best the model's own ``ModuleDict``: a dropped task's head is taken out of it.
    optimizers
        One or several, out of which a dropped head's parameters and state are taken.
    model
        All that is trained; a strategy that goes back to earlier states, as `Feedback`, restores it and ``optimizers``.
    steps_per_epoch
        For strategies whose time is ``"epochs"``, which need it.
    combine
        A scalariser or an aggregator of TorchJD in the place of the sum while several tasks run, see
        `mt2st.training.balance.combine`.

    Attributes
    ----------
    strategy
        The strategy, bound.

    Examples
    --------
    >>> import mt2st, torch
    >>> w = torch.nn.Parameter(torch.tensor(2.0))
    >>> balance = Balance("sentiment", ["pos"], mt2st.Diminish(rate=2.0, time="steps"), total_steps=10, shared=[w])
    >>> for _ in range(2):
    ...     loss = balance(sentiment=lambda: w.square(), pos=lambda: 3 * w)
    ...     print(round(loss.item(), 3))  # then loss.backward(), optimizer.step(), optimizer.zero_grad()
    ...     balance.step()
    10.0
    4.812

    Notes
    -----
    Closures are lazy: what does not run is not computed. One that returns None, as for a batch without a label of its
    task, is left out. An auxiliary loss that is not finite is left out and counted; ten of a task in a row drop it.
    Knowing that before ``backward`` waits once a call for the sum, which a GPU feels if its queue runs dry. Of several
    processes all leave out what one of them must. Closures of resting tasks are ignored; a name that is no task's is
    refused, at the first step and now and then, as looking at each would cost.
    """

    def __init__(
        self,
        primary: str,
        auxiliaries: Sequence[str],
        strategy: Strategy,
        total_steps: int,
        *,
        shared: Iterable[Tensor] | Module | Tensor = (),
        work: Work = EXACT,
        seed: int = 0,
        drop: float = 0.0,
        heads: ModuleDict | dict[str, Module] | None = None,
        optimizers: Optimizer | Iterable[Optimizer] = (),
        model: Module | None = None,
        steps_per_epoch: float | None = None,
        combine: Any = None,
    ) -> None:
        self._several = check_start(strategy, work)
        self.shared = parameters_of(shared)
        self.strategy = strategy.bind(primary, auxiliaries, Clock(total_steps, steps_per_epoch))
        self._agenda = Agenda(self.strategy, work, seed, drop)
        self._todo, self._alone = Todo(), ""
        self._heads = Heads({} if heads is None else heads, optimizers, self.shared)
        check_heads(tuple(self._heads.modules), self.strategy.auxiliaries, primary)
        self._combine, self._sums = Combiner(combine, self.shared), combine is None
        check_restores(self.strategy, model is not None, "model")
        self._kept = None if model is None else KeptStates(model, self._heads.optimizers)
        self.reset()

    @property
    def ledger(self) -> dict[str, Account]:
        """Return what each task ran and was spared."""
        return {task: self._tally.account(task) for task in self._tally.tasks}

    @property
    def steps(self) -> int:
        """Return how many steps are done, which is the number of the one that comes."""
        return self._steps

    @property
    def weights(self) -> dict[str, float]:
        """Return what each task counts at the step that comes, before ``work`` decides what runs; 0 once dropped."""
        weights = self.strategy.weights(self.strategy.held(self._steps))
        left = {task: 0.0 if task in self.dropped else weight for task, weight in weights.items()}
        return dict(never_idle(left, self.strategy.primary))

    @property
    def dropped(self) -> dict[str, str]:
        """Return the auxiliaries that are over, with the step and the reason in words."""
        return self._departures.dropped

    @property
    def turn(self) -> int:
        """Return the step from which the primary is alone, as far as is known, where the last auxiliary is over."""
        return self._departures.turn

    def attach(self, *optimizers: Optimizer) -> None:
        """Take dropped heads out of these, and restore these, from now on, where optimisers are made after this."""
        self._heads.optimizers[:] = optimizers_of(optimizers)  # the very list that earlier states are kept of

    def head_tensors(self, tasks: Iterable[str]) -> set[int]:
        """Return the ids of the parameters and buffers of the heads that ``tasks`` have left."""
        return self._heads.tensors(tasks)

    def active(self, step: int | None = None) -> tuple[str, ...]:
        """Return the tasks that will run at ``step``, or at the step that comes, as far as is known now."""
        return tuple(self._todo if step is None else self._agenda.todo(step))

    def __call__(self, /, **closures: Closure) -> Tensor:
        """Compute the losses of the tasks that run, and no other, and return their weighted sum.

        Raises
        ------
        NonFiniteLossError
            Where the primary's loss is not finite.
        GradientPathError
            Where a task's first loss does not reach ``shared``.
        """
        if (name := self._alone) in closures:
            loss = None
            try:
                loss = closures[name]()
                # tolist() is quicker than item().
                if loss is not None and isfinite(loss.tolist()):  # type: ignore[arg-type]
                    self._tally.alone += 1
                    return loss
            except (TypeError, AttributeError):
                explain(closures, {name: loss}, self._steps)
                if loss is None:
                    raise
                # One number of shape (1,): math has no use for its list.
            closures = {name: lambda: loss}  # what came of it goes the long way
        return self._sum(closures)

    def _sum(self, closures: Mapping[str, Closure]) -> Tensor:
        """Return the loss of the tasks that run, each of them looked at singly where need be."""
        terms: list[Term] = []
        try:
            for task, factor in self._todo.items():
                if task not in closures:
                    check_names(closures, self._tally.tasks)
                    raise no_closure(task, self._steps)
                loss = closures[task]()
                if loss is not None:
                    terms.append((task, factor, loss))
            self._tally.calls[tuple(self._todo)] += 1
            if self._steps in self._looks:
                self._look(closures, terms)
            if len(terms) == len(self._todo) and not (self._watch.unchecked or self._watch.bad or self._several()):
                total = weighted_sum(terms)
                if isfinite(total.item()):
                    return total if self._sums else self._combine(terms, self._steps)
            self._keep_first()
            return self._combine(self._watch.look(self._todo, terms, self._steps), self._steps)
        except (TypeError, AttributeError, RuntimeError):
            explain(closures, {task: loss for task, _, loss in terms}, self._steps)
            raise

    def _look(self, closures: Mapping[str, Closure], terms: Sequence[Term]) -> None:
        """Do what only some steps do: see that names are known and steps left, and compare gradients."""
        check_names(closures, self._tally.tasks)
        check_left(self._steps, self._agenda.total_steps)
        check_moves(self._steps, self._tally.calls.total(), self._agenda.total_steps)
        if self._agenda.probes(self._steps):
            self._cosines.compare(tuple(self._todo), terms)

    def _keep_first(self) -> None:
        """Keep the state before the first step; losses are looked at singly then, so that this is asked only there."""
        if self.strategy.restores and self._kept is not None and "start" not in self._kept:
            check_restores(self.strategy, self._heads.optimizers, "optimizers")
            self._kept.keep("start")

    def step(self) -> None:
        """Let time advance by one step of the optimiser, however many calls it gathered gradients from."""
        self._steps += 1
        if self._steps == self._agenda.total_steps:
            self._plan()  # whoever is alone by then: a step past the last is looked at
            return
        if self._alone:
            return
        if not self._agenda.endings and self._todo:  # the primary, from here to the end
            watched = self._watch.unchecked or self._watch.bad or self._several()
            self._alone = "" if watched or self._todo[self.strategy.primary] != 1.0 else self.strategy.primary
            return
        if self._watch.bad or self._steps - self._planned >= len(self._ahead):
            self._plan()
        self._todo = self._ahead[self._steps - self._planned]

    def observe(self, score: float, noise: float = 0.0) -> list[Action]:
        """Tell the strategy the primary's development score, higher is better; every rank calls, their mean counts.

        Parameters
        ----------
        score
            Such as accuracy on held-out examples.
        noise
            Its standard error, where that is known: ``sqrt(p * (1 - p) / n)`` of an accuracy p on n examples.

        Returns
        -------
        list of Action
            What the strategy did about it, each with its reason in words, ``action.text()``.
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
        return [action for action in actions if action.name != "keep"]

    @property
    def comparison_seconds(self) -> float:
        """Return the seconds that comparing gradients has taken."""
        return self._cosines.seconds

    def kept_state_dict(self) -> dict[str, Any]:
        """Return the earlier states that are kept, tensors, to be saved beside `state_dict` by `torch.save`."""
        return {} if self._kept is None else self._kept.state_dict()

    def load_kept_state_dict(self, states: Mapping[str, Any]) -> None:
        """Take up the earlier states, before `load_state_dict`."""
        if self._kept is not None:
            # Which heads were gone when these were kept, `load_state_dict` tells.
            self._kept.load_state_dict(states, self.head_tensors(self.strategy.auxiliaries))

    def state_dict(self) -> dict[str, Any]:
        """Return all that a resumed run needs, as JSON values."""
        return {
            "run": self._agenda.settings(),
            "steps": self._steps,
            "dropped": dict(self.dropped),
            "ended": dict(self._departures.ended) or None,  # absent from states of before it was kept
            "bad": dict(self._watch.bad),
            "strategy": self.strategy.state_dict(),
            "tally": self._tally.state_dict(),
            "cosines": self._cosines.state_dict(),
            "combine": self._combine.state_dict(),
            "seconds": perf_counter() - self._began,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take up a saved state; before those of model and optimisers, as heads that were dropped are dropped here.

        Raises
        ------
        CheckpointError
            Where the state is of another run, or cannot be gone back to; nothing is changed then.
        """
        self._check(state)
        self.strategy.load_state_dict(state["strategy"])
        self._tally.load_state_dict(state["tally"])
        self._cosines.load_state_dict(state["cosines"])
        self._watch.bad = dict(state["bad"])
        self._combine.load_state_dict(state.get("combine"))
        ended = dict.fromkeys(state["dropped"], state["steps"]) | (state.get("ended") or {})
        self._departures.take_up(state["dropped"], ended)
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
        self._tally = Tally((self.strategy.primary, *self.strategy.auxiliaries))
        self._watch = Watch(self.strategy.primary, self.shared, self._tally)
        self._cosines = GradientCosines(probed_layer(self.shared), self.strategy.primary)
        self._departures = Departures(self._heads, self._agenda, self._watch)
        self._departures.take_up({}, {})
        self._go_to(0, 0.0)

    def _go_to(self, steps: int, seconds: float) -> None:
        self._steps, self._began = steps, perf_counter() - seconds
        self._plan()

    def _plan(self) -> None:
        self._departures.due(self._steps)
        self._planned, self._ahead = self._steps, self._agenda.ahead(self._steps)
        self._looks = self._agenda.looks(self._steps, len(self._ahead))
        self._todo, self._alone = self._ahead[0], ""
