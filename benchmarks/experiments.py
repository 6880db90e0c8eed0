"""Writes the results of `mt2st benchmark paper`, `transfer` and `few-labels` into their sections of docs/RESULTS.md.

    mt2st benchmark paper --data FOLDER --out benchmarks/results/paper     # hours; a restart continues
    python benchmarks/experiments.py paper

The file runs.jsonl of that folder has one line for each finished training, with its curve and its measures.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mt2st.experiments.experiment import Experiment
from mt2st.experiments.few_labels.experiment import FewLabelsExperiment
from mt2st.experiments.few_labels.sets import SETS
from mt2st.experiments.few_labels.sizes import Sizes as FewLabelsSizes
from mt2st.experiments.paper.cells import EMBEDDINGS
from mt2st.experiments.paper.experiment import PaperExperiment
from mt2st.experiments.paper.sizes import Sizes as PaperSizes
from mt2st.experiments.transfer.experiment import TransferExperiment
from mt2st.experiments.transfer.primaries import PRIMARIES
from mt2st.experiments.transfer.sizes import Sizes as TransferSizes
from mt2st.training.store import NAME

HERE = Path(__file__).parent


def stored(name: str, folder: Path) -> Experiment:
    """Return the experiment that the finished trainings in a folder are of."""
    with (folder / NAME).open(encoding="utf-8") as lines:
        header: Mapping[str, Any] = json.loads(next(lines))["experiment"]
    if name == "paper":
        sizes = PaperSizes(**{key: header[key] for key in PaperSizes.__dataclass_fields__})
        return PaperExperiment(Path(), folder, sizes, EMBEDDINGS, search_seeds=header["search_seeds"])
    if name == "few-labels":
        few = FewLabelsSizes(**{key: header[key] for key in FewLabelsSizes.__dataclass_fields__})
        return FewLabelsExperiment(Path(), folder, few, tuple(SETS))
    own = TransferSizes(**{key: header[key] for key in TransferSizes.__dataclass_fields__})
    return TransferExperiment(Path(), folder, own, tuple(PRIMARIES), trials=header["trials"])


def main() -> None:
    """Write tables and curves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=["paper", "transfer", "few-labels"])
    parser.add_argument("--docs", type=Path, default=HERE.parent / "docs")
    asked = parser.parse_args()
    folder = HERE / "results" / asked.name
    tables = "\n\n".join(table.markdown() for table in stored(asked.name, folder).write())
    for curves in folder.glob("curves-*.svg"):
        (asked.docs / f"{asked.name}-{curves.name}").write_bytes(curves.read_bytes())
    for chart in folder.glob(f"{asked.name}*.svg"):
        (asked.docs / chart.name).write_bytes(chart.read_bytes())
    start, end = f"<!-- {asked.name}: begin -->", f"<!-- {asked.name}: end -->"
    path = asked.docs / "RESULTS.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(start)
    path.write_text(f"{before}{start}\n\n{tables}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
