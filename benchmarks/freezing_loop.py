"""Time that `mt2st.Freezer` saves in a plain PyTorch loop: a step with nothing, a part or everything frozen, in turn.

The model: an embedding of 20,000 words and 128 dimensions with dense gradients, two transformer layers, a linear head;
batches of 16 sentences of 24 words; AdamW. It is a small text model as it is usually written, without regard to speed.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import process_time
from typing import Any

import torch

import mt2st

WORDS, SIZE, BATCH, LENGTH = 20_000, 128, 16, 24
LAYERS = ("body.layers.0", "body.layers.1")
CASES = (
    ("nothing", 0.0, 0.0),
    ("a quarter of the dimensions", 0.25, 0.0),
    ("half", 0.5, 0.0),
    ("three quarters", 0.75, 0.0),
    ("all dimensions", 1.0, 0.0),
    ("all, and the less relevant layer", 1.0, 0.5),
    ("all, and both layers", 1.0, 1.0),
)


class Model(torch.nn.Module):
    """Embedding, transformer, mean, linear layer."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.words = torch.nn.Embedding(WORDS, SIZE)
        layer = torch.nn.TransformerEncoderLayer(SIZE, 4, 2 * SIZE, dropout=0.0, batch_first=True)
        self.body = torch.nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = torch.nn.Linear(SIZE, 2)

    def loss(self, seed: int) -> torch.Tensor:
        """Return the loss of a random batch."""
        chance = torch.Generator().manual_seed(seed)
        ids = torch.randint(WORDS, (BATCH, LENGTH), generator=chance)
        labels = torch.randint(2, (BATCH,), generator=chance)
        return torch.nn.functional.cross_entropy(self.head(self.body(self.words(ids)).mean(1)), labels)


def make_step(share: float, layer_share: float) -> Callable[[], None]:
    """Return a training step of a model of its own that has trained a little and is then frozen."""
    model = Model()
    optimizer = torch.optim.AdamW(model.parameters())
    seeds = iter(range(10**9))

    def step() -> None:
        model.loss(next(seeds)).backward()
        optimizer.step()
        optimizer.zero_grad()

    step()
    freezer = mt2st.Freezer(model, optimizer)
    held_in = [lambda seed=seed: model.loss(seed) for seed in range(4)]
    layers = LAYERS if layer_share else ()
    if share or layers:
        freezer.freeze(held_in, embedding="words", share=share, layers=layers, layer_share=layer_share)
    return step


def measure_loop(rounds: int = 40, steps: int = 3) -> list[dict[str, Any]]:
    """Return a row a case: milliseconds of processor time a step, and the ratio to nothing frozen in the same round."""
    made = {name: make_step(share, layers) for name, share, layers in CASES}
    seconds: dict[str, list[float]] = {name: [] for name in made}
    for number in range(-1, rounds):
        turn = number % len(made)
        for name in [*made][turn:] + [*made][:turn]:
            started = process_time()
            for _ in range(steps):
                made[name]()
            if number >= 0:
                seconds[name].append((process_time() - started) / steps)
    base = seconds["nothing"]
    return [
        {"name": name, "ms": 1e3 * median(found), "ratio": median(a / b for a, b in zip(found, base, strict=True))}
        for name, found in seconds.items()
    ]


def loop_table(rows: list[dict[str, Any]]) -> str:
    """Return the rows in Markdown."""
    lines = ["| a plain PyTorch loop: frozen | milliseconds a step | of nothing frozen |", "|---" * 3 + "|"]
    return "\n".join([*lines, *(f"| {row['name']} | {row['ms']:.1f} | {row['ratio']:.2f} |" for row in rows)])
