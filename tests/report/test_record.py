import math

import numpy as np
import pytest

from mt2st.errors import DataError
from mt2st.report.record import RunRecord, read_run
from mt2st.report.timeline import events_of, phases_of


def test_intervals_and_events_are_told_apart(save, result, records):
    run = read_run(save(result, records))
    assert (len(run.intervals), len(run.events)) == (10, 1)
    assert run.tasks == ["products", "language"]
    assert events_of(run) == [("40", "the single-task phase begins")]
    assert [(phase.name, phase.until) for phase in phases_of(run)] == [("multi-task", "40"), ("single-task", "200")]


def test_the_primary_comes_first_and_tasks_of_records_count(result):
    result["primary"] = "language"
    run = RunRecord("", result, ({"step": 1, "tasks": {"tweets": {}}},))
    assert run.tasks == ["language", "products", "tweets"]


def test_a_series_has_a_gap_where_a_task_did_not_run(save, result, records):
    curve = read_run(save(result, records)).series("tasks", "language", "loss")
    np.testing.assert_array_equal(curve.steps, np.arange(20, 201, 20))
    np.testing.assert_array_equal(curve.values, [2.75, 1.75, *[math.nan] * 8])


def test_records_without_a_step_are_left_out():
    run = RunRecord("", {}, ({"score": {"a": 1}}, {"step": 3, "score": {"a": 0.5}}, {"step": 4, "score": None}))
    curve = run.series("score", "a")
    assert curve.steps.tolist() == [3, 4]
    assert curve.values[0] == 0.5
    assert np.isnan(curve.values[1])


@pytest.mark.parametrize(("last", "place"), [('{"step": 1', "metrics.jsonl:2:11"), ("[1]", "metrics.jsonl:2:1")])
def test_a_damaged_record_is_named_by_line_and_column(save, result, last, place):
    folder = save(result, [{"step": 1}])
    with (folder / "metrics.jsonl").open("a") as file:
        file.write(last)
    with pytest.raises(DataError, match=place):
        read_run(folder)


def test_a_file_of_other_bytes_is_named(save, result):
    folder = save(result)
    (folder / "config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"config\.toml: the file must be UTF-8"):
        read_run(folder)


def test_a_phase_ends_where_the_event_of_the_next_lies():
    intervals = ({"step": 90, "phase": "multi-task"}, {"step": 100, "phase": "single-task"})
    events = ({"step": 98, "event": "single-task", "text": "begins"},)
    found = phases_of(RunRecord("", {}, intervals, events))
    assert [(phase.name, phase.until) for phase in found] == [("multi-task", "98"), ("single-task", "100")]
