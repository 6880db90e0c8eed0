"""Accuracy and training time of each encoder on 1,000 labels of rated film sentences, without auxiliaries, on one core.

    MT2ST_DATA=... python benchmarks/encoders.py [--seeds 3] [--set model.rate=0.001 ...]

Each encoder has the same vectors, passes and steps, and its own learning rate out of two, chosen by accuracy on the
development part (mean over the seeds); only the chosen one is scored on the test part. The bag has its usual settings.
"""

from __future__ import annotations

import argparse
from statistics import mean, stdev
from time import process_time
from typing import Any

from mt2st.training.corpus import load_corpus
from mt2st.training.job import make_job
from mt2st.training.listener import Quiet
from mt2st.training.loop import Trainer
from mt2st.training.settings import Settings, assign, parse_settings
from mt2st.training.stopping import StopRequest

ENCODERS = ("bag", "bilstm", "attention", "cnn", "transformer")
RATES = (1e-3, 3e-3)
PASSES = (8.0,)


def settings_of(encoder: str, subwords: bool, rate: float, passes: float, changes: list[str]) -> Settings:
    """Return the settings of one job; batches are of 32."""
    model = {"encoder": encoder, "subwords": subwords, "rate": rate, "table_rate": rate * 2.5, "dropout": 0.5}
    values: dict[str, Any] = {
        "primary": {"name": "film", "data": "film", "labels": 1000, "passes": passes},
        "model": model,
        "strategy": {"name": "single"},
        "training": {"steps": int(passes * 1000 / 32), "interval": 31, "buckets": 8},
    }
    for change in changes:
        assign(values, change)
    return parse_settings(values)


def run(settings: Settings, seeds: int) -> tuple[list[float], list[float], list[float]]:
    """Return development accuracies, test accuracies and processor seconds, a seed each."""
    corpus, development, test, seconds = load_corpus(settings), [], [], []
    for seed in range(1, seeds + 1):
        training = settings.training.model_copy(update={"seed": seed})
        trainer = Trainer(make_job(corpus, settings.model_copy(update={"training": training})))
        begin = process_time()
        trainer.run(Quiet(), StopRequest())
        seconds.append(process_time() - begin)
        trainer.restore_best()
        development.append(trainer.evaluate(corpus.development).accuracy)
        test.append(trainer.evaluate(corpus.test).accuracy)
    return development, test, seconds


def main() -> None:
    """Print a row of Markdown for each encoder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--set", action="append", default=[], dest="changes")
    chosen = parser.parse_args()
    print("| encoder | rate, passes | development | test | seconds |\n|---|---|---|---|---|")
    for encoder in ENCODERS:
        for subwords in (False, True) if encoder != "bag" else (False,):
            grid = [(rate, passes) for rate in RATES for passes in PASSES] if encoder != "bag" else [(1e-3, 30.0)]
            found = {at: run(settings_of(encoder, subwords, *at, chosen.changes), chosen.seeds) for at in grid}
            at = max(grid, key=lambda each: mean(found[each][0]))
            development, test, seconds = found[at]
            name = f"{encoder} with subwords" if subwords else encoder
            spread = f" ± {stdev(test):.3f}" if len(test) > 1 else ""
            scores = f"{mean(development):.3f} | {mean(test):.3f}{spread} | {mean(seconds):.1f}"
            print(f"| {name} | {at[0]}, {at[1]:g} | {scores} |", flush=True)


if __name__ == "__main__":
    main()
