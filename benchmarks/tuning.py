"""Tuned settings against the defaults and fastText's search, and the real cost of fits against the predicted cost.

    python benchmarks/tuning.py measure --out runs.jsonl --sets cr,subj,trec --labels 250 --splits 3
    python benchmarks/tuning.py table runs.jsonl
    python benchmarks/tuning.py calibrate

Splits, extra text and helping sets are those of ``mt2st benchmark few-labels``. Each finished model is tested once.
Runs that are in the file already are not repeated, so an interrupted measurement can be continued.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from mt2st import TextClassifier
from mt2st.evaluation import mean_interval
from mt2st.experiments.few_labels.contenders import train_autotuned
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import Split, make_split

SOURCE = Path(os.environ.get("MT2ST_DATA", Path(__file__).resolve().parents[1].parent / "shared" / "data"))
Run = Callable[[Split, int, float], tuple[Any, dict[str, Any]]]


def default(split: Split, seed: int, seconds: float) -> tuple[Any, dict[str, Any]]:  # noqa: ARG001
    """Fit to the labelled rows alone."""
    return TextClassifier(random_state=seed).fit(split.texts, split.labels).predict, {}


def tuned(split: Split, seed: int, seconds: float) -> tuple[Any, dict[str, Any]]:
    """Tune on the labelled rows alone."""
    model = TextClassifier(random_state=seed).autotune(split.texts, split.labels, seconds=seconds, seed=seed)
    return model.predict, _found(model)


def default_helped(split: Split, seed: int, seconds: float) -> tuple[Any, dict[str, Any]]:  # noqa: ARG001
    """Fit with all extra text and labels."""
    extra = {"unlabelled": split.unlabelled, "auxiliary": split.auxiliary}
    return TextClassifier(random_state=seed).fit(split.texts, split.labels, **extra).predict, {}


def tuned_helped(split: Split, seed: int, seconds: float) -> tuple[Any, dict[str, Any]]:
    """Tune with all extra text and labels."""
    extra = {"unlabelled": split.unlabelled, "auxiliary": split.auxiliary, "seconds": seconds, "seed": seed}
    model = TextClassifier(random_state=seed).autotune(split.texts, split.labels, **extra)
    return model.predict, _found(model)


def fasttext(split: Split, seed: int, seconds: float) -> tuple[Any, dict[str, Any]]:
    """Let fastText search for as many seconds of the clock, then train on all labelled rows."""
    found = train_autotuned(split, seed, Sizes(autotune=round(seconds)))
    return found.predict, found.chosen


RUNS: dict[str, Run] = {
    "default": default,
    "tuned": tuned,
    "fastText, autotuned": fasttext,
    "default, helped": default_helped,
    "tuned, helped": tuned_helped,
}


def _found(model: TextClassifier) -> dict[str, Any]:
    tuning = model.tuning_
    own = {name: getattr(tuning, name) for name in ("engine", "stopped", "chosen", "changed", "work")}
    return {**own, "trials": len(tuning.trials), "scores": [trial.score for trial in tuning.trials]}


def measure(options: argparse.Namespace) -> None:
    """Run what the file has not; a line for each."""
    known = {(run["set"], run["labels"], run["split"], run["run"]) for run in _lines(options.out)}
    for number in range(1, options.splits + 1):
        for name in options.sets.split(","):
            for what in options.runs.split(";"):
                if (name, options.labels, number, what) in known:
                    continue
                split = make_split(SOURCE, Sizes(), name, options.labels, number)
                line = {"set": name, "labels": options.labels, "split": number, "run": what}
                _write(options.out, {**line, "seconds asked": options.seconds, **_one(split, number, what, options)})


def _one(split: Split, number: int, what: str, options: argparse.Namespace) -> dict[str, Any]:
    begun, clock = process_time(), perf_counter()
    predict, found = RUNS[what](split, number, options.seconds)
    spent, taken = process_time() - begun, perf_counter() - clock
    told = predict(split.test_texts)
    right = sum(str(a) == b for a, b in zip(told, split.test_labels, strict=True))
    return {
        "accuracy": right / len(split.test_labels),
        "rows": len(split.test_labels),
        "processor": round(spent, 2),
        "clock": round(taken, 2),
        "found": found,
    }


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _write(path: Path, line: dict[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    print(json.dumps(line)[:200], flush=True)


def table(options: argparse.Namespace) -> None:
    """Print mean accuracies, and what tuning adds split by split, with 95% intervals."""
    runs = list(_lines(options.file))
    settings = list(dict.fromkeys((run["set"], run["labels"]) for run in runs))
    print("| set, labels | " + " | ".join(RUNS) + " | tuned minus default | helped |")
    print("|---|" + "---:|" * (len(RUNS) + 2))
    for name, labels in settings:
        own = {what: {} for what in RUNS}
        for run in runs:
            if (run["set"], run["labels"]) == (name, labels):
                own[run["run"]][run["split"]] = run["accuracy"]
        cells = [f"{sum(each.values()) / len(each):.3f} ({len(each)})" if each else "-" for each in own.values()]
        cells += [_gain(own["tuned"], own["default"]), _gain(own["tuned, helped"], own["default, helped"])]
        print(f"| {name} {labels} | " + " | ".join(cells) + " |")


def _gain(one: dict[int, float], other: dict[int, float]) -> str:
    both = [one[number] - other[number] for number in one if number in other]
    return format(mean_interval(both), "+.3f") if len(both) > 1 else "-"


def calibrate(options: argparse.Namespace) -> None:  # noqa: ARG001
    """Time fits of several sizes in one process, beside what `mt2st.estimators.tuning.work` foretells."""
    from mt2st.estimators.tuning.work import Amounts, classifier_work

    print("| set | labels | other texts | settings | seconds | foretold |\n|---|---:|---:|---|---:|---:|")
    for name in ("cr", "trec", "subj", "r8"):
        split = make_split(SOURCE, Sizes(), name, 250, 1)
        for settings in ({}, {"vector_size": 200}, {"passes": 20.0}, {"ngrams": name == "r8"}, {"pairs": False}):
            for other in ([], split.unlabelled):
                model = TextClassifier(**settings)
                begun = process_time()
                model.fit(split.texts, split.labels, unlabelled=other or None)
                spent, outputs = process_time() - begun, len(model.fitted_.model.bias)
                foretold = classifier_work(Amounts.of(split.texts, other, outputs, []), model.get_params())
                print(f"| {name} | 250 | {len(other)} | {settings} | {spent:.2f} | {foretold:.2f} |", flush=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("measure")
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--sets", default="cr,subj,trec,r8")
    one.add_argument("--labels", type=int, default=250)
    one.add_argument("--splits", type=int, default=3)
    one.add_argument("--seconds", type=float, default=60.0)
    one.add_argument("--runs", default=";".join(RUNS))
    one.set_defaults(run=measure)
    two = commands.add_parser("table")
    two.add_argument("file", type=Path)
    two.set_defaults(run=table)
    commands.add_parser("calibrate").set_defaults(run=calibrate)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
