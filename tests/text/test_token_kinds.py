from __future__ import annotations

from zlib import crc32

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mt2st.text.token_kinds import BOUNDARY, COLUMNS, LAST2, LAST3, SHAPE, SMALL, TokenKinds, look_at


def test_different_tokens_are_numbered_as_they_come():
    kinds = TokenKinds.of([["b", "a", "b"], [], ["A"]])
    assert kinds.words == [BOUNDARY, "b", "a", "A"]
    assert kinds.sentences.ids.tolist() == [1, 2, 1, 3]
    assert kinds.sentences.offsets.tolist() == [0, 3, 3, 4]


def test_a_token_that_looks_like_the_boundary_is_a_word_of_its_own():
    assert TokenKinds.of([[BOUNDARY, "a"]]).sentences.ids.tolist() == [1, 2]


def test_the_columns_that_kernels_combine():
    seen = look_at("McDonald-1998")
    assert len(seen) == COLUMNS
    assert (seen[SMALL], seen[SHAPE], seen[LAST2], seen[LAST3]) == ("mcdonald-1998", "XxXx-0", "98", "998")
    assert seen[-1] == "digit,hyphen,first"


def test_short_words_have_all_columns():
    assert look_at("a") == ("a", "a", "x", *["a"] * 8, "lower,letters")


def test_hashes_are_the_same_on_every_machine():
    kinds = TokenKinds.of([["Running"]])
    found = kinds.hashes()
    assert found.shape == (2, COLUMNS) and found.dtype == np.uint64
    assert found[1].tolist() == [crc32(text.encode()) for text in look_at("Running")]


@given(st.lists(st.text(min_size=1), max_size=5))
def test_any_string_has_hashes(words):
    kinds = TokenKinds.of([words])
    assert kinds.hashes().shape == (len(kinds.words), COLUMNS)
    assert [kinds.words[k] for k in kinds.sentences.ids] == words


def test_lone_surrogates_have_features():
    kinds = TokenKinds.of([["\ud800x", "\udfff"]])
    assert (kinds.hashes()[1] != kinds.hashes()[2]).any() and kinds.surface(100).shape == (3, 4)
