import pytest

from mt2st.errors import ConfigError
from mt2st.strategies import Linear, linear


def test_by_hand():
    # 2 * (1 - 0.3 / 0.4) = 0.5
    assert linear(0.3, end=0.4, weight=2.0) == pytest.approx(0.5, abs=1e-12)
    assert (linear(0.0, end=0.4, weight=0.7), linear(0.4), linear(0.9)) == (0.7, 0.0, 0.0)


@pytest.mark.parametrize(("unit", "end"), [("steps", 40.0), ("epochs", 5.0), ("fraction", 0.4)])
def test_it_ends_at_its_moment_in_every_unit(hundred, unit, end):
    strategy = Linear(end=end, time=unit, weight=0.5).bind("p", ["a"], hundred)
    assert strategy.weights(10)["a"] == pytest.approx(0.375, abs=1e-12)
    assert strategy.weights(39)["a"] == pytest.approx(0.0125, abs=1e-12)
    assert (strategy.weights(40)["a"], strategy.transition()) == (0.0, 40)


def test_every_auxiliary_may_end_at_a_moment_of_its_own(weights_of, hundred):
    found = weights_of(Linear(end={"a": 0.2, "b": 0.4}), 10, hundred)
    assert found == {"p": 1.0, "a": pytest.approx(0.5), "b": pytest.approx(0.75)}


def test_it_costs_half_of_what_weight_one_up_to_its_end_does(hundred):
    strategy = Linear(end=0.4).bind("p", ["a"], hundred)
    assert sum(strategy.weights(step)["a"] for step in range(100)) == pytest.approx(20.5)  # (40 + 1) / 2


@pytest.mark.parametrize(
    ("settings", "message"), [({"end": 0.0}, "end must be finite and above 0"), ({"weight": -1}, "weight")]
)
def test_settings_out_of_bounds_are_refused(settings, message):
    with pytest.raises(ConfigError, match=message):
        Linear(**settings)
