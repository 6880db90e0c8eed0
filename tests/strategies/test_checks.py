"""Settings that are none: refused where they are given, by name."""

import json
import math

import numpy as np
import pytest

from mt2st.errors import ConfigError
from mt2st.strategies import (
    Clock,
    Composed,
    Constant,
    Convergence,
    Cosine,
    Diminish,
    Every,
    Feedback,
    Linear,
    Observation,
    Plateau,
    PretrainThenFinetune,
    Rates,
    Skip,
    Switch,
)
from mt2st.strategies.checks import count, number, task_names

WHOLE = "must be a whole number and"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Every(1.5), f"n {WHOLE} at least 1, found 1.5"),
        (lambda: Feedback(window=1.5), f"window {WHOLE} at least 1, found 1.5"),
        (lambda: Feedback(probe="often"), f"probe {WHOLE} at least 1, found 'often'"),
        (lambda: Feedback(share=-1), "share must be at least 0 and under 0.5, found -1"),
        (lambda: Feedback(depth="deep"), "depth must be finite and at least 0, found 'deep'"),
        (lambda: Feedback("switch"), "base must be one of mt2st's strategies, as mt2st.Diminish.., found 'switch'"),
        (lambda: Feedback(Switch), "base must be one of .* found the class Switch: write Switch()"),
        (lambda: Feedback(Feedback()), r"base cannot be a Feedback, .* put Feedback around the rest"),
        (
            lambda: Composed({"a": Feedback(), "b": Constant()}),
            r"the part of 'a' cannot be a Feedback, .* put",
        ),
        (lambda: Composed({"a": "switch"}), "the part of 'a' must be one of mt2st's strategies"),
        (lambda: Composed([Constant()]), "parts must be a strategy for each auxiliary by name"),
        (lambda: Feedback(Composed({"a": Feedback(), "b": Constant()})), "the part of 'a' cannot be a Feedback"),
        (lambda: Clock(15.5), f"total_steps {WHOLE} at least 1, found 15.5"),
        (lambda: Clock("15"), f"total_steps {WHOLE} at least 1, found '15'"),
        (lambda: Clock(math.nan), f"total_steps {WHOLE} at least 1, found nan"),
        (lambda: Clock(10, math.nan), "steps_per_epoch must be finite and above 0, found nan"),
        (lambda: Constant("much"), "weight must be finite and at least 0, found 'much'"),
        (lambda: Diminish(tolerance=None), "tolerance must be at least 0 and under 1, found None"),
        (lambda: Convergence(window=2.5), f"window {WHOLE} from 2 to 16, found 2.5"),
        (lambda: Plateau(patience=1.5), f"patience {WHOLE} at least 1, found 1.5"),
        (lambda: Skip(floor="low"), "floor must be above 0 and at most 1, found 'low'"),
        (lambda: Rates(warm="slow"), "warm must be at least 0 and under 1, found 'slow'"),
        (lambda: Observation(1, "good", {}, 0.0), "score must be a number, found 'good'"),
        (lambda: Observation(1, "0.5", {}, 0.0), "score must be a number, found '0.5'"),
        (lambda: Observation(1, [0.5], {}, 0.0), r"score must be a number, found \[0.5\]"),
        (lambda: Observation(1, 0.5, {}, 0.0, noise=math.nan), "noise must be finite and at least 0, found nan"),
        (lambda: Observation(1, 0.5, {}, 0.0, noise=-1), "noise must be finite and at least 0, found -1"),
        (lambda: Switch(at=300), "at must be a fraction of the run, from 0 to 1, found 300: or give time='steps'"),
        (lambda: PretrainThenFinetune(at=1.5), "at must be a fraction of the run, from 0 to 1, found 1.5"),
        (lambda: Switch("auto", latest=300), "latest must be a fraction of the run, from 0 to 1, found 300"),
        (lambda: Switch(time="steps"), "at must be given with time='steps': its default, 0.2, is for fractions"),
        (lambda: Switch("auto", time="epochs"), "latest must be given with time='epochs': its default, 0.5, is"),
        (lambda: PretrainThenFinetune(time="steps"), "at must be given with time='steps'"),
        (lambda: Cosine(time="steps"), "end must be given with time='steps': its default, 0.4, is for fractions"),
        (lambda: Linear(time="epochs"), "end must be given with time='epochs'"),
        (lambda: Diminish(time="steps"), "rate must be given with time='steps': its default, 8, is for fractions"),
        (
            lambda: Switch(2, time="epochs").bind("p", ["a"], Clock(10)),
            r"time='epochs' needs to know how long one is: give steps_per_epoch=len\(loader\)",
        ),
    ],
)
def test_what_is_no_setting_is_refused_when_it_is_given(make, message):
    with pytest.raises(ConfigError, match=message):
        make()


def test_a_default_that_is_given_is_taken_in_any_unit_and_one_that_is_not_used_is_not_looked_at():
    assert Cosine(end=0.4, time="epochs").end == Linear(end=0.4, time="steps").end == Cosine().end
    assert Switch(at=3, time="steps").latest == 0.5
    assert [type(value) for value in (Cosine().end, Switch().at, Switch().latest, Diminish().rate)] == [float] * 4


def test_the_noise_of_a_score_that_is_passed_over_is_too():
    assert math.isnan(Observation(1, math.nan, {}, 0.0, noise=math.nan).noise)


@pytest.mark.parametrize("kind", [Switch, Diminish, Linear, Cosine, PretrainThenFinetune])
def test_a_time_that_is_none_is_refused_before_the_strategy_is_bound(kind):
    with pytest.raises(ConfigError, match="time is one of steps, epochs, fraction, found 'foo'"):
        kind(time="foo")


@pytest.mark.parametrize(
    ("strategy", "name"),
    [
        (Constant({"a": 1.0, "b": 1.0, "bb": 1.0}), "weight"),
        (Diminish(rate={"a": 1.0, "b": 1.0, "bb": 1.0}), "rate"),
        (Feedback(Linear(end={"a": 1.0, "b": 1.0, "bb": 1.0})), "end"),
        (Composed({"a": Constant({"a": 1.0, "bb": 1.0}), "b": Constant()}), "weight"),
    ],
)
def test_a_name_that_is_no_auxiliary_is_refused(strategy, name):
    with pytest.raises(ConfigError, match=f"{name} names 'bb', which is no auxiliary; did you mean 'b'?"):
        strategy.bind("p", ["a", "b"], Clock(10))


def test_parts_may_share_their_settings_by_name():
    weight = {"a": 0.5, "b": 0.25}
    strategy = Composed({"a": Constant(weight), "b": Linear(weight=weight)})
    assert strategy.bind("p", ["a", "b"], Clock(10)).weights(0) == {"p": 1.0, "a": 0.5, "b": 0.25}


@pytest.mark.parametrize(
    "strategy",
    [
        Diminish(rate=np.float32(5), weight={"a": np.float64(0.5)}, tolerance=np.float32(0.5)),
        Switch(at=np.int64(3), time="steps", window=np.int32(2), share=np.float32(0.25)),
        Feedback(trial=np.float32(0.25), probe=np.int64(3), noise=np.float32(0.5), window=2.0),
        PretrainThenFinetune(at=np.float32(0.5)),
    ],
    ids=lambda strategy: strategy.name,
)
def test_numbers_of_numpy_become_pythons_own(strategy):
    assert "np." not in repr(strategy)
    state = strategy.bind("p", ["a"], Clock(np.int64(10))).state_dict()
    assert json.loads(json.dumps(state)) == state


def test_bounds_are_met_from_the_right_side():
    assert (number(0, "x"), number(1.0, "x", 0.0, 1.0), count(15.0, "x"), count(2, "x", 2, 2)) == (0, 1.0, 15, 2)
    for wrong in ({"above": True}, {"low": 0.5}, {"high": -0.5}):
        with pytest.raises(ConfigError, match="x must be"):
            number(0, "x", **wrong)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("p", None), "auxiliaries must be a list of names, found None"),
        (("p", ["a", 3]), "names of tasks are words, found 3: write it in quotes"),
        ((None, ["a"]), "names of tasks are words, found None"),
        (("p", ["a", "p"]), "names of tasks must differ, found 'p' and a, p"),
    ],
)
def test_names_that_are_none_are_refused(names, message):
    with pytest.raises(ConfigError, match=message):
        task_names(*names)
