"""`Balance` in skorch: a criterion, and the callback that creates its balance once the module exists.

def make(net):
    encoder = net.module_.encoder
    return mt2st.Balance("sentiment", ["pos"], strategy, total_steps, shared=encoder.parameters())

NeuralNetClassifier(
    Model, criterion=BalancedLoss, criterion__closures=closures, callbacks=[BalanceCallback(make, "valid_acc")],
    predict_nonlinearity=lambda scores: scores.softmax(-1)
)

Where the module returns several things, the primary's scores come first. skorch knows that scores become probabilities
by a softmax only with torch's own criteria: with this one ``predict_proba`` returns what ``predict_nonlinearity`` does.

Needs the extra ``skorch``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mt2st.errors import ConfigError, MissingExtraError
from mt2st.training.balance import Balance

try:
    import torch
    from skorch.callbacks import Callback
except ImportError as error:
    raise MissingExtraError("mt2st.adapters.skorch", extra="skorch") from error

Closures = Callable[[Any, Any], Mapping[str, Callable[[], Any]]]


class BalancedLoss(torch.nn.Module):
    """The criterion: the balance's loss in training, the primary's in validation.

    Its ``state_dict`` has the balance's, so that skorch's checkpoints save and load it with ``f_criterion``. They load
    the module before, which must then have all heads: give the balance no ``heads``.

    Parameters
    ----------
    closures
        Given the module's output and ``y``, returns a closure of each task's mean loss.
    """

    def __init__(self, closures: Closures) -> None:
        super().__init__()
        self.closures = closures
        self.balance: Balance | None = None
        self._loaded: Any = None

    def forward(self, output: Any, y: Any) -> Any:
        """Return the loss of a batch."""
        if self.balance is None:
            raise ConfigError("BalancedLoss has no balance yet: give the net callbacks=[BalanceCallback(make)]")
        closures = self.closures(output, y)
        return self.balance(**closures) if self.training else closures[self.balance.strategy.primary]()

    def begin(self, balance: Balance) -> None:
        """Use a new balance, in the state that was loaded if one was."""
        self.balance = balance
        self._load_balance_state()

    def get_extra_state(self) -> Any:
        """Return the state of the balance, for ``state_dict``."""
        return None if self.balance is None else (self.balance.kept_state_dict(), self.balance.state_dict())

    def set_extra_state(self, state: Any) -> None:
        """Load a state, now or as soon as the balance exists."""
        self._loaded = state
        self._load_balance_state()

    def _load_balance_state(self) -> None:
        if self.balance is not None and self._loaded is not None:
            kept, state = self._loaded
            self.balance.load_kept_state_dict(kept)
            self.balance.load_state_dict(state)


class BalanceCallback(Callback):  # type: ignore[misc]
    """Creates the balance, advances it by one step per batch, and passes it a score after every epoch.

    Parameters
    ----------
    make
        Given the net, initialised, returns a new balance. `partial_fit` goes on with the one there is.
    score
        Name in the history of the primary's validation score, higher is better; the ``EpochScoring`` that computes it
        goes before this callback in ``callbacks``. None: nothing is told.
    sink
        What the strategy does about a score goes there in words; printed only by a net that is ``verbose``.
    """

    def __init__(
        self, make: Callable[[Any], Balance], score: str | None = None, sink: Callable[[str], Any] = print
    ) -> None:
        self.make, self.score, self.sink = make, score, sink

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:  # noqa: N803
        """Create the balance if the net has none."""
        if net.criterion_.balance is None:
            net.criterion_.begin(self.make(net))

    def on_batch_end(self, net: Any, batch: Any = None, training: bool = False, **kwargs: Any) -> None:
        """Record the weights and advance the balance by one step."""
        if training:
            for task, weight in net.criterion_.balance.weights.items():
                net.history.record_batch(f"weight_{task}", weight)
            net.criterion_.balance.step()

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        """Pass the score to the balance."""
        if self.score is None:
            return
        if self.score not in net.history[-1]:
            raise ConfigError(
                f"score={self.score!r} is not in the history; there: {', '.join(net.history[-1])}. The EpochScoring "
                "that computes it goes before BalanceCallback in callbacks="
            )
        for action in net.criterion_.balance.observe(net.history[-1, self.score]):
            if net.verbose or self.sink is not print:
                self.sink(action.text())
