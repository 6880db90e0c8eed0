"""First values of modules, from generators of their own: torch's global one is neither read nor moved."""

from __future__ import annotations

import numpy as np
import torch


def seeded(generator: torch.Generator, seed: int) -> torch.Generator:
    """Re-seed the generator, all 64 bits of ``seed`` counting."""
    # On its own, torch's CPU generator heeds the lower 32 bits only.
    return generator.manual_seed(int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0]))


def draw_evenly(module: torch.nn.Module, bound: float, seed: int) -> None:
    """Draw every parameter evenly from ``±bound``: torch's own start, from an own generator."""
    generator = seeded(torch.Generator(), seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.uniform_(-bound, bound, generator=generator)


def draw_layers(module: torch.nn.Module, seed: int) -> None:
    """Draw every linear layer inside a module evenly from ``±1 / sqrt(inputs)``, one after the other."""
    generator = seeded(torch.Generator(), seed)
    with torch.no_grad():
        for layer in module.modules():
            if isinstance(layer, torch.nn.Linear):
                for parameter in layer.parameters():
                    parameter.uniform_(-(layer.in_features**-0.5), layer.in_features**-0.5, generator=generator)


def seeded_linear(inputs: int, outputs: int, seed: int) -> torch.nn.Linear:
    """Return a linear layer drawn from ``seed`` alone.

    Examples
    --------
    >>> torch.equal(seeded_linear(3, 2, seed=5).weight, seeded_linear(3, 2, seed=5).weight)
    True
    """
    layer = BlankLinear(inputs, outputs)
    draw_evenly(layer, inputs**-0.5, seed)
    return layer


class BlankLSTM(torch.nn.LSTM):
    """An LSTM without initial values."""

    def reset_parameters(self) -> None:
        """Draw nothing: torch would draw from its global generator."""


class BlankLinear(torch.nn.Linear):
    """A linear layer without initial values."""

    def reset_parameters(self) -> None:
        """Draw nothing: torch would draw from its global generator."""
