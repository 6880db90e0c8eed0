import numpy as np
import pytest
from sklearn.metrics.pairwise import cosine_similarity

from mt2st.errors import DataError
from mt2st.evaluation.cosine import cosine, cosines, divisors, unit


def test_agrees_with_scikit_learn_for_every_layout():
    rng = np.random.default_rng(0)
    padded = rng.normal(size=(40, 16)).astype(np.float32)
    for vectors in (padded, padded[:, :11], np.asfortranarray(padded), padded[::2]):
        query = rng.normal(size=vectors.shape[1]).astype(np.float32)
        expected = cosine_similarity(vectors, query[None])[:, 0]
        assert cosines(vectors, divisors(vectors), unit(query)) == pytest.approx(expected, abs=1e-6)
        assert cosine(vectors[3], query) == pytest.approx(expected[3], abs=1e-6)


@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_very_small_and_very_large_vectors_have_a_direction(scale):
    vectors = np.array([[3, 4], [0, 0]], np.float32) * np.float32(scale)
    assert unit(vectors[0]) == pytest.approx([0.6, 0.8], rel=1e-6)
    assert divisors(vectors) == pytest.approx([5 * scale, 1], rel=1e-6)


def test_no_cosine_is_beyond_that_of_an_angle():
    rng = np.random.default_rng(0)
    for vector in rng.normal(size=(200, 100)).astype(np.float32):
        assert cosine(vector, vector) == 1.0
        assert -1.0 <= cosine(vector, np.float32(-1.1) * vector) <= cosine(vector, np.float32(1.1) * vector) <= 1.0


def test_zeros_are_near_to_nothing():
    zeros = np.zeros(2, np.float32)
    assert cosine(zeros, np.ones(2, np.float32)) == cosine(zeros, zeros) == 0.0


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_told_by_its_row(value):
    vectors = np.ones((3, 2), np.float32)
    vectors[2, 1] = value
    with pytest.raises(DataError, match="row 2 holds NaN or infinity"):
        divisors(vectors)
