"""Convergence: it does not fire on noise, it fires on what is flat, and its memory is small."""

import json
import math
import random

import numpy as np
import pytest

from mt2st.errors import ConfigError
from mt2st.strategies.convergence import POINTS, Convergence, fall

SEEDS = 200


def fired(course, noise, steps, seed, **settings):
    """Return after how many observations of a noisy course it fires; None where it does not."""
    chance, convergence = random.Random(seed), Convergence(**settings)
    for step in range(steps):
        if convergence.observe(course(step) * (1 + noise * chance.gauss(0, 1))):
            return step + 1
    return None


def test_a_fall_and_its_error_worked_by_hand():
    # Means 2 and 1.5; variances 2 and 0.5 of two values each: sqrt(2 / 2 + 0.5 / 2) = 1.118; of the first mean 2.
    assert fall([1.0, 3.0], [1.0, 2.0]) == (0.25, pytest.approx(math.sqrt(1.25) / 2))
    assert fall([0.0, 0.0], [0.0, 0.0]) == (0.0, 0.0)
    assert fall([0.0, 0.0], [-1.0, -1.0]) == (math.inf, 0.0)


@pytest.mark.parametrize("noise", [0.01, 0.03, 0.1, 0.3])
@pytest.mark.parametrize(
    ("course", "steps"),
    [
        (lambda t: math.exp(-0.01 * t), 300),
        (lambda t: 1 - t / 201, 200),
        (lambda t: 1 / math.sqrt(1 + t / 10), 1000),
        (lambda t: 0.5 + math.exp(-0.01 * t), 200),
    ],
    ids=["a percent a time", "a line", "a power", "towards a floor"],
)
def test_a_loss_that_still_falls_is_not_taken_for_flat(course, steps, noise):
    false = [seed for seed in range(SEEDS) if fired(course, noise, steps, seed)]
    assert len(false) <= 0.01 * SEEDS


@pytest.mark.parametrize(("noise", "most"), [(0.0, 20), (0.01, 150), (0.03, 600), (0.06, 2400)])
def test_a_flat_loss_is_found_within_a_bound_that_grows_with_the_noise(noise, most):
    def course(step):  # falls to half for a tenth of the time
        return 1.4 - 0.7 * min(10 * step / most, 1.0)

    assert all(fired(course, noise, most, seed) for seed in range(SEEDS))


@pytest.mark.parametrize("noise", [0.0, 0.01, 0.03, 0.1, 0.3])
@pytest.mark.parametrize(
    ("course", "steps"),
    [
        (lambda _: 0.7, 400),
        (lambda t: 0.7 * math.exp(-0.01 * max(t - 60, 0)), 260),
        (lambda t: 1.0 + 0.1 * t, 200),
        (lambda t: 0.01 + 0.05 * (t / 50) ** 2, 200),
        # As the gradient norm of the default job with the primary alone; it falls to the end.
        (lambda t: 0.013 + 0.05 * (t / 50) ** 2 if t < 50 else max(0.063 * math.exp(-0.012 * (t - 50)), 0.01), 200),
    ],
    ids=["flat", "flat, then falls", "rises", "rises ever faster", "rises, then falls"],
)
def test_what_has_not_fallen_yet_has_not_stopped_falling(course, steps, noise):
    false = [seed for seed in range(SEEDS) if fired(course, noise, steps, seed, on="gradient")]
    assert len(false) <= 0.02 * SEEDS


@pytest.mark.parametrize("noise", [0.0, 0.01, 0.03])
def test_a_norm_that_rose_and_fell_to_where_it_began_is_found(noise):
    def course(step):
        return 0.01 + 0.05 * max(1 - abs(step - 30) / 30, 0.0)

    found = [fired(course, noise, 1000, seed, on="gradient") for seed in range(SEEDS)]
    assert all(step and step > 60 for step in found)


def test_a_loss_that_has_fallen_and_is_flat_since_is_found():
    def course(step):
        return max(2.0 - step / 50, 1.0)

    found = [fired(course, 0.01, 1000, seed) for seed in range(SEEDS)]
    assert all(step and 50 < step <= 600 for step in found)


def test_a_loss_that_has_fallen_and_rises_again_has_stopped_falling():
    assert 20 < fired(lambda step: max(2.0 - step / 10, 0.8 + step / 100), 0.0, 60, 0) <= 40


def test_flat_comparisons_must_follow_each_other_in_windows_of_their_own():
    convergence = Convergence(window=2, patience=2, tolerance=0.0)
    # Compared are (1, 1) with (1, 1): flat; then (1, 1) with (0.5, 0.5): a fall; then twice flat.
    values = [1.0] * 4 + [0.5] * 2
    assert [convergence.observe(value) for value in values] == [False] * 6 and convergence.flat == 0
    assert [convergence.observe(0.5) for _ in range(4)] == [False, False, False, True]


def test_what_is_not_finite_is_passed_over():
    one, other = Convergence(), Convergence()
    for value in (1.0, math.nan, 2.0, math.inf):
        one.observe(value)
    for value in (1.0, 2.0):
        other.observe(value)
    assert one.state_dict() == other.state_dict()


def test_the_memory_is_bounded_and_keeps_the_mean():
    convergence = Convergence(tolerance=0.0, certainty=100.0)
    chance = random.Random(0)
    values = [chance.random() for _ in range(10 * POINTS)]
    for value in values:
        convergence.observe(value)
    assert len(convergence.points) < POINTS and len(convergence.pending) < convergence.stride
    kept = len(convergence.points) * convergence.stride
    assert sum(convergence.points) * convergence.stride == pytest.approx(sum(values[:kept]))


def test_windows_are_compared_anew_once_replaced_before_and_after_points_are_merged():
    convergence, compared = Convergence(patience=1000), []
    for seen in range(1, 177):
        before = convergence.due
        convergence.observe(1.0)
        if convergence.due > before:  # the next one is due later
            compared.append(seen)
    # Each a quarter of what was seen, and at least 5, after the last one; at 128 merged points count double.
    assert compared == [10, 15, 20, 25, 31, 38, 47, 58, 72, 90, 112, 140, 174]


@pytest.mark.parametrize("cut", [1, 7, 23, 150])
def test_a_saved_state_goes_on_as_if_never_stopped(cut):
    chance = random.Random(4)
    values = [1 / (1 + t / 50) * (1 + 0.01 * chance.gauss(0, 1)) for t in range(400)]
    whole, stopped, resumed = Convergence(), Convergence(), Convergence()
    expected = [whole.observe(value) for value in values]
    found = [stopped.observe(value) for value in values[:cut]]
    resumed.load_state_dict(stopped.state_dict())
    assert found + [resumed.observe(value) for value in values[cut:]] == expected
    resumed.reset()
    assert resumed.state_dict() == Convergence().state_dict()


def test_the_default_tolerance_goes_by_what_is_observed():
    assert (Convergence().threshold, Convergence("gradient").threshold, Convergence(tolerance=0.3).threshold) == (
        0.02,
        0.05,
        0.3,
    )


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"on": "score"}, "on is one of loss, gradient, found 'score'"),
        ({"window": 1}, "window must be a whole number and from 2 to 16"),
        ({"window": 17}, "window must be a whole number and from 2 to 16"),
        ({"patience": 0}, "patience must be a whole number and at least 1"),
        ({"tolerance": -0.1}, "tolerance must be finite and at least 0"),
        ({"certainty": -1.0}, "certainty must be finite and at least 0"),
    ],
)
def test_wrong_settings_are_refused(wrong, words):
    with pytest.raises(ConfigError, match=words):
        Convergence(**wrong)


@pytest.mark.parametrize("number", [np.float32, np.float64, np.asarray])
def test_losses_of_other_libraries_are_saved_as_json(number):
    convergence = Convergence()
    for value in range(POINTS + 1):
        convergence.observe(number(1.0 / (1 + value)))
    assert convergence.pending and {type(value) for value in (*convergence.points, *convergence.pending)} == {float}
    json.dumps(convergence.state_dict())


def test_a_loss_is_observed_as_it_is_in_a_loop_with_its_graph():
    torch = pytest.importorskip("torch")
    convergence = Convergence()
    convergence.observe(2 * torch.nn.Parameter(torch.tensor(1.5)))
    assert convergence.points == [3.0]


@pytest.mark.parametrize("wrong", ["0.5", None, [0.5, 0.4]])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(ConfigError, match=r"value must be a number, found"):
        Convergence().observe(wrong)
