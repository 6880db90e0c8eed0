"""Word vectors: speed, whole time, quality and scaling against gensim and fastText, in one command.

    pip install -c constraints.txt '.[bench]' && python benchmarks/vectors.py

Reads ``wiki/sentences.txt.xz`` from the folder of the environment variable ``MT2ST_DATA`` (or ``--text FILE``),
lower-cases it once, and trains every method with every tool, ``--repeats`` times in turn, each run in a separate
process pinned to one core. The vectors of every run are evaluated, so repeats also serve as seeds. Each measurement is
appended to a file at once, and an interrupted benchmark continues from there. Writes its section of
``docs/RESULTS.md`` and ``docs/vectors.svg``.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from vector_tables import write_results

HERE = Path(__file__).parent
METHODS = ("skipgram", "cbow", "skipgram+subwords", "cbow+subwords")
# Tools that are compared follow each other. Without subwords the fasttext package is word2vec once more.
RUNS = [(tool, method) for method in METHODS for tool in ("gensim", "mt2st")] + [("mt2st", "glove")]
RUNS += [("fasttext", method) for method in METHODS if method.endswith("subwords")]
# It takes minutes a run.
FASTTEXT_SEEDS = 2
SCALE_WORDS = (1, 2, 4, 8, 16, 32, 64)

Run = dict[str, Any]


class Results:
    """What was measured so far, a line of JSON each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.runs: list[Run] = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def have(self, **wanted: Any) -> bool:
        """Say whether there is such a run."""
        return any(all(run.get(key) == value for key, value in wanted.items()) for run in self.runs)

    def measure(self, text: Path, tool: str, method: str, *, seed: int, cores: list[int], **noted: Any) -> None:
        """Do a run that is not there yet."""
        kind = {"tool": tool, "method": method, "seed": seed, "threads": len(cores), **noted}
        if self.have(**kind):
            return
        environment = dict(os.environ)
        if noted.get("part") != "quality":
            environment["NO_QUALITY"] = "1"
        with tempfile.TemporaryDirectory() as fresh:
            if noted.get("cache") == "fresh":
                environment["NUMBA_CACHE_DIR"] = fresh
            command = [sys.executable, HERE / "vector_runs.py", tool, method, text, str(seed), str(len(cores))]
            print("running", kind, flush=True)
            done = subprocess.run(
                [str(part) for part in command],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                preexec_fn=lambda: os.sched_setaffinity(0, cores),
            )
        if done.returncode:
            raise SystemExit(f"{kind} failed:\n{done.stderr}")
        run = {**json.loads(done.stdout.splitlines()[-1]), **kind}
        with self.path.open("a") as file:
            file.write(json.dumps(run) + "\n")
        self.runs.append(run)


def lower_cased(source: Path, out: Path) -> Path:
    """Write the text once, plain and in lower case."""
    if not out.exists():
        with lzma.open(source, "rt", encoding="utf-8") as text:
            out.write_text(text.read().lower(), encoding="utf-8")
    return out


def million_words(text: Path, folder: Path) -> Iterator[tuple[int, Path]]:
    """Yield the text repeated or cut to 1, 2, .. 64 million words."""
    lines = text.read_text(encoding="utf-8").splitlines(keepends=True)
    counts = [line.count(" ") + 1 for line in lines]
    for millions in SCALE_WORDS:
        out, words, at = folder / f"{millions}.txt", 0, 0
        with out.open("w", encoding="utf-8") as file:
            while words < millions * 1_000_000:
                file.write(lines[at % len(lines)])
                words += counts[at % len(lines)]
                at += 1
        yield millions, out
        out.unlink()


def main() -> None:
    """Measure what is missing and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, help="plain text, a sentence a line, instead of the Wikipedia sentences")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--only", choices=("quality", "fresh", "threads", "scaling", "report"), help="one part alone")
    parser.add_argument("--methods", nargs="+", default=[*METHODS, "glove"], metavar="METHOD", help="these alone")
    parser.add_argument("--work", type=Path, default=Path("runs/vectors-benchmark"), help="measurements are kept here")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    wiki = Path(os.environ.get("MT2ST_DATA", "data"), "wiki", "sentences.txt.xz")
    text = asked.text or lower_cased(wiki, asked.work / "text.txt")
    results, core = Results(asked.work / "measured.jsonl"), [asked.core]
    parts = [asked.only] if asked.only else ["quality", "fresh", "threads", "scaling"]
    wanted = [(tool, method) for tool, method in RUNS if method in asked.methods]
    # Once, unmeasured: kernels come from the cache afterwards, as they do for a user after the first run.
    if "quality" in parts or "threads" in parts:
        for tool, method in wanted:
            if tool == "mt2st":
                results.measure(text, tool, method, seed=0, cores=core, part="warming")
    for seed in range(1, asked.repeats + 1):
        for tool, method in wanted:
            if "quality" in parts and (tool != "fasttext" or seed <= FASTTEXT_SEEDS):
                results.measure(text, tool, method, seed=seed, cores=core, part="quality")
    for seed in range(1, min(asked.repeats, 3) + 1):
        for method in asked.methods:
            for tool in ("gensim", "mt2st") if "fresh" in parts and method != "glove" else ():
                results.measure(text, tool, method, seed=seed, cores=core, part="fresh", cache="fresh")
        for method in ("skipgram", "cbow"):
            if "threads" in parts:
                results.measure(text, "mt2st", method, seed=seed, cores=core, part="threads")
                results.measure(text, "mt2st", method, seed=seed, cores=[0, 1], part="threads")
    if "scaling" in parts:
        for millions, part in million_words(text, asked.work):
            results.measure(part, "mt2st", "skipgram", seed=1, cores=core, part="scaling", millions=millions)
    write_results(results.runs, HERE.parent / "docs")


if __name__ == "__main__":
    main()
