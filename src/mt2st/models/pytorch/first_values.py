"""Initial values of modules, from their own generators, without using torch's global one."""

from __future__ import annotations

import numpy as np
import torch


def seeded(generator: torch.Generator, seed: int) -> torch.Generator:
    """Seed the generator with all 64 bits of ``seed``."""
    # By itself, torch's CPU generator uses only the lower 32 bits.
    return generator.manual_seed(int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0]))


def draw_evenly(module: torch.nn.Module, bound: float, seed: int) -> None:
    """Draw every parameter uniformly from ``±bound``, as torch does, from its own generator."""
    generator = seeded(torch.Generator(), seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.uniform_(-bound, bound, generator=generator)


def draw_layers(module: torch.nn.Module, seed: int) -> None:
    """Draw every linear layer in a module uniformly from ``±1 / sqrt(inputs)``, one after another."""
    generator = seeded(torch.Generator(), seed)
    with torch.no_grad():
        for layer in module.modules():
            if isinstance(layer, torch.nn.Linear):
                for parameter in layer.parameters():
                    parameter.uniform_(-(layer.in_features**-0.5), layer.in_features**-0.5, generator=generator)


def seeded_linear(inputs: int, outputs: int, seed: int) -> torch.nn.Linear:
    """Return a linear layer whose values depend only on ``seed``.

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
