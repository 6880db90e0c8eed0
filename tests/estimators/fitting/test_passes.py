"""Much text is read fewer times, at a higher learning rate."""

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
@pytest.mark.parametrize(("most", "planned"), [(5, 5.0), (1, 3.0), (20, 10.0)])
def test_much_text_is_read_so_often_that_so_many_words_are_read(monkeypatch, learned, words, most, planned):
    monkeypatch.setattr(passes, "READ", most * words)
    found = {each: learned(passes=each) for each in (3.0, 5.0, 10.0)}
    assert [each for each, table in found.items() if np.array_equal(table, learned())] == [planned]


@pytest.mark.parametrize(("learned", "texts"), [(table_of, 64), (vectors_of, 64)])
def test_many_labelled_texts_have_more_passes_at_least(monkeypatch, learned, texts):
    monkeypatch.setattr(passes, "READ", 1)
    monkeypatch.setattr(passes, "MANY", texts - 1)
    assert np.array_equal(learned(), learned(passes=5.0))
    monkeypatch.setattr(passes, "MANY", texts)
    assert np.array_equal(learned(), learned(passes=3.0))


@pytest.mark.parametrize("learned", [table_of, vectors_of])
def test_few_passes_begin_at_a_higher_rate(monkeypatch, learned):
    higher, usual = learned(passes=2.0), learned(passes=10.0)
    monkeypatch.setattr(passes, "HIGHEST", 0.15)
    assert not np.allclose(higher, learned(passes=2.0), atol=1e-3) and np.array_equal(usual, learned(passes=10.0))
