import numpy as np
import pytest

from mt2st.errors import ConfigError, DataError
from mt2st.evaluation import evaluate_translation

# Target 4 is a hub: near to both sources.
VECTORS = np.array([[1, 0], [0, 1], [1, 0.9], [0.9, -0.5], [1, 1]], np.float32)


def test_plain_cosine_and_csls():
    pairs, targets = np.array([[0, 3], [2, 4]]), np.array([3, 4])
    plain = evaluate_translation(VECTORS, pairs, targets, neighbours=None)
    # Cosines of word 0: 0.874 with 3, 0.707 with 4; of word 2: 0.326, 0.999.
    assert (plain.precision, plain.sources, plain.targets) == (1.0, 2, 2)


def test_csls_takes_hubs_down():
    vectors = np.array([[1, 0], [0.8, 0.6], [0.94, 0.34], [0.5, -0.866]], np.float32)
    # Cosines of 0 and 1 with target 2: 0.940, 0.956; with target 3: 0.5, -0.12.
    pairs, targets = np.array([[0, 3], [1, 2]]), np.array([2, 3])
    assert evaluate_translation(vectors, pairs, targets, neighbours=None).precision == 0.5
    # k = 1: 0: 1.880 - 0.956 against 1.0 - 0.5; still the hub.
    assert evaluate_translation(vectors, pairs, targets, neighbours=1).precision == 0.5
    # Among more words near the hub's place and none near the other: k = 2 takes 0.948 and 0.19: 0.932 against 0.81.
    assert evaluate_translation(vectors, pairs, targets, neighbours=2).precision == 0.5
    farther = np.array([[1, 0], [0.8, 0.6], [0.94, 0.34], [0.9, -0.436]], np.float32)
    # 0: 1.880 - 0.948 = 0.932 against 1.8 - (0.9 + 0.458) / 2 = 1.121.
    assert evaluate_translation(farther, pairs, targets, neighbours=None).precision == 0.5
    assert evaluate_translation(farther, pairs, targets, neighbours=2).precision == 1.0


def test_it_is_what_loops_find():
    generator = np.random.default_rng(2)
    vectors = generator.normal(size=(30, 4)).astype(np.float32)
    pairs, targets, among = np.array([[0, 20], [0, 21], [1, 22], [2, 23], [3, 23]]), np.arange(15, 30), np.arange(10)

    def cosine(x, y):
        return float(vectors[x] @ vectors[y] / np.linalg.norm(vectors[x]) / np.linalg.norm(vectors[y]))

    right = 0
    for source in range(4):
        scores = {}
        for target in targets:
            near = np.mean(sorted((cosine(word, target) for word in among), reverse=True)[:3])
            scores[target] = 2 * cosine(source, target) - near
        right += [source, max(scores, key=scores.get)] in pairs.tolist()
    found = evaluate_translation(vectors, pairs, targets, neighbours=3, among=among)
    assert (found.precision, found.sources, found.targets) == (right / 4, 4, 15)


def test_bad_input_is_named():
    with pytest.raises(DataError, match="no pair of the dictionary has vectors"):
        evaluate_translation(VECTORS, np.empty((0, 2), np.int64), np.array([3]))
    with pytest.raises(ConfigError, match="neighbours must be at least 1, 0 found"):
        evaluate_translation(VECTORS, np.array([[0, 3]]), np.array([3]), neighbours=0)
