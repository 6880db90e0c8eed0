from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mt2st.errors import ConfigError
from mt2st.tasks.sampler import Sampler, stream_key

sizes, steps = st.integers(1, 60), st.integers(1, 40)
seeds = st.integers(0, 2**64)


def drawn(sampler, count):
    return [sampler.draw().tolist() for _ in range(count)]


def flat(batches):
    return [example for batch in batches for example in batch]


@given(sizes, st.integers(1, 4), steps, seeds)
def test_a_pass_has_every_example_once(size, passes, steps, seed):
    examples = flat(drawn(Sampler(size, passes, steps, seed, "film"), steps))
    assert len(examples) == size * passes
    for start in range(0, len(examples), size):
        assert sorted(examples[start : start + size]) == list(range(size))


@given(sizes, st.decimals("0.01", 5, places=2), steps, seeds)
@example(30, Decimal("0.35"), 7, 1)  # 6 * 30 * 0.35 / 7 falls under 9 in floating point
def test_passes_that_are_fractional_add_up_and_are_spread_evenly(size, passes, steps, seed):
    lengths = [len(batch) for batch in drawn(Sampler(size, float(passes), steps, seed, "film"), steps)]
    exact = size * Fraction(passes)
    assert np.cumsum(lengths).tolist() == [floor(exact * step / steps) for step in range(1, steps + 1)]
    assert max(lengths) - min(lengths) <= 1


@given(sizes, st.floats(0.1, 5), steps, seeds, st.integers(0, 50))
def test_a_sampler_whose_draws_are_restored_goes_on_as_if_never_stopped(size, passes, steps, seed, before):
    first, second = (Sampler(size, passes, steps, seed, "film") for _ in range(2))
    drawn(first, before)
    second.draws = first.draws
    assert second.draw_key() == first.draw_key()
    for _ in range(10):
        expected = first.examples_in(first.draws)
        batch = first.draw()
        assert batch.tolist() == second.draw().tolist()
        assert batch.dtype == np.int64 and len(batch) == expected
        assert first.draw_key() == second.draw_key()


def test_going_back_draws_the_same_again():
    sampler = Sampler(7, 3, 6, seed=1, name="film")
    once = drawn(sampler, 6)
    sampler.draws = 0
    assert drawn(sampler, 6) == once


def test_the_order_does_not_depend_on_how_it_is_cut():
    orders = [flat(drawn(Sampler(11, 3, steps, seed=1, name="film"), steps)) for steps in (1, 4, 33)]
    assert orders[0] == orders[1] == orders[2]
    assert len(orders[0]) == 33


def test_tasks_seeds_and_passes_have_orders_of_their_own():
    orders = [flat(drawn(Sampler(40, 2, 4, seed, name), 4)) for seed, name in [(1, "film"), (1, "tweets"), (2, "film")]]
    passes = [order[start : start + 40] for order in orders for start in (0, 40)]
    assert len(set(map(tuple, passes))) == 6
    assert list(range(40)) not in passes


@pytest.mark.parametrize("seed", range(8))
def test_every_place_of_an_order_is_open_to_every_example(seed):
    sampler = Sampler(4, 600, 1, seed, "film")
    order = sampler.draw().reshape(600, 4)
    counts = np.array([np.bincount(column, minlength=4) for column in order.T])
    # 600 passes: 150 times each, with a standard deviation of 10.6.
    assert abs(counts - 150).max() < 48


def test_batches_have_keys_of_their_own():
    sampler, other = Sampler(5, 1, 100, 1, "film"), Sampler(5, 1, 100, 1, "tweets")
    keys = []
    for each in (sampler, other):
        for _ in range(100):
            each.draw()
            keys.append(each.draw_key())
    assert len(set(keys)) == 200
    assert all(0 <= key < 2**64 for key in keys)
    assert max(keys) > 2**63


def test_stream_keys_fill_64_bits_and_know_name_and_seed():
    keys = {stream_key(seed, name) for seed in range(20) for name in ("a", "b", "1/a", "")}
    assert len(keys) == 80
    assert np.bitwise_or.reduce(np.array(sorted(keys), np.uint64)) == 2**64 - 1
    assert stream_key(1, "11/a") != stream_key(11, "1/a")


@pytest.mark.parametrize("values", [(0, 1, 1), (1, 0, 1), (1, 1, 0), (3, -1.0, 2)])
def test_size_passes_and_steps_are_above_zero(values):
    with pytest.raises(ConfigError, match=r"film: a sampler needs size, passes and steps above 0, found "):
        Sampler(*values, seed=1, name="film")
