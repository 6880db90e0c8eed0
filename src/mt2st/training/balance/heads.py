"""The heads of auxiliaries that are over: taken out of the model and out of the optimisers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mt2st.errors import CheckpointError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from torch import Tensor
    from torch.nn import Module, ModuleDict
    from torch.optim import Optimizer


class Heads:
    """Heads by task, and the optimisers that train them.

    Parameters
    ----------
    modules
        A ``ModuleDict``, or a dictionary, of modules by task; the model's own one, so that nothing else holds what is
        taken out of it.
    optimizers
        One or several, that hold parameters of heads.
    shared
        Parameters that stay, though a head has them too.
    """

    def __init__(
        self,
        modules: ModuleDict | dict[str, Module],
        optimizers: Optimizer | Iterable[Optimizer],
        shared: Collection[Tensor],
    ) -> None:
        if not hasattr(modules, "items"):
            raise ConfigError(f"heads must be a ModuleDict, or a dictionary, by task, found {type(modules).__name__}")
        self.modules = modules
        self.optimizers = optimizers_of(optimizers)
        self._shared = {id(each) for each in shared}
        self.released: list[str] = []

    def tensors(self, tasks: Iterable[str]) -> set[int]:
        """Return the ids of parameters and buffers of the heads of ``tasks``."""
        heads = [self.modules[task] for task in tasks if task in self.modules]
        return {id(each) for head in heads for each in (*head.parameters(), *head.buffers())}

    def check(self, dropped: Collection[str]) -> None:
        """Refuse to have others than ``dropped`` back, whose heads were released."""
        lost = [task for task in self.released if task not in dropped]
        if lost:
            raise CheckpointError(f"the head of {lost[0]!r} was released and cannot come back: build a new model")

    def release(self, task: str) -> None:
        """Take a task's head out of ``modules``, its parameters, gradients and state out of the optimisers."""
        if task not in self.modules:
            return
        head = self.modules.pop(task)
        kept = self._shared | {id(each) for other in self.modules.values() for each in other.parameters()}
        gone = [each for each in head.parameters() if id(each) not in kept]
        for parameter in gone:
            parameter.grad = None
        for optimizer in self.optimizers:
            remove_parameters(optimizer, gone)
        self.released.append(task)


def optimizers_of(given: Optimizer | Iterable[Optimizer]) -> list[Optimizer]:
    """Return one optimiser, or several, as a list; refuse all else.

    Examples
    --------
    >>> optimizers_of(None)
    Traceback (most recent call last):
    mt2st.errors.ConfigError: optimizers must be torch's, one or several, found None: write optimizers=optimizer
    """
    found = list(given) if isinstance(given, Iterable) else [given]
    for each in found:
        if not hasattr(each, "param_groups"):
            raise ConfigError(f"optimizers must be torch's, one or several, found {each!r}: write optimizers=optimizer")
    return found


def remove_parameters(optimizer: Optimizer, parameters: Sequence[Tensor]) -> None:
    """Take parameters and their state out of an optimiser.

    A group that this empties stays, as schedulers, and whoever sets rates by hand, know the groups by their places.
    """
    gone = {id(each) for each in parameters}
    for group in optimizer.param_groups:
        kept = [place for place, each in enumerate(group["params"]) if id(each) not in gone]
        for key in ("params", "param_names"):
            if key in group:
                group[key] = [group[key][place] for place in kept]
    for parameter in parameters:
        optimizer.state.pop(parameter, None)
