"""Made-up data in the shape of the real."""

import lzma
import random

import pytest

from mt2st.experiments.paper.sizes import Sizes

WORDS = ["boy", "girl", "brother", "sister", "king", "queen", "man", "woman", "father", "mother", "film", "story"]
GERMAN = {"boy": "Junge", "girl": "Mädchen", "king": "König", "film": "Film", "man": "Mann", "woman": "Frau"}
TINY = Sizes(
    labels=20,
    development=10,
    test=20,
    pool=40,
    unlabelled=60,
    language_reviews=20,
    max_words=9,
    epochs=2,
    batch=10,
    vector_size=8,
    hidden_size=4,
    vector_epochs=1,
    lexical_batch=8,
    min_count=1,
)


def pack(path, lines):
    path.parent.mkdir(exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8", preset=0) as file:
        file.writelines(f"{line}\n" for line in lines)


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    """A folder like the one of the real data."""
    folder, chance = tmp_path_factory.mktemp("source"), random.Random(1)

    def review(label, number):
        mood = ("awful", "dull") if label == "neg" else ("lovely", "great")
        return " ".join([*chance.choices(WORDS, k=7), *chance.choices(mood, k=2), f"n{number}"])

    labelled = [(("pos", "neg")[n % 2], n) for n in range(100)]
    pack(folder / "imdb/train.tsv.xz", [f"{label}\t{review(label, number)}" for label, number in labelled])
    pack(folder / "imdb/unlabelled.txt.xz", [review("pos", 1000 + number) for number in range(60)])
    pack(
        folder / "alignment/multi30k.train.de.xz",
        [" ".join(chance.choices(list(GERMAN.values()), k=6)) for _ in range(40)],
    )
    pairs = "".join(f"{a}\t{b}\n" for a, b in GERMAN.items())
    (folder / "alignment/en-de.train.tsv").write_text(pairs, encoding="utf-8")
    (folder / "wordsim").mkdir()
    for name in ("EN-WS-353-ALL", "EN-SIMLEX-999", "EN-MEN-TR-3k"):
        (folder / "wordsim" / f"{name}.txt").write_text("boy\tgirl\t8\nking\tfilm\t1\nman\tboy\t6\nqueen\tking\t7\n")
    return folder


@pytest.fixture
def tiny():
    return TINY
