"""Much text is read fewer times, in longer steps, and `passes` says how often."""

from __future__ import annotations

import numpy as np
import pytest

from mt2st import TextClassifier, TextVectorizer
from mt2st.estimators.fitting import passes

TEXTS = [f"{a} {b} {c} film" for a in "abcd" for b in "efgh" for c in "ijkl"] * 200
LABELLED = TEXTS[:64], ["x", "y"] * 32
SMALL = {"vector_size": 4, "min_count": 1}


def table_of(**parameters):
    classifier = TextClassifier(**SMALL, strategy=1.0, **parameters)
    return classifier.fit(*LABELLED, unlabelled=TEXTS).fitted_.vectors.table


def vectors_of(**parameters):
    return TextVectorizer(**SMALL, **parameters).fit_transform(TEXTS[:64])


@pytest.mark.parametrize(("learned", "words"), [(table_of, 4 * (64 + len(TEXTS))), (vectors_of, 256)])
def test_four_times_as_much_text_is_read_half_as_often(monkeypatch, learned, words):
    monkeypatch.setattr(passes, "LITTLE", words // 4)
    found = learned(passes="auto")
    assert np.array_equal(found, learned(passes=5.0)) and not np.array_equal(found, learned(passes=10.0))
    monkeypatch.setattr(passes, "LITTLE", words)
    assert np.array_equal(learned(), learned(passes=10.0))


@pytest.mark.parametrize("learned", [table_of, vectors_of])
def test_few_passes_take_longer_steps(monkeypatch, learned):
    longer, as_ever = learned(passes=2.0), learned(passes=10.0)
    monkeypatch.setattr(passes, "LONGEST", 0.15)
    assert not np.allclose(longer, learned(passes=2.0), atol=1e-3) and np.array_equal(as_ever, learned(passes=10.0))
