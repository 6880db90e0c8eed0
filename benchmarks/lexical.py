"""How each lexical objective, trained alone for a few seconds, changes the held-out measure it is meant to improve.

    pip install -c constraints.txt '.[data,torch]'
    python benchmarks/lexical.py          # 5 seeds, some ten minutes; writes its section of docs/RESULTS.md

Real data is read from the folder that MT2ST_DATA names. A seed decides the halves and the order of the batches.
Learning rates, temperatures and steps were chosen on the halves of seeds 1 and 2, which are not reported.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from lexical_data import (
    GERMAN,
    WordList,
    analogies,
    caption_vectors,
    dictionary,
    glove_vectors,
    halves,
    halves_by_source,
    wiki_vectors,
    word_pairs,
)
from mt2st.embeddings.table import zero_table
from mt2st.evaluation import evaluate_translation, mean_interval, solve_analogies
from mt2st.evaluation.similarity import correlations
from mt2st.models.pytorch.table import TorchTable
from mt2st.tasks import Sampler
from mt2st.tasks.lexical.alignment import AlignmentTask, source_words
from mt2st.tasks.lexical.analogy import AnalogyTask
from mt2st.tasks.lexical.offset import OffsetTask
from mt2st.tasks.lexical.similarity import SimilarityTask
from mt2st.tasks.pytorch.differentiable import DifferentiableTask

Table = NDArray[np.float32]
Make = Callable[[TorchTable, Sampler, WordList], DifferentiableTask]
Judge = Callable[[Table, WordList], float]
START, END = "<!-- lexical: written by benchmarks/lexical.py -->", "<!-- end of lexical -->"
STARTS = {"GloVe, 10,000 words": glove_vectors, "skip-gram, 2M words of Wikipedia": wiki_vectors}
SPLITS = {"entries": "by entries", "words": "by words"}
ANSWERS = 2000  # frequent German words that a word may be mistaken for, beside the dictionary's


class Method(NamedTuple):
    """One way to train; ``rate`` is in units of the vectors' root mean square."""

    make: Make
    rate: float
    steps: int
    batch: int = 256


class Measured(NamedTuple):
    """The held-out measure before and after, on the training half after, and seconds of training."""

    before: float
    after: float
    trained: float
    seconds: float
    held_out: int


def similarity(shared: TorchTable, sampler: Sampler, half: WordList, **settings: Any) -> DifferentiableTask:
    """Return the similarity task of a half."""
    return SimilarityTask("words", shared, half.places, half.marks, sampler, sets=half.sets, **settings)


def analogy(shared: TorchTable, sampler: Sampler, half: WordList) -> DifferentiableTask:
    """Return the analogy task of a half."""
    return AnalogyTask("asked", shared, half.places, half.marks == 1, sampler, temperature=0.02)


def offset(shared: TorchTable, sampler: Sampler, half: WordList) -> DifferentiableTask:
    """Return the offset task of a half."""
    return OffsetTask("offset", shared, half.places, sampler)


PAIR_METHODS = {
    "similarity, pairs": Method(similarity, rate=0.1, steps=100),
    "similarity, pairs, isotonic ranks": Method(partial(similarity, ranks="isotonic"), rate=0.1, steps=100),
    "similarity, elements, all pairs": Method(partial(similarity, over="elements"), rate=0.03, steps=30),
    "similarity, elements, like pairs": Method(partial(similarity, over="elements"), rate=0.1, steps=30),
}
ANALOGY_METHODS = {
    "offset": Method(offset, rate=0.01, steps=100, batch=128),
    "analogy": Method(analogy, rate=0.01, steps=100, batch=128),
}


def train(vectors: Table, method: Method, half: WordList, size: int, seed: int) -> tuple[Table, Any, float]:
    """Return the vectors after training, the task, and the seconds it took; the rate falls in a line to 0."""
    table = zero_table(*vectors.shape)
    table[:] = vectors
    shared = TorchTable(table, method.rate * float(np.sqrt(np.mean(vectors**2))), head_rate=0.01)
    batch = min(method.batch, size)
    sampler = Sampler(size, batch * method.steps / size, method.steps, seed, "lexical")
    task, started = method.make(shared, sampler, half), perf_counter()
    for step in range(method.steps):
        task.learn(sampler.draw(), weight=1.0, rate=1.0)
        shared.finish_step(1.0 - step / method.steps)
    return table, task, perf_counter() - started


def rho(vectors: Table, held_out: WordList) -> float:
    """Return the mean of the sets' Spearman correlations."""
    first, second = vectors[held_out.places[:, 0]], vectors[held_out.places[:, 1]]
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    cosines = (first * second).sum(1) / np.where(lengths > 0, lengths, 1)
    sets = [held_out.sets == number for number in np.unique(held_out.sets)]
    return fmean(correlations(held_out.marks[chosen], cosines[chosen])[1][0] for chosen in sets)


def accuracy(vectors: Table, held_out: WordList) -> float:
    """Return the share of analogies answered right."""
    return float((solve_analogies(vectors, held_out.places[:, :3]) == held_out.places[:, 3]).mean())


def like(half: WordList) -> WordList:
    """Return the pairs that people scored above their set's median."""
    chosen = np.zeros(len(half), bool)
    for number in np.unique(half.sets):
        members = half.sets == number
        chosen |= members & (half.marks > np.median(half.marks[members]))
    return half.part(chosen)


def measure(
    vectors: Table, method: Method, parts: tuple[WordList, WordList], used: WordList, judge: Judge, seed: int
) -> Measured:
    """Train on ``used`` of the first part and judge by both."""
    after, _, seconds = train(vectors, method, used, len(used), seed)
    first, second = parts
    return Measured(judge(vectors, second), judge(after, second), judge(after, first), seconds, len(second))


def monolingual(seeds: range, data: Path) -> Iterator[tuple[str, str, str, list[Measured]]]:
    """Measure the objectives of word pairs and of analogies, from both starts, split both ways."""
    for start, load in STARTS.items():
        found = load(data)
        vectors, words = found.vectors, found.index_to_key
        lists = ((PAIR_METHODS, word_pairs(words, data), rho), (ANALOGY_METHODS, analogies(words), accuracy))
        for methods, entries, judge in lists:
            for name, method in methods.items():
                for split in SPLITS:
                    rows = []
                    for seed in seeds:
                        parts = halves(entries, seed, split)
                        used = like(parts[0]) if name.endswith("like pairs") else parts[0]
                        rows.append(measure(vectors, method, parts, used, judge, seed))
                    yield name, start, SPLITS[split], rows


def bilingual(seeds: range, data: Path) -> Iterator[tuple[str, str, str, list[Measured]]]:
    """Measure alignment: where the languages share a space, and with a map where they do not."""
    for together, mapping, start in (
        (True, False, "skip-gram, captions and translations as one text"),
        (False, True, "skip-gram, captions of each language by themselves"),
    ):
        found = caption_vectors(data, together=together)
        rows = [_translate(found.vectors, found.index_to_key, mapping, seed, data) for seed in seeds]
        yield "alignment, with a map" if mapping else "alignment", start, "by words", rows


def _translate(vectors: Table, words: list[str], mapping: bool, seed: int, data: Path) -> Measured:
    entries = dictionary(words, data)
    german = np.array([word.startswith(GERMAN) for word in words])
    frequent = np.flatnonzero(german)
    first, second = halves_by_source(entries, seed)
    answers = np.unique(np.concatenate([entries.places[:, 1], frequent[:ANSWERS]]))

    def make(shared: TorchTable, sampler: Sampler, half: WordList) -> DifferentiableTask:
        return AlignmentTask("words", shared, half.places, sampler, targets=frequent[:ANSWERS], mapping=mapping)

    # A map alone is trained from spaces apart: vectors that move as well would fit the training half without it.
    method = Method(make, rate=1e-5 if mapping else 0.01, steps=100, batch=128)
    after, task, seconds = train(vectors, method, first, source_words(first.places), seed)
    if task.map is not None:
        after[~german] = after[~german] @ task.map.weight.detach().numpy().T

    def precision(table: Table, half: WordList) -> float:
        return evaluate_translation(table, half.places, answers, among=entries.places[:, 0]).precision

    return Measured(precision(vectors, second), precision(after, second), precision(after, first), seconds, len(second))


def markdown(name: str, start: str, split: str, rows: list[Measured]) -> str:
    """Return one line of the table."""
    gain = mean_interval([row.after - row.before for row in rows])
    before, after, trained, seconds, count = (fmean(column) for column in zip(*rows, strict=True))
    figures = f"{before:.3f} | {after:.3f} | {gain:+.3f} | {trained:.3f} | {count:.0f} | {seconds:.1f}"
    return f"| {name} | {start} | {split} | {figures} |"


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MT2ST_DATA", "../shared/data")))
    parser.add_argument("--docs", type=Path, default=Path(__file__).parents[1] / "docs")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    seeds = range(11, 11 + asked.seeds)
    lines = [
        "| objective | from | halves | before | after | gain [95%] | training half after | held out | seconds |",
        "|---" * 9 + "|",
    ]
    for measured in (bilingual, monolingual):
        for row in measured(seeds, asked.data):
            lines.append(markdown(*row))
            print(lines[-1], flush=True)
    path = asked.docs / "RESULTS.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(START)
    table = "\n".join(lines)
    path.write_text(f"{before}{START}\n\n{table}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
