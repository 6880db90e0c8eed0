"""The loop: what is run, in which order, at which rate, and what is left alone."""

import json
import math
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from mt2st.errors import CheckpointError, ConfigError, NonFiniteLossError
from mt2st.strategies import Constant, Diminish, Exact, PretrainThenFinetune, SingleTask, Skip, Switch
from mt2st.tasks import Outcome
from mt2st.training.loop import Trainer
from mt2st.training.stopping import StopRequest

BAD = Outcome(0.0, 0, 7, 21, not_finite=1)


def of(log, name):
    return [entry for entry in log if entry[1] == name]


@pytest.mark.parametrize(
    ("strategy", "work"),
    [
        (SingleTask(), Exact()),
        (SingleTask(), Skip()),
        (Constant(weight=0.0), Exact()),
        (Switch(at=0.0), Skip()),
        (Constant(weight={"a": 0.0, "b": 1.0}), Exact()),
        (Diminish(weight=0.0), Skip()),
    ],
)
def test_an_auxiliary_at_weight_zero_costs_nothing(fake_job, run_job, strategy, work):
    job, log = fake_job(strategy, work=work, gradients={"p": [1, 0], "a": [0, 1], "b": [0, 1]})
    run_job(job)
    assert of(log, "a") == [], "no batch drawn, nothing learned, no logits"
    assert job.shared.table[0, 0] == 4.0, "while the primary ran its four steps"


def test_a_switched_off_auxiliary_is_not_touched_from_then_on(fake_job, run_job):
    job, log = fake_job(Switch(at=2, time="steps"))
    run_job(job)
    assert of(log, "a") == [("draw", "a"), ("learn", "a", 1.0, 1.0), ("draw", "a"), ("learn", "a", 1.0, 0.5)]


def test_tasks_run_in_order_primary_first_then_the_step_is_finished(fake_job, run_job):
    job, log = fake_job(Constant(weight=0.5), steps=1, interval=1, gradients={"p": [1, 0], "b": [0, 1], "a": [0, 1]})
    run_job(job)
    assert log == [
        ("draw", "p"),
        ("learn", "p", 1.0, 1.0),
        ("draw", "b"),
        ("learn", "b", 0.5, 1.0),
        ("draw", "a"),
        ("learn", "a", 0.5, 1.0),
        ("finish", 1.0),
        ("logits", "p"),
    ]


def test_rates_fall_in_a_line_within_each_phase(fake_job, run_job):
    job, log = fake_job(Switch(at=2, time="steps"), steps=6)
    run_job(job)
    assert [entry[1] for entry in log if entry[0] == "finish"] == [1.0, 0.5, 1.0, 0.75, 0.5, 0.25]
    assert [entry[3] for entry in of(log, "p") if entry[0] == "learn"] == [1.0, 0.5, 1.0, 0.75, 0.5, 0.25]


def test_each_step_has_random_numbers_of_its_own(fake_job, run_job):
    jobs = [fake_job(Constant(), seed=seed)[0] for seed in (1, 1, 2)]
    for job in jobs:
        run_job(job)
    first, again, other = (job.shared.seeds for job in jobs)
    assert first == again
    assert len({*first, *other}) == 8


def test_pretraining_makes_the_primary_wait(fake_job, run_job):
    job, log = fake_job(PretrainThenFinetune(at=0.5))
    run_job(job)
    learned = [entry[1:] for entry in log if entry[0] == "learn"]
    assert learned == [("a", 1.0, 1.0), ("a", 1.0, 0.5), ("p", 1.0, 1.0), ("p", 1.0, 0.5)]


@pytest.mark.parametrize("strategy", [Constant(weight={"a": 0.3, "b": 0.02}), Diminish(weight=0.9, rate=3.0)])
def test_skipping_keeps_the_expected_update_of_equation_3(fake_job, run_job, strategy):
    steps = 3000
    gradients = {"p": [0.001, 0], "a": [1, 0], "b": [0, 1]}
    job, _ = fake_job(strategy, steps=steps, interval=steps, work=Skip(floor=0.05), gradients=gradients)
    trainer = run_job(job)
    for column, name in enumerate("ab"):
        weights = [job.strategy.weights(step)[name] for step in range(steps)]
        # A run counts gamma / p and happens with probability p, so its variance is gamma ** 2 * (1 - p) / p.
        probabilities = [max(weight, 0.05) for weight in weights]
        error = math.sqrt(sum(w * w * (1 - p) / p for w, p in zip(weights, probabilities, strict=True)))
        assert job.shared.table[0, column] == pytest.approx(sum(weights), abs=2.5 * error)
        ran = trainer.ledger.entries[name].ran
        assert ran == pytest.approx(sum(probabilities), abs=4 * math.sqrt(sum(p * (1 - p) for p in probabilities)))
        assert ran < 0.5 * steps


def test_exact_work_adds_equation_3_to_the_letter(fake_job, run_job):
    job, _ = fake_job(Diminish(weight=0.5, rate=2.0), work=Exact())
    run_job(job)
    by_hand = sum(0.5 * math.exp(-2 * step / 4) for step in range(4))
    np.testing.assert_allclose(job.shared.table[0], [4.0, by_hand], rtol=1e-6)


def test_the_ledger_counts_what_ran_and_what_was_spared(fake_job, run_job, listener):
    # 3 passes over 10 examples in 4 steps: batches of 7, 8, 7 and 8.
    job, _ = fake_job(Switch(at=2, time="steps"))
    entries = run_job(job).ledger.entries
    assert (entries["p"].ran, entries["p"].skipped, entries["p"].examples, entries["p"].words) == (4, 0, 30, 90)
    # Off from step 2 on: two steps hold 7 and 8, whichever they are.
    assert (entries["a"].ran, entries["a"].skipped, entries["a"].examples) == (2, 2, 15)
    assert (entries["a"].examples_skipped, entries["a"].words) == (15, 45)


@pytest.mark.parametrize("passes", [0.3, 1.0, 2.0])
def test_what_is_spared_in_all_is_what_the_skipped_steps_would_have_drawn(fake_job, run_job, passes):
    # 3, 10 and 20 examples of 10 in 40 steps: at most one a step, often none.
    def of_a(strategy):
        return run_job(fake_job(strategy, steps=40, a={"passes": passes})[0]).ledger.entries["a"]

    assert of_a(Constant()).examples == of_a(SingleTask()).examples_skipped == 10 * passes
    switched = of_a(Switch(at=8, time="steps"))
    assert (switched.ran, switched.skipped) == (8, 32)
    assert (switched.examples, switched.examples_skipped) == (int(2 * passes), 8 * passes // 1)


def test_a_record_an_interval_and_an_event_a_phase(fake_job, run_job, listener):
    job, _ = fake_job(Switch(at=2, time="steps"), p={"script": [5, 8]})
    run_job(job)
    kept = [{key: value for key, value in record.items() if key != "seconds"} for record in listener.records]
    multi, single = "multi-task", "single-task"
    counts = {"ran": 2, "skipped": 0, "examples": 15, "words": 45, "not_finite": 0}
    assert kept == [
        {
            "step": 2,
            "epoch": 15.0,
            "phase": multi,
            "score": {"accuracy": 0.5, "macro_f1": pytest.approx(1 / 3)},
            "tasks": {"p": {"loss": 2.0, "weight": 1.0, **counts}, "a": {"loss": 2.0, "weight": 1.0, **counts}},
        },
        {"step": 2, "event": single, "text": "the phase 'single-task' begins, learning rates start over"},
        {
            "step": 4,
            "epoch": 30.0,
            "phase": single,
            "score": {"accuracy": 0.8, "macro_f1": pytest.approx(16 / 18 / 2)},
            "tasks": {
                "p": {"loss": 2.0, "weight": 1.0, **counts, "ran": 4, "examples": 30, "words": 90},
                "a": {"loss": None, "weight": 0.0, **counts, "skipped": 2},
            },
        },
    ]
    assert listener.steps == [1, 2, 3, 4]
    seconds = [record["seconds"] for record in listener.records if "seconds" in record]
    assert all(a["training"] <= b["training"] for a, b in pairwise(seconds))
    assert sum(seconds[-1]["tasks"].values()) <= seconds[-1]["training"]


def test_a_last_short_interval_is_recorded_too(fake_job, run_job, listener):
    run_job(fake_job(SingleTask(), steps=5, interval=3)[0])
    assert [record["step"] for record in listener.records] == [3, 5]


def test_the_best_parameters_are_restored(fake_job, run_job, listener):
    job, _ = fake_job(Constant(), steps=8, p={"script": [6, 8, 8, 7]})
    trainer = run_job(job)
    assert trainer.best == {"step": 4, "accuracy": 0.8}, "of equals the first"
    assert job.shared.table[0].tolist() == [8.0, 8.0]
    trainer.restore_best()
    assert job.shared.table.tolist() == listener.tables[4].tolist()
    assert job.tasks["p"].head.tolist() == [4.0]
    assert job.tasks["a"].head.tolist() == [8.0], "an auxiliary's head is no part of the finished model"


@pytest.mark.parametrize(("script", "step"), [([0, 0, 0, 0], 8), ([0, 0, 3, 0], 6)])
def test_of_models_that_get_nothing_right_the_last_is_the_best(fake_job, run_job, listener, script, step):
    job, _ = fake_job(Constant(), steps=8, p={"script": script})
    trainer = run_job(job)
    assert trainer.best == {"step": step, "accuracy": script[step // 2 - 1] / 10}
    trainer.restore_best()
    assert job.shared.table.tolist() == listener.tables[step].tolist()


def test_restoring_before_the_first_score_changes_nothing(fake_job):
    job, _ = fake_job(SingleTask())
    job.shared.table[0] = 7.0
    Trainer(job).restore_best()
    assert job.shared.table[0].tolist() == [7.0, 7.0]


def test_an_auxiliary_that_is_not_finite_is_left_out_and_counted(fake_job, run_job, listener):
    job, _ = fake_job(Constant(), a={"outcomes": {1: BAD, 3: BAD}})
    trainer = run_job(job)
    assert job.shared.table[0].tolist() == [4.0, 2.0]
    entry = trainer.ledger.entries["a"]
    assert (entry.ran, entry.not_finite, entry.examples) == (4, 2, 7 + 8 + 7 + 8)
    assert [record["tasks"]["a"]["not_finite"] for record in listener.records if "tasks" in record] == [1, 2]
    assert listener.records[0]["tasks"]["a"]["loss"] == 2.0, "the mean of the finite ones"


@pytest.mark.parametrize("encoder", ["bag", "bilstm"])
def test_real_losses_that_are_not_finite_change_nothing(small_job, run_job, encoder):
    if encoder == "bilstm":
        pytest.importorskip("torch")
    changes = {"model.encoder": encoder, "model.dropout": 0.0, "training.seed": 3, "training.work": "exact"}
    alone = small_job({**changes, "strategy.name": "single"})
    run_job(alone)
    weight = {"film": 1.0, "language": 0.0}
    job = small_job({**changes, "strategy.name": "constant", "strategy.weight": weight})
    head = next(array for name, array in job.tasks["film"].arrays().items() if name.startswith("head"))
    head[...] = np.nan
    trainer = run_job(job)
    assert trainer.ledger.entries["film"].not_finite > 0
    assert job.shared.table.tobytes() == alone.shared.table.tobytes()


def test_a_primary_that_is_not_finite_stops_before_any_update_of_the_step(fake_job, run_job, listener):
    job, log = fake_job(Constant(), p={"outcomes": {3: BAD}})
    with pytest.raises(NonFiniteLossError, match="the primary 'p' is not finite at step 2: the last checkpoint"):
        run_job(job)
    assert job.shared.table[0].tolist() == [2.0, 2.0]
    assert log[-2:] == [("draw", "p"), ("learn", "p", 1.0, 0.5)], "no auxiliary, no optimiser step after it"
    assert listener.steps == [1, 2]


@pytest.mark.parametrize("encoder", ["bag", "bilstm"])
def test_a_real_primary_that_is_not_finite_stops(small_job, run_job, encoder):
    if encoder == "bilstm":
        pytest.importorskip("torch")
    job = small_job({"model.encoder": encoder, "strategy.name": "constant"})
    for name, array in job.tasks["reviews"].arrays().items():
        if name in ("head", "head.weight"):
            array[...] = np.nan
    before = {name: array.copy() for name, array in job.shared.arrays().items()}
    with pytest.raises(NonFiniteLossError, match="'reviews' is not finite at step 0"):
        run_job(job)
    assert all(before[name].tobytes() == array.tobytes() for name, array in job.shared.arrays().items())


def test_a_stop_is_heeded_after_the_step(fake_job, run_job, stop_after, listener):
    trainer = run_job(fake_job(Constant())[0], stop_after(3))
    assert trainer.step == 3
    assert listener.steps == [1, 2, 3]


def test_state_goes_round_through_json(fake_job, run_job, stop_after):
    trainer = run_job(fake_job(Switch(at=2, time="steps"))[0], stop_after(3))
    fresh = Trainer(fake_job(Switch(at=2, time="steps"))[0])
    fresh.load_state_dict(json.loads(json.dumps(trainer.state_dict())))
    assert fresh.state_dict() == trainer.state_dict()
    assert (fresh.step, fresh.job.tasks["p"].sampler.draws, fresh.job.tasks["a"].sampler.draws) == (3, 3, 2)


def test_state_of_other_tasks_is_refused(fake_job):
    state = Trainer(fake_job(SingleTask())[0]).state_dict()
    other = Trainer(fake_job(SingleTask(), gradients={"p": [1, 0], "b": [0, 1]})[0])
    with pytest.raises(CheckpointError, match="the checkpoint is of the tasks p, a: resume with the same"):
        other.load_state_dict(state)


def test_state_of_another_strategy_is_refused(fake_job):
    state = Trainer(fake_job(Switch(at=0.5))[0]).state_dict()
    with pytest.raises(CheckpointError, match="resume with the saved settings"):
        Trainer(fake_job(Switch(at=0.25))[0]).load_state_dict(state)


def test_arrays_are_all_that_training_changes(small_job, run_job):
    job = small_job({"strategy.name": "constant"})
    trainer = Trainer(job)
    names = {"shared/table", "task/reviews/head", "task/film/head", "task/language/output"}
    assert set(trainer.arrays()) == names | {"best/shared/table", "best/primary/head"}
    before = {name: array.copy() for name, array in trainer.arrays().items()}
    run_job(job, StopRequest())
    for name in names:
        assert before[name].tobytes() != trainer.arrays()[name].tobytes(), name


def test_a_primary_that_cannot_classify_is_refused(fake_job):
    job, _ = fake_job(SingleTask())
    trainer = Trainer(job)
    job.tasks["p"] = SimpleNamespace(name="p")
    with pytest.raises(ConfigError, match="the primary 'p' cannot be judged by its development part"):
        trainer.evaluate(job.corpus.development)
