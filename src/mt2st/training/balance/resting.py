"""What a module that is frozen must be kept from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch.nn import Module


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
