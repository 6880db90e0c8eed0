"""Does feedback find out by itself which auxiliaries help? With helpful ones, harmful ones (shuffled labels), and both.

    pip install -c constraints.txt '.[data]'
    python benchmarks/feedback.py          # 10 seeds, about a quarter of an hour; writes its section of docs/RESULTS.md

Each of the four rated-sentence sets in turn is the primary, with 250 labels, in three settings: one other set, which
helps; the same set with its labels shuffled; and all three others, the first of them shuffled. The primary alone,
fixed weights and feedback have the same data, model, seeds and search of learning rates (9 pairs, 2 seeds that are not
reported, by development accuracy); for fixed weights the weight is searched as well. Test accuracy is that of the
state with the best development accuracy.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from mt2st.errors import NonFiniteLossError
from mt2st.evaluation import mean_interval, paired_difference
from mt2st.tasks import LabelledRows
from mt2st.training.cells import Cell, CellResult, run_cell
from mt2st.training.comparison import SEARCH_SEED, SEARCH_SEEDS, TRIALS
from mt2st.training.corpus import Corpus, load_corpus
from mt2st.training.settings import Settings, default_settings, parse_settings
from mt2st.training.settings.defaults import RATED

WEIGHTS = (0.1, 0.3, 1.0, 3.0)
SCENES = {"helpful": "one that helps", "harmful": "the same, labels shuffled", "both": "three, the first shuffled"}
START, END = "<!-- feedback: written by benchmarks/feedback.py -->", "<!-- end of feedback -->"
Row = dict[str, Any]


def scene(primary: str, kind: str) -> tuple[Corpus, Settings]:
    """Return data and settings of a primary in one of the scenes."""
    others = [name for name in RATED if name != primary]
    values = default_settings(primary)
    kept = others if kind == "both" else others[:1]
    values["auxiliary"] = {name: values["auxiliary"][name] for name in kept}
    settings = parse_settings(values)
    corpus = load_corpus(settings)
    return (corpus if kind == "helpful" else shuffled(corpus, others[0])), settings


def shuffled(corpus: Corpus, name: str) -> Corpus:
    """Return the corpus with the labels of one auxiliary in random order."""
    data = corpus.labelled[name]
    labels = np.random.default_rng(0).permutation(data.labels)
    return dataclasses.replace(
        corpus, labelled={**corpus.labelled, name: LabelledRows(data.rows, labels, data.classes)}
    )


def with_weight(settings: Settings, weight: float) -> Settings:
    """Return the settings with one weight for all auxiliaries."""
    changed = settings.model_copy(deep=True)
    changed.strategy.weight = weight
    return changed


def development(corpus: Corpus, settings: Settings, cell: Cell) -> float:
    """Return the development accuracy of one run, 0 where its rates were too high."""
    try:
        return run_cell(corpus, settings, cell, with_test=False).development
    except NonFiniteLossError:
        return 0.0


def search(corpus: Corpus, settings: Settings, strategy: str) -> tuple[float, tuple[float, float]]:
    """Return the best development accuracy over the rates, and the rates it was found at."""
    seeds = range(SEARCH_SEED, SEARCH_SEED + SEARCH_SEEDS)
    scores = {
        rates: fmean(development(corpus, settings, Cell(strategy, rates, seed)) for seed in seeds) for rates in TRIALS
    }
    best = max(scores, key=scores.__getitem__)
    return scores[best], best


def contenders(corpus: Corpus, settings: Settings) -> dict[str, tuple[str, Settings, tuple[float, float]]]:
    """Return what is compared, each with its settings and the rates of its own search."""
    fixed = {weight: search(corpus, with_weight(settings, weight), "constant") for weight in WEIGHTS}
    weight = max(fixed, key=lambda each: fixed[each][0])
    return {
        "single": ("single", settings, search(corpus, settings, "single")[1]),
        "best fixed weight": ("constant", with_weight(settings, weight), fixed[weight][1]),
        "feedback": ("feedback", settings, search(corpus, settings, "feedback")[1]),
    }


def run(primary: str, kind: str, seeds: int) -> Row:
    """Run every contender over the seeds, in turn within a seed."""
    corpus, settings = scene(primary, kind)
    found: dict[str, list[CellResult]] = {}
    chosen = contenders(corpus, settings)
    for seed in range(1, seeds + 1):
        for name, (strategy, its_settings, rates) in chosen.items():
            result = run_cell(corpus, its_settings, Cell(strategy, rates, seed), with_test=True)
            found.setdefault(name, []).append(result)
    return {
        name: {
            "tests": [each.test for each in results],
            "seconds": [each.seconds for each in results],
            "comparison": [each.comparison_seconds for each in results],
            "weight": chosen[name][1].strategy.weight if name == "best fixed weight" else None,
            "rates": chosen[name][2],
        }
        for name, results in found.items()
    }


def seed_means(cells: Mapping[str, Row], name: str) -> list[float]:
    """Return, seed by seed, the mean test accuracy over the primaries."""
    return [fmean(values) for values in zip(*(cell[name]["tests"] for cell in cells.values()), strict=True)]


def markdown(kind: str, cells: Mapping[str, Row]) -> str:
    """Return the table of one scene."""
    feedback = seed_means(cells, "feedback")
    lines = [
        f"| {SCENES[kind]} | {' | '.join(cells)} | mean [95%] | feedback minus it [95%] | seconds |",
        "|---" * (len(cells) + 4) + "|",
    ]
    for name in ("single", "best fixed weight", "feedback"):
        each = " | ".join(f"{fmean(cell[name]['tests']):.3f}" for cell in cells.values())
        difference = "-" if name == "feedback" else f"{paired_difference(feedback, seed_means(cells, name)):+.3f}"
        seconds = fmean(fmean(cell[name]["seconds"]) for cell in cells.values())
        lines.append(
            f"| {name} | {each} | {mean_interval(seed_means(cells, name)):.3f} | {difference} | {seconds:.2f} |"
        )
    return "\n".join(lines)


def share_of_comparison(cells: Sequence[Row]) -> float:
    """Return what comparing gradients took of the seconds of training."""
    spent = [(sum(cell["feedback"]["comparison"]), sum(cell["feedback"]["seconds"])) for cell in cells]
    return sum(compared for compared, _ in spent) / sum(seconds for _, seconds in spent)


def write_results(found: Mapping[str, Mapping[str, Row]], path: Path) -> str:
    """Replace the part of ``RESULTS.md`` between the marks, and return it."""
    share = share_of_comparison([cell for cells in found.values() for cell in cells.values()])
    weights = "; ".join(
        f"{kind}: " + ", ".join(f"{name} {cell['best fixed weight']['weight']:g}" for name, cell in cells.items())
        for kind, cells in found.items()
    )
    notes = f"Fixed weights that the search chose: {weights}. Comparing gradients took {share:.1%} of training."
    section = "\n\n".join([START, *(markdown(kind, cells) for kind, cells in found.items()), notes, END])
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    path.write_text(before + section + rest.partition(END)[2], encoding="utf-8")
    return section


def main() -> None:
    """Run what is missing, print the tables and write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--out", type=Path, default=Path("results"))
    parser.add_argument("--docs", type=Path, default=Path(__file__).parents[1] / "docs")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    found: dict[str, dict[str, Row]] = {}
    for kind in SCENES:
        for primary in RATED:
            path = asked.out / f"feedback-{kind}-{primary}-{asked.seeds}.json"
            if not path.exists():
                path.write_text(json.dumps(run(primary, kind, asked.seeds)))
            found.setdefault(kind, {})[primary] = json.loads(path.read_text())
        print(markdown(kind, found[kind]), end="\n\n", flush=True)
    write_results(found, asked.docs / "RESULTS.md")


if __name__ == "__main__":
    main()
