"""Columns for further labelled texts: as good as one fit where nothing else was learned from, and in their places."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array, hstack

import mt2st
from mt2st import TextClassifier
from mt2st.estimators.fitting.blocks import text_blocks
from mt2st.estimators.fitting.widening import _idf
from mt2st.models.columns.columns import smooth


@pytest.mark.parametrize("pairs", [True, False])
def test_in_parts_is_as_at_once(topics, pairs):
    texts, labels = topics(60, 3)
    settings = {"C": 3.0, "pairs": pairs}
    whole = TextClassifier(**settings).fit(texts, labels)
    found = TextClassifier(**settings).fit(texts[:9], labels[:9]).partial_fit(texts[9:20], labels[9:20])
    found.partial_fit(texts[20:], labels[20:])
    np.testing.assert_allclose(found.decision_function(texts), whole.decision_function(texts), atol=1e-5)


def test_new_words_are_learned():
    found = TextClassifier().fit(["a good film", "a bad film"] * 10, ["pos", "neg"] * 10)
    found.partial_fit(["superb", "awful"] * 50, ["pos", "neg"] * 50)
    (superb, good), (awful, bad) = found.explain("superb awful")
    assert good["pos"] > 0.1 and bad["pos"] < -0.1 and (superb, awful) == ("superb", "awful")


def test_vectors_and_auxiliaries_stay_in_their_places(topics, tmp_path):
    texts, labels = topics(60)
    settings = {"C": 3.0, "vector_size": 8, "pair_min_count": 3}
    first = TextClassifier(**settings).fit(texts, labels, auxiliary={"other": topics(80, 4, seed=1)})
    more = [f"new{place % 5} old {text}" for place, text in enumerate(texts)]
    before, vectors = first.fitted_, first.fitted_.vectors
    found = first.partial_fit(more, labels)
    rows = found.fitted_.model.columns.rows(texts)
    # Texts without a new word: vectors are the same, bit for bit, and so are auxiliaries' weights of their columns.
    np.testing.assert_array_equal(
        found.fitted_.vectors.of_texts(rows), vectors.of_texts(before.model.columns.rows(texts))
    )
    assert len(vectors.table) > len(before.model.columns.words), "pairs have vectors, too"
    whole, part = found.fitted_.helpers.weights, before.helpers.weights
    assert sorted(map(tuple, whole[np.abs(whole).sum(1) > 0])) == sorted(map(tuple, part[np.abs(part).sum(1) > 0]))
    both = [*texts, *more, "new1", "unseen"]
    blocks = text_blocks(found.fitted_.model.columns.rows(both), found.fitted_.helpers, found.fitted_.vectors)
    weights = found.fitted_.head.weights
    scores = hstack([csr_array(block) for block in blocks]) @ weights[:-1] + weights[-1]
    np.testing.assert_allclose(found.decision_function(both), scores[:, 0], atol=1e-4)
    found.save(tmp_path / "model")
    np.testing.assert_array_equal(mt2st.load(tmp_path / "model").decision_function(both), found.decision_function(both))


def test_frequencies_are_as_of_more_labelled_texts():
    counts = np.array([1, 50, 1000])
    before, after = smooth(counts, 1000, 25), smooth(counts, 1000, 250)
    own, elsewhere = np.array([7, 8, 9], np.float32), np.array([True, False, True])
    found = _idf(own, before, elsewhere, 25, 250)
    np.testing.assert_allclose(found, [after[0], 8, after[2]], rtol=1e-3)
