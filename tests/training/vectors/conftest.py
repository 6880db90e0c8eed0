"""A text of two topics, whose words become neighbours, and runs on it."""

import random

import pytest

from mt2st.training.vectors import train_vectors

TOPICS = (
    ["cat", "dog", "cow", "pig", "hen", "fox"],
    ["car", "bus", "van", "bike", "tram", "ship"],
)
QUICK = {"vector_size": 20, "window": 3, "sample": 0, "bucket": 1000}


def make_text(sentences, seed=0, topics=TOPICS):
    chance = random.Random(seed)
    return [chance.choices(topics[number % len(topics)], k=8) for number in range(sentences)]


@pytest.fixture(scope="session")
def text():
    """Return the maker of texts as token lists."""
    return make_text


@pytest.fixture
def text_file(tmp_path):
    """Write a text of so many sentences and return its path."""

    def write(sentences=2000, seed=0, topics=TOPICS, name="text.txt"):
        path = tmp_path / name
        path.write_text("".join(" ".join(words) + "\n" for words in make_text(sentences, seed, topics)))
        return path

    return write


@pytest.fixture
def quick():
    """Train with small settings."""

    def train(corpus, **settings):
        return train_vectors(corpus, **{**QUICK, **settings})

    return train


@pytest.fixture
def small_quanta(monkeypatch):
    """Cut texts and records into quanta small enough for tests."""
    monkeypatch.setattr("mt2st.training.vectors.models.QUANTUM_WORDS", 800)
    monkeypatch.setattr("mt2st.training.vectors.models.QUANTUM_RECORDS", 8)


def topic_share(vectors, words=TOPICS[0]):
    """Return the share of the five nearest words of each word that are of its topic."""
    near = [[other for other, _ in vectors.most_similar(word, topn=len(words) - 1)] for word in words]
    return sum(other in words for found in near for other in found) / sum(map(len, near))
