"""What a module that is frozen must be kept from, and what an optimiser knows of one that is frozen in part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module
    from torch.optim import Optimizer


def let_rest(module: Module) -> None:
    """Let nothing move a module any more: no gradient reaches its parameters, and running statistics stay."""
    for parameter in module.parameters():
        parameter.requires_grad_(False)
        parameter.grad = None
    for each in module.modules():
        if getattr(each, "track_running_stats", False):
            each.register_forward_pre_hook(_evaluate)


def _evaluate(module: Module, _: object) -> None:
    """Let a normalisation use its running statistics and leave them alone, whatever mode the model was put in."""
    module.eval()


def keep_moments(optimizer: Optimizer, parameter: Tensor, columns: Sequence[int]) -> None:
    """Cut what an optimiser knows of a parameter's columns, (rows, all) or Adafactor's (1, all), down to some."""
    state = optimizer.state.get(parameter, {})
    for key, value in state.items():
        if getattr(value, "shape", ())[1:] == parameter.shape[1:]:
            state[key] = value[:, list(columns)].clone()
