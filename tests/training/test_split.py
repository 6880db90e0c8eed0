"""Splits that keep documents whole and texts apart; draws that cover every class."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.text import Example
from mt2st.training.split import beside, draw_documents, draw_labelled, part_size, split_documents


def documents(*sizes):
    """Return examples of documents d0, d1, ... of these sizes, all texts different."""
    return [
        Example(f"text {number} of {document}", "a", f"d{document}")
        for document, size in enumerate(sizes)
        for number in range(size)
    ]


def sides(parts):
    return parts.training, parts.development, parts.test


@given(st.lists(st.integers(1, 6), min_size=15, max_size=40), st.integers(0, 2**32))
def test_no_document_is_on_two_sides_and_nothing_is_lost(sizes, seed):
    examples = documents(*sizes)
    found = sides(split_documents(examples, 6, 8, seed))
    held = [{example.document for example in part} for part in found]
    assert not held[0] & held[1] and not held[0] & held[2] and not held[1] & held[2]
    assert sorted(e.text for part in found for e in part) == sorted(e.text for e in examples)


@given(st.lists(st.integers(1, 6), min_size=15, max_size=40), st.integers(0, 2**32))
def test_parts_hold_what_was_asked_and_at_most_one_document_more(sizes, seed):
    parts = split_documents(documents(*sizes), 6, 8, seed)
    for part, asked in ((parts.development, 6), (parts.test, 8)):
        last = part[-1].document
        assert asked <= len(part)
        assert len([example for example in part if example.document != last]) < asked


def test_examples_without_a_document_are_dealt_one_by_one():
    parts = split_documents([Example(f"t{n}", "a") for n in range(20)], 4, 6, seed=3)
    assert [len(part) for part in sides(parts)] == [10, 4, 6]


def test_the_seed_decides():
    examples = documents(*[2] * 30)
    first, again, other = (split_documents(examples, 10, 10, seed) for seed in (1, 1, 2))
    assert first == again
    assert {e.document for e in first.test} != {e.document for e in other.test}


def test_a_text_that_is_held_out_is_not_trained_on_nor_held_out_twice():
    # Every text stands in three documents.
    examples = [Example(f"text {n % 10}", "a", f"d{n}") for n in range(30)]
    training, development, test = ({e.text for e in part} for part in sides(split_documents(examples, 3, 3, seed=5)))
    assert training and development and test
    assert not training & development and not training & test and not development & test


def test_case_and_spaces_make_no_other_text():
    spellings = ("Yay, number {}", "YAY,  number {} ", "yay, number {}")
    examples = [Example(spellings[n % 3].format(n // 3), "a") for n in range(60)]
    parts = sides(split_documents(examples, 4, 4, seed=2))
    training, development, test = ({e.text.split()[-1] for e in part} for part in parts)
    assert training and not (training & development or training & test or development & test)
    assert beside([Example("YAY, number 1")], [Example("yay,  number 1")]) == []


def test_without_copies_a_draw_is_the_test_part_of_a_split():
    examples = [Example(f"t{n}", "a", f"d{n // 3}" if n % 2 else None) for n in range(30)]
    assert draw_documents(examples, 7, 3) == split_documents(examples, 0, 7, 3).test


def test_what_is_in_no_part_is_counted():
    parts = split_documents([Example(f"t{n % 10}", "a") for n in range(20)], 2, 3, seed=3)
    held = {e.text for part in (parts.development, parts.test) for e in part}
    assert parts.left_out_of([Example("", "a")] * 20) == 20 - len(parts.training) - 5 > 0
    assert not held & {e.text for e in parts.training}


def test_too_little_data_is_an_error_that_says_what_to_lower():
    with pytest.raises(DataError, match=r"of 4 in 2 documents after 3 for test and 1 for development: lower primary"):
        split_documents(documents(2, 2), 1, 3, seed=1)


@pytest.mark.parametrize(("examples", "asked", "size"), [(4, None, 0), (99, None, 19), (6000, None, 1000), (9, 7, 7)])
def test_part_size_is_a_fifth_up_to_a_thousand_or_as_asked(examples, asked, size):
    assert part_size(examples, asked) == size


LABELS = ["a"] * 50 + ["b"] * 5 + ["c"]


@given(st.integers(3, 56), st.integers(0, 2**32))
def test_a_draw_has_its_count_each_once_and_every_class(count, seed):
    drawn = draw_labelled(LABELS, count, seed)
    assert len(drawn) == len(set(drawn)) == count
    assert {LABELS[place] for place in drawn} == {"a", "b", "c"}


def test_a_draw_is_decided_by_its_seed():
    assert draw_labelled(LABELS, 20, 7) == draw_labelled(LABELS, 20, 7)
    assert set(draw_labelled(LABELS, 20, 7)) != set(draw_labelled(LABELS, 20, 8))


@pytest.mark.parametrize("count", [None, 56, 1000])
def test_all_are_drawn_where_no_fewer_are_asked_for(count):
    assert sorted(draw_labelled(LABELS, count, 1)) == list(range(56))


def test_a_draw_is_even_within_a_class():
    # 25 of 50 equal examples: each is drawn in about half of 400 draws, standard deviation 10.
    times = [0] * 50
    for seed in range(400):
        for place in draw_labelled(["a"] * 50, 25, seed):
            times[place] += 1
    assert max(abs(count - 200) for count in times) < 45


def test_fewer_labels_than_classes_is_an_error():
    with pytest.raises(DataError, match=r"2 labelled examples cannot cover 3 classes: raise primary\.labels"):
        draw_labelled(LABELS, 2, 1)


def test_texts_that_repeat_are_named_as_the_cause_where_none_is_left_to_train_on():
    examples = [Example(("good fine", "bad dull")[n % 2], "pos") for n in range(40)]
    message = "of 40: 8 are for test and 0 for development, and the texts of the other 32 repeat these, so they are not"
    with pytest.raises(DataError, match=message) as caught:
        split_documents(examples, 8, 8, seed=1)
    assert str(caught.value).endswith("give more different texts, or lower primary.test and primary.development")
