"""Combiner: a TorchJD scalariser or aggregator instead of the weighted sum."""

from __future__ import annotations

import math
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mt2st.errors import CheckpointError, ConfigError, NonFiniteLossError
from mt2st.training.balance.losses import Term, weighted_sum

if TYPE_CHECKING:
    from torch import Tensor


class Combiner:
    """Combines the weighted losses ``gamma_k * loss_k`` of several tasks into one; a single one is left as it is.

    Parameters
    ----------
    module
        A scalariser, which maps the losses, of shape (tasks,), to one; or an aggregator, which maps the Jacobian of
        shape (tasks, parameters) to one gradient. None is the weighted sum.
    shared
        Parameters whose gradients an aggregator combines. All others get the gradient of the weighted sum.
    """

    def __init__(self, module: Any, shared: Collection[Tensor]) -> None:
        self.module, self.shared = module, tuple(shared)
        self.aggregates = is_a(module, "Aggregator")
        if not (module is None or self.aggregates or is_a(module, "Scalarizer")):
            raise ConfigError(
                f"combine must be an aggregator or a scalariser of torchjd, as torchjd.aggregation.UPGrad() or "
                f"torchjd.scalarization.GeometricMean(), found {module!r}"
            )
        if self.aggregates and not self.shared:
            raise ConfigError(
                f"combine={module} combines gradients of shared parameters: give them as shared=, "
                "for instance model.encoder.parameters()"
            )

    def __call__(self, terms: Sequence[Term], step: int) -> Tensor:
        """Return a loss whose ``backward`` gives the combined gradient.

        Raises
        ------
        ConfigError
            If the combiner refuses the losses or their gradients; an aggregator does so in ``backward``.
        NonFiniteLossError
            If a scalariser returns a value that is not finite for finite losses.
        """
        total = weighted_sum(terms)
        if self.module is None or len(terms) < 2:
            return total
        if self.aggregates:
            from mt2st.training.balance.combine.aggregate import aggregated  # here: it imports torch

            return aggregated(lambda matrix: self._apply(matrix, terms, step), terms, self.shared)
        import torch

        values = torch.stack([(loss * factor).reshape(()) for _, factor, loss in terms])
        combined = self._apply(values, terms, step)
        if not math.isfinite(combined.item()):
            raise NonFiniteLossError(
                f"{self.module} makes {combined.item()} of the losses {values.tolist()}, step {step}"
            )
        return combined

    def parameters(self) -> Iterable[Tensor]:
        """Return the combiner's own parameters, which scalarisers such as UW train."""
        return () if self.module is None else self.module.parameters()

    def state_dict(self) -> dict[str, Any] | None:
        """Return the combiner's class name, its parameters, and the names of its other state; None for the sum."""
        if self.module is None:
            return None
        own = {name: value.tolist() for name, value in self.module.named_parameters()}
        return {"kind": type(self.module).__name__, "own": own, "memory": memory_of(self.module)}

    def check_state(self, state: Mapping[str, Any] | None) -> None:
        """Refuse the state of a combiner of another class."""
        kinds = (None if state is None else state["kind"], None if self.module is None else type(self.module).__name__)
        if kinds[0] != kinds[1]:
            raise CheckpointError(f"the saved run has combine={kinds[0]}, this {kinds[1]}: resume with the saved one")

    def load_state_dict(self, state: Mapping[str, Any] | None) -> None:
        """Load saved parameters; warn of other state that the saved combiner had and this one does not."""
        self.check_state(state)
        if state is None:
            return
        lost = sorted(set(state["memory"]) - set(memory_of(self.module)))
        if lost:
            warnings.warn(
                f"{self.module} starts over, without {', '.join(lost)}: save it too, by torch.save(combine, ...), and "
                "give Balance the one that torch.load(..., weights_only=False) returns",
                stacklevel=3,
            )
        for name, value in self.module.named_parameters():
            value.data.copy_(value.new_tensor(state["own"][name]))

    def reset(self) -> None:
        """Reset the combiner's state, if it has a ``reset``."""
        if hasattr(self.module, "reset"):
            self.module.reset()

    def _apply(self, values: Tensor, terms: Sequence[Term], step: int) -> Tensor:
        try:
            combined: Tensor = self.module(values)
        except ValueError as error:
            raise ConfigError(
                f"{self.module} cannot combine {', '.join(task for task, _, _ in terms)} at step {step}: {error} (one "
                "made for a fixed number of tasks needs all at every step: work=Exact(), one strategy, Switch)"
            ) from error
        return combined


def memory_of(module: Any) -> list[str]:
    """Return the names of the tensors that TorchJD keeps in buffers or plain attributes, not as parameters."""
    held = {
        f"{name}.{key}".lstrip("."): value
        for name, each in module.named_modules()
        for key, value in {**vars(each), **each._buffers}.items()
    }
    return sorted(key for key, value in held.items() if hasattr(value, "dim") or (isinstance(value, list) and value))


def is_a(module: object, name: str) -> bool:
    """Return whether an object is of TorchJD's class ``name``, without importing TorchJD."""
    return any(
        each.__name__ == name and each.__module__.partition(".")[0] == "torchjd" for each in type(module).__mro__
    )
