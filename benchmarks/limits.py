"""Where mt2st does not help, measured on rated sentences: writes its table into docs/RESULTS.md.

    taskset -c 0 python benchmarks/limits.py

Takes some minutes on one core, which must be set from outside, as the waiting of BLAS threads would be counted. Five
draws of documents and labels, the same for all methods; seconds are of processor time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

from sklearn.feature_extraction.text import TfidfVectorizer

import mt2st
from mt2st.datasets import load_rated, read_lines
from mt2st.evaluation import mean_interval, paired_difference
from mt2st.experiments.few_labels.contenders.logistic import tune_logistic
from mt2st.experiments.few_labels.contenders.tfidf import COSTS
from mt2st.text import tokenize

RESULTS = Path(__file__).parent.parent / "docs" / "RESULTS.md"
START, END = "<!-- limits: written by benchmarks/limits.py -->", "<!-- end of limits -->"
DRAWS, TEST = 5, 1000
Labelled = tuple[list[str], list[str]]
Predict = Callable[[list[str]], Sequence[str]]


@dataclass(frozen=True)
class Draw:
    """Labelled rows to train on, test rows of other documents, and the draw's number."""

    train: Labelled
    test: Labelled
    seed: int


def labelled(name: str) -> tuple[list[str], list[str], list[str]]:
    """Return texts, the sides that their ratings lean to, and documents."""
    rated = [each for each in load_rated(name) if each.rating]
    sides = ["pos" if each.rating > 0 else "neg" for each in rated]
    return [each.text for each in rated], sides, [each.document for each in rated]


def draw(name: str, labels: int, seed: int, change: Callable[[str], str] = str) -> Draw:
    """Draw documents for the test, and labelled rows out of all others."""
    texts, sides, documents = labelled(name)
    chance = random.Random(seed)
    order = chance.sample(sorted(set(documents)), len(set(documents)))
    place = {document: at for at, document in enumerate(order)}
    rows = sorted(range(len(texts)), key=lambda row: place[documents[row]])
    held = {documents[row] for row in rows[:TEST]}
    rest = [row for row in rows if documents[row] not in held]
    parts = chance.sample(rest, min(labels, len(rest))), [row for row in rows if documents[row] in held]
    train, test = (([change(texts[row]) for row in part], [sides[row] for row in part]) for part in parts)
    return Draw(train, test, seed)


def ours(own: Draw, **more: object) -> Predict:
    """Train mt2st's classifier."""
    return mt2st.TextClassifier().fit(*own.train, **more).predict


def tfidf(own: Draw) -> Predict:
    """Train logistic regression on TF-IDF of words and pairs, C tuned."""
    return _regression(
        own, TfidfVectorizer(tokenizer=tokenize, token_pattern=None, lowercase=False, ngram_range=(1, 2))
    )


def characters(own: Draw) -> Predict:
    """Train logistic regression on TF-IDF of runs of one to five characters, C tuned."""
    return _regression(own, TfidfVectorizer(analyzer="char", ngram_range=(1, 5), sublinear_tf=True))


def _regression(own: Draw, vectorizer: TfidfVectorizer) -> Predict:
    model = tune_logistic(vectorizer.fit_transform(own.train[0]), own.train[1], COSTS, own.seed)
    return lambda texts: model.predict(vectorizer.transform(texts))


def shuffled(own: Draw) -> Predict:
    """Train ours beside film reviews whose labels are shuffled: as much work as a real auxiliary, and no use."""
    texts, sides, _ = labelled("film")
    return ours(own, auxiliary={"film": (texts, random.Random(own.seed).sample(sides, len(sides)))})


def encyclopedia(own: Draw) -> Predict:
    """Train ours beside text of another kind, unlabelled."""
    return ours(own, unlabelled=list(read_lines("wikipedia")))


def without_spaces(text: str) -> str:
    """Return a text as a language would write it that puts no spaces between words."""
    return text.replace(" ", "")


Case = tuple[str, str, int, Callable[[str], str], dict[str, Callable[[Draw], Predict]]]
CASES: tuple[Case, ...] = (
    ("many labels and nothing else", "film", 8000, str, {"TF-IDF": tfidf, "mt2st": ours}),
    ("an auxiliary of no relation", "products", 250, str, {"labels alone": ours, "with shuffled labels": shuffled}),
    ("text of another kind", "products", 250, str, {"labels alone": ours, "with Wikipedia": encyclopedia}),
    ("no spaces between words", "film", 2000, without_spaces, {"TF-IDF of characters": characters, "mt2st": ours}),
    ("the same with spaces", "film", 2000, str, {"TF-IDF of characters": characters, "mt2st": ours}),
)


def measure(train: Callable[[Draw], Predict], draws: Sequence[Draw]) -> tuple[list[float], float]:
    """Return the test accuracy of every draw, and the mean seconds of training."""
    scores, began = [], process_time()
    predictors = [train(each) for each in draws]
    seconds = (process_time() - began) / len(draws)
    for predict, each in zip(predictors, draws, strict=True):
        pairs = zip(predict(each.test[0]), each.test[1], strict=True)
        scores.append(sum(said == true for said, true in pairs) / len(each.test[1]))
    return scores, seconds


def rows() -> list[str]:
    """Return a line a case: both ways, and the second minus the first."""
    ours(draw("products", 100, seed=0), auxiliary={"film": labelled("film")[:2]})  # compiles
    lines = []
    for case, name, labels, change, ways in CASES:
        draws = [draw(name, labels, seed, change) for seed in range(1, DRAWS + 1)]
        (first, before), (second, after) = (measure(train, draws) for train in ways.values())
        cells = [
            f"{way} {mean_interval(scores).mean:.3f}, {seconds:.2f} s"
            for way, scores, seconds in zip(ways, (first, second), (before, after), strict=True)
        ]
        lines.append(f"| {case} | {name}, {len(draws[0].train[0]):,} | {cells[0]} | {cells[1]} | "
                     f"{paired_difference(second, first):+.3f} |")  # fmt: skip
    return lines


def main() -> None:
    """Measure, print and write."""
    header = ["| | set, labels | | | second minus first [95%] |", "|---|---|---|---|---|"]
    section = "\n".join((START, "", *header, *rows(), "", END))
    print(section)
    before, _, rest = RESULTS.read_text(encoding="utf-8").partition(START)
    RESULTS.write_text(before + section + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
