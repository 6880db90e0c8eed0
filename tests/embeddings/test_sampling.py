from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt2st.embeddings import AliasTable, keep_probability, smooth_inverse_frequency
from mt2st.errors import ConfigError

weight = st.one_of(st.just(0.0), st.floats(1e-6, 1e6))


@given(st.lists(weight, min_size=1, max_size=60).filter(any))
def test_an_alias_table_has_the_weights_distribution(weights):
    table = AliasTable.of(np.array(weights))
    assert table.threshold.dtype == np.float32 and table.alias.dtype == np.int32
    assert ((table.threshold >= 0) & (table.threshold <= 1)).all()
    assert ((table.alias >= 0) & (table.alias < len(weights))).all()
    np.testing.assert_allclose(table.probabilities(), np.array(weights) / sum(weights), rtol=1e-5, atol=1e-7)


def test_probabilities_read_the_columns_as_a_draw_does():
    # Column 0 stands a quarter of the time, else gives 2; column 1 always stands; column 2 gives 0 half of the time.
    table = AliasTable(np.array([0.25, 1.0, 0.5], np.float32), np.array([2, 1, 0], np.int32))
    np.testing.assert_allclose(table.probabilities(), [0.75 / 3, 1 / 3, 1.25 / 3], rtol=1e-15)


def test_packed_columns_by_hand():
    table = AliasTable(np.array([0.25, 1.0, 0.0], np.float32), np.array([2, 1, 2**31 - 1], np.int32))
    assert table.packed().dtype == np.uint64
    # A column that always stands: all but one of 2^32 draws do, and it is its own alias.
    assert table.packed().tolist() == [2**30 << 32 | 2, (2**32 - 1) << 32 | 1, 2**31 - 1]


@given(st.lists(weight, min_size=1, max_size=60).filter(any))
def test_packed_columns_are_the_tables(weights):
    table = AliasTable.of(np.array(weights))
    packed = table.packed()
    assert (packed & np.uint64(2**32 - 1)).tolist() == table.alias.tolist()
    np.testing.assert_allclose((packed >> np.uint64(32)) / 2.0**32, table.threshold, atol=2**-31)


@pytest.mark.parametrize("weights", [[], [0.0], [0.0, 0.0], [1.0, -1e-9], [1.0, np.nan], [np.inf, 1.0]])
def test_weights_to_draw_by_are_finite_and_one_is_positive(weights):
    with pytest.raises(ConfigError, match="finite weights of at least 0, one of them above 0"):
        AliasTable.of(np.array(weights))


def test_keep_probability_is_gensims():
    counts, sample = np.array([50_000, 30_000, 15_000, 4_900, 99, 1]), 1e-3
    # gensim's Word2VecVocab.prepare_vocab, line by line.
    threshold_count = sample * counts.sum()
    gensim = [min((np.sqrt(v / threshold_count) + 1) * (threshold_count / v), 1.0) for v in counts]
    np.testing.assert_allclose(keep_probability(counts, sample), gensim, rtol=1e-6)
    # By hand: a word that makes up a quarter of the text, at sample 0.01, is kept (5 + 1) * 0.04 of the time.
    np.testing.assert_allclose(keep_probability(np.array([25, 75]), 0.01)[0], 0.24, rtol=1e-6)


def test_keep_probability_at_its_edges():
    assert keep_probability(np.array([9, 1]), sample=0).tolist() == [1, 1]
    assert keep_probability(np.empty(0, np.int64)).tolist() == []
    # A word of the vocabulary that this corpus lacks is one that would be kept, not a division by 0.
    assert keep_probability(np.array([0, 0])).dtype == np.float32
    assert keep_probability(np.array([10**6, 0]))[1] == 1


def test_smooth_inverse_frequency_by_hand():
    found = smooth_inverse_frequency(np.array([0.0, 0.01, 0.04]), a=0.01)
    np.testing.assert_allclose(found, [1, 0.5, 0.2], rtol=1e-6)
    assert found.dtype == np.float32
