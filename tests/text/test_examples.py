import dataclasses

import pytest

from mt2st.text import Example, Examples


def test_an_example_cannot_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Example("a").text = "b"


def test_examples_are_read_off_in_file_order():
    first, second, third = Example("one", "b", line=1), Example("two", None), Example("three", "a")
    read = Examples([first, second, third], "a.tsv", "tsv")
    assert list(read) == [first, second, third]
    assert len(read) == 3
    assert read.texts == ["one", "two", "three"]
    assert read.labels == ["b", None, "a"]
    assert read.labels_in_order() == ["a", "b"]


def test_labels_do_not_depend_on_the_order_of_rows():
    letters = "qwertzuiopasdfghjklyxcvbnm"
    read = Examples([Example("text", letter) for letter in letters], "a.tsv", "tsv")
    assert read.labels_in_order() == sorted(letters)


def test_each_account_of_skipped_rows_is_its_own():
    one, other = Examples([], "a", "tsv"), Examples([], "b", "tsv")
    one.skipped["empty text"] = 1
    one.first_skipped.append("a:1:1: ...")
    assert (other.skipped, other.first_skipped) == ({}, [])
