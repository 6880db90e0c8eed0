import math

import pytest

from mt2st.errors import ConfigError
from mt2st.strategies import Cosine, cosine


def test_by_hand():
    # A third of the way: 2 * (1 + cos(pi / 3)) / 2 = 1.5; two thirds: 0.5.
    assert cosine(0.1, end=0.3, weight=2.0) == pytest.approx(1.5, abs=1e-12)
    assert cosine(0.2, end=0.3, weight=2.0) == pytest.approx(0.5, abs=1e-12)
    assert (cosine(0.0, weight=0.7), cosine(0.4), cosine(0.9)) == (0.7, 0.0, 0.0)


@pytest.mark.parametrize(("unit", "end"), [("steps", 40.0), ("epochs", 5.0), ("fraction", 0.4)])
def test_it_ends_at_its_moment_in_every_unit(hundred, unit, end):
    strategy = Cosine(end=end, time=unit).bind("p", ["a"], hundred)
    assert strategy.weights(10)["a"] == pytest.approx((1 + math.sqrt(0.5)) / 2, abs=1e-12)
    assert strategy.weights(39)["a"] > 0.0
    assert (strategy.weights(40)["a"], strategy.transition()) == (0.0, 40)


def test_it_is_symmetric_about_half_its_time():
    for t in (0.0, 0.05, 0.13, 0.19):
        assert cosine(0.2 - t, end=0.4) + cosine(0.2 + t, end=0.4) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("settings", "message"), [({"end": -1.0}, "end must be finite and above 0"), ({"weight": -1}, "weight")]
)
def test_settings_out_of_bounds_are_refused(settings, message):
    with pytest.raises(ConfigError, match=message):
        Cosine(**settings)
