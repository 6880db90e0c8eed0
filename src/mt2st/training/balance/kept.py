"""Earlier states of a model and its optimisers, kept for a strategy that may restore them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mt2st.errors import CheckpointError, ConfigError, counted

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from torch.optim import Optimizer

State = dict[str, Any]


class KeptStates:
    """Labelled copies of parameters, buffers and optimiser state, restored in place.

    Parameters
    ----------
    model
        Its parameters and buffers are kept. Heads that it no longer has are ignored when a state is restored.
    optimizers
        Their state of these parameters is kept, but not their settings, such as learning rates. The list may grow: a
        kept state covers those that were in it at the time.

    Examples
    --------
    >>> import torch
    >>> layer = torch.nn.Linear(1, 1)
    >>> kept, before = KeptStates(layer, ()), layer.weight.item()
    >>> kept.keep("start")
    >>> with torch.no_grad():
    ...     layer.weight += 1.0
    >>> kept.restore("start")
    >>> layer.weight.item() == before
    True
    """

    def __init__(self, model: Module, optimizers: Sequence[Optimizer]) -> None:
        self.model, self.optimizers = model, optimizers
        self._states: dict[str, State] = {}

    def __contains__(self, label: str) -> bool:
        return label in self._states

    def check_covers(self, beside: Iterable[Tensor]) -> None:
        """Refuse optimisers that train a parameter that is neither in the model nor among those ``beside`` it.

        Raises
        ------
        ConfigError
            If, for instance, the model is the encoder without its heads, which would then keep what trials taught them.
        """
        kept = {id(each) for each in (*self.model.parameters(), *beside)}
        for optimizer in self.optimizers:
            for parameter in (each for group in optimizer.param_groups for each in group["params"]):
                if parameter.requires_grad and id(parameter) not in kept:
                    raise ConfigError(
                        "model= must have all that is trained, as it goes back to earlier states: a parameter of shape "
                        f"{tuple(parameter.shape)} is in optimizers= alone; give the module around encoder and heads"
                    )

    def keep(self, label: str) -> None:
        """Keep the current state."""
        import torch

        with torch.inference_mode(False):  # an evaluation may be in it, whose tensors cannot be trained afterwards
            tensors = {name: tensor.detach().clone() for name, tensor in self._tensors()}
            moments = [
                {name: copied(optimizer.state[tensor]) for name, tensor in self._tensors() if tensor in optimizer.state}
                for optimizer in self.optimizers
            ]
        self._states[label] = {"tensors": tensors, "optimizers": moments}

    def restore(self, label: str) -> None:
        """Copy a kept state back into the same tensors; gradients are dropped."""
        import torch

        state = divided(self._states[label], self.model)
        with torch.inference_mode(False), torch.no_grad():
            for name, tensor in self._tensors():
                tensor.copy_(state["tensors"][name])
                tensor.grad = None
                for optimizer, moments in zip(self.optimizers, state["optimizers"], strict=True):
                    optimizer.state.pop(tensor, None)
                    if name in moments:
                        optimizer.state[tensor] = placed(copied(moments[name]), tensor, optimizer)

    def reset(self) -> None:
        """Delete all kept states."""
        self._states = {}

    def _tensors(self) -> Iterator[tuple[str, Tensor]]:
        yield from self.model.named_parameters()
        yield from self.model.named_buffers()

    def state_dict(self) -> dict[str, State]:
        """Return the kept states by label: tensors and numbers, for `torch.save`."""
        return dict(self._states)

    def load_state_dict(self, states: Mapping[str, State], without: Collection[int] = ()) -> None:
        """Load kept states after `check`."""
        self.check(states, without)
        self._states = dict(states)

    def check(self, states: Mapping[str, State], without: Collection[int] = ()) -> None:
        """Refuse states that lack a tensor of the model whose id is not in ``without``.

        Raises
        ------
        CheckpointError
            If they are of another model.
        """
        for label, kept in states.items():
            state = divided(kept, self.model)
            own = [name for name, tensor in self._tensors() if id(tensor) not in without]
            missing = [name for name in own if name not in state["tensors"]]
            # None yet is allowed: optimisers may be attached later.
            others = bool(self.optimizers) and len(state["optimizers"]) != len(self.optimizers)
            if missing or others:
                lacking = f"{missing[0]!r}" if missing else counted(len(self.optimizers), "optimiser")
                raise CheckpointError(f"the kept state {label!r} lacks {lacking}: it is of another model, or step")


def divided(state: State, model: Module) -> State:
    """Return a kept state with embeddings split as `Freezer` has split them in the model since."""
    from mt2st.models.pytorch.partly_frozen import PartlyFrozenEmbedding, of_columns  # here: it imports torch

    tensors, optimizers = dict(state["tensors"]), [dict(moments) for moments in state["optimizers"]]
    for name, module in model.named_modules():
        if not isinstance(module, PartlyFrozenEmbedding) or f"{name}.weight" not in tensors:
            continue
        whole = tensors.pop(f"{name}.weight")
        tensors |= {f"{name}.{part}": whole[:, columns] for part, columns in module.columns.items()}
        tensors[f"{name}.places"] = module.places
        for moments in optimizers:
            if f"{name}.weight" in moments:
                old = moments.pop(f"{name}.weight")
                moments[f"{name}.active"] = of_columns(old, module.columns["active"], whole.shape)
    return {"tensors": tensors, "optimizers": optimizers}


def placed(moments: State, parameter: Tensor, optimizer: Optimizer) -> State:
    """Return one parameter's optimiser state moved to the devices on which the optimiser expects it.

    That is the parameter's device, but the CPU for ``step`` unless the optimiser is capturable or fused.
    """
    steps_too = any(group.get("capturable") or group.get("fused") for group in optimizer.param_groups)
    return {
        key: value.to(parameter.device if key != "step" or steps_too else "cpu") if hasattr(value, "to") else value
        for key, value in moments.items()
    }


def copied(state: Mapping[str, Any]) -> State:
    """Return a copy of one parameter's optimiser state, including its tensors."""
    return {key: value.detach().clone() if hasattr(value, "detach") else value for key, value in state.items()}
