"""Time of a whole process: the import, a first prediction, and predictions through a shell pipe."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from time import perf_counter

RUNS = 5


def seconds(command: list[str], text: bytes = b"") -> tuple[float, float]:
    """Return a command's seconds by the clock and of the processor, the least of some runs; it reads text."""
    found = []
    for _ in range(RUNS if len(text) < 1000 else 1):
        before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
        subprocess.run(command, input=text, stdout=subprocess.DEVNULL, check=True)
        clock, after = perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append((clock, used))
    return min(clock for clock, _ in found), min(used for _, used in found)


def process_rows(folder: Path) -> list[str]:
    """Return a table's rows: how long Python, the imports and a first prediction take."""
    codes = {
        "Python alone": "pass",
        "`import numpy`": "import numpy",
        "`import mt2st`": "import mt2st",
        "`mt2st.load(folder).predict([text])`": f"import mt2st; mt2st.load({str(folder)!r}).predict(['a good film'])",
        "`mt2st.TextClassifier`, the class": "import mt2st; mt2st.TextClassifier",
        "`mt2st.TokenTagger`, the class": "import mt2st; mt2st.TokenTagger",
        "`from sklearn.base import BaseEstimator`, for comparison": "from sklearn.base import BaseEstimator",
    }
    rows = []
    for name, code in codes.items():
        clock, used = seconds([sys.executable, "-c", code])
        rows.append(f"| {name} | {clock:.2f} | {used:.2f} |")
    return rows


def pipe_rows(folder: Path, texts: list[str], number: int) -> list[str]:
    """Return a table's rows: texts a second through ``mt2st predict``, without the seconds of its start."""
    command = [sys.executable, "-m", "mt2st", "predict", str(folder)]
    lines = (texts * (number // len(texts) + 1))[:number]
    start = seconds(command, b"a good film\n")
    whole = seconds(command, "\n".join(line.replace("\n", " ") for line in lines).encode() + b"\n")
    clock, used = (whole[side] - start[side] for side in (0, 1))
    speed = f"{number / clock:,.0f} by the clock, {number / used:,.0f} of the processor"
    return [
        f"| start and one text | {start[0]:.2f} | {start[1]:.2f} | |",
        f"| {number:,} texts more | {clock:.2f} | {used:.2f} | {speed} |",
    ]
