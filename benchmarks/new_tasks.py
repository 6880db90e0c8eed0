"""Two tasks on which no setting was chosen: writes its table into docs/RESULTS.md.

    MT2ST_DATA=data OMP_NUM_THREADS=1 python benchmarks/new_tasks.py       # 10 draws, about 12 minutes on two cores

From the tagged corpora: the source of a sentence of EWT (answers, e-mail, newsgroup, reviews, weblog), and whether a
post of WNUT-17 has a name. A draw holds out documents, or posts, for the test, and keeps 250 or 1,000 labels of the
rest. The contenders are those of `mt2st benchmark few-labels`, with their settings; seconds are of processor time.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean, median
from typing import Any, NamedTuple

from mt2st.evaluation import mean_interval, paired_difference
from mt2st.experiments.few_labels.contenders import CONTENDERS, OURS
from mt2st.experiments.few_labels.runs import begin, judge
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import Split
from mt2st.text.files import read_lines

RESULTS = Path(__file__).parent.parent / "docs" / "RESULTS.md"
START, END = "<!-- new tasks: written by benchmarks/new_tasks.py -->", "<!-- end of new tasks -->"
LABELS, DRAWS, TEST = (250, 1000), 10, 2000


class Row(NamedTuple):
    """A text, its label, and the document that it is from."""

    text: str
    label: str
    document: str


def sources(data: Path) -> Iterator[Row]:
    """Yield the sentences of EWT with their source, which begins the document's name."""
    document = ""
    for part in ("train", "dev"):
        for line in read_lines(str(data / f"ud_english_ewt/{part}.conllu.xz")):
            name, _, value = line.text.partition(" = ")
            if name == "# newdoc id":
                document = value
            elif name == "# text":
                yield Row(value, document.partition("-")[0], document)


def names(data: Path) -> Iterator[Row]:
    """Yield the posts of WNUT-17, and whether a token of them is tagged as a name."""
    for part in ("train", "dev"):
        tokens: list[list[str]] = []
        for number, line in enumerate([*read_lines(str(data / f"wnut17/{part}.conll.xz")), None]):
            if line is not None and line.text.strip():
                tokens.append(line.text.split())
            elif tokens:
                named = any(token[-1] != "O" for token in tokens)
                yield Row(" ".join(token[0] for token in tokens), "name" if named else "none", f"{part} {number}")
                tokens = []


TASKS = {"source of a sentence": sources, "a name in a post": names}


@cache
def rows_of(task: str, data: Path) -> Sequence[Row]:
    """Return all rows of a task."""
    return list(TASKS[task](data))


def draw(rows: Sequence[Row], labels: int, seed: int) -> Split:
    """Hold out whole documents, and keep this number of labels of the other rows."""
    chance = random.Random(seed)
    documents = sorted({row.document for row in rows})
    place = {document: at for at, document in enumerate(chance.sample(documents, len(documents)))}
    ordered = sorted(rows, key=lambda row: place[row.document])
    last = ordered[TEST - 1].document
    test = [row for row in ordered if place[row.document] <= place[last]]
    held = {row.text for row in test}
    rest = [row for row in ordered[len(test) :] if row.text not in held]
    chance.shuffle(rest)
    train, further = rest[:labels], rest[labels:]
    parts = ([row.text for row in train], [row.label for row in train])
    return Split(*parts, [row.text for row in test], [row.label for row in test], [row.text for row in further], {})


def run(data: Path, sizes: Sizes, task: str, labels: int, seed: int) -> dict[str, dict[str, Any]]:
    """Return what `judge` does, for every contender on one draw."""
    split = draw(rows_of(task, data), labels, seed)
    return {name: judge(name, split, seed, sizes) for name in CONTENDERS}


def line(task: str, labels: int, name: str, found: Mapping[str, Sequence[dict[str, Any]]]) -> str:
    """Return a line of the table: a contender's measures, and the difference of ours from it."""
    accuracies = {each: [row["test"]["accuracy"] for row in rows] for each, rows in found.items()}
    macro = fmean(row["test"]["macro_f1"] for row in found[name])
    seconds, accuracy = median(row["seconds"] for row in found[name]), mean_interval(accuracies[name])
    lead = "" if name == OURS[0] else f"{paired_difference(accuracies[OURS[0]], accuracies[name]):+.3f}"
    return f"| {task}, {labels:,} | {name} | {accuracy:.3f} | {macro:.3f} | {lead} | {seconds:.2f} |"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MT2ST_DATA", "data")))
    parser.add_argument("--autotune", type=int, default=30, help="seconds of fastText's search")
    asked = parser.parse_args()
    data, sizes = asked.data, Sizes(autotune=asked.autotune)
    cells = list(product(TASKS, LABELS))
    with ProcessPoolExecutor(2, get_context("spawn"), begin, (data, sizes)) as pool:
        drawn = [[pool.submit(run, data, sizes, *cell, seed) for seed in range(1, DRAWS + 1)] for cell in cells]
        lines = []
        for cell, draws in zip(cells, drawn, strict=True):
            results = [each.result() for each in draws]
            found = {name: [result[name] for result in results] for name in CONTENDERS}
            lines += [line(*cell, name, found) for name in CONTENDERS]
            print("\n".join(lines[-len(CONTENDERS) :]), flush=True)
    header = ["| task, labels | | accuracy [95%] | macro F1 | mt2st minus it [95%] | seconds |", "|---" * 6 + "|"]
    section = "\n".join((START, "", *header, *lines, "", END))
    before, _, rest = RESULTS.read_text(encoding="utf-8").partition(START)
    RESULTS.write_text(before + section + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
