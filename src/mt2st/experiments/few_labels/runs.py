"""One training of the comparison, in a worker process."""

from __future__ import annotations

import random
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any

import numpy as np

from mt2st.evaluation import evaluate_classification
from mt2st.experiments.few_labels.contenders import CONTENDERS, OURS
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import Split, make_split

if TYPE_CHECKING:
    from mt2st.experiments.trials import Trial

_here: dict[str, Any] = {}


def begin(source: Path, sizes: Sizes) -> None:
    """Prepare a worker process, so that loading and compilation are in no contender's seconds.

    The text is long enough for the language model, which `mt2st.TextClassifier` skips below 30,000 words.
    """
    _here.update(source=source, sizes=sizes)
    chance = random.Random(0)
    texts = [" ".join([*chance.choices(["film", "plot", "cast", "end"], k=8), word]) for word in ["good", "bad"] * 20]
    labels = ["yes", "no"] * 20
    split = Split(texts, labels, [], [], texts * 200, {"other": ([f"{text} again" for text in texts], labels)})
    for name in (*OURS, "TF-IDF", "skip-gram means", "fastText"):
        CONTENDERS[name](split, 0, sizes).predict(texts)


def run(trial: Trial) -> dict[str, Any]:
    """Train one contender on one split, and evaluate it on the test rows, once."""
    cell = trial.cell
    split = make_split(**_here, name=cell.set, labels=cell.labels, number=trial.seed)
    return judge(cell.contender, split, trial.seed, _here["sizes"])


def judge(contender: str, split: Split, seed: int, sizes: Sizes) -> dict[str, Any]:
    """Train and evaluate one contender on a split.

    Returns
    -------
    ``test`` (accuracy and macro F1), ``rows`` (of the test), ``seconds`` (of the processor, to read, tune and train),
    ``prediction`` (seconds on all test rows together), ``chosen`` (the settings that it found).
    """
    begun = process_time()
    trained = CONTENDERS[contender](split, seed, sizes)
    trained_at = process_time()
    predicted = trained.predict(split.test_texts)
    predicted_at = process_time()
    return {
        "test": score(split.test_labels, predicted),
        "rows": len(predicted),
        "seconds": round(trained_at - begun, 4),
        "prediction": round(predicted_at - trained_at, 4),
        "chosen": trained.chosen,
    }


def score(truth: list[str], predicted: Any) -> dict[str, float]:
    """Return accuracy and macro F1, over the classes of both."""
    names, found = np.unique([*truth, *predicted], return_inverse=True)
    report = evaluate_classification(found[: len(truth)], found[len(truth) :], tuple(map(str, names)))
    return {"accuracy": report.accuracy, "macro_f1": report.macro_f1}
