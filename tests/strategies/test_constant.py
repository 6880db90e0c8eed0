import pytest

from mt2st.errors import ConfigError
from mt2st.strategies import Constant, constant


def test_weights_stay(weights_of, hundred):
    assert constant(0.9, weight=0.4) == 0.4
    for step in (0, 99):
        assert weights_of(Constant(weight={"a": 0.25, "b": 3.0}), step, hundred) == {"p": 1.0, "a": 0.25, "b": 3.0}


def test_it_never_leaves_the_multi_task_phase(hundred):
    phase = Constant().bind("p", ["a"], hundred).phase(99)
    assert (phase.name, phase.start, phase.stop) == ("multi-task", 0, 100)


def test_a_weight_out_of_bounds_or_missing_is_refused(weights_of, hundred):
    with pytest.raises(ConfigError, match="weight must be finite and at least 0, found inf"):
        Constant(weight=float("inf"))
    with pytest.raises(ConfigError, match="weight has no value for the auxiliary 'a'; it names b"):
        weights_of(Constant(weight={"b": 1.0}), 0, hundred)
