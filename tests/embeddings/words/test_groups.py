"""The word mover's distance, beside what SciPy computes otherwise: on a line, and where each word goes to one."""

from math import inf

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from scipy.stats import wasserstein_distance

from mt2st.embeddings import WordVectors
from mt2st.errors import DataError

WORDS = [f"word{number}" for number in range(40)]


@pytest.fixture
def chance():
    return np.random.default_rng(0)


def test_on_a_line_it_is_wasserstein_distance(chance):
    rows = chance.normal(size=(40, 1)).astype(np.float32)
    vectors = WordVectors(WORDS, rows)
    for _ in range(20):
        first, second = (chance.integers(0, 40, size) for size in chance.integers(1, 30, 2))
        found = vectors.wmdistance(*([WORDS[at] for at in text] for text in (first, second)), norm=False)
        assert found == pytest.approx(wasserstein_distance(rows[first, 0], rows[second, 0]), abs=1e-6)


def test_as_many_words_are_assigned_to_each_other(chance):
    rows = chance.normal(size=(40, 8)).astype(np.float32)
    vectors = WordVectors(WORDS, rows)
    costs = cdist(*np.split(rows / np.linalg.norm(rows, axis=1, keepdims=True), 2))
    best = costs[linear_sum_assignment(costs)].mean()
    assert vectors.wmdistance(["none", *WORDS[:20]], WORDS[20:]) == pytest.approx(best, abs=1e-6)
    assert vectors.wmdistance(WORDS, WORDS[::-1]) == pytest.approx(0, abs=1e-6)


def test_a_text_without_known_words_is_infinitely_far():
    vectors = WordVectors(["a"], np.ones((1, 2), np.float32))
    assert vectors.wmdistance(["a"], ["none"]) == vectors.wmdistance([], ["a"]) == inf
    with pytest.raises(DataError, match="the string 'a' found"):
        vectors.wmdistance("a", ["a"])
