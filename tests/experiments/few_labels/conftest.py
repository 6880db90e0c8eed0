"""Made-up data in the shape of the real, and one easy split."""

import lzma
import random

import pytest

from mt2st.experiments.few_labels.splits import Split

FILLING = ["film", "story", "actor", "price", "box", "it", "was", "the"]


def text(chance, mark, number):
    return " ".join([*chance.choices(FILLING, k=5), mark, mark, f"n{number}"])


def pack(path, lines):
    path.parent.mkdir(exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8", preset=0) as file:
        file.writelines(f"{line}\n" for line in lines)


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    """A folder like the one of the real data; two rows of sst2's test part stand in its training part and in cr."""
    folder, chance = tmp_path_factory.mktemp("source"), random.Random(2)

    def rows(count, first):
        return [f"{('no', 'yes')[n % 2]}\t{text(chance, ('bad', 'good')[n % 2], first + n)}" for n in range(count)]

    held_out = rows(40, 0)
    pack(folder / "sst2/dev.tsv.xz", held_out)
    pack(folder / "sst2/train.tsv.xz", [*rows(400, 1000), *held_out[:2]])
    pack(folder / "cr/all.tsv.xz", [*rows(400, 2000), *held_out[:2]])
    pack(folder / "imdb/train.tsv.xz", rows(6000, 10_000))
    pack(folder / "imdb/unlabelled.txt.xz", [text(chance, "good", 50_000 + n) for n in range(30)])
    return folder


@pytest.fixture
def split():
    """120 rows to train on and 40 to judge by, which any classifier tells apart."""
    chance = random.Random(5)
    marks = [("good", "bad")[n % 2] for n in range(160)]
    texts = [text(chance, mark, n) for n, mark in enumerate(marks)]
    labels = [{"good": "yes", "bad": "no"}[mark] for mark in marks]
    more = [text(chance, ("good", "bad")[n % 2], 1000 + n) for n in range(100)]
    return Split(
        texts[:120],
        labels[:120],
        texts[120:],
        labels[120:],
        more,
        {"other": ([f"{text} again" for text in texts[:60]], labels[:60])},
    )
