import json

import pytest

from mt2st.errors import CheckpointError, ConfigError
from mt2st.strategies import Composed, Constant, Diminish, Linear, PretrainThenFinetune, Switch


def test_each_auxiliary_follows_its_own_part_in_its_own_time(weights_of, hundred):
    strategy = Composed({"a": Linear(end=5.0, time="epochs"), "b": Switch(at=31, time="steps", weight=0.5)})
    assert weights_of(strategy, 30, hundred) == {"p": 1.0, "a": pytest.approx(1 - 30 / 40), "b": 0.5}
    assert weights_of(strategy, 31, hundred) == {"p": 1.0, "a": pytest.approx(1 - 31 / 40), "b": 0.0}


def test_it_is_single_task_when_the_last_part_is(hundred):
    strategy = Composed({"a": Linear(end=0.4), "b": Switch(at=0.2)}).bind("p", ["a", "b"], hundred)
    assert strategy.transition() == 40


def test_the_primary_waits_for_the_part_that_makes_it_wait(weights_of, hundred):
    strategy = Composed({"a": PretrainThenFinetune(at=0.1), "b": Constant(weight=0.5)})
    assert weights_of(strategy, 9, hundred) == {"p": 0.0, "a": 1.0, "b": 0.5}
    assert weights_of(strategy, 10, hundred) == {"p": 1.0, "a": 0.0, "b": 0.5}


def test_parts_observe_and_are_saved_on_their_own(hundred, tell):
    value = Composed({"a": Switch(at="auto", window=1), "b": Switch(at="auto", window=1, latest=0.9, patience=9)})
    strategy = tell(value.bind("p", ["a", "b"], hundred), [0.5, 0.6, 0.6, 0.6], every=5)
    assert [part.transition() for part in strategy.parts.values()] == [20, 90]
    again = value.bind("p", ["a", "b"], hundred)
    again.load_state_dict(json.loads(json.dumps(strategy.state_dict())))
    assert [again.weights(step) for step in range(100)] == [strategy.weights(step) for step in range(100)]
    strategy.reset()
    assert strategy.transition() == 90
    assert [part.transition() for part in strategy.parts.values()] == [50, 90]


def test_parts_and_auxiliaries_must_be_the_same(hundred):
    with pytest.raises(ConfigError, match="parts must name each auxiliary, a, b; found a"):
        Composed({"a": Constant()}).bind("p", ["a", "b"], hundred)


def test_the_state_of_other_parts_is_refused(hundred):
    one, other = (Composed({"a": Diminish(rate=rate)}).bind("p", ["a"], hundred) for rate in (1.0, 2.0))
    with pytest.raises(CheckpointError, match="resume with the saved settings"):
        one.load_state_dict(other.state_dict())
