"""An auxiliary whose losses are not finite ten times in a row is run no more; the primary's stop the run."""

import pytest

from mt2st.strategies import Constant, Exact
from mt2st.tasks import Outcome
from mt2st.training.loop import Trainer
from mt2st.training.stopping import StopRequest

BAD, PART = Outcome(0.0, 0, 7, 21, not_finite=7), Outcome(3.0, 2, 7, 21, not_finite=5)
EMPTY = Outcome(0.0, 0, 0, 0)


def run(fake_job, listener, outcomes, steps=30):
    job, log = fake_job(Constant(), work=Exact(), steps=steps, interval=5, a={"outcomes": outcomes})
    trainer = Trainer(job)
    trainer.run(listener, StopRequest())
    return trainer, [entry for entry in log if entry[:2] == ("learn", "a")]


def test_ten_in_a_row_drop_it_with_an_event(fake_job, listener):
    trainer, ran = run(fake_job, listener, dict.fromkeys(range(4, 31), BAD))
    assert len(ran) == 13
    assert trainer.housekeeping.dropping.dropped == {"a": "step 13: its last 10 losses were not finite"}
    (event,) = [record for record in listener.records if "event" in record]
    assert (event["step"], event["event"]) == (13, "dropped a")
    entry = trainer.ledger.entries["a"]
    assert (entry.ran, entry.skipped, entry.not_finite) == (13, 17, 70)
    weights = [record["tasks"]["a"]["weight"] for record in listener.records if "tasks" in record]
    assert weights == [1.0, 1.0, 0.0, 0.0, 0.0, 0.0], "of the last step of each interval"


@pytest.mark.parametrize("between", [PART, Outcome(2.0, 1, 1, 3)])
def test_a_finite_loss_between_starts_the_count_anew(fake_job, listener, between):
    trainer, ran = run(fake_job, listener, {call: BAD if call % 10 else between for call in range(2, 31)})
    assert len(ran) == 30 and not trainer.housekeeping.dropping.dropped


def test_an_empty_batch_does_not_count(fake_job, listener):
    outcomes = {call: EMPTY if call % 2 else BAD for call in range(2, 31)}
    trainer, ran = run(fake_job, listener, outcomes)
    assert len(ran) == 20 and trainer.housekeeping.dropping.dropped


def test_the_count_outlives_a_checkpoint(fake_job, listener):
    job, _ = fake_job(Constant(), work=Exact(), steps=30, interval=5, a={"outcomes": dict.fromkeys(range(1, 31), BAD)})
    first = Trainer(job)
    first.total = 6
    first.run(listener, StopRequest())
    second = Trainer(job)
    second.load_state_dict(first.state_dict())
    second.run(listener, StopRequest())
    assert second.housekeeping.dropping.dropped == {"a": "step 10: its last 10 losses were not finite"}
