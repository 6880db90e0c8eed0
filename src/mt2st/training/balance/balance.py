"""Balance: one sum of losses that moves from many tasks to one, in any PyTorch loop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from mt2st.strategies import Clock, Exact, Strategy, Work
from mt2st.training.balance.agenda import Agenda
from mt2st.training.balance.checks import (
    check_heads,
    check_left,
    check_moves,
    check_names,
    check_observed,
    check_restores,
    check_start,
    explain,
    no_closure,
)
from mt2st.training.balance.combine import Combiner
from mt2st.training.balance.heads import Heads
from mt2st.training.balance.kept import KeptStates
from mt2st.training.balance.losses import Closure, Term, weighted_sum
from mt2st.training.balance.reach import parameters_of
from mt2st.training.balance.timeline import Timeline

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module, ModuleDict
    from torch.optim import Optimizer

EXACT = Exact()


class Balance(Timeline):
    """Sum the losses of the tasks that run, weighted by a strategy: ``loss = sum(gamma_k(t) * loss_k)`` (equation 3).

    Parameters
    ----------
    primary, auxiliaries
        Names of the tasks.
    strategy
        How much each auxiliary counts over time, such as ``Diminish()``; not bound yet.
    total_steps
        Optimiser steps of the whole run.
    shared
        Shared parameters, or the module that has them, which each task's first loss must reach; if all are frozen, the
        first loss once they are trained. If not given, the loss must have a gradient.
    work
        `Exact`, the default, runs every auxiliary with a weight above 0; `Skip` and `Every` run it at some steps only.
    seed
        Seed of what `Skip` leaves out, together with the step.
    drop
        Drop an auxiliary once at most this share, 0 to 1, of its schedule's total weight is left. 0: once none is left.
    heads
        Heads of auxiliaries by name, best the model's own ``ModuleDict``: that of a dropped task is removed from it.
        Parameters that it is tied to, such as a table, stay if they are in ``shared``, another head or ``model``.
    optimizers
        One or several, from which the parameters and state of a dropped head are removed.
    model
        Everything that is trained, heads too; needed by a strategy that restores earlier states, such as `Feedback`,
        which restores ``optimizers`` too.
    steps_per_epoch
        Needed by strategies whose time is ``"epochs"``.
    combine
        A scalariser or an aggregator of TorchJD to use instead of the sum while several tasks run, see
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
    Closures are lazy: a task that does not run is not computed. A closure that returns None, as for a batch without a
    label of its task, is left out. An auxiliary loss that is not finite is left out and counted; ten in a row drop the
    task. To know that before ``backward``, each call waits for the value of the sum, which can cost time on a GPU. With
    several processes, all leave out what one of them must. Closures of tasks that do not run are ignored; a name of no
    task is refused, at the first step and from time to time, as checking each call would cost.
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
        several = check_start(strategy, work)
        found = parameters_of(shared)
        bound = strategy.bind(primary, auxiliaries, Clock(total_steps, steps_per_epoch))
        parts = Heads({} if heads is None else heads, optimizers, found, model)
        check_heads(tuple(parts.modules), bound.auxiliaries, primary)
        check_restores(bound, model is not None, "model")
        kept = None if model is None else KeptStates(model, parts.optimizers)
        super().__init__(Agenda(bound, work, seed, drop), parts, Combiner(combine, found), found, kept, several)
        self._sums = combine is None

    def __call__(self, /, **closures: Closure) -> Tensor:
        """Compute the losses of the tasks that run, and no others, and return their weighted sum.

        Raises
        ------
        NonFiniteLossError
            If the primary's loss is not finite.
        GradientPathError
            If a task's first loss does not reach ``shared``.
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
            closures = {name: lambda: loss}  # computed already: _sum handles a loss of None, or one that is not finite
        return self._sum(closures)

    def _sum(self, closures: Mapping[str, Closure]) -> Tensor:
        """Return the combined loss of the tasks that run; check each loss by itself if necessary."""
        terms: list[Term] = []
        if self._loss_checks.unchecked:
            self._keep_first()
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
            if len(terms) == len(self._todo) and not (
                self._loss_checks.unchecked or self._loss_checks.bad or self._several()
            ):
                total = weighted_sum(terms)
                if isfinite(total.item()):
                    return total if self._sums else self._combine(terms, self._steps)
            return self._combine(self._loss_checks.look(self._todo, terms, self._steps), self._steps)
        except (TypeError, AttributeError, RuntimeError):
            explain(closures, {task: loss for task, _, loss in terms}, self._steps)
            raise

    def _look(self, closures: Mapping[str, Closure], terms: Sequence[Term]) -> None:
        """Check names and the progress of time, and compare gradients: what is done at some steps only."""
        check_names(closures, self._tally.tasks)
        check_left(self._steps, self._agenda.total_steps)
        check_observed(self.strategy, self._steps)
        check_moves(self._steps, self._tally.total, self._agenda.total_steps)
        if self._agenda.probes(self._steps):
            self._cosines.compare(tuple(self._todo), terms)

    def _keep_first(self) -> None:
        """Keep the first state before any loss is computed, as that may change buffers, such as running statistics."""
        if self.strategy.restores and self._kept is not None and "start" not in self._kept:
            check_restores(self.strategy, self._heads.optimizers, "optimizers")
            self._kept.check_covers(self._combine.parameters())
            self._kept.keep("start")
