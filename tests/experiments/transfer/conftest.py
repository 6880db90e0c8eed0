"""Made-up data in the shape of the real."""

import lzma
import random

import pytest

WORDS = [
    "who",
    "what",
    "where",
    "film",
    "story",
    "actor",
    "price",
    "box",
    "works",
    "fine",
    "dull",
    "great",
    "it",
    "was",
]
REST = "\t_" * 6  # the columns of CoNLL-U that nothing reads here


def pack(path, lines):
    path.parent.mkdir(exist_ok=True)
    with lzma.open(path, "wt", encoding="utf-8", preset=0) as file:
        file.writelines(f"{line}\n" for line in lines)


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    """A folder like the one of the real data."""
    folder, chance = tmp_path_factory.mktemp("source"), random.Random(2)

    def text(mark, number):
        return " ".join([*chance.choices(WORDS, k=5), *[mark] * 2, f"n{number}"])

    def labelled(count, first):
        return [f"{('no', 'yes')[n % 2]}\t{text(('bad', 'good')[n % 2], first + n)}" for n in range(count)]

    for place, name in enumerate(["trec/train", "cr/all", "subj/all", "sst2/train", "sst2/dev"]):
        pack(folder / f"{name}.tsv.xz", labelled(120, 1000 * place))
    for place, name in enumerate(["train", "dev"]):
        numbers = range(60 * place, 60 * place + 60)
        tagged = [[("Anna", "B-person"), ("likes", "O"), ("Rome", "B-location"), (f"n{n}", "O")] for n in numbers]
        columns = ["\n".join(f"{token}\t{tag}" for token, tag in each) + "\n" for each in tagged]
        pack(folder / f"wnut17/{name}.conll.xz", columns)
        rows = [f"1\tIt\tit\tPRON{REST}\n2\trains\train\tVERB{REST}\n3\tn{n}\tn\tNOUN{REST}\n" for n in numbers]
        pack(folder / f"ud_english_ewt/{name}.conllu.xz", rows)
    pack(folder / "imdb/unlabelled.txt.xz", [text("good", n) for n in range(40)])
    pack(folder / "wiki/sentences.txt.xz", [text("bad", n) for n in range(40)])
    return folder
