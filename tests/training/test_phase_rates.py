"""Rates of the phases in a run: what every task is given, and the table's own factors."""

from dataclasses import replace

import pytest

from mt2st.strategies import PretrainThenFinetune, Switch
from mt2st.training.loop import Trainer
from mt2st.training.phase_rates import TableRates
from mt2st.training.stopping import StopRequest


def learned(log, name):
    return [entry[3] for entry in log if entry[:2] == ("learn", name)]


def test_every_task_is_given_the_share_of_its_phase(fake_job, run_job):
    job, log = fake_job(Switch(at=4, time="steps"), steps=8)
    job.settings.rates.multi_task, job.settings.rates.single_task = 2.0, 0.5
    job.settings.rates.end, job.settings.rates.warm, job.settings.rates.low = 0.5, 0.5, 0.0
    run_job(job)
    assert learned(log, "a") == [2.0, 1.75, 1.5, 1.25]
    assert learned(log, "p") == [2.0, 1.75, 1.5, 1.25, 0.0, 0.25, 0.5, 0.375]
    assert [entry[1] for entry in log if entry[0] == "finish"] == learned(log, "p")


def test_without_settings_it_is_a_line_in_each_phase(fake_job, run_job):
    job, log = fake_job(PretrainThenFinetune(at=2, time="steps"))
    run_job(job)
    assert (learned(log, "a"), learned(log, "p")) == ([1.0, 0.5], [1.0, 0.5])


@pytest.mark.parametrize("encoder", ["bag", "bilstm"])
def test_the_table_has_factors_of_its_own(small_job, listener, encoder):
    if encoder == "bilstm":
        pytest.importorskip("torch")
    job = small_job({"model.encoder": encoder, "strategy.at": 0.5, "rates.table_single_task": 0.25})
    holder = job.tasks["reviews"] if encoder == "bag" else job.shared
    own, language, head = holder.table_rate, job.tasks["language"].rate, getattr(holder, "head_rate", job.shared)
    trainer = Trainer(job)
    trainer.total = 6
    trainer.run(listener, StopRequest())
    assert (holder.table_rate, job.tasks["language"].rate) == (own, language)
    trainer.total = 7
    trainer.run(listener, StopRequest())
    assert (holder.table_rate, job.tasks["language"].rate) == (0.25 * own, 0.25 * language)
    assert getattr(holder, "head_rate", job.shared) == head


def test_the_table_of_several_ranks_has_them_too(small_job):
    pytest.importorskip("torch")
    from mt2st.training.ranks.spread import SpreadShared
    from mt2st.training.ranks.stopping import AgreedStop

    job = small_job({"model.encoder": "bilstm", "strategy.at": 0.5, "rates.table_single_task": 0.25})
    own, spread = job.shared.table_rate, replace(job, shared=SpreadShared(job.shared, AgreedStop()))
    TableRates(spread).enter(job.strategy.phase(6))
    assert job.shared.table_rate == 0.25 * own


def test_factors_do_not_pile_up(small_job):
    job = small_job({"rates.table_multi_task": 0.5, "rates.table_single_task": 2.0})
    own, tables = job.tasks["reviews"].table_rate, TableRates(job)
    for step in (0, 1, 5, 6, 0):
        tables.enter(job.strategy.phase(step))
        assert job.tasks["reviews"].table_rate == own * (0.5 if step < 3 else 2.0)


def test_a_run_stopped_after_the_switch_ends_as_one_that_was_not(train_in, stop_after):
    changes = {"strategy.at": 0.5, "rates.table_single_task": 0.25, "rates.warm": 0.5, "rates.single_task": 2.0}
    run, _ = train_in("whole", changes)
    cut, _ = train_in("cut", changes, stop=stop_after(8))
    train_in("cut", changes)
    files = "model/model.safetensors", "vectors.safetensors"
    assert [(run.path / name).read_bytes() for name in files] == [(cut.path / name).read_bytes() for name in files]
