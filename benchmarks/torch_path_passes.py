"""Two tasks on one batch as `mt2st train` runs them: with one pass, with one pass per task, and in plain PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import numpy as np
import torch
from numpy.typing import NDArray

from mt2st.models.pytorch.encoders import make_encoder
from mt2st.models.pytorch.shared import TorchShared
from mt2st.tasks import LabelledRows, Sampler
from mt2st.tasks.pytorch.encoder_classification import EncoderClassification
from mt2st.tasks.pytorch.shared_pass import SharedPass
from torch_path_models import RATE, WORDS, Plain

Batches = list[NDArray[np.int64]]
DROPOUT, SIZES, STEPS = 0.3, ((64, 64), (100, 128)), 4
NAMES = ("one pass", "a pass each", "plain PyTorch, two passes")


class Ours:
    """Two classifications of the same texts on one encoder; a step is that of `mt2st.training.turns.Turns`."""

    def __init__(self, data: LabelledRows, vector_size: int, hidden_size: int) -> None:
        table = torch.randn(WORDS, vector_size, generator=torch.Generator().manual_seed(1)).numpy()
        self.shared = TorchShared(make_encoder("bilstm", table, {"hidden_size": hidden_size}, DROPOUT, 1), RATE, RATE)
        sampler = Sampler(len(data), 1, 1, 1, "one")
        self.tasks = [EncoderClassification(name, self.shared, data, sampler) for name in ("one", "two")]
        self.steps = 0

    def once(self, batch: NDArray[np.int64]) -> None:
        """Take a step by one pass."""
        self.shared.begin_step(self.steps)
        one = SharedPass(self.tasks, batch)
        for task in self.tasks:
            one.learn(task, 1.0)
        one.finish()
        self._finish()

    def each(self, batch: NDArray[np.int64]) -> None:
        """Take a step by a pass each."""
        self.shared.begin_step(self.steps)
        for task in self.tasks:
            task.learn(batch, 1.0, 1.0)
        self._finish()

    def _finish(self) -> None:
        self.shared.finish_step(1.0)
        self.steps += 1


class TwoPlain(Plain):
    """Padded batches, torch's LSTM, and for each of two heads a pass of its own; one step of Adam."""

    def __init__(self, data: LabelledRows, vector_size: int, hidden_size: int) -> None:
        super().__init__(data, vector_size, hidden_size, DROPOUT)
        self.heads = torch.nn.ModuleList(torch.nn.Linear(2 * hidden_size, len(data.classes)) for _ in range(2))
        self.optimizer = torch.optim.Adam(self.parameters(), lr=RATE)

    def two(self, batch: NDArray[np.int64]) -> None:
        """Take a step."""
        self.optimizer.zero_grad()
        sentences, labels = [self.sentences[i] for i in batch], self.labels[torch.from_numpy(batch)]
        for head in self.heads:
            self.head = head
            torch.nn.functional.cross_entropy(self(sentences), labels).backward()
        self.optimizer.step()


def passes_table(data: LabelledRows, batches: Batches, rounds: int) -> str:
    """Return milliseconds a step in Markdown, and ratios over rounds in turns."""
    lines = [
        "| two tasks on one batch of 50 | sizes | ms a step | of a pass each (quartiles) | of plain PyTorch's |",
        "|---" * 5 + "|",
    ]
    for sizes in SIZES:
        found = seconds_of(data, sizes, batches, rounds)
        for which, name in enumerate(NAMES):
            own, each, plain = found[:, which], found[:, 1], found[:, 2]
            half, low, high = np.quantile(own / each, (0.5, 0.25, 0.75))
            lines.append(
                f"| {name} | {sizes[0]}, {sizes[1]} | {1e3 * np.median(own):.1f} "
                f"| {half:.2f} ({low:.2f} to {high:.2f}) | {np.median(own / plain):.2f} |"
            )
    return "\n".join(lines)


def seconds_of(data: LabelledRows, sizes: tuple[int, int], batches: Batches, rounds: int) -> NDArray[np.float64]:
    """Return seconds a step of each way, (rounds, 3), one after the other in a round, in changing order."""
    once, each, plain = Ours(data, *sizes), Ours(data, *sizes), TwoPlain(data, *sizes)
    ways: list[Callable[[NDArray[np.int64]], None]] = [once.once, each.each, plain.two]
    seconds = np.zeros((rounds + 1, len(ways)))
    for turn in range(rounds + 1):
        for which in np.roll(range(len(ways)), turn):
            begun = process_time()
            for step in range(STEPS):
                ways[which](batches[(STEPS * turn + step) % len(batches)])
            seconds[turn, which] = (process_time() - begun) / STEPS
    return seconds[1:]  # the first round warms up
