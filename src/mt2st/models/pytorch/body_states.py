"""Checking an encoder's body: its name, and its input and output on one word."""

from __future__ import annotations

from typing import cast

import torch

from mt2st.errors import ConfigError

PROTOCOL = "a body takes vectors (batch, tokens, vector_size) and lengths (batch,), and gives (batch, tokens, size)"
FAULTS = (TypeError, RuntimeError, ValueError, LookupError, AttributeError)


def states_size(body: torch.nn.Module, vector_size: int) -> int:
    """Return the size of a body's states: its attribute ``output_size``, or the size of its output for one word.

    Raises
    ------
    ConfigError
        If it is no module, fails on one word, or does not return one state per token.

    Examples
    --------
    >>> from mt2st.models.pytorch.bodies.bilstm import BiLSTM
    >>> states_size(BiLSTM(3, hidden_size=4), 3)
    8
    """
    if not isinstance(body, torch.nn.Module):
        remedy = f"write {body.__name__}(...)" if isinstance(body, type) else "put it in the forward of one"
        raise ConfigError(f"a body is an instance of torch.nn.Module, {body!r} found: {remedy}")
    if hasattr(body, "output_size"):
        return cast("int", body.output_size)
    was_training, first = body.training, next(body.parameters(), None)
    vectors = torch.zeros(1, 1, vector_size, device=None if first is None else first.device)
    body.eval()
    try:
        with torch.no_grad():
            found = body(vectors, torch.ones(1, dtype=torch.int64))
    except FAULTS as error:
        raise ConfigError(
            f"{PROTOCOL}; {type(body).__name__} failed on (1, 1, {vector_size}) and (1,), {error}: where it takes "
            "other arguments, wrap it in a module with forward(vectors, lengths)"
        ) from error
    finally:
        body.train(was_training)
    if not isinstance(found, torch.Tensor) or found.dim() != 3 or found.shape[:2] != (1, 1):
        what = tuple(found.shape) if isinstance(found, torch.Tensor) else type(found).__name__
        raise ConfigError(f"{PROTOCOL}; {type(body).__name__} gave {what} for (1, 1, {vector_size}) and (1,)")
    return found.shape[2]


def named_layers(body: torch.nn.Module) -> torch.nn.ModuleDict:
    """Return the layers of an encoder: the body, by its attribute ``name`` or as ``body``.

    Raises
    ------
    ConfigError
        If a module cannot have this name.

    Examples
    --------
    >>> list(named_layers(torch.nn.Identity()))
    ['body']
    """
    name = getattr(body, "name", "body")
    try:
        return torch.nn.ModuleDict({name: body})
    except (KeyError, TypeError):
        rule = "a string without a dot, other than '' and the names of a ModuleDict's methods"
        raise ConfigError(
            f"the attribute name of a body names its layer and must be {rule}, {name!r} found: give it another"
        ) from None
