from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mt2st.tasks import Sampler
from mt2st.tasks.buckets import bucketed

LENGTHS = np.random.default_rng(5).integers(1, 40, 1000)


def make(together=8, passes=3.0, steps=96, size=1000):
    return Sampler(size, passes, steps, 1, "film", lengths=LENGTHS[:size], together=together)


@given(st.integers(1, 60), st.sampled_from([0.5, 1, 1.25, 3]), st.integers(1, 30), st.integers(1, 9), st.integers(0, 9))
def test_a_pass_has_every_example_once_and_a_sampler_goes_on_as_if_never_stopped(size, passes, steps, together, cut):
    def made():
        return Sampler(size, passes, steps, 1, "film", lengths=LENGTHS[:size], together=together)

    whole, plain = made(), Sampler(size, passes, steps, 1, "film")
    batches = [whole.draw().tolist() for _ in range(steps)]
    assert [len(batch) for batch in batches] == [len(plain.draw()) for _ in range(steps)]
    drawn = [number for batch in batches for number in batch]
    for start in range(0, size * int(passes), size):
        assert sorted(drawn[start : start + size]) == list(range(size))
    again = made()
    again.draws = cut
    assert [again.draw().tolist() for _ in batches[cut:]] == batches[cut:]


def test_batches_are_cut_where_lengths_are_alike():
    sampler, plain = make(), make(together=1)
    spread, before = ([np.ptp(LENGTHS[each.draw()]) for _ in range(96)] for each in (sampler, plain))
    assert np.mean(spread) < 0.25 * np.mean(before)


def test_examples_of_eight_batches_stay_together():
    sampler, plain = make(passes=1.0, steps=20), make(together=1, passes=1.0, steps=20)
    ours, theirs = ([each.draw() for _ in range(20)] for each in (sampler, plain))
    for first in range(0, 20, 8):
        assert sorted(np.concatenate(ours[first : first + 8])) == sorted(np.concatenate(theirs[first : first + 8]))


def test_short_batches_come_at_any_time():
    sampler, means = make(passes=100.0, steps=3200), []
    for _ in range(3200):
        means.append(LENGTHS[sampler.draw()].mean())
    by_place = np.array(means).reshape(100, 32).mean(0)
    assert np.ptp(by_place) < np.std(means)


def test_unequal_batches_get_stretches_of_their_own_size():
    lengths = np.array([5, 3, 4, 1, 2, 6])
    order = bucketed(np.array([3, 1, 0, 5, 2, 4]), lengths, [1, 4], 2, np.random.default_rng(1))
    assert sorted(order[:4]) == [0, 1, 3, 5], "the first two batches: one example and three"
    assert lengths[order[:1]].tolist() in ([1], [6])
    assert lengths[order[4:]].tolist() == [2, 4]
