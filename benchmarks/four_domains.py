"""The comparison that the README quotes: each rated-sentence set in turn as the primary, with few and with more labels.

    python benchmarks/four_domains.py --out results            # 250 and 2,000 labels, 5 seeds, about 15 minutes
    python benchmarks/four_domains.py --labels 250 --seeds 10

Writes one JSON file for each finished cell (a restart reuses those that are there) and the tables as Markdown.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from statistics import fmean
from typing import Any

from mt2st.evaluation import Interval, mean_interval, paired_difference
from mt2st.training.comparison import STRATEGIES, compare
from mt2st.training.settings import default_settings, parse_settings
from mt2st.training.settings.defaults import RATED


def run(primary: str, labels: int, seeds: int, trials: int, passes: float) -> dict[str, Any]:
    """Compare all strategies with one set as the primary; ``passes`` multiplies those of the auxiliaries."""
    values = parse_settings(default_settings(primary)).model_dump()
    values["primary"]["labels"] = labels
    for auxiliary in values["auxiliary"].values():
        auxiliary["passes"] *= passes
    return compare(parse_settings(values), seeds=seeds, trials=trials).as_dict()


def by_strategy(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the rows of a comparison by strategy."""
    return {row["strategy"]: row for row in found["rows"]}


def markdown(cells: dict[str, dict[str, Any]], labels: int) -> str:
    """Return one table: test accuracy of every strategy on every set, their mean, and the cost."""
    rows = {primary: by_strategy(found) for primary, found in cells.items()}
    costs = "seconds | of constant | to single's best"
    lines = [
        f"| {labels} labels | {' | '.join(rows)} | mean [95%] | minus single [95%] | {costs} |",
        "|---" * (len(rows) + 6) + "|",
    ]
    single = seed_means(rows, "single")
    constant = fmean(row["constant"]["seconds"] for row in rows.values())
    for strategy in STRATEGIES:
        tests = seed_means(rows, strategy)
        seconds = fmean(row[strategy]["seconds"] for row in rows.values())
        each = " | ".join(f"{row[strategy]['test']['mean']:.3f}" for row in rows.values())
        difference = "-" if strategy == "single" else show(paired_difference(tests, single), "+.3f")
        reached = [row[strategy]["seconds_to_single_best"] for row in rows.values()]
        best = " / ".join("never" if value is None else f"{value:.2f}" for value in reached)
        lines.append(
            f"| {strategy} | {each} | {show(mean_interval(tests), '.3f')} | {difference} | {seconds:.2f} | "
            f"{seconds / constant:.0%} | {best} |"
        )
    return "\n".join(lines)


def seed_means(rows: dict[str, dict[str, Any]], strategy: str) -> list[float]:
    """Return, seed by seed, the mean test accuracy over the sets."""
    return [fmean(values) for values in zip(*(row[strategy]["tests"] for row in rows.values()), strict=True)]


def show(interval: Interval, spec: str) -> str:
    """Return an interval as text."""
    return format(interval, spec)


def main() -> None:
    """Run what is missing and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=int, nargs="+", default=[250, 2000])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--trials", type=int, default=9)
    parser.add_argument("--passes", type=float, default=1.0, help="times the auxiliaries' default passes")
    parser.add_argument("--out", type=Path, default=Path("results"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for labels in asked.labels:
        cells: dict[str, dict[str, Any]] = {}
        for primary in RATED:
            path = asked.out / f"{primary}-{labels}-{asked.seeds}-{asked.trials}-{asked.passes:g}.json"
            if not path.exists():
                path.write_text(json.dumps(run(primary, labels, asked.seeds, asked.trials, asked.passes)))
            cells[primary] = json.loads(path.read_text())
        print(markdown(cells, labels), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
