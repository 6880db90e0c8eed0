import fasttext
import numpy as np
import pytest

from mt2st.embeddings.subwords import SubwordIndex, compose_vectors
from mt2st.embeddings.words.vectors import SubwordRows, WordVectors

WORDS = ["the", "naïve", "дом", "日本語", "don't", "🦊fox", "e\u0301tude", "\u00a0", "x" * 40, "\ufeffbom", "#1"]
FORMATS = ("word2vec-text", "word2vec-binary", "glove", "fasttext", "fasttext-text", "safetensors", "numpy")
TEXT = ("word2vec-text", "glove", "fasttext-text")


def random_rows(rows, size=6, seed=0):
    return np.random.default_rng(seed).normal(size=(rows, size)).astype(np.float32)


@pytest.fixture
def plain():
    """Vectors of odd words, without anything else."""
    return WordVectors(list(WORDS), random_rows(len(WORDS)))


@pytest.fixture
def full():
    """Vectors with counts, subwords and output rows."""
    index = SubwordIndex.of(WORDS, 2, 4, 300)
    own, rows = random_rows(len(WORDS), seed=1), random_rows(len(index.buckets), seed=2)
    subwords = SubwordRows(2, 4, 300, index.buckets, rows, own)
    counts = np.arange(len(WORDS), 0, -1) * 10
    vectors = compose_vectors(WORDS, subwords)
    training = {"method": "cbow", "window": 7, "epochs": 2, "min_count": 4, "negative": 9, "sample": 1e-3}
    parts = {"subwords": subwords, "output": random_rows(len(WORDS), seed=3), "training": training}
    return WordVectors(list(WORDS), vectors, counts=counts, **parts)


@pytest.fixture(scope="session")
def fasttext_model(tmp_path_factory):
    """Return models of the fastText package with rows of our choice, as its own are not set in whole where few."""
    text = tmp_path_factory.mktemp("text") / "text.txt"
    text.write_text(
        "".join(f"__label__{i % 2} {word} w{i % 7}\n" for i, word in enumerate(WORDS * 3)), encoding="utf-8"
    )

    def make(kind="unsupervised", **options):
        train = getattr(fasttext, f"train_{kind}")
        model = train(str(text), minCount=1, dim=5, epoch=0, verbose=0, thread=1, **options)
        shapes = model.get_input_matrix().shape, model.get_output_matrix().shape
        model.set_matrices(*(random_rows(*shape, seed=at) for at, shape in enumerate(shapes)))
        return model

    return make
