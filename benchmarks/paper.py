"""Writes what `mt2st benchmark paper` came to into its section of docs/RESULTS.md, with its curves.

    mt2st benchmark paper --data FOLDER --out benchmarks/results/paper     # hours; a second start goes on
    python benchmarks/paper.py

The finished trainings are in benchmarks/results/paper/runs.jsonl: a line each, with its curve and its measures.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from mt2st.experiments.experiment import RUNS
from mt2st.experiments.paper.cells import EMBEDDINGS, STRATEGIES
from mt2st.experiments.paper.experiment import PaperExperiment
from mt2st.experiments.paper.sizes import Sizes

HERE = Path(__file__).parent
START, END = "<!-- paper: begin -->", "<!-- paper: end -->"


def stored_sizes(folder: Path) -> Sizes:
    """Return the sizes that the finished trainings are of."""
    with (folder / RUNS).open(encoding="utf-8") as lines:
        header = json.loads(next(lines))["experiment"]
    return Sizes(**{name: header[name] for name in Sizes.__dataclass_fields__})


def main() -> None:
    """Write tables and curves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=Path, default=HERE / "results" / "paper")
    parser.add_argument("--docs", type=Path, default=HERE.parent / "docs")
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    experiment = PaperExperiment(Path(), asked.runs, stored_sizes(asked.runs), EMBEDDINGS, asked.seeds)
    tables = "\n\n".join(table.markdown() for table in experiment.write())
    for name in (f"curves-{strategy}.svg" for strategy in STRATEGIES):
        (asked.docs / f"paper-{name}").write_bytes((asked.runs / name).read_bytes())
    path = asked.docs / "RESULTS.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(START)
    path.write_text(f"{before}{START}\n\n{tables}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
