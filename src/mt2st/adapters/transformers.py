"""`Balance` in the `Trainer` of transformers: its loss function, and the callback that belongs to it.

balanced = BalancedLoss(balance, closures, metric="eval_accuracy")
balanced.attach(trainer)
trainer.train(resume_from_checkpoint=balanced.restore("out/checkpoint-500"))  # or trainer.train()

Needs the extra ``transformers``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mt2st.adapters.files import FILE, load_balance, save_balance
from mt2st.errors import CheckpointError, ConfigError, MissingExtraError
from mt2st.training.balance import Balance

try:
    import torch
    from transformers import Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments
except ImportError as error:
    raise MissingExtraError("mt2st.adapters.transformers", extra="transformers") from error

Closures = Callable[[Any, Any], Mapping[str, Callable[[], Any]]]


class BalancedLoss(TrainerCallback):  # type: ignore[misc]
    """Loss function and callback in one: the balance's loss in training, the primary's in evaluation.

    What the strategy does about a score is logged, in words, as ``actions``. A second `Trainer.train` begins anew, as
    the trainer does, so that heads must not have been dropped.

    Parameters
    ----------
    balance
        Made for ``shared=model.<encoder>.parameters()``.
    closures
        Given the outputs of the model and ``labels``, returns a closure of each task's mean loss.
    metric
        Name of an evaluation metric of the primary, higher is better, as ``"eval_accuracy"``; ``"eval_dev_accuracy"``
        where ``dev`` is one of several sets of ``eval_dataset``. Evaluations within `Trainer.train` are told. None:
        nothing is told.
    """

    def __init__(self, balance: Balance, closures: Closures, metric: str | None = None) -> None:
        self.balance, self.closures, self.metric = balance, closures, metric
        self.trainer: Trainer | None = None
        self._told, self._others = False, list[str]()

    def attach(self, trainer: Trainer) -> None:
        """Become the loss and a callback of ``trainer``."""
        self.trainer, trainer.compute_loss_func = trainer, self
        # What comes is the mean of a batch: to be divided by the batches of a step, not multiplied by the processes.
        trainer.loss_is_scaled_for_ga = False
        trainer.args.average_tokens_across_devices = False
        trainer.add_callback(self)

    def __call__(self, outputs: Any, labels: Any, num_items_in_batch: Any = None) -> Any:
        """Return the loss of a batch."""
        closures = self.closures(outputs, labels)
        return self.balance(**closures) if torch.is_grad_enabled() else closures[self.balance.strategy.primary]()

    def restore(self, folder: str | os.PathLike[str]) -> str:
        """Load the state of a checkpoint's folder, and return the folder for ``resume_from_checkpoint``.

        Needed before `Trainer.train` where the balance drops ``heads``, as the optimiser is then made without them, and
        where the folder is not one of ``output_dir``, as a callback is not told which it is.

        Raises
        ------
        CheckpointError
            Where the folder has no state of a balance.
        """
        load_balance(self.balance, folder)
        return str(folder)

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Load the state if the trainer resumes, else start anew, and tell the balance the optimiser.

        Raises
        ------
        CheckpointError
            Where the trainer resumes from another folder than one of its own, or heads that are gone would be needed.
        """
        if self.balance.steps != state.global_step:
            self._go_to(state.global_step, Path(args.output_dir))
        self._told, self._others = False, []
        optimizer = kwargs["optimizer"]
        self.balance.attach(getattr(optimizer, "optimizer", optimizer))

    def _go_to(self, step: int, folder: Path) -> None:
        if not step:
            self.balance.reset()
            return
        checkpoint = folder / f"checkpoint-{step}"
        if not (checkpoint / FILE).is_file():
            raise CheckpointError(
                f"the trainer resumes at step {step}, the balance is at {self.balance.steps}, and there is no "
                f"{checkpoint / FILE}: give resume_from_checkpoint=balanced.restore(folder), with the folder of a "
                "checkpoint that was saved with BalancedLoss"
            )
        self.restore(checkpoint)

    def on_step_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Raise an error if no evaluated set has the metric."""
        self._check_metric()

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Raise an error if no evaluated set has the metric."""
        self._check_metric()

    def _check_metric(self) -> None:
        if self._others and not self._told:
            known = ", ".join(self._others)
            raise ConfigError(f"metric={self.metric!r} is not among those of the evaluation: {known}")

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Log the weights of the past step when the trainer logs, and advance the balance."""
        if control.should_log and self.trainer is not None:
            self.trainer.log({f"weight/{task}": weight for task, weight in self.balance.weights.items()})
        self.balance.step()

    def on_evaluate(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        metrics: dict[str, float],
        **kwargs: Any,
    ) -> None:
        """Pass on the score of the chosen set during training, and log the strategy's actions."""
        if self.metric is None or self.trainer is None or not self.trainer.is_in_train:
            return
        if self.metric not in metrics:
            self._others += metrics
            return
        self._told = True
        if actions := self.balance.observe(metrics[self.metric]):
            self.trainer.log({"actions": "; ".join(action.text() for action in actions)})

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Write the state into the checkpoint's folder."""
        if state.is_world_process_zero:
            save_balance(self.balance, Path(args.output_dir) / f"checkpoint-{state.global_step}")
