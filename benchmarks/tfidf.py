"""A standard linear classifier on the same splits and seeds: TF-IDF of words and pairs with logistic regression.

    python benchmarks/tfidf.py --labels 250 2000

C is tuned on the development part, over 2 draws of labels that are not reported, as `mt2st compare` tunes its rates.
*Alone* trains on the primary's labels; *pooled* trains on these and on the other three sets.
"""

from __future__ import annotations

import argparse
from statistics import fmean

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from mt2st.evaluation import mean_interval
from mt2st.text import Example, tokenize
from mt2st.training.comparison import SEARCH_SEED, SEARCH_SEEDS
from mt2st.training.settings import default_settings, parse_settings
from mt2st.training.settings.defaults import RATED
from mt2st.training.sources import load_examples
from mt2st.training.split import Parts, draw_labelled, part_size, split_documents

GRID = (0.3, 1.0, 3.0, 10.0, 30.0)


def parts_of(primary: str) -> tuple[Parts, list[Example]]:
    """Return the primary's parts, as the default job splits them, and the other sets' examples."""
    settings = parse_settings(default_settings(primary))

    def read(name: str) -> list[Example]:
        return load_examples(settings.primary, name, on_bad_rows="error", require_labels=True).examples

    own = read(primary)
    size = part_size(len(own), None)
    others = [example for name in RATED if name != primary for example in read(name)]
    return split_documents(own, size, size, settings.training.split_seed), others


def score(training: list[Example], judged: list[Example], c: float) -> float:
    """Train on some examples and return the accuracy on others."""
    options = {"token_pattern": None, "lowercase": False, "ngram_range": (1, 2), "sublinear_tf": True}
    vectorizer = TfidfVectorizer(tokenizer=tokenize, **options)
    model = make_pipeline(vectorizer, LogisticRegression(C=c, max_iter=1000))
    model.fit([e.text for e in training], [e.label for e in training])
    return float(model.score([e.text for e in judged], [e.label for e in judged]))


def run(primary: str, labels: int, seeds: int, *, pooled: bool) -> list[float]:
    """Return the test accuracy of every seed at the C that does best on development."""
    parts, others = parts_of(primary)

    def training(seed: int) -> list[Example]:
        drawn = draw_labelled([str(e.label) for e in parts.training], labels, seed)
        return [parts.training[place] for place in drawn] + (others if pooled else [])

    searched = [training(SEARCH_SEED + number) for number in range(SEARCH_SEEDS)]
    best = max(GRID, key=lambda c: fmean(score(part, parts.development, c) for part in searched))
    return [score(training(1 + number), parts.test, best) for number in range(seeds)]


def main() -> None:
    """Print a line for each number of labels."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=int, nargs="+", default=[250, 2000])
    parser.add_argument("--seeds", type=int, default=5)
    asked = parser.parse_args()
    print(f"| TF-IDF + logistic regression | {' | '.join(RATED)} | mean [95%] |")
    print("|---" * (len(RATED) + 2) + "|")
    for labels in asked.labels:
        for pooled in (False, True):
            found = {name: run(name, labels, asked.seeds, pooled=pooled) for name in RATED}
            means = [fmean(values) for values in zip(*found.values(), strict=True)]
            each = " | ".join(f"{fmean(values):.3f}" for values in found.values())
            kind = "pooled" if pooled else "alone"
            print(f"| {labels} labels, {kind} | {each} | {format(mean_interval(means), '.3f')} |", flush=True)


if __name__ == "__main__":
    main()
