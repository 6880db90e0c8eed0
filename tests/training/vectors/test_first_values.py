from __future__ import annotations

import numpy as np

import mt2st


def test_vectors_begin_evenly_within_one_over_their_size_as_gensims():
    text = [[f"word{number}" for number in range(200)]]
    found = mt2st.train_vectors(text, min_count=1, vector_size=50, alpha=1e-9, min_alpha=1e-9, epochs=1).vectors
    assert 0.98 / 50 < abs(found).max() <= 1 / 50 + 1e-6
    np.testing.assert_allclose(found.std(), 2 / 50 / np.sqrt(12), rtol=0.02)
