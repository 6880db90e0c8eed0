"""Time saved and accuracy lost by freezing: the single-task phase with each share of the dimensions frozen.

    taskset -c 1 python benchmarks/freezing.py     # half an hour; writes its section of docs/RESULTS.md
    python benchmarks/freezing.py --encoders bag   # two minutes

The multi-task phase is trained once per seed. From its end the single-task phase is run with every share in turn, so
that runs differ in nothing else. Seconds are processor time of training alone, including relevance and copying; runs
of the bag are repeated and the median is taken, as each lasts only a few hundredths of a second.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from time import process_time
from typing import Any

import torch

from freezing_loop import loop_table, measure_loop
from mt2st.evaluation import mean_interval, paired_difference
from mt2st.training import ledger
from mt2st.training.checkpoint import fill_arrays
from mt2st.training.corpus import Corpus, load_corpus
from mt2st.training.job import make_job
from mt2st.training.listener import Quiet
from mt2st.training.loop import Trainer
from mt2st.training.settings import Settings, default_settings, parse_settings
from mt2st.training.stopping import StopRequest

START, END = "<!-- freezing: written by benchmarks/freezing.py -->", "<!-- end of freezing -->"
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
# One dimension of 64: what the copy of the rows in use saves by itself.
ONE = 1 / 64
CASES = {
    "bag": ((0.0, 0.0), (ONE, 0.0), *((share, 0.0) for share in SHARES[1:])),
    "bilstm": (*((share, 0.0) for share in SHARES), (1.0, 0.5), (1.0, 1.0)),
}
JOBS = {"bag": ("products", "film"), "bilstm": ("products",)}
REPEATS = {"bag": 5, "bilstm": 1}


@dataclass(frozen=True)
class Turn:
    """The end of a multi-task phase: arrays and state to go on from."""

    arrays: dict[str, Any]
    state: dict[str, Any]


def settings_of(encoder: str, primary: str, labels: int, seed: int) -> Settings:
    """Return the default job of a set with so many labels."""
    values = default_settings(primary)
    values["primary"]["labels"], values["training"] = labels, {"seed": seed}
    values["model"] = {"encoder": encoder}
    return parse_settings(values)


def until_the_switch(corpus: Corpus, settings: Settings) -> Turn:
    """Train the multi-task phase."""
    trainer = Trainer(make_job(corpus, settings))
    trainer.total = trainer.job.strategy.transition()
    trainer.run(Quiet(), StopRequest())
    return Turn({name: array.copy() for name, array in trainer.arrays().items()}, trainer.state_dict())


def from_the_switch(corpus: Corpus, settings: Settings, turn: Turn, share: float, layers: float) -> tuple[float, float]:
    """Train the single-task phase; return its seconds and the test accuracy of the best development state."""
    settings = settings.model_copy(deep=True)
    settings.freeze.share, settings.freeze.layers = share, layers
    trainer = Trainer(make_job(corpus, settings))
    fill_arrays(trainer.arrays(), turn.arrays)
    trainer.load_state_dict(turn.state)
    before = trainer.ledger.training_seconds
    trainer.run(Quiet(), StopRequest())
    seconds = trainer.ledger.training_seconds - before
    trainer.restore_best()
    return seconds, trainer.evaluate(corpus.test).accuracy


def measure(encoder: str, primary: str, labels: int, seeds: int) -> list[dict[str, Any]]:
    """Return a row a case: seconds and accuracies by seed."""
    rows = [{"share": share, "layers": layers, "seconds": [], "tests": []} for share, layers in CASES[encoder]]
    corpus = load_corpus(settings_of(encoder, primary, labels, 1))
    for seed in range(1, seeds + 1):
        settings = settings_of(encoder, primary, labels, seed)
        turn = until_the_switch(corpus, settings)
        # Every seed begins at another row, as what runs first is at times the fastest.
        for row in [*rows[seed % len(rows) :], *rows[: seed % len(rows)]]:
            case = corpus, settings, turn, row["share"], row["layers"]
            found = [from_the_switch(*case) for _ in range(REPEATS[encoder])]
            row["seconds"].append(median(seconds for seconds, _ in found))
            row["tests"].append(found[0][1])
        print(encoder, primary, labels, "seed", seed, [round(row["seconds"][-1], 3) for row in rows], flush=True)
    return rows


def name_of(row: dict[str, Any]) -> str:
    """Return what is frozen, in words."""
    share = "one dimension" if row["share"] == ONE else f"{row['share']:.0%}"
    return share + (f", and {row['layers']:.0%} of the encoder's parameters" if row["layers"] else "")


def table(title: str, rows: list[dict[str, Any]]) -> str:
    """Return a table in Markdown."""
    lines = [
        f"| {title} | seconds | of nothing frozen (range) | test accuracy [95%] | minus nothing frozen [95%] |",
        "|---" * 5 + "|",
    ]
    base = rows[0]
    for row in rows:
        ratios = [a / b for a, b in zip(row["seconds"], base["seconds"], strict=True)]
        minus = "-" if row is base else format(paired_difference(row["tests"], base["tests"]), "+.3f")
        lines.append(
            f"| {name_of(row)} | {fmean(row['seconds']):.3f} | {median(ratios):.2f} ({min(ratios):.2f} to "
            f"{max(ratios):.2f}) | {format(mean_interval(row['tests']), '.3f')} | {minus} |"
        )
    return "\n".join(lines)


def write_results(tables: list[str], docs: Path) -> None:
    """Replace the part of ``RESULTS.md`` between the marks."""
    path = docs / "RESULTS.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(START)
    path.write_text(before + "\n\n".join((START, *tables, END)) + rest.partition(END)[2], encoding="utf-8")


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoders", nargs="+", default=list(CASES), choices=list(CASES))
    parser.add_argument("--labels", type=int, nargs="+", default=[250, 2000])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--out", type=Path, help="a folder for what was measured, as JSON; taken up where it is there")
    parser.add_argument("--docs", type=Path, default=Path(__file__).parents[1] / "docs")
    asked = parser.parse_args()
    ledger.perf_counter = process_time  # others may run on the same core
    tables = []
    for encoder in asked.encoders:
        for primary in JOBS[encoder]:
            for labels in asked.labels:
                kept = asked.out and asked.out / f"{encoder}-{primary}-{labels}-{asked.seeds}.json"
                rows = json.loads(kept.read_text()) if kept and kept.exists() else None
                rows = rows or measure(encoder, primary, labels, asked.seeds)
                if kept:
                    asked.out.mkdir(parents=True, exist_ok=True)
                    kept.write_text(json.dumps(rows))
                tables.append(table(f"{encoder}, {primary}, {labels:,} labels: frozen dimensions", rows))
                print(tables[-1], flush=True)
    torch.set_num_threads(1)
    tables.append(loop_table(measure_loop()))
    print(tables[-1])
    write_results(tables, asked.docs)


if __name__ == "__main__":
    main()
