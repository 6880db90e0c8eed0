"""Prediction speed and start-up time of a text classifier compared with fastText; training; and quantized models.

    python benchmarks/predict_speed.py --data FOLDER --parts training short processes quantized

One thread on one pinned core, except the pipe, which has two; seconds are of processor time, because time by the clock
gets longer on a busy machine.

*training*: both read the same film reviews of IMDb: 5,000 are held out (the same rows as in `mt2st benchmark
few-labels`) and both train on the other 20,000 with words and pairs. The input is raw text, and seconds include
tokenisation, for fastText by the tokeniser of mt2st; its seconds without that are given too. fastText is trained with
several settings: compare with the rows that are as accurate. mt2st searches for C unless it is given. Seconds are
medians of three trainings in turns. Prediction is of all documents at once, and of one per call; best of several
rounds.

*short*: sentences of SST-2, with 19 words on average. fastText is given them as they are, since they are tokenised
already, and through the tokeniser. mt2st is run with its defaults, which include n-grams, and with words and pairs
alone, as fastText has them.

*processes*: time of a new process for imports, a first prediction, and a million sentences through a pipe.

*quantized*: sizes and accuracy with ``save(quantize=True)``, five splits of each set, test rows as in few-labels.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from fasttext import train_supervised

from mt2st import TextClassifier
from mt2st.experiments.few_labels.contenders.fasttext_supervised import PREFIX, write_rows
from mt2st.experiments.few_labels.contenders.native_calls import silent_files, zeroed_memory
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import Split, make_split
from mt2st.text import tokenize
from predict_processes import pipe_rows, process_rows
from predict_quantized import quantized_rows

Predict = Callable[[list[str]], Sequence[str]]
PARTS = ("training", "short", "processes", "quantized")
SINGLE = 1000
TRAININGS = 3
# Dimensions, rate and epochs of fastText: its own dimensions, and those of its paper on classification.
SETTINGS = ((10, 0.5, 5), (10, 1.0, 5), (10, 0.5, 10), (10, 1.0, 10), (100, 0.5, 5), (100, 1.0, 5))


def train_ours(split: Split, **settings: Any) -> tuple[Predict, float, float]:
    """Return what predicts, and seconds of training, tokens included, twice: they cannot be told apart."""
    begun = process_time()
    model = TextClassifier(**settings).fit(split.texts, split.labels)
    took = process_time() - begun
    return lambda texts: [str(label) for label in model.predict(texts)], took, took


def train_theirs(split: Split, dim: int, rate: float, epochs: int) -> tuple[Predict, float, float]:
    """Return what predicts, and seconds of finding tokens and training by fastText, and of training alone."""
    names = sorted(set(split.labels))
    begun = process_time()
    with TemporaryDirectory() as folder, silent_files(), zeroed_memory():
        file = write_rows(Path(folder, "training"), split, range(len(split.texts)))
        written = process_time()
        model = train_supervised(input=file, thread=1, verbose=0, wordNgrams=2, dim=dim, lr=rate, epoch=epochs)
    end = process_time()

    def predict(texts: list[str]) -> list[str]:
        answers, _ = model.predict([" ".join(tokenize(text)) for text in texts])
        return [names[int(answer[0].removeprefix(PREFIX))] for answer in answers]

    return predict, end - begun, end - written


def documents_a_second(predict: Predict, texts: list[str], rounds: int) -> tuple[float, float]:
    """Return the best of all documents in a call, and of one a call."""

    def best(call: Callable[[], object], number: int) -> float:
        seconds = []
        for _ in range(rounds):
            begun = process_time()
            call()
            seconds.append(process_time() - begun)
        return number / min(seconds)

    few = texts[:SINGLE]
    return best(lambda: predict(texts), len(texts)), best(lambda: [predict([text]) for text in few], len(few))


def training_rows(split: Split, rounds: int) -> Iterator[str]:
    """Yield a row for each model of reviews, trained in turns: medians of seconds."""
    models: dict[str, Callable[[], tuple[Predict, float, float]]] = {
        "mt2st, its defaults": partial(train_ours, split),
        **{f"mt2st, C = {cost}": partial(train_ours, split, C=cost) for cost in (10.0, 1.0)},
        **{
            f"fastText, {dim} dimensions, rate {rate}, {epochs} epochs": partial(train_theirs, split, dim, rate, epochs)
            for dim, rate, epochs in SETTINGS
        },
    }
    TextClassifier().fit(split.texts[:100], split.labels[:100])  # compiles
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in models}
    found = dict[str, Predict]()
    for _ in range(TRAININGS):
        for name, train in models.items():
            found[name], *took = train()
            seconds[name].append((took[0], took[1]))
    for name, predict in found.items():
        right = sum(a == b for a, b in zip(predict(split.test_texts), split.test_labels, strict=True))
        batch, single = documents_a_second(predict, split.test_texts, rounds)
        whole, alone = map(median, zip(*seconds[name], strict=True))
        accuracy = right / len(split.test_labels)
        yield f"| {name} | {whole:.1f} | {alone:.1f} | {accuracy:.4f} | {batch:,.0f} | {single:,.0f} |"


def short_rows(split: Split, rounds: int) -> Iterator[str]:
    """Yield a row for each model of sentences, in turns, best of several."""
    with TemporaryDirectory() as folder, silent_files(), zeroed_memory():
        file = write_rows(Path(folder, "training"), split, range(len(split.texts)))
        theirs = train_supervised(input=file, thread=1, verbose=0, wordNgrams=2, lr=0.5, epoch=5)
    plain = TextClassifier(ngrams=False, vector_size=0).fit(split.texts, split.labels)
    found: dict[str, Predict] = {
        "mt2st, its defaults": TextClassifier().fit(split.texts, split.labels).predict,
        "mt2st, words and pairs": plain.predict,
        "fastText, tokens given": lambda texts: theirs.predict(texts)[0],
        "fastText, texts given": lambda texts: theirs.predict([" ".join(tokenize(text)) for text in texts])[0],
    }
    best = dict.fromkeys(found, (0.0, 0.0))
    for _ in range(rounds):
        for name, predict in found.items():
            batch, single = documents_a_second(predict, split.test_texts, 3)
            best[name] = max(best[name][0], batch), max(best[name][1], single)
    for name, (batch, single) in best.items():
        yield f"| {name} | {batch:,.0f} | {single:,.0f} | {1e6 / single:.1f} |"


def show(head: str, rows: Iterable[str]) -> None:
    """Print a table."""
    columns = head.split(" | ")
    print(f"| {head} |\n|---|{'---:|' * (len(columns) - 1)}")
    for row in rows:
        print(row, flush=True)
    print()


def main() -> None:
    """Print a table of each part."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("MT2ST_DATA"), help="the folder of the real data")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--core", type=int, default=1)
    parser.add_argument("--texts", type=int, default=1_000_000, help="through the pipe")
    asked = parser.parse_args()
    data, every = Path(asked.data), os.sched_getaffinity(0)
    os.sched_setaffinity(0, {asked.core})
    if "training" in asked.parts:
        split = make_split(data, Sizes(), "imdb", None, 1)
        show(
            "| seconds | of training alone | accuracy | documents a second, batch | one a call",
            training_rows(split, asked.rounds),
        )
    sentences = make_split(data, Sizes(), "sst2", None, 1)
    if "short" in asked.parts:
        show("| sentences a second, batch | one a call | microseconds a call", short_rows(sentences, asked.rounds))
    if "processes" in asked.parts:
        os.sched_setaffinity(0, every)
        with TemporaryDirectory() as folder:
            TextClassifier().fit(sentences.texts, sentences.labels).save(Path(folder, "model"))
            head = "| seconds by the clock | of the processor"
            show(head, process_rows(Path(folder, "model")))
            show(f"{head} | texts a second", pipe_rows(Path(folder, "model"), sentences.test_texts, asked.texts))
    if "quantized" in asked.parts:
        show("set, labels | whole | share, mean | most | accuracy | points lost", quantized_rows(data))


if __name__ == "__main__":
    main()
