"""What every strategy must do, whatever it does."""

import copy
import json
import math
import pickle

import numpy as np
import pytest

import mt2st.strategies
from mt2st.errors import CheckpointError, ConfigError
from mt2st.strategies import (
    Clock,
    Composed,
    Constant,
    Cosine,
    Diminish,
    Feedback,
    Linear,
    Observation,
    PretrainThenFinetune,
    SingleTask,
    Strategy,
    Switch,
)
from mt2st.training.checkpoint import fill_arrays
from mt2st.training.corpus import load_corpus
from mt2st.training.job import make_job
from mt2st.training.listener import Quiet
from mt2st.training.loop import Trainer
from mt2st.training.settings import parse_settings

STRATEGIES = [
    SingleTask(),
    Constant(weight=0.7),
    Constant(weight={"film": 0.5, "language": 2.0}),
    Diminish(rate=4.0, power=0.5),
    Diminish(weight={"film": 1.0, "language": 0.3}, rate={"film": 0.1, "language": 3.0}, time="epochs", tolerance=0.05),
    Switch(at=7, time="steps"),
    Switch(at=0.3, weight=0.5),
    Switch(at="auto", window=1, patience=1, latest=0.8),
    PretrainThenFinetune(at=2, time="epochs"),
    Linear(end=0.6),
    Linear(end={"film": 3.0, "language": 1.5}, weight=0.8, time="epochs"),
    Cosine(end=20.0, time="steps"),
    Composed({"film": Diminish(rate=2.0), "language": Switch(at=0.25)}),
    Composed({"film": Switch(at="auto", window=1, patience=2, latest=0.7), "language": Constant(weight=0.5)}),
    Feedback(Switch(at=0.5), trial=0.0),
    Feedback(Diminish(rate=3.0), trial=0.2),
    Feedback(Switch(at="auto", window=1, patience=2, latest=0.7), trial=0.3, window=1, patience=1),
    Feedback(PretrainThenFinetune(at=0.4), trial=0.1, depth=0.5, cost="seconds"),
]
# Trials have one auxiliary after the other.
PROMISE_TO_FALL = [s for s in STRATEGIES if not isinstance(s, Feedback) or not s.trial]
CLOCK = Clock(total_steps=40, steps_per_epoch=8)
AUXILIARIES = ["film", "language"]


def shown(strategy):
    return repr(strategy).replace(" ", "")


every_strategy = pytest.mark.parametrize("strategy", STRATEGIES, ids=shown)
falling_strategies = pytest.mark.parametrize("strategy", PROMISE_TO_FALL, ids=shown)


def assert_never_rises(rows):
    for task in AUXILIARIES:
        falls = [row[task] for row in rows]
        assert falls == sorted(falls, reverse=True)


def bound(strategy):
    return strategy.bind("products", AUXILIARIES, CLOCK)


@pytest.mark.parametrize(
    ("strategy", "told"),
    [
        (Switch(at=39, time="steps"), {}),
        (Switch(at=40, time="steps"), {"film": "at", "language": "at"}),
        (Switch(at="auto", latest=1.0), {"film": "at", "language": "at"}),
        (Linear(end=1.0), {}),  # falls to the end, and comes to nothing there
        (Linear(end={"film": 1.1, "language": 0.4}), {"film": "end"}),
        (Cosine(end=41, time="steps", weight=0.0), {}),
        (Composed({"film": Constant(), "language": Cosine(end=6, time="epochs")}), {"language": "end"}),
        (Diminish(rate=0.1), {}),
        (Feedback(Switch(at=1.0), trial=0.0), {}),
    ],
    ids=shown,
)
def test_an_end_that_the_run_does_not_reach_is_known(strategy, told):
    assert bound(strategy).unended() == told


@every_strategy
def test_weights_name_every_task_and_are_finite_and_not_negative(strategy):
    for step in range(CLOCK.total_steps):
        weights = bound(strategy).weights(step)
        assert list(weights) == ["products", *AUXILIARIES]
        assert all(math.isfinite(weight) and weight >= 0 for weight in weights.values())


@falling_strategies
def test_auxiliary_weights_never_rise(strategy):
    assert_never_rises([bound(strategy).weights(step) for step in range(CLOCK.total_steps)])


@every_strategy
def test_transition_is_the_step_after_the_last_with_auxiliaries(strategy):
    rows = [bound(strategy).weights(step) for step in range(CLOCK.total_steps)]
    by_hand = 1 + max((step for step, row in enumerate(rows) if any(row[k] for k in AUXILIARIES)), default=-1)
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


def scores(count):
    """Rising at first, then level."""
    return [Observation(step, min(0.5 + 0.02 * step, 0.7), {"products": 0.7}, 1.0) for step in range(1, count + 1)]


@every_strategy
def test_state_round_trip_through_json_at_every_step(strategy):
    for stop in range(CLOCK.total_steps):
        first, second = bound(strategy), bound(strategy)
        for seen in scores(stop):
            first.observe(seen)
        second.load_state_dict(json.loads(json.dumps(first.state_dict())))
        for seen in scores(CLOCK.total_steps)[stop:]:
            assert second.weights(seen.step - 1) == first.weights(seen.step - 1)
            first.observe(seen)
            second.observe(seen)
        assert second.state_dict() == first.state_dict()


@every_strategy
def test_an_observation_changes_nothing_of_the_past(strategy):
    watching = bound(strategy)
    told = []
    for seen in scores(CLOCK.total_steps):
        told.append(watching.weights(seen.step - 1))
        watching.observe(seen)
    assert [watching.weights(step) for step in range(CLOCK.total_steps)] == told
    if strategy in PROMISE_TO_FALL:
        assert_never_rises(told)


@every_strategy
def test_reset_returns_to_the_first_state(strategy):
    used = bound(strategy)
    before = used.state_dict()
    for seen in scores(30):
        used.observe(seen)
    used.reset()
    assert used.state_dict() == before


@every_strategy
def test_a_state_of_other_settings_is_refused(strategy):
    with pytest.raises(CheckpointError, match="resume with the saved settings"):
        bound(strategy).load_state_dict(bound(Switch(at=39, time="steps")).state_dict())


COPIES = [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))]


@pytest.mark.parametrize("copied", COPIES, ids=["deepcopy", "pickle"])
@every_strategy
def test_a_copy_follows_what_it_has_seen_itself(strategy, copied):
    watching = bound(strategy)
    other = copied(watching)
    before = [other.weights(step) for step in range(CLOCK.total_steps)]
    for seen in scores(30):
        watching.observe(seen)
    assert [other.weights(step) for step in range(CLOCK.total_steps)] == before
    again = copied(watching)
    assert [again.weights(step) for step in range(40)] == [watching.weights(step) for step in range(40)]
    assert again.state_dict() == watching.state_dict()


@every_strategy
def test_scores_of_numpy_are_saved_as_json(strategy):
    one, other = bound(strategy), bound(strategy)
    for step in range(1, 30):
        score = 0.5 + min(step, 12) / 64
        one.observe(Observation(np.int64(step), np.float32(score), {}, np.float32(1.0), cost=np.float32(step)))
        other.observe(Observation(step, score, {}, 1.0, cost=step))
    assert json.loads(json.dumps(one.state_dict())) == json.loads(json.dumps(other.state_dict()))


@every_strategy
def test_a_word_in_the_place_of_names_is_refused(strategy):
    with pytest.raises(ConfigError, match=r"auxiliaries must be a list of names, found 'film': write \['film'\]"):
        strategy.bind("products", "film", CLOCK)


@every_strategy
def test_binding_leaves_the_value_itself_unbound(strategy):
    bound(strategy)
    with pytest.raises(ConfigError, match="not bound"):
        strategy.weights(0)


@every_strategy
def test_steps_before_the_first_are_refused(strategy):
    with pytest.raises(ConfigError, match="count from 0"):
        bound(strategy).weights(-1)


STEPS = 8


@pytest.fixture
def make_trainer(job_values):
    """Return a maker of trainers of one small real job under a strategy."""
    settings = parse_settings(job_values({"training.steps": STEPS, "training.interval": 1, "primary.passes": 2.0}))
    corpus = load_corpus(settings)

    def make(strategy):
        job = make_job(corpus, settings)
        job.strategy = strategy.bind("reviews", AUXILIARIES, Clock(STEPS, STEPS / 2))
        return Trainer(job)

    return make


def end_of(trainer):
    """Return all that training has changed, but for wall-clock figures."""
    state = json.loads(
        json.dumps(trainer.state_dict()), object_hook=lambda d: {k: v for k, v in d.items() if "seconds" not in k}
    )
    return state, {name: array.tobytes() for name, array in trainer.arrays().items()}


def run_to(trainer, step):
    trainer.total = step
    trainer.run(Quiet(), False)
    trainer.total = STEPS
    return trainer


@every_strategy
def test_a_real_run_resumed_at_every_step_ends_in_the_same_bits(make_trainer, strategy):
    whole = end_of(run_to(make_trainer(strategy), STEPS))
    for step in range(1, STEPS):
        first, second = run_to(make_trainer(strategy), step), make_trainer(strategy)
        fill_arrays(second.arrays(), {name: np.array(array) for name, array in first.arrays().items()})
        second.load_state_dict(json.loads(json.dumps(first.state_dict())))
        assert end_of(run_to(second, STEPS)) == whole, step


def test_no_strategy_is_left_out_of_this_battery():
    known = {kind for kind in vars(mt2st.strategies).values() if isinstance(kind, type) and issubclass(kind, Strategy)}
    assert {type(strategy) for strategy in STRATEGIES} == known - {Strategy}
