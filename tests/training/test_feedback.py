"""Feedback in the loop: earlier states come back, scores decide, events say why."""

import json

import numpy as np
import pytest

from mt2st.strategies import Constant, Feedback

# Two trials of two and two steps, then ten of the base.
TRIED = Feedback(Constant(), trial=0.4, depth=0.0)


def events_of(listener):
    return [(r["step"], r["event"], r["task"]) for r in listener.records if "task" in r]


def test_trials_end_where_they_began_and_the_record_of_each_part_is_there(fake_job, run_job, listener):
    job, _ = fake_job(TRIED, steps=18, interval=18, p={"script": [5, 5, 5, 9, 9]}, seed=1)
    start = job.shared.table.copy()
    run_job(job)
    assert events_of(listener) == [(4, "restore", "p"), (8, "restore", "a")]
    steps = [record["step"] for record in listener.records if "score" in record]
    assert steps == [2, 4, 6, 8, 18]
    np.testing.assert_array_equal(listener.tables[4], start)
    np.testing.assert_array_equal(listener.tables[8], start)
    assert job.strategy.weights(9) == {"p": 1.0, "a": 1.0}


def test_one_that_does_not_pay_is_never_run_again(fake_job, run_job, listener):
    job, log = fake_job(TRIED, steps=18, interval=18, p={"script": [5, 9, 5, 5, 9]})
    run_job(job)
    assert events_of(listener)[2:] == [(8, "drop", "a"), (8, "switch", None)]
    assert sum(entry[:2] == ("learn", "a") for entry in log) == 2


def test_a_fall_restores_all_that_was_trained(fake_job, run_job, listener):
    strategy = Feedback(Constant(), trial=0.0, depth=1.0, patience=1)
    job, log = fake_job(strategy, steps=6, interval=2, p={"script": [8, 2, 8]})
    run_job(job)
    assert [event[1] for event in events_of(listener)] == ["restore", "rate"]
    np.testing.assert_array_equal(listener.tables[4], listener.tables[2])
    rates = [entry[1] for entry in log if entry[0] == "finish"]
    assert rates == pytest.approx([1.0, 5 / 6, 4 / 6, 3 / 6, 0.5 * 2 / 6, 0.5 * 1 / 6])


def test_gradients_are_compared_where_both_tasks_run(fake_job, run_job):
    """The fakes' gradients stand at right angles, or oppose each other."""
    for gradients, dropped in (
        ({"p": [1.0, 0.0], "a": [0.0, 1.0]}, False),
        ({"p": [1.0, 0.0], "a": [-1.0, 0.0]}, True),
    ):
        strategy = Feedback(Constant(), trial=0.0, depth=0.0, probe=1, patience=1)
        job, _ = fake_job(strategy, steps=8, interval=1, gradients=gradients)
        job.shared.looked_at = np.arange(3)
        trainer = run_job(job)
        assert (job.strategy.weights(7)["a"] == 0.0) == dropped
        assert trainer.ledger.seconds()["comparison"] > 0.0


def test_events_and_their_reasons_are_in_the_metrics_and_the_report(train_in):
    pytest.importorskip("matplotlib")
    from mt2st.report import write_report

    run, result = train_in("watched", {"strategy.name": "feedback", "training.interval": 1})
    events = [json.loads(line) for line in run.metrics.read_text().splitlines() if '"event"' in line]
    reasons = [event["text"] for event in events if event.get("task")]
    assert any("the trial is over: it scored" in reason for reason in reasons)
    page = write_report(run.path).read_text()
    assert all(reason.replace("'", "&#39;") in page or reason in page for reason in reasons)
    assert result["strategy"] == "feedback"
    assert result["total_steps"] > run.settings().training.steps


def test_what_comparing_gradients_costs_is_told(train_in):
    from mt2st.report import write_report

    trusting = {"strategy.name": "feedback", "training.interval": 1, "feedback.trial": 0.0, "feedback.probe": 1}
    run, result = train_in("trusting", trusting)
    assert result["seconds"]["comparison"] > 0.0
    assert "comparing gradients" in write_report(run.path).read_text()
