"""What is tried for each method."""

import json

import pytest

from mt2st.experiments.transfer.methods import METHODS, OURS, OWN, THEIRS, TransferCell, trial_settings


def test_every_method_has_as_many_trials_all_different_the_usual_rates_first():
    for method in METHODS:
        tried = [json.dumps(trial_settings(method, trial)) for trial in range(4)]
        assert len(set(tried)) == 4 == len(TransferCell("names", method, 4).rates)
        assert trial_settings(method, 0)["model"] == {"rate": 1e-2, "table_rate": 2.5e-3}
        assert trial_settings(method, 1)["model"] == {"rate": 1e-2, "table_rate": 2.5e-2}


@pytest.mark.parametrize(
    ("method", "setting", "numbers"),
    [("constant", "weight", {1.0, 1 / 3}), ("pretrain", "at", {0.5, 0.2}), ("switch", "at", {0.2, 0.4})],
)
def test_a_number_of_a_method_s_own_is_searched_at_both_rates_of_the_table(method, setting, numbers):
    tried = [trial_settings(method, trial) for trial in range(4)]
    assert {(each["strategy"][setting], each["model"]["table_rate"]) for each in tried} == {
        (number, rate) for number in numbers for rate in (2.5e-3, 2.5e-2)
    }
    assert {each["model"]["rate"] for each in tried} == {1e-2}


def test_what_has_no_number_of_its_own_is_tried_at_lower_rates():
    assert set(OWN) < set(OURS)
    for method in (*(name for name in OURS if name not in OWN), *THEIRS):
        strategies = [trial_settings(method, trial)["strategy"] for trial in range(4)]
        assert all(each == strategies[0] for each in strategies)
        assert trial_settings(method, 2)["model"]["rate"] == pytest.approx(1e-2 / 3)


def test_nothing_is_chosen_for_those_that_are_not_told_anything():
    assert {trial_settings("switch auto", trial)["strategy"]["at"] for trial in range(4)} == {"auto"}
    assert [trial_settings("feedback", trial)["strategy"] for trial in range(4)] == [{"name": "feedback"}] * 4
