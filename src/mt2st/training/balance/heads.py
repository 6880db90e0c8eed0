"""The heads of auxiliaries that are over: taken out of the model and out of the optimisers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from weakref import ref

from mt2st.errors import CheckpointError, ConfigError
from mt2st.training.balance.reach import leaf_of, nodes_of

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
    model
        Has the heads; what else in it has a parameter of a head keeps it.

    Attributes
    ----------
    released
        Tasks whose heads are gone, and the parameters that went with each, as far as something else holds them.
    """

    def __init__(
        self,
        modules: ModuleDict | dict[str, Module],
        optimizers: Optimizer | Iterable[Optimizer],
        shared: Collection[Tensor],
        model: Module | None = None,
    ) -> None:
        if not hasattr(modules, "items"):
            raise ConfigError(f"heads must be a ModuleDict, or a dictionary, by task, found {type(modules).__name__}")
        self.modules = modules
        self.optimizers = optimizers_of(optimizers)
        self._shared, self._model = {id(each) for each in shared}, model
        self.released: dict[str, list[ref[Tensor]]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Leave out of a copy what only this one's parameters are."""
        return {**self.__dict__, "released": {task: [] for task in self.released}}

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
        gone = self._own(task)
        del self.modules[task]
        for parameter in gone:
            parameter.grad = None
        for optimizer in self.optimizers:
            remove_parameters(optimizer, gone)
        self.released[task] = [ref(each) for each in gone]

    def check_apart(self, task: str, step: int, loss: Tensor, others: Iterable[str]) -> None:
        """Refuse a loss that needs what leaves the optimisers, or has left them, with the heads of ``others``.

        Raises
        ------
        ConfigError
            As where a language model's head is tied to the embedding, and of the encoder only a later layer is shared.
        """
        reached = {id(leaf_of(node)) for node in nodes_of(loss)} if self.optimizers else set()
        for other in others:
            if reached & self._leaving(other):
                raise ConfigError(
                    f"the loss of {task!r} goes through the head of {other!r} at step {step}, whose parameters leave "
                    f"the optimisers once {other!r} is over: name what stays in shared=, give model= where it is tied "
                    f"there, or leave {other!r} out of heads="
                )

    def _leaving(self, task: str) -> set[int]:
        if task in self.modules:
            return {id(each) for each in self._own(task)}
        return {id(each()) for each in self.released.get(task, ()) if each() is not None}

    def _own(self, task: str) -> list[Tensor]:
        """Return the parameters of a task's head that nothing else has: all that goes with it."""
        head = self.modules[task]
        others = [each for name, other in self.modules.items() if name != task for each in other.parameters()]
        beside = () if self._model is None else parameters_beside(self._model, head)
        kept = self._shared | {id(each) for each in (*others, *beside)}
        return [each for each in head.parameters() if id(each) not in kept]


def parameters_beside(module: Module, head: Module) -> Iterator[Tensor]:
    """Yield the parameters that a module has without ``head``, wherever in it that is."""
    if module is not head:
        yield from module.parameters(recurse=False)
        for child in module.children():
            yield from parameters_beside(child, head)


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
