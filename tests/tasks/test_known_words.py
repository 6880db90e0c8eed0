from __future__ import annotations

from mt2st.tasks.known_words import place_words

ROWS = {"CAT": 3, "DOG": 1, "US": 0}


def test_words_without_a_row_are_left_out_and_counted():
    known = place_words([("cat", "zebu"), ("dog", "cat"), ("zebu", "gnu")], [ROWS] * 2)
    assert known.places.tolist() == [[1, 3]]
    assert known.kept.tolist() == [1]
    assert (known.unknown, known.repeated) == (2, 0)


def test_repeated_entries_count_once_and_their_order_matters():
    known = place_words([("cat", "dog", 1), ("Cat", "DOG", 2), ("dog", "cat", 3)], [ROWS] * 2)
    assert known.places.tolist() == [[3, 1], [1, 3]]
    assert known.kept.tolist() == [0, 2]
    assert (known.unknown, known.repeated) == (0, 1)


def test_case_may_matter():
    assert place_words([("us", "cat")], [ROWS] * 2, case_insensitive=False).unknown == 1


def test_a_list_without_any_known_word_is_empty():
    known = place_words([("gnu", "zebu")], [ROWS] * 2)
    assert known.places.shape == (0, 2)
    assert known.kept.shape == (0,)
