import numpy as np
import pytest

from mt2st.text.encoding.blocks import Place
from mt2st.text.encoding.parts import Part
from mt2st.text.encoding.store import PartStore
from mt2st.text.encoding.table import WordTable


def part(table, *ids):
    return Part(np.array(ids, np.int32), np.array([len(ids)]), table, False, Place(), 0)


@pytest.fixture
def fill():
    """A function that stores three parts of two tables, and merges the tables' words."""

    def fill(store):
        first, second = WordTable(), WordTable()
        for each in (part(first, 0, 1), part(second, 0), part(first, 2)):
            store.append(each)
        for table, words in zip(store.open_tables(), (b"a\nb\nc\n", b"b\n"), strict=True):
            ids = table.number_list(words)
            store.write_words(words, table.counts)
            store.write_merged(ids + 10 * len(store.tables))

    return fill


def held(store):
    return [(ids.tolist(), ends.tolist(), merged.tolist()) for ids, ends, merged in store.sentences()]


EXPECTED = [([0, 1], [2], [10, 11, 12]), ([0], [1], [20]), ([2], [1], [10, 11, 12])]


@pytest.mark.parametrize("memory", [0, 20, 1 << 20])
def test_parts_come_back_with_the_words_of_their_tables(fill, tmp_path, memory):
    with PartStore(tmp_path / "a", "mark", memory) as store:
        fill(store)
        assert held(store) == EXPECTED
        assert [(words, counts.tolist()) for words, counts in store.words()] == [
            (b"a\nb\nc\n", [1, 1, 1]),
            (b"b\n", [1]),
        ]


@pytest.mark.parametrize(("memory", "written"), [(0, 16), (20, 12), (1 << 20, 0)])
def test_no_more_is_held_than_asked_for(fill, tmp_path, memory, written):
    with PartStore(tmp_path / "a", "mark", memory) as store:
        fill(store)
        held(store)
        assert (tmp_path / "a" / "ids").stat().st_size == written


def test_what_is_sealed_is_taken_up_and_what_is_not_is_cut_off(fill, tmp_path):
    with PartStore(tmp_path / "a", "mark", 0) as store:
        fill(store)
        store.seal()
        fill(store)
    with PartStore(tmp_path / "a", "mark", 0) as store:
        assert (len(store.parts), len(store.tables)) == (3, 2)
        fill(store)
        assert [extent.table for extent in store.parts] == [0, 1, 0, 2, 3, 2]
        assert [words for words, _ in store.words()] == 2 * [b"a\nb\nc\n", b"b\n"]
    with PartStore(tmp_path / "a", "another", 0) as store:
        assert not store.parts
