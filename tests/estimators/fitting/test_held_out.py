"""Held-out rows as new texts have them, beside columns that were really built without these texts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from mt2st import TextClassifier
from mt2st.estimators.fitting.blocks import text_blocks
from mt2st.estimators.fitting.fitted import Vectors
from mt2st.estimators.fitting.held_out import Known, as_new_texts, columns_elsewhere
from mt2st.evaluation import evaluate_calibration
from mt2st.models.columns.build import choose_columns

TEXTS = ["good film here", "bad film there", "good plot", "bad plot odd", "fine film", "odd good film"]
OTHERS = ["there there there", "a plot there", "here it is"]


def chosen_of(texts, others):
    return choose_columns(texts, others, pairs=True, ngrams=True, min_count=2, shared=2)


def test_by_hand():
    block = csr_array(np.array([[3.0, 4.0, 0.0], [0.0, 1.0, 0.0], [0.6, 0.0, 0.8]]))
    found = as_new_texts([block], [2.0], Known([np.array([False, False, False])]))(np.array([0, 1])).toarray()
    # The first column is in the third row too, the second in these two alone, which are held out together.
    # So each keeps its length: 5, of the first column alone, and nothing; all times the share.
    np.testing.assert_allclose(found, [[10.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 1.0]], rtol=1e-6)
    known = as_new_texts([block], [1.0], Known([np.array([False, True, False])]))(np.array([0])).toarray()
    np.testing.assert_allclose(known, [[3.0, 4.0, 0.0, 1.0]], rtol=1e-6)


@pytest.mark.parametrize("fold", [[0], [1], [3], [4, 5]])
def test_the_columns_are_those_that_a_new_text_has(fold):
    whole = chosen_of(TEXTS, OTHERS)
    blocks = text_blocks(whole.labelled, None, None)
    found = as_new_texts(blocks, [1.0, 1.0], Known(columns_elsewhere(whole, 2, 2)))(np.array(fold)).tocsr()
    rest = chosen_of([text for place, text in enumerate(TEXTS) if place not in fold], OTHERS)
    new = text_blocks(rest.columns.rows([TEXTS[place] for place in fold]), None, None)
    for row in range(len(fold)):
        own = found[[row]].indices
        assert len(own) - 1 == sum(len(block[[row]].indices) for block in new)
        words = sorted(whole.columns.words[at] for at in own if at < len(whole.columns.words))
        assert words == sorted(rest.columns.words[at] for at in new[0][[row]].indices if at < len(rest.columns.words))
    own = np.split(found.toarray()[:, :-1], [blocks[0].shape[1]], axis=1)
    for block, later in zip(own, new, strict=True):
        np.testing.assert_allclose((block**2).sum(1), (later.toarray() ** 2).sum(1), rtol=1e-5)


def test_vectors_are_means_of_what_is_kept():
    """The vector of a word that the held-out text alone has counts no more."""
    whole = chosen_of(TEXTS, OTHERS)
    size = len(whole.columns.words)
    random = np.random.default_rng(0)
    table, weights = random.normal(size=(size, 3)).astype(np.float32), random.uniform(0.5, 1, size).astype(np.float32)
    vectors = Vectors(table, weights, np.full(3, 0.1, np.float32), np.full(3, 2.0, np.float32))
    blocks = text_blocks(whole.labelled, None, vectors)
    known = Known.of(columns_elsewhere(whole, 2, 2), whole.labelled, vectors)
    found = as_new_texts(blocks, [1.0, 1.0, 0.5], known)(np.array([4])).toarray()[0, -4:-1]
    film = whole.columns.words.index("film")  # "fine" is in no other text
    np.testing.assert_allclose(found, (table[film] - 0.1) * 2.0 * 0.5, rtol=1e-5)


def test_what_other_texts_have_often_enough_stays():
    whole = chosen_of(TEXTS, OTHERS)
    words = whole.columns.words
    found = columns_elsewhere(whole, 2, 2)[0]
    # Of the words of OTHERS only "there" occurs twice in them; "there there" does too.
    assert [words[at] for at in np.flatnonzero(found[: len(words)])] == ["there"]
    assert found[len(words) :].sum() == 1


def test_texts_with_many_words_of_their_own_are_told_with_honest_probabilities():
    """Half of a text's words stand in no other: held-out scores as they are would be too small."""
    random = np.random.default_rng(0)

    def make(number, start):
        labels = random.integers(0, 2, number)
        sides = [np.where(random.random(6) < 0.7, label, 1 - label) for label in labels]
        words = [[f"w{side}x{random.integers(0, 40)}" for side in own] for own in sides]
        own = [[f"own{start + row}y{n}" for n in range(6)] for row in range(number)]
        return [" ".join(both) for both in map(list.__add__, words, own)], labels

    texts, labels = make(200, 0)
    new, truth = make(3000, 10_000)
    found = TextClassifier(pairs=False, ngrams=False).fit(texts, labels)
    report = evaluate_calibration(found.predict_proba(new), truth)
    assert report.ece < 0.05, report


def test_few_texts_that_are_all_told_right_leave_some_doubt():
    texts = [f"{side} any{n}" for n in range(10) for side in ("good", "bad")]
    found = TextClassifier().fit(texts, ["pos", "neg"] * 10)
    assert found.fitted_.head.accuracy == 1.0 and 0.9 < found.predict_proba(["good any3"]).max() < 0.995
