"""The early end: fired on what is flat in the single-task phase, recorded in words, kept on resume."""

import json

import pytest

from mt2st.strategies import SingleTask, Switch
from mt2st.tasks import Outcome
from mt2st.training.checkpoint import load_checkpoint
from mt2st.training.loop import Trainer
from mt2st.training.metrics import read_metrics
from mt2st.training.stopping import StopRequest

LOOSE = {"convergence.window": 2, "convergence.tolerance": 50.0, "convergence.patience": 1, "training.interval": 1}


def flat(fake_job, strategy, *, steps=60, on="loss", losses=None, begin=0):
    # Fakes have the loss 2 at every step, but for these: at first it is 4.
    losses = losses or {begin + step: Outcome(4.0, 1, 1, 3) for step in range(2, 6)}
    job, _ = fake_job(strategy, steps=steps, interval=1, p={"outcomes": losses, "passes": 60})
    job.settings.convergence.on = on
    return job


def test_a_flat_loss_ends_the_run_with_a_record_in_words(fake_job, listener):
    trainer = Trainer(flat(fake_job, SingleTask()))
    trainer.run(listener, StopRequest())
    # Two windows of five are compared at 10, where there is a fall, then at 15 and at 20.
    assert trainer.step == 20
    event = listener.records[-1]
    assert (event["step"], event["event"]) == (20, "converged")
    assert event["text"] == (
        "converged: the primary's loss has fallen by less than 0.02 of itself over the last half of 20 intervals"
    )
    assert 20 in listener.tables, "the interval is finished, checkpoint and all"


def test_what_falls_goes_on_to_the_end(fake_job, run_job):
    losses = {step: Outcome(10.0 * 0.95**step, 1, 1, 3) for step in range(2, 61)}
    assert run_job(flat(fake_job, SingleTask(), losses=losses)).step == 60


def test_before_the_switch_nothing_is_judged(fake_job, run_job):
    trainer = run_job(flat(fake_job, Switch(at=20, time="steps"), begin=20))
    assert trainer.step == 40


def test_what_is_flat_from_the_first_on_goes_on_to_the_end(fake_job, run_job):
    assert run_job(flat(fake_job, SingleTask(), losses={2: Outcome(2.0, 1, 1, 3)})).step == 60


def test_it_is_off_by_default(fake_job, run_job):
    job, _ = fake_job(SingleTask(), steps=60, interval=1)
    assert run_job(job).step == 60


@pytest.mark.parametrize("encoder", ["bag", "bilstm"])
def test_a_gradient_norm_is_seen_once_an_interval(small_job, listener, encoder):
    if encoder == "bilstm":
        pytest.importorskip("torch")
    changes = {"model.encoder": encoder, "convergence.on": "gradient", "strategy.at": 0.5, "training.interval": 2}
    trainer = Trainer(small_job(changes))
    trainer.run(listener, StopRequest())
    points = trainer.housekeeping.converging._watch.points
    assert len(points) == 3 and all(point > 0 for point in points)


# The loss falls from the first step of the single-task phase on, the norm rises for some.
@pytest.mark.parametrize(("on", "end"), [("loss", 7), ("gradient", 9)])
def test_a_run_that_converged_says_so_and_stays_so_when_resumed(train_in, stop_after, on, end):
    changes = {**LOOSE, "convergence.on": on, "strategy.at": 0.25, "primary.passes": 10.0, "primary.head_rate": 1.0}
    run, result = train_in("whole", changes)
    assert result["steps"] == end and result["total_steps"] == 12
    assert result["stopped"].startswith("converged: the primary's ")
    assert json.loads(run.result.read_text())["stopped"] == result["stopped"]
    records = read_metrics(run.metrics)
    assert records[-1]["event"] == "converged" and load_checkpoint(run.checkpoints)[1]["step"] == end
    _, again = train_in("whole", changes)
    assert (again["steps"], again["stopped"], again["test"]) == (end, result["stopped"], result["test"])
    cut, _ = train_in("cut", changes, stop=stop_after(5))
    _, resumed = train_in("cut", changes)
    assert (resumed["steps"], resumed["stopped"], resumed["test"]) == (end, result["stopped"], result["test"])
    assert [r.get("event") for r in read_metrics(cut.metrics)] == [r.get("event") for r in records]
