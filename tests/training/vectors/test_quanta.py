"""Quanta cover every sentence and record once, in order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mt2st.text.ragged import Ragged
from mt2st.training.vectors.quanta import RecordQuanta, SentenceQuanta, quantum_key

SHARDS = st.lists(st.lists(st.lists(st.integers(0, 9), max_size=7), max_size=12), max_size=4)


@given(shards=SHARDS, size=st.integers(1, 20))
@settings(max_examples=60)
def test_quanta_are_all_words_once_in_order(shards, size):
    quanta = SentenceQuanta([Ragged.from_lists(shard) for shard in shards], size)
    read = [quanta.read(number) for number in range(len(quanta))]
    sentences = [part.row(at).tolist() for part in read for at in range(len(part))]
    assert [words for words in sentences if words] == [words for shard in shards for words in shard if words]
    ends = np.cumsum([0, *(len(part.ids) for part in read)]).tolist()
    assert [quanta.before(number) for number in range(len(quanta) + 1)] == ends


@given(shards=SHARDS, size=st.integers(1, 20))
@settings(max_examples=60)
def test_a_quantum_is_about_its_size(shards, size):
    quanta = SentenceQuanta([Ragged.from_lists(shard) for shard in shards], size)
    longest = max((len(words) for shard in shards for words in shard), default=0)
    assert all(len(quanta.read(number).ids) < size + longest for number in range(len(quanta)))
    words = quanta.before(len(quanta))
    assert len(quanta) <= words // size + len(shards)


def test_a_quantum_is_a_view():
    shard = Ragged.from_lists([[1, 2], [3]])
    assert np.shares_memory(SentenceQuanta([shard], 5).read(0).ids, shard.ids)


@pytest.mark.parametrize(("records", "ends"), [(0, [0]), (1, [0, 1]), (8, [0, 4, 8]), (9, [0, 4, 8, 9])])
def test_records(records, ends):
    quanta = RecordQuanta(records, size=4)
    assert [quanta.before(number) for number in range(len(quanta) + 1)] == ends


def test_keys_differ():
    keys = {quantum_key(seed, epoch, number) for seed in range(5) for epoch in range(5) for number in range(50)}
    assert len(keys) == 5 * 5 * 50
    assert max(keys) < 2**64
