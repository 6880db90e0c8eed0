"""Two tasks in one step: one encoder pass per task, one pass over both batches, or one pass over a shared batch."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import numpy as np
import torch
from numpy.typing import NDArray

from mt2st.tasks import LabelledRows
from torch_path_models import BATCH, Ours

Batches = list[NDArray[np.int64]]


def ways(ours: Ours, data: LabelledRows) -> dict[str, Callable[[NDArray[np.int64], NDArray[np.int64]], None]]:
    """Return what a step with two batches can do, all with two heads."""
    encoder, heads = ours.shared.encoder, [torch.nn.Linear(ours.shared.encoder.output_size, 2) for _ in range(2)]
    labels = torch.from_numpy(data.labels).long()

    def loss_of(head: int, vectors: torch.Tensor, batch: NDArray[np.int64]) -> torch.Tensor:
        return torch.nn.functional.cross_entropy(heads[head](vectors), labels[torch.from_numpy(batch)])

    def apart(one: NDArray[np.int64], other: NDArray[np.int64]) -> None:
        for head, batch in enumerate((one, other)):
            loss_of(head, encoder(data.rows, batch), batch).backward()  # type: ignore[no-untyped-call]

    def together(one: NDArray[np.int64], other: NDArray[np.int64]) -> None:
        vectors = encoder(data.rows, np.concatenate((one, other)))
        loss = loss_of(0, vectors[:BATCH], one) + loss_of(1, vectors[BATCH:], other)
        loss.backward()  # type: ignore[no-untyped-call]

    def shared(one: NDArray[np.int64], _: NDArray[np.int64]) -> None:
        vectors = encoder(data.rows, one)
        (loss_of(0, vectors, one) + loss_of(1, vectors, one)).backward()  # type: ignore[no-untyped-call]

    return {"a pass each": apart, "one pass over both batches": together, "one pass, a batch in common": shared}


def encodings_table(data: LabelledRows, batches: Batches, rounds: int) -> str:
    """Return milliseconds a step in Markdown, and the ratio to a pass each."""
    lines = ["| two tasks, 50 sentences each | sizes | ms a step | of a pass each (quartiles) |", "|---" * 4 + "|"]
    for sizes in ((64, 64), (100, 128)):
        ours = Ours.make(data, *sizes, 0.3)
        made = ways(ours, data)
        seconds = {name: np.zeros(rounds + 1) for name in made}
        for turn in range(rounds + 1):
            for name in [*made][turn % 3 :] + [*made][: turn % 3]:
                begun = process_time()
                for step in range(4):
                    place = 2 * (4 * turn + step) % (len(batches) - 1)
                    made[name](batches[place], batches[place + 1])
                    ours.shared.finish_step(1.0)
                seconds[name][turn] = (process_time() - begun) / 4
        for name, found in seconds.items():
            half, low, high = np.quantile(found[1:] / seconds["a pass each"][1:], (0.5, 0.25, 0.75))
            lines.append(
                f"| {name} | {sizes[0]}, {sizes[1]} | {1e3 * np.median(found[1:]):.1f} "
                f"| {half:.2f} ({low:.2f} to {high:.2f}) |"
            )
    return "\n".join(lines)
