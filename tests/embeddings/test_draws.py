from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mt2st.embeddings import AliasTable
from mt2st.embeddings.kernels.draws import (
    NEGATIVES,
    REACHES,
    STEP,
    below,
    draw_negatives,
    draw_reach,
    random_bits,
    subsample,
)

MASK = 2**64 - 1


def test_random_bits_are_splitmix64s():
    # Rosetta Code's and the JDK's test: the generator steps before its first output, so this is draw 1 and on.
    published = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
    found = [random_bits(np.uint64(1234567), i) for i in range(1, 6)]
    assert found == [*published, 16408922859458223821]


def test_streams_of_a_key_do_not_meet():
    # Two streams that begin d apart share draws where d is a small multiple of the step.
    inverse = pow(int(STEP), -1, 2**64)
    starts = [0, int(NEGATIVES), int(REACHES)]
    for a in starts:
        for b in starts:
            assert a == b or 2**40 < (a - b) * inverse & MASK < 2**64 - 2**40
    drawn = {random_bits(np.uint64(start + 99 & MASK), i) for start in starts for i in range(1000)}
    assert len(drawn) == 3000


def test_below_is_the_upper_half_scaled():
    for bits in (0, 2**32 - 1, 2**63, MASK, 0x0123456789ABCDEF):
        for limit in (1, 2, 7, 2**31 - 1):
            assert below(np.uint64(bits), limit) == (bits >> 32) * limit >> 32


@pytest.mark.parametrize("window", [1, 2, 5, 13])
def test_reaches_are_even_from_one_to_the_window(window):
    drawn = [draw_reach(np.uint64(3), place, window) for place in range(5_000)]
    counts = np.bincount(drawn)
    assert len(counts) == window + 1 and counts[0] == 0
    assert window == 1 or stats.chisquare(counts[1:]).pvalue > 0.01


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.95, 1.0])
def test_words_are_kept_at_their_rate(share):
    draws, kept = 20_000, np.empty((20_001, 3), np.int64)
    count = subsample(np.full(draws, 1, np.int32), 0, draws, np.array([1, share], np.float32), np.uint64(6), 0, kept, 0)
    assert abs(count - draws * share) <= 3 * np.sqrt(draws * share * (1 - share))
    assert (kept[:count, 0] == 1).all()


def test_subsampling_keeps_order_and_goes_on_where_it_was():
    ids, kept = np.array([9, 9, 0, 1, 2, 1, 0, 9], np.int32), np.full((10, 3), -1, np.int64)
    keep = np.array([1, 0, 1, 0, 0, 0, 0, 0, 0, 1], np.float32)
    assert subsample(ids, 2, 7, keep, np.uint64(1), 0, kept, 2) == 5
    assert kept[2:5, 0].tolist() == [0, 2, 0]
    # Only words are written, and at most one behind the last.
    assert (kept[:, 1:] == -1).all() and (kept[:2] == -1).all() and (kept[6:] == -1).all()


def test_draws_go_on_from_sentence_to_sentence():
    ids, keep = (np.arange(400) % 2).astype(np.int32), np.array([0.5, 0.3], np.float32)
    whole, parts = np.full((2, 401, 3), -1, np.int64)
    end = subsample(ids, 0, 400, keep, np.uint64(5), 0, whole, 0)
    first = subsample(ids, 0, 123, keep, np.uint64(5), 0, parts, 0)
    assert subsample(ids, 123, 400, keep, np.uint64(5), 123, parts, first) == end
    np.testing.assert_array_equal(parts[:end], whole[:end])


def draw(words, weights, negative, key=7, together=2):
    """Return the negatives of each word, or of each two words."""
    groups = -(-len(words) // together)
    negatives, drawn = np.full((groups, negative), -1, np.int64), np.full(groups, -1, np.int64)
    # What lies behind the words is not read.
    memory = np.full((len(words) + 2, 3), 10**9, np.int64)
    memory[: len(words), 0] = words
    alias = AliasTable.of(np.asarray(weights, np.float64)).packed()
    draw_negatives(memory, len(words), together, alias, negative, np.uint64(key), negatives, drawn)
    return [row[:size].tolist() for row, size in zip(negatives, drawn, strict=True)]


@pytest.mark.parametrize("weights", [[1, 2, 3, 4, 0, 10], [1e-9, 1], [5], [0, 0, 7, 0], 1 / np.arange(1, 60)])
def test_negatives_are_drawn_by_the_weights(weights):
    # Words that are no negatives, so that none is left out.
    found = draw([len(weights)] * 200, weights, 200)
    assert {len(two) for two in found} == {200}
    counts = np.bincount(np.ravel(found), minlength=len(weights))
    expected = counts.sum() * np.asarray(weights, np.float64) / np.sum(weights)
    often = expected >= 5
    assert counts[~often].sum() <= 5 and not counts[np.asarray(weights) == 0].any()
    if often.sum() > 1:
        total = counts[often].sum()
        assert stats.chisquare(counts[often], expected[often] * total / expected[often].sum()).pvalue > 0.01


@pytest.mark.parametrize(
    "together, groups", [(1, [{0}, {1}, {1}, {1}, {3}, {0}, {2}]), (2, [{0, 1}, {1}, {3, 0}, {2}])]
)
def test_negatives_leave_out_the_words_they_are_for(together, groups):
    everything = draw([9] * 7, [1, 1, 1, 1], 40, together=together)
    found = draw([0, 1, 1, 1, 3, 0, 2], [1, 1, 1, 1], 40, together=together)
    for words, all_drawn, left in zip(groups, everything, found, strict=True):
        assert left == [word for word in all_drawn if word not in words]
        assert 0 < len(left) < 40


@pytest.mark.parametrize("together", [1, 2])
def test_each_group_of_words_and_each_key_have_negatives_of_their_own(together):
    weights, words = np.ones(10**6), [10**6] * 20 * together
    found = draw(words, weights, 50, together=together) + draw(words, weights, 50, key=8, together=together)
    assert len(set(np.ravel(found))) > 1950


def test_no_negatives():
    assert draw([0, 1, 2], [1, 1, 1], 0) == [[], []]
