"""A strategy of its own for an auxiliary: from the settings to the weights, to config.toml and back, resumed."""

import pytest

from mt2st.errors import ConfigError
from mt2st.strategies import Clock, Composed, Feedback
from mt2st.training.cells import Cell, cell_settings
from mt2st.training.loop import Trainer
from mt2st.training.metrics import read_metrics
from mt2st.training.schedule import make_strategy
from mt2st.training.settings import assign, dump_settings, load_settings, parse_settings

OWN = {"name": "diminish", "rate": 4.0}


def weights(settings, step):
    bound = make_strategy(settings).bind("reviews", ["film", "language"], Clock(100))
    return bound.weights(step)


def test_it_overrides_the_common_one_for_its_auxiliary_alone(job_values):
    values = job_values({"strategy.at": 0.5, "strategy.tolerance": 0.5})
    values["auxiliary"]["film"]["strategy"] = OWN
    settings = parse_settings(values)
    assert isinstance(make_strategy(settings), Composed)
    found = weights(settings, 25)
    # exp(-4 * 0.25); the common tolerance of 0.5, under which it would be 0, is not film's.
    assert found["film"] == pytest.approx(0.36787944) and found["language"] == 1.0
    assert weights(settings, 50)["language"] == 0.0 and weights(settings, 50)["film"] > 0


def test_without_one_the_common_strategy_is_what_it_was(job_values):
    assert make_strategy(parse_settings(job_values())).name == "switch"


def test_the_common_settings_may_go_by_name_still(job_values):
    values = job_values({"strategy.weight": {"film": 0.5, "language": 0.25}})
    values["auxiliary"]["film"]["strategy"] = OWN
    assert weights(parse_settings(values), 0) == {"reviews": 1.0, "film": 1.0, "language": 0.25}


def test_feedback_follows_them(job_values):
    values = job_values({"strategy.name": "feedback"})
    values["auxiliary"]["film"]["strategy"] = OWN
    strategy = make_strategy(parse_settings(values))
    assert isinstance(strategy, Feedback) and isinstance(strategy.base, Composed)


def test_it_is_written_with_comments_and_read_back(job_values, tmp_path):
    values = job_values()
    values["auxiliary"]["film"]["strategy"] = OWN
    settings = parse_settings(values)
    text = dump_settings(settings)
    assert "[auxiliary.film.strategy]" in text and "rate = 4.0 # diminish: eta" in text
    (tmp_path / "c.toml").write_text(text)
    assert parse_settings(load_settings(tmp_path / "c.toml")) == settings
    without = dump_settings(parse_settings(job_values()))
    assert "# strategy =  # a strategy of its own, as in [strategy]" in without


def test_both_ways_of_toml_and_the_command_line_say_the_same(tmp_path):
    inline = '[auxiliary.film]\ndata = "film"\nstrategy = {name = "diminish", rate = 4.0}\n'
    section = '[auxiliary.film]\ndata = "film"\n[auxiliary.film.strategy]\nname = "diminish"\nrate = 4.0\n'
    found = []
    for text in (inline, section):
        (tmp_path / "c.toml").write_text(text)
        found.append(parse_settings(load_settings(tmp_path / "c.toml")))
    values = {"auxiliary": {"film": {"data": "film"}}}
    for each in ("auxiliary.film.strategy.name=diminish", "auxiliary.film.strategy.rate=4.0"):
        assign(values, each)
    assert found[0] == found[1] == parse_settings(values)


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ({"nmae": "diminish"}, r"unknown key auxiliary\.film\.strategy\.nmae; did you mean 'name'\?"),
        ({"name": "swich"}, r"auxiliary\.film\.strategy\.name: .*found 'swich'"),
        ({"rate": -1.0}, r"auxiliary\.film\.strategy\.rate: .*greater than 0, found -1\.0"),
        ({"weight": {"film": 1.0}}, r"auxiliary\.film\.strategy: weight must be one number"),
        ({"name": "feedback"}, r"auxiliary\.film\.strategy: name feedback watches all auxiliaries"),
    ],
)
def test_errors_name_the_key(job_values, own, words):
    values = job_values()
    values["auxiliary"]["film"]["strategy"] = own
    with pytest.raises(ConfigError, match=words):
        parse_settings(values)


@pytest.mark.parametrize("strategy", ["single", "constant"])
def test_comparisons_and_baselines_leave_it_out(job_values, strategy):
    values = job_values()
    values["auxiliary"]["film"]["strategy"] = OWN
    settings = parse_settings(values)
    found = make_strategy(cell_settings(settings, Cell(strategy, (1.0, 1.0), 3)))
    assert found.name == strategy and settings.auxiliary["film"].strategy.name == "diminish"


@pytest.mark.parametrize("name", ["switch", "feedback"])
def test_a_run_stopped_ends_as_one_that_was_not(train_in, stop_after, name):
    changes = {
        "auxiliary.film.strategy": OWN,
        "strategy.name": name,
        "strategy.at": "auto" if name == "switch" else 0.2,
    }
    run, whole = train_in("whole", changes)
    assert whole["strategy"] == ("composed" if name == "switch" else "feedback")
    cut, stopped = train_in("cut", changes, stop=stop_after(5))
    assert stopped is None
    train_in("cut", changes)
    files = "model/model.safetensors", "vectors.safetensors"
    assert [(run.path / file).read_bytes() for file in files] == [(cut.path / file).read_bytes() for file in files]
    records = [
        [{key: value for key, value in record.items() if key != "seconds"} for record in read_metrics(each.metrics)]
        for each in (run, cut)
    ]
    assert records[0] == records[1]


def test_a_resumed_run_of_another_own_strategy_is_refused(small_job):
    saved = Trainer(small_job({"auxiliary.film.strategy": OWN})).state_dict()
    other = Trainer(small_job({"auxiliary.film.strategy": {**OWN, "rate": 5.0}}))
    with pytest.raises(Exception, match="resume with the saved settings"):
        other.load_state_dict(saved)
