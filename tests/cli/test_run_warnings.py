"""Warnings of a run that went through, but not as its user may have meant."""

import pytest

from mt2st.cli.run_warnings import _of_the_work, run_warnings
from mt2st.training.settings import parse_settings


def warnings(test=None, *, single_task_from=20, unended=(), **sections):
    data = {"training": 60, "vocabulary": 100, "skipped_rows": {}}
    test = test or {"accuracy": 0.9, "examples": 100, "confusion": [[45, 5], [5, 45]]}
    result = {"data": data, "work": {}, "dropped": {}, "primary": "reviews", "test": test, "stopped": None}
    steps = {"total_steps": 100, "single_task_from": single_task_from, "unended": dict(unended)}
    return list(run_warnings({**result, **steps}, parse_settings(sections)))


def test_of_a_usual_run_there_is_none():
    assert warnings() == []


def test_a_switch_that_never_comes(cli, config):
    called = cli("train", config({"strategy.at": 99, "strategy.time": "steps"}), "--out", "run", "-q")
    assert called.code == 0
    told = "the run ended before strategy.at was reached for film, language: set it before the last step"
    assert called.err == f"warning: {told}, or train for longer\n"


def test_an_end_of_an_auxiliarys_own_that_never_comes():
    film = {"auxiliary": {"film": {"data": "film", "strategy": {"name": "linear", "end": 2.0}}}}
    own, common = warnings(unended={"film": "end", "tweets": "at"}, **film)
    assert own.startswith("the run ended before auxiliary.film.strategy.end was reached for film: ")
    assert common.startswith("the run ended before strategy.at was reached for tweets: ")


@pytest.mark.parametrize(
    ("stopped", "remedy"), [("out of time", "give it more seconds"), (None, "let pretrain end before the run does")]
)
def test_a_primary_that_was_never_trained(stopped, remedy):
    [told] = _of_the_work({"reviews": {"role": "primary", "ran": 0, "not_finite": 0}}, stopped)
    assert told.startswith(f"reviews was never trained: {remedy}")


@pytest.mark.parametrize(
    ("section", "name"), [({"freeze": {"share": 0.5}}, "[freeze]"), ({"convergence": {"on": "loss"}}, "[convergence]")]
)
def test_what_waits_for_a_single_task_phase(section, name):
    constant = {"strategy": {"name": "constant"}}
    [told] = warnings(single_task_from=100, **constant, **section)
    assert f"so that {name} had no effect" in told
    assert warnings(single_task_from=100, **constant) == []


@pytest.mark.parametrize(
    ("test", "worse"),
    [
        ({"accuracy": 0.4, "examples": 100, "confusion": [[0, 60], [0, 40]]}, True),
        ({"accuracy": 0.4, "examples": 5, "confusion": [[0, 3], [0, 2]]}, False),  # by chance
        ({"accuracy": 0.004, "examples": 10_000, "majority": 0.94}, True),
        ({"accuracy": 0.95, "examples": 10_000, "majority": 0.94}, False),
    ],
)
def test_a_model_that_guessing_beats(test, worse):
    assert ["of always guessing the most frequent answer" in told for told in warnings(test)] == [True] * worse


@pytest.mark.parametrize(("found", "support", "told"), [(0.0, 9, True), (0.1, 9, False), (0.0, 0, False)])
def test_a_tagger_that_finds_no_span(found, support, told):
    test = {"accuracy": 0.9, "examples": 100, "majority": 0.9, "span_f1": found}
    test |= {"spans": {"micro": {"support": support}}}
    says = [each for each in warnings(test) if each.endswith("(training.steps, 200 here), so that batches are smaller")]
    assert len(says) == told
