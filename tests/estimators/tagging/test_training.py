from __future__ import annotations

import numpy as np
import pytest

from mt2st import WordVectors
from mt2st.errors import DataError
from mt2st.estimators.tagging.inputs import Tagged
from mt2st.estimators.tagging.training import held_out
from mt2st.estimators.tagging.vectors import SCALE, first_rows

SETTINGS = {"vector_size": 4, "min_count": 2, "epochs": 1, "seed": 1, "workers": 1}
DATA = Tagged([[f"w{k}"] for k in range(20)], [["A" if k % 2 else "B"] for k in range(19)] + [["C"]])


def test_nothing_is_held_out_unless_asked():
    assert held_out(DATA, 0.0, seed=1) == (DATA, Tagged([], []))


def test_a_share_is_held_out_and_every_tag_stays():
    for seed in range(5):
        trained, watched = held_out(DATA, 0.25, seed)
        assert len(watched.sentences) == 5 and trained.classes == ("A", "B", "C")
        assert sorted(trained.sentences + watched.sentences) == sorted(DATA.sentences)
    assert held_out(DATA, 0.25, 1) == held_out(DATA, 0.25, 1) != held_out(DATA, 0.25, 2)


def test_rows_are_learned_of_words_that_are_frequent_enough():
    found = first_rows([["a", "b", "rare"], ["b", "a"]] * 1 + [["a", "b"]] * 50, None, **SETTINGS)
    assert sorted(found.words) == ["a", "b"] and found.rows.shape == (2, 4)
    assert np.sqrt((found.rows**2).mean()) == pytest.approx(SCALE, rel=1e-5)


def test_too_little_text_has_no_rows():
    found = first_rows([["once"], []], None, **SETTINGS)
    assert found.words == [] and found.rows.shape == (0, 4)


def test_what_is_wrong_with_the_text_is_told():
    def texts():
        yield ["a", "a"]
        raise DataError("unlabelled[1] is bad")

    with pytest.raises(DataError, match=r"unlabelled\[1\] is bad"):
        first_rows(texts(), None, **SETTINGS)


def test_given_rows_are_of_the_same_size():
    vectors = WordVectors(["a", "b"], np.array([[30, 0, 0, 40], [0, 0, 0, 0]], np.float32))
    found = first_rows([], vectors, **SETTINGS)
    assert np.sqrt((found.rows**2).mean()) == pytest.approx(SCALE) and not found.rows[1].any()
    assert found.rows[0] / found.rows[0, 0] == pytest.approx([1, 0, 0, 4 / 3])
