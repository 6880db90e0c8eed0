"""`Balance` with an `Accelerator`: the same three lines; time waits while gradients accumulate.

balance = AcceleratedBalance(mt2st.Balance(..., optimizers=optimizer), accelerator)
for batch in loader:
    with accelerator.accumulate(model):
        accelerator.backward(balance(sentiment=lambda: ..., pos=lambda: ...))
        if accelerator.sync_gradients:
            accelerator.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        balance.step()

Needs the extra ``accelerate``.
"""

from __future__ import annotations

from typing import Any

from mt2st.adapters.files import load_balance, save_balance
from mt2st.errors import MissingExtraError
from mt2st.strategies import Action
from mt2st.training.balance import Balance

try:
    from accelerate import Accelerator
except ImportError as error:
    raise MissingExtraError("mt2st.adapters.accelerate", extra="accelerate") from error


class AcceleratedBalance:
    """A balance whose time advances with the accelerator's optimiser steps, saved and loaded by it.

    `Accelerator.save_state` writes the state as JSON, and `Accelerator.load_state` loads it before the models', so that
    dropped heads are gone by then. (``accelerator.register_for_checkpointing(balance)`` also works if no heads are
    dropped; it saves a pickle, and loads it after the models.) It has the other attributes of a balance, such as
    ``active`` and ``dropped``, too, so that it can be given to a `PhaseLR`, which is not to be prepared, as Accelerate
    then steps it once for each process, but stepped ``if accelerator.sync_gradients``.

    Parameters
    ----------
    balance
        Made of prepared models and optimisers.
    accelerator
        The accelerator.
    """

    def __init__(self, balance: Balance, accelerator: Accelerator) -> None:
        self.balance, self.accelerator = balance, accelerator
        accelerator.register_save_state_pre_hook(self._save)
        accelerator.register_load_state_pre_hook(self._load)

    def __getattr__(self, name: str) -> Any:
        """Return any other attribute of the balance."""
        return getattr(vars(self).get("balance"), name)

    def __call__(self, /, **closures: Any) -> Any:
        """Return the loss of a batch, for `Accelerator.backward`."""
        return self.balance(**closures)

    def step(self) -> None:
        """Advance time, unless gradients still accumulate, so that the optimiser did not step."""
        if self.accelerator.sync_gradients:
            self.balance.step()

    def observe(self, score: float, noise: float = 0.0) -> list[Action]:
        """Pass the primary's development score and its standard error to the strategy, and return its actions."""
        return self.balance.observe(score, noise)

    def _save(self, models: Any, weights: Any, folder: str) -> None:
        if self.accelerator.is_main_process:
            save_balance(self.balance, folder)

    def _load(self, models: Any, folder: str) -> None:
        load_balance(self.balance, folder)
