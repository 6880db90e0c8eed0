"""`Balance` with an `Accelerator`: its three lines, where time waits for gradients and the state is saved beside them.

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

import json
from pathlib import Path
from typing import Any

from mt2st.errors import CheckpointError, MissingExtraError
from mt2st.training.balance import Balance

try:
    from accelerate import Accelerator
except ImportError as error:
    raise MissingExtraError("mt2st.adapters.accelerate", extra="accelerate") from error

FILE = "balance.json"


class AcceleratedBalance:
    """A balance whose time moves with the accelerator's gradients, saved and loaded by it.

    `Accelerator.save_state` writes the state as JSON, and `Accelerator.load_state` takes it up before the models', so
    that dropped heads are gone by then. (``accelerator.register_for_checkpointing(balance)`` also works, as a pickle
    and after the models': where no heads are dropped.)

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

    def __call__(self, **closures: Any) -> Any:
        """Return the loss of a batch, for `Accelerator.backward`."""
        return self.balance(**closures)

    def step(self) -> None:
        """Let time advance, unless the optimiser did not step as gradients still accumulate."""
        if self.accelerator.sync_gradients:
            self.balance.step()

    def observe(self, score: float) -> None:
        """Tell the strategy the primary's development score, higher is better."""
        self.balance.observe(score)

    def _save(self, models: Any, weights: Any, folder: str) -> None:
        if self.accelerator.is_main_process:
            (Path(folder) / FILE).write_text(json.dumps(self.balance.state_dict()), encoding="utf-8")

    def _load(self, models: Any, folder: str) -> None:
        path = Path(folder) / FILE
        if not path.is_file():
            raise CheckpointError(f"there is no {path}: was this state saved with an AcceleratedBalance?")
        self.balance.load_state_dict(json.loads(path.read_text(encoding="utf-8")))
