"""Freezing a whole module: its parameters and its running statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch.nn import Module


def freeze_module(module: Module) -> None:
    """Freeze a module: its parameters get no gradient, and its running statistics stay as they are."""
    for parameter in module.parameters():
        parameter.requires_grad_(False)
        parameter.grad = None
    for each in module.modules():
        if getattr(each, "track_running_stats", False):
            each.register_forward_pre_hook(_evaluate)


def _evaluate(module: Module, _: object) -> None:
    """Make a normalisation use, and not update, its running statistics, whatever mode the model is in."""
    module.eval()
