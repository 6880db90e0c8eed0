"""What is tried for each method."""

import json

from mt2st.experiments.transfer.methods import METHODS, OURS, THEIRS, TransferCell, trial_settings


def test_every_method_has_as_many_trials_all_different_the_usual_rates_first():
    for method in METHODS:
        tried = [json.dumps(trial_settings(method, trial)) for trial in range(9)]
        assert len(set(tried)) == 9 == len(TransferCell("names", method, 9).rates)
        assert trial_settings(method, 0)["model"] == {"rate": 2e-3, "table_rate": 5e-3}


def test_weights_are_searched_for_constant_alone():
    weights = {trial_settings("constant", trial)["strategy"]["weight"] for trial in range(9)}
    assert weights == {1.0, 3.0, 1 / 3}
    for method in (*(name for name in OURS if name != "constant"), *THEIRS):
        assert all("weight" not in trial_settings(method, trial)["strategy"] for trial in range(9))
        assert len({tuple(trial_settings(method, trial)["model"].values()) for trial in range(9)}) == 9
