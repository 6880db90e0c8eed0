import hashlib
import os
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# Threads of BLAS and torch spin while they wait for each other: where processes share the cores, a test would take
# several times as long. Read when the libraries are loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Seconds of a machine that others use too say nothing of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

WORDS = {
    "pos": ["fine", "lovely", "great", "warm", "splendid"],
    "neg": ["dull", "awful", "poor", "cold", "dreadful"],
    "": [
        "the",
        "film",
        "box",
        "phone",
        "it",
        "was",
        "really",
        "not",
        "and",
        "with",
        "very",
        "much",
        "on",
        "a",
        "table",
    ],
}


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real data that is not part of the project; tests that need it are skipped without it."""
    default = Path(__file__).resolve().parents[1].parent / "shared" / "data"
    folder = Path(os.environ.get("MT2ST_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"no real data: {folder} is not a folder; name one in the environment variable MT2ST_DATA")
    return folder


SOURCES = Path(__file__).resolve().parents[1] / "src" / "mt2st"


@pytest.fixture(scope="session")
def code_cache(pytestconfig):
    """Return a folder in pytest's cache for code that is compiled from ``mt2st/PART``, empty whenever a source changed.

    Numba itself looks at the file of a function only, not at those that it calls.
    """

    def folder_of(part):
        sources = [SOURCES / "native.py", *sorted((SOURCES / part).rglob("*.py"))]
        digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
        folder = pytestconfig.cache.mkdir(f"code-{part}")
        for old in set(folder.iterdir()) - {folder / digest}:
            shutil.rmtree(old)
        return folder / digest

    return folder_of


def make_reviews(count: int, seed: int) -> list[tuple[str, str]]:
    """Return (label, text) pairs, both labels in turn, whose texts are all different."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        label = ("pos", "neg")[number % 2]
        words = [*chance.choices(WORDS[""], k=5), *chance.choices(WORDS[label], k=2)]
        chance.shuffle(words)
        found.append((label, " ".join([*words, f"x{seed}y{number}"])))
    return found


@pytest.fixture(scope="session")
def reviews():
    """Return made-up labelled sentences."""
    return make_reviews


@pytest.fixture
def job_values(tmp_path):
    """Return the settings of a small job of three tasks as plain values, with ``{"section.key": value}`` changed."""
    for name, count, seed in (("reviews", 120, 1), ("film", 80, 2)):
        lines = [f"{label}\t{text}\n" for label, text in make_reviews(count, seed)]
        (tmp_path / f"{name}.tsv").write_text("".join(lines))

    def values(changes=None):
        found = {
            "primary": {"name": "reviews", "data": str(tmp_path / "reviews.tsv"), "labels": 24, "passes": 5.0},
            "auxiliary": {
                "film": {"data": str(tmp_path / "film.tsv"), "passes": 3.0},
                "language": {"kind": "skipgram", "passes": 1.0, "table_rate": 0.03},
            },
            "model": {"vector_size": 8, "min_count": 1, "pair_min_count": 2, "hidden_size": 4},
            "strategy": {},
            "training": {"steps": 12, "interval": 4, "checkpoint_seconds": 0.0},
        }
        for key, value in (changes or {}).items():
            *sections, name = key.split(".")
            place = found
            for section in sections:
                place = place.setdefault(section, {})
            place[name] = value
        return found

    return values
