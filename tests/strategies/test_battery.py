"""What every strategy must do, whatever it does."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mt2st.errors import CheckpointError, ConfigError
from mt2st.strategies import Clock, Constant, Diminish, Observation, Pretrain, SingleTask, Switch

STRATEGIES = [
    SingleTask(),
    Constant(weight=0.7),
    Constant(weight={"film": 0.5, "language": 2.0}),
    Diminish(rate=4.0, power=0.5),
    Diminish(weight={"film": 1.0, "language": 0.3}, rate={"film": 0.1, "language": 3.0}, time="epochs", tolerance=0.05),
    Switch(at=7, time="steps"),
    Switch(at=0.3, weight=0.5),
    Pretrain(at=2, time="epochs"),
]
CLOCK = Clock(total_steps=40, steps_per_epoch=8)
AUXILIARIES = ["film", "language"]

every_strategy = pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda s: repr(s).replace(" ", ""))


def bound(strategy):
    return strategy.bind("products", AUXILIARIES, CLOCK)


@every_strategy
def test_weights_name_every_task_and_are_finite_and_not_negative(strategy):
    for step in range(CLOCK.total_steps):
        weights = bound(strategy).weights(step)
        assert list(weights) == ["products", *AUXILIARIES]
        assert all(math.isfinite(weight) and weight >= 0 for weight in weights.values())


@every_strategy
def test_auxiliary_weights_never_rise(strategy):
    rows = [bound(strategy).weights(step) for step in range(CLOCK.total_steps)]
    for task in AUXILIARIES:
        falls = [row[task] for row in rows]
        assert falls == sorted(falls, reverse=True)


@every_strategy
def test_transition_is_the_first_step_without_auxiliaries(strategy):
    by_hand = next(
        (s for s in range(CLOCK.total_steps) if not any(bound(strategy).weights(s)[k] for k in AUXILIARIES)),
        CLOCK.total_steps,
    )
    assert bound(strategy).transition() == by_hand


@every_strategy
def test_phases_cover_the_run_without_gap(strategy):
    phases = [bound(strategy).phase(step) for step in range(CLOCK.total_steps)]
    assert all(phase.start <= step < phase.stop for step, phase in enumerate(phases))
    assert phases[0].start == 0
    assert phases[-1].stop == CLOCK.total_steps


@every_strategy
def test_the_primary_trains_in_the_single_task_phase(strategy):
    for step in range(bound(strategy).transition(), CLOCK.total_steps):
        assert bound(strategy).weights(step)["products"] == 1.0


@every_strategy
def test_state_round_trip_through_json_at_every_step(strategy):
    straight = [bound(strategy).weights(step) for step in range(CLOCK.total_steps)]
    for stop in range(CLOCK.total_steps):
        first = bound(strategy)
        first.observe(Observation(stop, 0.5, {"products": 0.7}, 1.0))
        second = bound(strategy)
        second.load_state_dict(json.loads(json.dumps(first.state_dict())))
        assert [second.weights(step) for step in range(stop, CLOCK.total_steps)] == straight[stop:]
        assert second.state_dict() == first.state_dict()


@every_strategy
def test_reset_returns_to_the_first_state(strategy):
    used = bound(strategy)
    before = used.state_dict()
    used.observe(Observation(3, 0.5, {}, 1.0))
    used.reset()
    assert used.state_dict() == before


@every_strategy
def test_a_state_of_other_settings_is_refused(strategy):
    with pytest.raises(CheckpointError, match="resume with the saved settings"):
        bound(strategy).load_state_dict(bound(Switch(at=39, time="steps")).state_dict())


@every_strategy
def test_binding_leaves_the_value_itself_unbound(strategy):
    bound(strategy)
    with pytest.raises(ConfigError, match="not bound"):
        strategy.weights(0)


@every_strategy
def test_steps_before_the_first_are_refused(strategy):
    with pytest.raises(ConfigError, match="count from 0"):
        bound(strategy).weights(-1)


@given(st.integers(1, 10_000), st.floats(0.0, 1.0))
@settings(max_examples=60)
def test_switch_at_a_fraction_keeps_weight_one_exactly_while_t_is_under_it(total, at):
    strategy = Switch(at=at).bind("p", ["a"], Clock(total))
    for step in {0, total // 3, min(total - 1, int(at * total)), total - 1}:
        assert strategy.weights(step)["a"] == (1.0 if step / total < at else 0.0)
