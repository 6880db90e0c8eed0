from __future__ import annotations

import numpy as np

from mt2st.models.kernels.feature_rows import AROUND, FEATURES, TOGETHER, feature_rows
from mt2st.text.token_kinds import COLUMNS, SMALL, TokenKinds

BUCKETS = 1 << 30


def rows_of(sentences, buckets=BUCKETS):
    kinds = TokenKinds.of(sentences)
    ids, offsets = kinds.sentences.ids, kinds.sentences.offsets
    rows = np.full((len(ids), FEATURES), -1, np.int32)
    feature_rows(ids, offsets, kinds.hashes(), AROUND, TOGETHER, np.uint64(buckets), rows)
    return rows


def test_what_stands_around_decides_and_nothing_else():
    rows = rows_of([["a", "b", "c", "d", "e"], ["x", "b", "c", "d", "e"], ["x"], ["a", "b", "c", "d", "e"]])
    assert (rows[:5] == rows[11:]).all()  # the same sentence, wherever it stands
    assert (rows[3:5] == rows[8:10]).all()  # the first word is more than two away
    changed = np.flatnonzero(rows[1] != rows[6])
    assert len(changed) and (changed >= COLUMNS).all()


def test_own_features_are_the_words():
    rows = rows_of([["Cat", "sat"], ["cat"]])
    same = {c for c in range(COLUMNS) if rows[0, c] == rows[2, c]}
    assert same == {c for c in range(COLUMNS) if c not in (0, 2, COLUMNS - 1)}  # all but word, shape and signs


def test_a_neighbour_left_is_none_right():
    rows = rows_of([["a", "b"], ["b", "a"]])
    around = rows[:, COLUMNS : COLUMNS + len(AROUND)]
    left = [k for k, (at, column) in enumerate(AROUND) if at == -1 and column == SMALL]
    right = [k for k, (at, column) in enumerate(AROUND) if at == 1 and column == SMALL]
    assert (around[1, left] != around[2, right]).all()  # b after a; b before a


def test_the_boundary_is_one_word():
    rows = rows_of([["a"], ["a"]])
    assert (rows[0] == rows[1]).all() and len(set(rows[0].tolist())) == FEATURES


def test_rows_stay_below_the_buckets():
    rows = rows_of([[f"w{k}" for k in range(50)]], buckets=7)
    assert rows.min() >= 0 and set(rows.ravel().tolist()) == set(range(7))
