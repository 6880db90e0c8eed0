"""Calibration of the classifier's probabilities on real sets, with the temperature and without.

    python benchmarks/calibration.py --data ../shared/data --splits 5

Prints the expected calibration error for each set and number of labels, as a mean over splits: of the scores as they
are; with the temperature that `fit` finds; with the best temperature (found on the test rows, which nobody has in
practice); and the error that perfectly calibrated probabilities show by chance on as many rows.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from mt2st import TextClassifier
from mt2st.evaluation import evaluate_calibration
from mt2st.experiments.few_labels.sizes import WHOLE
from mt2st.experiments.few_labels.splits import Split, make_split
from mt2st.models.convex import fit_temperature
from mt2st.models.convex.temperature import probabilities

SETS, LABELS = ("sst2", "cr", "subj", "trec", "r8"), (250, 1000)
COLUMNS = ("set", "labels", "given", "temperature 1", "found", "best", "by chance", "log-loss 1", "found", "best")


def judge(split: Split, seed: int, *, helped: bool) -> list[float]:
    """Fit once; return calibration errors at the temperatures 1, found and best, by chance, and log-losses."""
    extra = {"unlabelled": split.unlabelled or None, "auxiliary": split.auxiliary} if helped else {}
    found = TextClassifier(random_state=seed).fit(split.texts, split.labels, **extra)
    classes = found.classes_.tolist()
    gold = np.array([classes.index(label) for label in split.test_labels])
    scores = found.fitted_.model.scores(split.test_texts)
    best = fit_temperature(scores, np.eye(len(classes))[gold])
    reports = [
        evaluate_calibration(probabilities(scores, temperature), gold)
        for temperature in (1.0, found.fitted_.head.temperature, best)
    ]
    return [*(each.ece for each in reports), reports[-1].ece_by_chance, *(each.log_loss for each in reports)]


def main() -> None:
    """Print the table in Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--splits", type=int, default=5)
    options = parser.parse_args()
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for name in SETS:
        for labels in LABELS:
            for helped in (False, True):
                splits = [make_split(options.data, WHOLE, name, labels, number) for number in range(options.splits)]
                means = np.mean([judge(split, number, helped=helped) for number, split in enumerate(splits)], 0)
                cells = [name, str(labels), "more" if helped else "labels", *(f"{mean:.3f}" for mean in means)]
                print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
