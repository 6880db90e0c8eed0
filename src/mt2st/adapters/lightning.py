"""`Balance` in Lightning: a mixin that saves it with the module, and a callback that advances it.

class Model(BalanceMixin, LightningModule):
    def __init__(self):
        ...
        self.balance = mt2st.Balance(..., shared=self.encoder.parameters(), heads=self.heads)

    def training_step(self, batch, _):
        return self.balance(sentiment=lambda: ..., pos=lambda: ...)

Trainer(callbacks=[BalanceCallback(monitor="accuracy")]).fit(Model(), ...)

Needs the extra ``lightning``.
"""

from __future__ import annotations

from typing import Any

from mt2st.errors import CheckpointError, ConfigError, MissingExtraError
from mt2st.training.balance import Balance

try:
    from lightning.pytorch import Callback, LightningModule, Trainer
    from lightning.pytorch.utilities.rank_zero import rank_zero_info
except ImportError as error:
    raise MissingExtraError("mt2st.adapters.lightning", extra="lightning") from error

KEY, KEPT = "mt2st.Balance", "mt2st.Balance kept"


class BalanceMixin:
    """For a `LightningModule` with an attribute ``balance``: saves its state in checkpoints and loads it from them.

    That is done before the module's own parameters are loaded, so that heads that were dropped are gone by then. Where
    training goes on, optimisers and schedulers are first made with all heads, as they once were, and `BalanceCallback`
    then has the balance take the dropped ones out of them. Where a module that has lost heads is to be evaluated as it
    was before, as by ``trainer.test(module, ckpt_path="best")``, all but these is loaded, and the balance stays as is.
    """

    balance: Balance
    balance_state: dict[str, Any] | None = None

    def on_fit_start(self) -> None:
        """Refuse a trainer without the callback, whose training would stay at the first step of the strategy."""
        module: Any = self
        if not any(isinstance(each, BalanceCallback) for each in module.trainer.callbacks):
            raise ConfigError("the trainer has no BalanceCallback: give Trainer(callbacks=[BalanceCallback()])")

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Put the state into a checkpoint."""
        checkpoint[KEY], checkpoint[KEPT] = self.balance.state_dict(), self.balance.kept_state_dict()

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Load the state.

        Raises
        ------
        CheckpointError
            Where the checkpoint has none.
        """
        if KEY not in checkpoint:
            raise CheckpointError(f"the checkpoint has no {KEY}: it was saved by a module without BalanceMixin")
        trains, lost = optimizers_are_to_come(self), self.balance.lost_heads(checkpoint[KEY])
        if lost and not trains:
            self._leave_out_heads(checkpoint, lost)
            return
        self.balance.load_kept_state_dict(checkpoint[KEPT])
        self.balance_state = checkpoint[KEY]
        if trains:
            self._add_dropped_heads(checkpoint)
        else:
            self.load_balance_state()

    def load_balance_state(self) -> None:
        """Load the state of a checkpoint, if one was loaded and it was not."""
        state, self.balance_state = self.balance_state, None
        if state is not None:
            self.balance.load_state_dict(state)

    def _add_dropped_heads(self, checkpoint: dict[str, Any]) -> None:
        module: Any = self
        dropped = self.balance.head_tensors(checkpoint[KEY]["dropped"])
        own = module.state_dict(keep_vars=True)
        checkpoint["state_dict"].update({name: each.data for name, each in own.items() if id(each) in dropped})

    def _leave_out_heads(self, checkpoint: dict[str, Any], tasks: list[str]) -> None:
        module: Any = self
        gone, values = self.balance.head_prefixes(module, tasks), checkpoint["state_dict"]
        checkpoint["state_dict"] = {name: each for name, each in values.items() if not name.startswith(gone)}


class BalanceCallback(Callback):  # type: ignore[misc]
    """Advances ``module.balance``, logs its weights, and passes it the primary's score.

    What the strategy does about a score is logged, in words, as Lightning's own messages are.
    Time moves by one for each batch after which an optimiser stepped, so not while gradients accumulate.

    Parameters
    ----------
    monitor
        Name of a logged validation metric of the primary, higher is better. None: nothing is told.
    """

    def __init__(self, monitor: str | None = None) -> None:
        self.monitor, self._seen = monitor, 0

    def on_fit_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Find the balance, tell it the optimisers, and load its state before theirs."""
        if not isinstance(getattr(pl_module, "balance", None), Balance):
            raise ConfigError(f"{type(pl_module).__name__} has no balance: set self.balance = mt2st.Balance(...)")
        balance_of(pl_module).attach(*trainer.optimizers)
        if isinstance(pl_module, BalanceMixin):
            pl_module.load_balance_state()

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Note the number of steps done."""
        self._seen = trainer.global_step

    def on_train_batch_end(self, trainer: Trainer, pl_module: LightningModule, *_: Any) -> None:
        """Log the weights of the past step and advance the balance, once an optimiser has stepped."""
        if trainer.global_step == self._seen:
            return
        balance, self._seen = balance_of(pl_module), trainer.global_step
        pl_module.log_dict({f"weight/{task}": weight for task, weight in balance.weights.items()})
        balance.step()

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Pass on the score, except that of the sanity check before training."""
        if self.monitor is None or trainer.sanity_checking or trainer.state.fn != "fit":
            return
        if self.monitor not in trainer.callback_metrics:
            known = ", ".join(trainer.callback_metrics)
            raise ConfigError(f"monitor={self.monitor!r} was not logged in validation; logged: {known}")
        for action in balance_of(pl_module).observe(float(trainer.callback_metrics[self.monitor])):
            rank_zero_info(action.text())


def optimizers_are_to_come(module: Any) -> bool:
    """Return whether training is being resumed and its optimisers are created after the module's state is loaded."""
    trainer: Trainer | None = module._trainer
    return trainer is not None and trainer.state.fn == "fit" and not trainer.strategy.restore_checkpoint_after_setup


def balance_of(module: LightningModule) -> Balance:
    """Return the module's balance, which Lightning does not see as a submodule."""
    found: Any = module.balance
    balance: Balance = found
    return balance
