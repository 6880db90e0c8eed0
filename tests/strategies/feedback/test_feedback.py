"""The whole of it: a hundred steps with trials of five and five, by hand."""

import json

import pytest

from mt2st.errors import ConfigError
from mt2st.strategies import Clock, Constant, Diminish, Feedback, Observation, PretrainThenFinetune, Rates, Switch

# Two trials of ten steps (0.125 of the base's 80), then 80 of the base.
ONE = Feedback(Switch(at=0.5), trial=0.125, probe=10, window=2)
LEVEL = [0.5, 0.5]


def names(actions):
    return [(action.step, action.name, action.task) for action in actions if action.name != "keep"]


@pytest.fixture
def one(hundred):
    return ONE.bind("p", ["a"], hundred)


def test_the_base_has_what_trials_leave(one):
    assert one.transition() == 20 + 40
    assert [one.weights(step)["a"] for step in (0, 9, 10, 14, 15, 19, 20, 59, 60)] == [0, 0, 1, 1, 0, 0, 1, 1, 0]
    assert all(one.weights(step)["p"] == 1.0 for step in range(100))


@pytest.mark.parametrize("auxiliaries", [0, 1, 3])
def test_a_run_is_lengthened_by_its_trials_alone(auxiliaries):
    tasks = [f"a{k}" for k in range(auxiliaries)]
    for steps in (40, 80, 200):
        whole = ONE.whole(steps, auxiliaries)
        bound = ONE.bind("p", tasks, Clock(whole))
        assert bound._course.trials.stop + bound._course.base.clock.total_steps == whole
        assert abs(bound._course.base.clock.total_steps - steps) <= auxiliaries + 1


def test_an_auxiliary_that_gains_keeps_its_weight_and_the_run_begins_anew(one, run):
    actions = run(one, [0.5, 0.6])
    assert names(actions) == [(10, "restore", "p"), (20, "restore", "a")]
    assert [action.state for action in actions] == ["start", "start"]
    assert one.weights(20) == {"p": 1.0, "a": 1.0}
    assert one.phase(20).name == "multi-task"


def test_one_that_loses_is_dropped_and_the_primary_goes_on_alone(one, run):
    actions = run(one, [0.3, 0.5, 0.3, 0.48], every=5)
    assert names(actions)[2:] == [(20, "drop", "a"), (20, "switch", None)]
    assert "its trial gained -0.020 over the primary alone, at a standard error of 0.010" in actions[2].text()
    assert one.transition() == 20
    assert one.weights(20) == {"p": 1.0, "a": 0.0}
    assert (one.phase(20).name, one.phase(20).start, one.phase(20).stop) == ("single-task", 20, 100)


@pytest.mark.parametrize(("score", "share"), [(0.49, 1 / 6), (0.5, 0.5), (0.5075, 0.75)])
def test_doubt_lowers_a_weight(one, run, score, share):
    actions = run(one, [0.3, 0.5, 0.3, score], every=5)
    assert names(actions)[2:] == [(20, "scale", "a")]
    assert one.weights(20)["a"] == pytest.approx(share)


def test_trials_in_which_nothing_is_learnt_leave_the_auxiliary_its_weight(one, run):
    actions = run(one, [0.5, 0.505, 0.505, 0.5], every=5)
    assert names(actions)[2:] == [(20, "trust", "a")]
    assert "trials may be too short" in actions[2].text()
    assert one.weights(20)["a"] == 1.0


def test_a_trial_that_ends_while_the_primary_alone_still_rises_leaves_the_auxiliary_its_weight(one, run):
    # In means of two, a step: the last gain, (0.27 - 0.18) / 2.5, is more than a quarter of the steepest, 0.075.
    run(one, [0.0, 0.0, 0.0, 0.04, 0.09, 0.12, 0.24, 0.27], every=1)
    actions = run(one, [0.27, 0.0, 0.0, 0.0, 0.0, 0.0], begin=8, every=2)
    assert names(actions)[1:] == [(20, "restore", "a"), (20, "trust", "a")]
    assert "the primary alone still rose" in actions[-1].text()
    assert one.weights(20)["a"] == 1.0


def test_the_switch_comes_forward_when_a_gain_is_a_quarter_of_the_steepest(one, run):
    run(one, [0.2, 0.4, 0.4, 0.5], every=5)
    # From step 20 on, in means of two, a step: 0.03 is the steepest, 0.0265 and 0.0155 are not low, 0.004 and 0 are.
    actions = run(one, [0.3, 0.45, 0.6, 0.75, 0.83, 0.83, 0.83], begin=20, every=5)
    assert names(actions) == []
    assert names(run(one, [0.83], begin=55, every=4)) == [(59, "switch", None)]
    assert one.transition() == 59
    assert one.phase(59).start == 59


def test_a_switch_half_decided_is_taken_up(one, hundred, run):
    run(one, [0.2, 0.4, 0.4, 0.5], every=5)
    run(one, [0.3, 0.45, 0.6, 0.75, 0.83, 0.83, 0.83], begin=20, every=5)
    resumed = ONE.bind("p", ["a"], hundred)
    resumed.load_state_dict(json.loads(json.dumps(one.state_dict())))
    assert names(run(resumed, [0.83], begin=55, every=4)) == [(59, "switch", None)]


def test_gains_that_go_on_leave_the_base_as_it_is(one, run):
    run(one, [0.2, 0.4, 0.4, 0.5], every=5)
    assert names(run(one, [0.1 * k for k in range(1, 8)], begin=20, every=2)) == []
    assert one.transition() == 60


def test_gain_is_per_unit_of_cost_by_the_clock_or_by_work(hundred, run):
    for cost, unit in (("work", 2.0), ("seconds", 9.0)):
        bound = Feedback(Switch(at=0.5), trial=0.125, cost=cost, window=1).bind("p", ["a"], hundred)
        run(bound, [0.2, 0.4, 0.4, 0.5], every=5, cost=2.0)
        run(bound, [0.2, 0.4], begin=20, every=5, cost=2.0)
        assert bound._reactions.plateau.steepest == pytest.approx(0.2 / (5 * unit))


def test_what_cost_nothing_more_is_passed_over(one, run):
    run(one, [0.2, 0.4, 0.4, 0.5], every=5, cost=0.0)
    run(one, [0.2, 0.4, 0.9], begin=20, every=5, cost=0.0)
    assert one._reactions.plateau.points == [(0.0, 0.2)]


def test_a_score_that_nothing_trains_brings_no_switch_forward(hundred, run):
    bound = Feedback(PretrainThenFinetune(at=0.5), trial=0.125).bind("p", ["a"], hundred)
    run(bound, [0.2, 0.4, 0.4, 0.5], every=5)
    assert names(run(bound, [0.5] * 7, begin=20, every=5)) == []
    assert bound._reactions.plateau.points == [] and bound.transition() == 60


def test_a_gradient_that_points_against_the_primary_halves_and_drops(hundred, run):
    bound = Feedback(Constant(), trial=0.0, patience=2).bind("p", ["a", "b"], hundred)
    actions = run(bound, [0.5] * 4, cosines={"a": -0.4, "b": 0.1})
    assert names(actions) == [(20, "scale", "a"), (40, "drop", "a")]
    assert "cosine with the primary's is -0.40" in actions[-1].text()
    assert [bound.weights(step)["a"] for step in (19, 20, 39, 40)] == [1.0, 0.5, 0.5, 0.0]
    assert bound.weights(99)["b"] == 1.0


def test_a_conflict_that_is_over_gives_back_what_it_took(hundred, run):
    bound = Feedback(Constant(), trial=0.0, patience=2).bind("p", ["a"], hundred)
    run(bound, [0.5] * 2, cosines={"a": -0.4})
    assert bound.weights(20)["a"] == 0.5
    actions = run(bound, [0.5], begin=20, cosines={"a": 3.0})
    assert names(actions) == [(30, "scale", "a")] and bound.weights(30)["a"] == 1.0


def test_a_fall_restores_the_best_state_and_halves_learning_rates_within_bounds(hundred, run):
    bound = Feedback(Constant(), trial=0.0, patience=1, depth=2.0).bind("p", ["a"], hundred)
    actions = run(bound, [0.7, 0.6, 0.6, 0.6, 0.6, 0.6])
    assert [action.name for action in actions] == ["keep"] + ["restore", "rate"] * 3
    assert [action.state for action in actions if action.name == "restore"] == ["best"] * 3
    assert bound.rate_scale(61) == 0.125
    assert "multiplied by 0.5" in actions[2].text()


def test_the_single_task_phase_begins_with_whole_learning_rates(hundred, run):
    bound = Feedback(Switch(at=0.5), trial=0.0, patience=1, depth=2.0).bind("p", ["a"], hundred)
    run(bound, [0.7, 0.6])
    assert [bound.rate_scale(step) for step in (20, 49, 50, 99)] == [0.5, 0.5, 1.0, 1.0]


def test_falls_may_be_left_alone(hundred, run):
    bound = Feedback(Constant(), trial=0.0, depth=0.0).bind("p", ["a"], hundred)
    assert not bound.restores
    assert names(run(bound, [0.9, 0.1, 0.1, 0.1])) == []


@pytest.mark.parametrize("rates", [Rates(warm=0.5, low=0.0), Rates(warm_first=0.5, low=0.0)])
def test_learning_rates_run_alike_in_all_trials_and_rise_again_in_what_follows(rates):
    bound = Feedback(Switch(at=0.5), trial=0.25).bind("p", ["a", "b"], Clock(175))
    length = 2 * bound._course.trials.part
    first, *others, after = (
        [rates.share(bound.phase(step), step) for step in range(trial * length, (trial + 1) * length)]
        for trial in range(4)
    )
    assert others == [first, first]
    assert after[0] == first[0] == (0.0 if rates.warm_first else 1.0)


def test_gradients_are_compared_in_the_multi_task_phase_alone(one):
    assert [step for step in range(100) if one.probes(step)] == [20, 30, 40, 50]


def test_a_base_that_makes_the_primary_wait_does_so_in_trials_too(hundred):
    bound = Feedback(PretrainThenFinetune(at=0.5), trial=0.125).bind("p", ["a"], hundred)
    assert [bound.weights(step)["p"] for step in (0, 5, 10, 15, 20, 59, 60)] == [1, 1, 0, 1, 0, 0, 1]


def test_a_base_that_watches_sees_its_own_steps(hundred, run):
    base = Switch(at="auto", window=1, patience=1, latest=0.9)
    bound = Feedback(base, trial=0.125, window=9, noise=0.01).bind("p", ["a"], hundred)
    run(bound, [0.5, 0.7])
    actions = run(bound, [0.5, 0.6, 0.6], begin=20)
    assert names(actions) == [(50, "switch", None)]
    assert bound.transition() == 50


def test_a_score_that_is_not_finite_is_passed_over(one, run):
    assert run(one, [float("nan")] * 10) == []
    assert one.state_dict() == ONE.bind("p", ["a"], Clock(100, 8)).state_dict()


def test_the_value_is_not_changed_by_what_is_bound_from_it(hundred, run):
    value = Feedback(Diminish(rate=2.0), trial=0.125)
    run(value.bind("p", ["a"], hundred), [0.3, 0.5, 0.3, 0.4], every=5)
    assert value.bind("p", ["a"], hundred).weights(20)["a"] == 1.0


def test_without_auxiliaries_there_is_nothing_to_try(hundred):
    bound = Feedback().bind("p", [], hundred)
    assert bound.phase(0).name == "single-task"
    assert bound.whole(80, 0) == 80


@pytest.mark.parametrize(
    "wrong",
    [
        {"trial": -0.1},
        {"trial": 1.5},
        {"against": 2.0},
        {"depth": -1.0},
        {"probe": 0},
        {"window": 0},
        {"patience": 0},
        {"noise": 0.0},
        {"cost": "words"},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        Feedback(**wrong)


@pytest.mark.parametrize("stop", range(7, 45, 7))
def test_between_the_planned_end_of_trials_and_its_observation_a_resumed_one_does_the_same(stop):
    """Observed every 7 steps, trials of 10 last 14: the base, asked before they are over, keeps the planned clock."""
    value, clock = Feedback(Diminish(rate=5.0), trial=0.125), Clock(100)
    whole, first = value.bind("p", ["a"], clock), value.bind("p", ["a"], clock)
    other = value.bind("p", ["a"], clock)
    for step in range(7, 100, 7):
        seen = Observation(step, 0.5, {}, 0.0)
        whole.observe(seen)
        if step <= stop:
            first.observe(seen)
        if step == stop:
            other.observe(Observation(50, 0.5, {}, 0.0))  # has gone elsewhere before
            other.load_state_dict(json.loads(json.dumps(first.state_dict())))
        elif step > stop:
            other.observe(seen)
        if step >= stop:
            assert [other.weights(each) for each in range(100)] == [whole.weights(each) for each in range(100)]


def test_a_trial_goes_on_until_it_is_observed(one, run):
    """Planned to end at 10 and 20: until then a step that comes is the trial's last one, as often as it takes."""
    assert [one.held(step) for step in (9, 10, 15, 99)] == [9, 9, 9, 9]
    run(one, [0.5], begin=16, every=1)
    assert [one.held(step) for step in (17, 26, 27, 60)] == [17, 26, 26, 26]
    assert {one.weights(one.held(step))["a"] for step in range(27, 100)} == {0.0}
    run(one, [0.6], begin=29, every=1)
    assert [one.held(step) for step in (30, 99)] == [30, 99]


@pytest.mark.parametrize("trial", [0.0, 0.125])
def test_a_score_before_the_first_step_is_one_of_many(hundred, run, trial):
    bound = Feedback(Switch(at=0.5), trial=trial).bind("p", ["a"], hundred)
    assert names(run(bound, [0.5], begin=-10)) == []
    assert bound.transition() == (50 if not trial else 60)
