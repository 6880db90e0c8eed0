"""PhaseLR: the learning rates of any torch optimiser follow the phases of a strategy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mt2st.errors import ConfigError, MissingExtraError

try:
    from torch.optim.lr_scheduler import LRScheduler
except ImportError as error:
    raise MissingExtraError("mt2st.PhaseLR", extra="torch") from error

from mt2st.strategies import Phase, Rates
from mt2st.training.balance.checks import check_together

if TYPE_CHECKING:
    from torch import Tensor
    from torch.optim import Optimizer

    from mt2st.training.balance.balance import Balance


class PhaseLR(LRScheduler):
    """Multiply the learning rate of every group by a factor that depends on the phase and the step, see `Rates`.

    ``lr = initial_lr * multiplier(phase) * course(phase, step)``, times the factor to which `Feedback` has lowered the
    rates. Call ``step()`` once after each ``balance.step()``. Trials of `Feedback` go on until they are observed, with
    the rates of their end; if ``balance.observe`` comes after ``step()``, as in Lightning, rates are set once more.

    Parameters
    ----------
    optimizer
        The ``lr`` of its groups are the full rates.
    balance
        Its strategy says which phase a step belongs to; the single-task phase also begins when the last auxiliary is
        dropped. With ``Switch(at="auto")`` the switch is known once its score has been observed.
    rates
        One for all groups, or a sequence with one for each group in order, for instance to give the embedding its own
        factor in the single-task phase. By default the rates fall linearly from 1 towards 0 in each phase.

    Raises
    ------
    ConfigError
        If ``rates`` are not `Rates`, or a sequence does not have one for each group.

    Examples
    --------
    >>> import mt2st, torch
    >>> table, head = (torch.nn.Parameter(torch.ones(1)) for _ in range(2))
    >>> optimizer = torch.optim.SGD([{"params": [table], "lr": 1.0}, {"params": [head], "lr": 0.1}])
    >>> balance = mt2st.Balance("sentiment", ["pos"], mt2st.Switch(at=0.5), total_steps=4)
    >>> scheduler = PhaseLR(optimizer, balance, [mt2st.Rates(single_task=0.2), mt2st.Rates()])
    >>> for _ in range(4):
    ...     print([round(group["lr"], 3) for group in optimizer.param_groups])
    ...     optimizer.step(); balance.step(); scheduler.step()
    [1.0, 0.1]
    [0.5, 0.05]
    [0.2, 0.1]
    [0.1, 0.05]

    Notes
    -----
    A tenth of the run ahead of or behind ``balance.step()`` warns, as where Lightning steps it once per epoch, or
    Accelerate, which must not prepare it, once for each process.

    A group whose head was dropped stays, empty, so that all others keep their rates. A group that is added later has
    those of the last.
    """

    def __init__(self, optimizer: Optimizer, balance: Balance, rates: Rates | Sequence[Rates] | None = None) -> None:
        groups = optimizer.param_groups
        given = Rates() if rates is None else rates
        self.rates = list(given) if isinstance(given, Iterable) else [given] * len(groups)
        if not all(isinstance(each, Rates) for each in self.rates):
            raise ConfigError(f"rates must be mt2st.Rates(...), or a list of them, found {rates!r}")
        if len(self.rates) != len(groups):
            raise ConfigError(
                f"rates must be one for all, or one for each of the optimiser's {len(groups)} groups, "
                f"found {len(self.rates)}"
            )
        self.balance, self.strategy = balance, balance.strategy
        self._plan, self._known = balance.plan, Phase("", 0, 0)
        super().__init__(optimizer)
        balance.followers.append(self._follow)

    def get_lr(self) -> list[float | Tensor]:
        """Return the rate of each group at the next step."""
        step = self.last_epoch
        check_together(step, self.balance.steps, self.strategy.total_steps)
        phase, scale = self._phase(self.strategy.held(step)), self.strategy.rate_scale(step)
        found: list[float | Tensor] = []
        for place, group in enumerate(self.optimizer.param_groups):
            full = group.setdefault("initial_lr", deepcopy(group["lr"]))  # groups that were added since have none
            rates = self.rates[min(place, len(self.rates) - 1)]
            found.append(full * scale * rates.share(phase, step))
        return found

    def _follow(self) -> None:
        """Set the rates of the next step again if they are already set, as a score may have changed them."""
        if 0 < self.last_epoch == self.balance.steps:
            self.last_epoch -= 1
            self.step()

    def _phase(self, step: int) -> Phase:
        """Return the phase of a step, recomputed only if it may have changed, as that takes ten times the rest."""
        if self.balance.plan is not self._plan or not self._known.start <= step < self._known.stop:
            self._plan, self._known = self.balance.plan, self._seek(step)
        return self._known

    def _seek(self, step: int) -> Phase:
        """Return the strategy's phase; once all auxiliaries are dropped early, the rest is single-task."""
        found = self.strategy.phase(step)
        turn = self.balance.turn
        if turn >= self.strategy.transition():
            return found
        if step < turn:
            return replace(found, stop=min(found.stop, turn))
        return Phase("single-task", turn, self.strategy.total_steps)

    def state_dict(self) -> dict[str, Any]:
        """Return the steps done and the last rates; balance, strategy and `Rates` are given again on resuming."""
        own = ("balance", "strategy", "rates", "_plan", "_known")
        return {key: value for key, value in super().state_dict().items() if key not in own}
