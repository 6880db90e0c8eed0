"""Documents a second of a finished text classifier, and its training on long texts with word pairs, beside fastText's.

    python benchmarks/predict_speed.py --data FOLDER

One thread on one pinned core; seconds are the processor's, as a busy machine stretches the clock's. Both read the same
film reviews of IMDb: 5,000 are held out (the same rows as in `mt2st benchmark few-labels`), and both train on the other
20,000 with words and pairs. Text goes in as it is: tokens are found within the seconds of both, fastText's by the
tokeniser of mt2st. Prediction: best of several rounds, all documents at once and one a call. fastText trains with each
number of epochs: compare with the first row that is as accurate.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from fasttext import train_supervised

from mt2st import TextClassifier
from mt2st.experiments.few_labels.contenders.fasttext_supervised import PREFIX, write_rows
from mt2st.experiments.few_labels.contenders.native_calls import silent_files, zeroed_memory
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import Split, make_split
from mt2st.text import tokenize

Predict = Callable[[list[str]], Sequence[str]]
SINGLE = 1000


def train_ours(split: Split) -> tuple[Predict, float]:
    """Return what predicts, and seconds of training: words, pairs and the convex end, without learned vectors."""
    TextClassifier(vector_size=0, ngrams=False).fit(split.texts[:100], split.labels[:100])  # compiles
    begun = process_time()
    model = TextClassifier(vector_size=0, ngrams=False).fit(split.texts, split.labels)
    return lambda texts: [str(label) for label in model.predict(texts)], process_time() - begun


def train_theirs(split: Split, epochs: int) -> tuple[Predict, float]:
    """Return what predicts, and seconds of training by fastText with pairs; both find tokens first."""
    names = sorted(set(split.labels))
    begun = process_time()
    with TemporaryDirectory() as folder, silent_files(), zeroed_memory():
        file = write_rows(Path(folder, "training"), split, range(len(split.texts)))
        model = train_supervised(input=file, thread=1, verbose=0, wordNgrams=2, lr=0.5, epoch=epochs)
    took = process_time() - begun

    def predict(texts: list[str]) -> list[str]:
        answers, _ = model.predict([" ".join(tokenize(text)) for text in texts])
        return [names[int(answer[0].removeprefix(PREFIX))] for answer in answers]

    return predict, took


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


def main() -> None:
    """Print a row for each model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=os.environ.get("MT2ST_DATA"), help="the folder of the real data")
    parser.add_argument("--epochs", type=int, nargs="+", default=[1, 2, 5, 10, 25])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--core", type=int, default=1)
    asked = parser.parse_args()
    os.sched_setaffinity(0, {asked.core})
    split = make_split(Path(asked.data), Sizes(), "imdb", None, 1)
    print("| | training, seconds | accuracy | documents a second, batch | one a call |\n|---|---:|---:|---:|---:|")
    models = {"mt2st, words and pairs": lambda: train_ours(split)}
    models |= {f"fastText, {n} epochs": lambda n=n: train_theirs(split, n) for n in asked.epochs}
    for name, train in models.items():
        predict, seconds = train()
        right = sum(a == b for a, b in zip(predict(split.test_texts), split.test_labels, strict=True))
        batch, single = documents_a_second(predict, split.test_texts, asked.rounds)
        accuracy = right / len(split.test_labels)
        print(f"| {name} | {seconds:.1f} | {accuracy:.4f} | {batch:,.0f} | {single:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
