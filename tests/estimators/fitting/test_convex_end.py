import numpy as np
from threadpoolctl import threadpool_limits

from mt2st import TextClassifier


def test_the_bits_do_not_depend_on_numpys_threads():
    draw = np.random.default_rng(0)
    words, labels = np.array([f"w{number}" for number in range(800)]), draw.integers(0, 4, 400)
    texts = [" ".join(draw.choice(words[150 * label : 150 * label + 350], 120)) for label in labels]
    found = []
    for threads in (1, 2):  # joblib gives its workers one
        with threadpool_limits(threads, user_api="blas"):
            found.append(TextClassifier(passes=1.0).fit(texts, labels).predict_proba(texts))
    np.testing.assert_array_equal(*found)
