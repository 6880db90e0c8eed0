"""Heads: removes the heads of auxiliaries that have ended from the model and the optimisers."""

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
    """The heads by task, and the optimisers that train them.

    Parameters
    ----------
    modules
        A ``ModuleDict``, or a dictionary, of modules by task; the model's own one, so that a head removed from it is
        gone from the model.
    optimizers
        One or several, which hold parameters of heads.
    shared
        Parameters that stay even if a head has them too.
    model
        Contains the heads; a parameter of a head that another part of the model has too stays.

    Attributes
    ----------
    released
        Tasks whose heads were removed, with weak references to the parameters removed with each.
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
        self._shared, self._model = tuple(shared), model
        self.released: dict[str, list[ref[Tensor]]] = {}

    def __getstate__(self) -> dict[str, Any]:
        """Leave the weak references out of a copy, as they refer to this object's parameters."""
        return {**self.__dict__, "released": {task: [] for task in self.released}}

    def tensors(self, tasks: Iterable[str]) -> set[int]:
        """Return the ids of the parameters and buffers of the heads of ``tasks``."""
        heads = [self.modules[task] for task in tasks if task in self.modules]
        return {id(each) for head in heads for each in (*head.parameters(), *head.buffers())}

    def lost(self, dropped: Collection[str]) -> list[str]:
        """Return the tasks that are not among ``dropped`` and have lost their head."""
        return [task for task in self.released if task not in dropped]

    def prefixes(self, model: Module, tasks: Collection[str]) -> tuple[str, ...]:
        """Return what names in the ``state_dict`` of ``model`` begin with for the heads of ``tasks``, gone or not.

        Examples
        --------
        >>> import torch
        >>> model = torch.nn.ModuleDict({"heads": torch.nn.ModuleDict({"pos": torch.nn.Linear(2, 3)})})
        >>> Heads(model["heads"], (), ()).prefixes(model, ["pos"])
        ('heads.pos.',)
        """
        places = [name for name, each in model.named_modules(remove_duplicate=False) if each is self.modules]
        return tuple(f"{place}.{task}.".lstrip(".") for place in places for task in tasks)

    def check(self, dropped: Collection[str]) -> None:
        """Refuse if a task that is not among ``dropped`` has lost its head."""
        if lost := self.lost(dropped):
            raise CheckpointError(f"the head of {lost[0]!r} was released and cannot come back: build a new model")

    def release(self, task: str) -> None:
        """Remove a task's head from ``modules``, and its parameters, gradients and state from the optimisers."""
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
        """Refuse a loss that needs parameters that leave, or have left, the optimisers with the heads of ``others``.

        Raises
        ------
        ConfigError
            For instance if a language model's head is tied to the embedding and ``shared`` has only a later layer.
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
        """Return the parameters that only this task's head has, and that are removed with it."""
        head = self.modules[task]
        others = [each for name, other in self.modules.items() if name != task for each in other.parameters()]
        beside = () if self._model is None else parameters_beside(self._model, head)
        kept = {id(each) for each in (*self._shared, *others, *beside)}
        return [each for each in head.parameters() if id(each) not in kept]


def parameters_beside(module: Module, head: Module) -> Iterator[Tensor]:
    """Yield the parameters of a module outside its submodule ``head``, at whatever depth that is."""
    if module is not head:
        yield from module.parameters(recurse=False)
        for child in module.children():
            yield from parameters_beside(child, head)


def optimizers_of(given: Optimizer | Iterable[Optimizer]) -> list[Optimizer]:
    """Return one optimiser, or several, as a list; refuse anything else.

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
    """Remove parameters and their state from an optimiser.

    A group left empty stays, as schedulers, and users who set rates by hand, refer to groups by index.
    """
    gone = {id(each) for each in parameters}
    for group in optimizer.param_groups:
        kept = [place for place, each in enumerate(group["params"]) if id(each) not in gone]
        for key in ("params", "param_names"):
            if key in group:
                group[key] = [group[key][place] for place in kept]
    for parameter in parameters:
        optimizer.state.pop(parameter, None)
