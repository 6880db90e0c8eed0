"""Texts and labels that do not go together are refused before anything is trained."""

from __future__ import annotations

import pytest

from mt2st import TextClassifier
from mt2st.errors import DataError

TEXTS, LABELS = [f"text number {number}" for number in range(12)], ["pos", "neg"] * 6
SWAPPED = "12 different labels and 2 different texts: the two seem to be in each other's place, texts come first"


@pytest.mark.parametrize("method", ["fit", "autotune"])
def test_texts_and_labels_in_each_others_place_are_refused(method):
    with pytest.raises(DataError, match=f"^labels: {SWAPPED}"):
        getattr(TextClassifier(), method)(LABELS, TEXTS)


def test_those_of_an_auxiliary_are_too():
    with pytest.raises(DataError, match=rf"^labels of auxiliary\['film'\]: {SWAPPED}"):
        TextClassifier().fit(TEXTS, LABELS, auxiliary={"film": (LABELS, TEXTS)})


def test_a_class_for_each_text_is_none_of_it():
    assert TextClassifier(C=1.0).fit(TEXTS, TEXTS).predict(TEXTS).tolist() == TEXTS
