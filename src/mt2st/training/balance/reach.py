"""Whether a loss reaches the shared parameters, according to the graph that autograd has recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mt2st.errors import ConfigError, GradientPathError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from torch import Tensor
    from torch.nn import Module


def parameters_of(shared: Iterable[Tensor] | Module | Tensor) -> tuple[Tensor, ...]:
    """Return the parameters of a module, one parameter, or several, as a tuple; refuse anything else.

    Examples
    --------
    >>> import torch
    >>> [each.shape for each in parameters_of(torch.nn.Linear(2, 3))]
    [torch.Size([3, 2]), torch.Size([3])]
    >>> parameters_of(torch.nn.Linear(2, 3).named_parameters())
    Traceback (most recent call last):
    mt2st.errors.ConfigError: shared must be parameters, found a tuple: write shared=model.encoder.parameters()
    """
    from torch import Tensor
    from torch.nn import Module

    one = isinstance(shared, Tensor) or not isinstance(shared, Iterable)
    found = tuple(shared.parameters() if isinstance(shared, Module) else [shared] if one else shared)
    for each in found:
        if not isinstance(each, Tensor):
            kind = type(each).__name__
            raise ConfigError(f"shared must be parameters, found a {kind}: write shared=model.encoder.parameters()")
    if not found and not isinstance(shared, tuple):
        kind = type(shared).__name__
        raise ConfigError(
            f"shared has no parameters, found an empty {kind}: the iterator that .parameters() returns can be "
            "read only once; give the module itself"
        )
    return found


REENTRANT = "CheckpointFunctionBackward"  # node of checkpoint(..., use_reentrant=True), which hides the wrapped graph


def nodes_of(loss: Tensor) -> set[Any]:
    """Return the nodes of the graph of ``loss``.

    Walks the graph and computes no gradient, so that it also works for what `torch.compile` compiled.
    """
    seen: set[Any] = set()
    nodes: list[Any] = [loss.grad_fn]
    while nodes:
        node = nodes.pop()
        if node is not None and node not in seen:
            seen.add(node)
            nodes.extend(parent for parent, _ in node.next_functions)
    return seen


def leaf_of(node: Any) -> Tensor | None:
    """Return the leaf whose gradient a node accumulates; None for any other node."""
    found: Tensor | None = getattr(node, "variable", None)
    return found


def check_open(task: str, nodes: Iterable[Any]) -> None:
    """Refuse a graph with a hidden part, as the gradient of one loss alone cannot be computed then.

    Raises
    ------
    GradientPathError
        If a part is checkpointed reentrantly: torch then supports ``backward`` only, not ``autograd.grad``.
    """
    if any(node.name() == REENTRANT for node in nodes):
        raise GradientPathError(
            f"the loss of {task!r} goes through checkpoint(..., use_reentrant=True), which cannot give the gradient of "
            "one loss, as combine= and Feedback need: write use_reentrant=False"
        )


def reaches(loss: Tensor, parameters: Collection[Tensor]) -> bool:
    """Return whether any of ``parameters`` is a leaf of the graph of ``loss``, or may be in a hidden part of it."""
    wanted = {id(each) for each in parameters}
    return any(id(leaf_of(node)) in wanted or node.name() == REENTRANT for node in nodes_of(loss))


def check_number(task: str, step: int, loss: object) -> None:
    """Refuse a loss that is not a tensor of one number."""
    numel: Callable[[], int] | None = getattr(loss, "numel", None)
    if numel is None or numel() != 1:
        found = type(loss).__name__ if numel is None else tuple(getattr(loss, "shape", ()))
        fix = "return the tensor itself, no .item() and no tuple" if numel is None else "take its mean"
        raise ConfigError(f"the loss of {task!r} must be a tensor of one number, found {found} at step {step}: {fix}")


def check_reach(task: str, step: int, loss: Tensor, shared: Collection[Tensor]) -> None:
    """Refuse a loss that is not one number, or that has no gradient for the shared parameters.

    Raises
    ------
    ConfigError
        If it is not a tensor of one number.
    GradientPathError
        If no gradient flows from it to ``shared``; if ``shared`` is empty, if it has no gradient at all.
    """
    check_number(task, step, loss)
    if not loss.requires_grad:
        raise GradientPathError(
            f"the loss of {task!r} has no gradient at step {step}; likely cause: it is computed on a detached copy "
            "(.detach(), .numpy(), .data), under torch.no_grad(), or all its parameters are frozen; where the "
            "batch has no label of it, return None"
        )
    if shared and not reaches(loss, shared):
        raise GradientPathError(
            f"the loss of {task!r} does not reach the shared parameters at step {step}; likely cause: its input is "
            "detached from them, they are frozen, it is computed by another model than the one given as shared, or "
            "fully_shard has put others in their place: then leave shared= out"
        )
