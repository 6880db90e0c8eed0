"""A training step of the BiLSTM classifier: mt2st against plain PyTorch, in turn on one core.

    MT2ST_DATA=... taskset -c 1 python benchmarks/torch_path.py [--rounds 25]

Both train the same model on the same batches of 50 in the same process, in turns of a few steps; processor time is
measured. First the losses are compared step by step, without dropout and from the same parameters; plain PyTorch packs
its sentences for that, as padding changes its backward direction. Writes its section of docs/RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mt2st.tasks import LabelledRows
from torch_path_encodings import encodings_table
from torch_path_models import BATCH, Ours, Plain, read
from torch_path_passes import passes_table

START, END = "<!-- torch path: written by benchmarks/torch_path.py -->", "<!-- end of torch path -->"
SIZES = ((64, 64), (100, 128))
STEPS, DROPOUT, COMPARED = 4, 0.3, 100


def draw(data: LabelledRows, count: int, seed: int, *, alike: bool = False) -> list[NDArray[np.int64]]:
    """Return batches drawn at random, or, ``alike``, of sentences of like length among 20 batches' worth."""
    chance = np.random.default_rng(seed)
    drawn = [chance.choice(len(data), 20 * BATCH, replace=False) for _ in range(-(-count // 20))]
    if alike:
        drawn = [each[np.argsort(data.rows.lengths[each], kind="stable")] for each in drawn]
    batches = [batch for each in drawn for batch in np.split(each, 20)]
    return [batches[place] for place in chance.permutation(len(batches))[:count]]


def measure(data: LabelledRows, sizes: tuple[int, int], rounds: int, *, alike: bool) -> dict[str, Any]:
    """Return milliseconds a step of both, and the quartiles of their ratio, over rounds in turns."""
    made = Plain(data, *sizes, DROPOUT), Ours.make(data, *sizes, DROPOUT)
    batches = draw(data, STEPS * (rounds + 1), 1, alike=alike)
    seconds = np.zeros((rounds + 1, 2))
    for turn in range(rounds + 1):
        for which in (0, 1) if turn % 2 else (1, 0):
            begun = process_time()
            for batch in batches[turn * STEPS : (turn + 1) * STEPS]:
                made[which].step(batch)
            seconds[turn, which] = (process_time() - begun) / STEPS
    plain, ours = seconds[1:].T  # the first round warms up
    return {
        "plain": 1e3 * np.median(plain),
        "ours": 1e3 * np.median(ours),
        "ratio": np.quantile(ours / plain, (0.5, 0.25, 0.75)),
    }


def compare_losses(data: LabelledRows, sizes: tuple[int, int]) -> list[tuple[float, float]]:
    """Return both losses of the first steps, without dropout, from the same parameters."""
    torch.manual_seed(1)
    plain, ours = Plain(data, *sizes, 0.0, packed=True), Ours.make(data, *sizes, 0.0)
    ours.start_as(plain)
    losses = [(plain.step(batch), ours.step(batch)) for batch in draw(data, COMPARED, 2)]
    if abs(losses[0][0] - losses[0][1]) > 1e-4:
        raise SystemExit(f"the first losses differ: {losses[0]}")
    return losses


def table_of_times(rows: list[dict[str, Any]]) -> str:
    """Return times in Markdown."""
    lines = ["| sentences | sizes | batches | plain PyTorch, ms | mt2st, ms | of plain (quartiles) |", "|---" * 6 + "|"]
    for row in rows:
        half, low, high = row["ratio"]
        sizes = f"{row['sizes'][0]}, {row['sizes'][1]}"
        lines.append(
            f"| {row['set']} | {sizes} | {row['batches']} | {row['plain']:.1f} | {row['ours']:.1f} "
            f"| **{half:.2f}** ({low:.2f} to {high:.2f}) |"
        )
    return "\n".join(lines)


def table_of_losses(rows: list[tuple[str, list[tuple[float, float]]]]) -> str:
    """Return losses in Markdown."""
    lines = [
        "| sentences | differ at step 1 | most in steps 2 to 10 | most in all 100 | mean loss, last 20: plain, mt2st |",
        "|---" * 5 + "|",
    ]
    for name, losses in rows:
        off = [abs(a - b) for a, b in losses]
        last = np.mean(losses[-20:], axis=0)
        lines.append(
            f"| {name} | {off[0]:.1e} | {max(off[1:10]):.1e} | {max(off):.1e} | {last[0]:.4f}, {last[1]:.4f} |"
        )
    return "\n".join(lines)


def write_results(parts: list[str], docs: Path) -> None:
    """Replace the part of ``RESULTS.md`` between the marks."""
    path = docs / "RESULTS.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(START)
    path.write_text(before + "\n\n".join((START, *parts, END)) + rest.partition(END)[2], encoding="utf-8")


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--sets", nargs="+", default=["sst2", "film", "imdb"], choices=["sst2", "film", "imdb"])
    parser.add_argument("--docs", type=Path, default=Path(__file__).parents[1] / "docs")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    times, losses = [], []
    for name in asked.sets:
        data = read(name, Path(os.environ["MT2ST_DATA"]))
        rounds = asked.rounds if name != "imdb" else max(2, asked.rounds // 3)
        losses.append((name, compare_losses(data, SIZES[0])))
        for sizes in SIZES:
            for alike in (False, True):
                row = measure(data, sizes, rounds, alike=alike)
                times.append(row | {"set": name, "sizes": sizes, "batches": "of like length" if alike else "at random"})
                print(times[-1], flush=True)
        if name == "sst2":
            several = encodings_table(data, draw(data, 40, 3), asked.rounds)
            passes = passes_table(data, draw(data, 40, 4), asked.rounds)
    machine = f"{platform.processor() or platform.machine()}, torch {torch.__version__}, one thread"
    parts = [
        f"Measured on {machine}; medians of {asked.rounds} rounds (imdb a third) of {STEPS} steps.",
        table_of_times(times),
    ]
    parts += [table_of_losses(losses), several, passes]
    print("\n\n".join(parts))
    write_results(parts, asked.docs)


if __name__ == "__main__":
    main()
