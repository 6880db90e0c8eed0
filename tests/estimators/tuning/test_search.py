"""The loop, on a task whose scores and costs are written down."""

from __future__ import annotations

import numpy as np
import pytest

from mt2st.errors import ConfigError, DataError
from mt2st.estimators.tuning import search
from mt2st.estimators.tuning.choice import choose
from mt2st.estimators.tuning.engines import RandomEngine
from mt2st.estimators.tuning.finish import finish
from mt2st.estimators.tuning.held_out import HeldOutCounts
from mt2st.estimators.tuning.parts import Part
from mt2st.estimators.tuning.search import Search
from mt2st.estimators.tuning.space import Space
from mt2st.estimators.tuning.trial import Tuning

EVERY = np.arange(50)


class Sized:
    """A model that saves as many bytes as it is told to; quantized a quarter."""

    def __init__(self, level, size):
        self.level, self.size = level, size

    def save(self, folder, quantize=False):
        folder.mkdir(exist_ok=True)
        (folder / "model").write_bytes(bytes(self.size // (4 if quantize else 1)))


class Written:
    """Level n tells the first 50 + 10 n of 100 examples right, in two parts of 50, at 1 s each."""

    metric, can_quantize, estimator = "accuracy", False, None
    rounds = 1

    def __init__(self, costs=None, fails=(), sizes=None):
        self.fitted, self.costs, self.fails, self.sizes = [], costs or {}, fails, sizes or {}

    def parts(self, number):
        return [Part(EVERY, EVERY), Part(EVERY, EVERY + 50)]

    def work(self, settings):
        return self.costs.get(settings["level"], 2.0)

    def fit(self, settings, part):
        level = settings["level"]
        self.fitted.append((level, part is None))
        if level in self.fails:
            raise DataError(f"level {level} is bad")
        size = self.sizes.get(level, 100)
        return Sized(level, size if part is None else size - 10)

    def judge(self, model, part):
        right = (np.arange(50) * 2 < 50 + 10 * model.level).astype(float)
        return HeldOutCounts(np.stack([right, np.ones(50)], 1), "accuracy", part.held_out)


def run(task, *, levels=6, budget=None, most=None, first=(), limit=None, stop=None, seed=1):
    space = Space({"level": tuple(range(levels))}, {"level": 0}, [{"level": level} for level in first])
    tuning = Tuning("random", 0, "accuracy", budget, limit, most_trials=most)
    told = []
    engine = RandomEngine(space.choices, seed)
    Search(task, space, engine, tuning, lambda trial, _: told.append(trial.number), stop).run()
    assert told == list(range(len(tuning.trials)))
    return tuning


def levels_of(tuning):
    return [trial.settings["level"] for trial in tuning.trials]


def test_the_given_settings_then_the_first_then_all_others_once():
    tuning = run(Written(), first=(3, 0, 2))
    assert levels_of(tuning)[:3] == [0, 3, 2]
    assert sorted(levels_of(tuning)) == [0, 1, 2, 3, 4, 5]
    assert tuning.stopped == "nothing left to try" and tuning.reproducible
    assert [trial.score for trial in tuning.trials[:3]] == [0.5, 0.8, 0.7]


def test_the_budget_leaves_room_for_the_fit_at_the_end():
    # Each trial costs 2, the last fit 1: three trials and a fit are 7.
    assert len(run(Written(), budget=7.0).trials) == 3
    assert len(run(Written(), budget=6.99).trials) == 2
    assert run(Written(), budget=7.0).stopped == "budget"


def test_the_first_trial_is_run_whatever_it_costs():
    tuning = run(Written(), budget=0.1)
    assert levels_of(tuning) == [0] and tuning.stopped == "budget"


def test_what_costs_too_much_is_passed_over_for_what_does_not():
    tuning = run(Written(costs={4: 50.0, 5: 50.0}), budget=20.0, first=(5, 1))
    assert levels_of(tuning)[:2] == [0, 1]
    assert sorted(levels_of(tuning)) == [0, 1, 2, 3]


def test_trials_are_counted():
    tuning = run(Written(), most=4)
    assert len(tuning.trials) == 4 and tuning.stopped == "trials" and tuning.as_dict()["most_trials"] == 4


def test_who_is_far_behind_after_one_part_is_given_up_and_pays_for_that_part():
    task = Written()
    space = Space({"level": (5, 0, 4)}, {"level": 5}, [{"level": 0}, {"level": 4}])
    tuning = Tuning("random", 0, "accuracy", None, None, most_trials=3)
    Search(task, space, RandomEngine(space.choices, 1), tuning, None, None).run()
    # 25 of 50 against all of 50; then 45 against 50, within two errors of 0.042: 0.1 is not.
    assert [trial.why_not for trial in tuning.trials] == [None, *["given up: far behind the given settings"] * 2]
    assert [trial.work for trial in tuning.trials] == [2.0, 1.0, 1.0]
    assert task.fitted.count((0, False)) == 1
    assert tuning.ranked() == [tuning.trials[0]]


def test_settings_that_fail_are_noted_and_the_first_ones_are_an_error():
    tuning = run(Written(fails=(2,)))
    assert {trial.why_not for trial in tuning.trials if trial.settings["level"] == 2} == {"level 2 is bad"}
    with pytest.raises(DataError, match="level 0 is bad"):
        run(Written(fails=(0,)))


def test_asked_to_stop_it_stops_after_the_trial():
    tuning = run(Written(), stop=lambda: True)
    assert len(tuning.trials) == 1 and tuning.stopped == "interrupted" and not tuning.reproducible


def test_ctrl_c_keeps_what_there_is():
    class Interrupted(Written):
        def fit(self, settings, part):
            if len(self.fitted) == 5:
                raise KeyboardInterrupt
            return super().fit(settings, part)

    tuning = run(Interrupted())
    assert len(tuning.trials) == 2 and tuning.stopped == "interrupted"


def test_ctrl_c_before_anything_is_known_is_one():
    class Interrupted(Written):
        def fit(self, settings, part):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(Interrupted())


def test_the_clock_ends_it_far_beyond_the_budget_and_says_so(monkeypatch):
    ticks = iter([0.0, 149.0, 151.0, 300.0])
    monkeypatch.setattr(search, "process_time", lambda: next(ticks))
    space = Space({"level": tuple(range(6))}, {"level": 0}, [])
    tuning = Tuning("random", 0, "accuracy", 7.5, None)
    engine = RandomEngine(space.choices, 1)
    Search(Written(), space, engine, tuning, None, None, _begun=search.process_time()).run()
    assert len(tuning.trials) == 2 and tuning.stopped == "clock" and not tuning.reproducible


def test_scores_are_told_and_what_is_tried_already_is_not_tried_again():
    class Told(RandomEngine):
        def __init__(self, *given):
            super().__init__(*given)
            self.told = []

        def tell(self, settings, score):
            self.told.append((settings["level"], score))

    space = Space({"level": (0, 1)}, {"level": 0}, [])
    engine = Told(space.choices, 3)
    tuning = Tuning("random", 0, "accuracy", None, None)
    Search(Written(), space, engine, tuning, None, None).run()
    assert set(engine.told) == {(0, 0.5), (1, 0.6)}
    assert len(tuning.trials) == 2


def sized(task, limit):
    tuning = run(task, limit=limit)
    return tuning, finish(task, tuning, lambda: choose(tuning.trials, 0))


def test_too_large_models_are_not_chosen():
    task = Written(sizes={5: 900, 4: 800, 3: 700})
    tuning, model = sized(task, 500)
    assert model.level == 2 and tuning.best.settings == {"level": 2}
    assert {trial.why_not for trial in tuning.trials if trial.settings["level"] == 5} == {"890 bytes, over 500 bytes"}


def test_one_that_is_too_large_only_when_fitted_to_all_gives_way_to_the_next():
    tuning, model = sized(Written(sizes={5: 505}), 500)
    assert model.level == 4
    assert [trial.why_not for trial in tuning.trials if trial.settings["level"] == 5] == ["505 bytes, over 500 bytes"]
    assert tuning.best.size == 100


def test_where_none_fits_the_smallest_is_told():
    task = Written(sizes={level: 900 - level for level in range(6)})
    with pytest.raises(ConfigError, match=r"no model of 6 fits into 500 bytes: the smallest has 885 bytes \(level=5\)"):
        sized(task, 500)


def test_the_record_is_json_values_and_says_what_changed():
    tuning = run(Written(), most=3, first=(5,))
    tuning.chosen = 1
    found = tuning.as_dict()
    assert found["changed"] == {"level": 5} and found["work"] == 6.0
    assert found["trials"][1]["settings"] == {"level": 5} and found["trials"][1]["score"] == 1.0


class Lucky(Written):
    """In the first of three rounds level 5 tells all examples right, in the others half."""

    rounds = 3

    def parts(self, number):
        self.number = number
        return super().parts(number)

    def judge(self, model, part):
        level = model.level
        return super().judge(Sized(0 if level == 5 and self.number else level, 1), part)


def test_what_seems_to_win_is_judged_again_and_luck_does_not_last():
    tuning = run(Lucky(), levels=6, most=6)
    tuning.chosen = choose(tuning.trials, 0)
    rounds = {trial.settings["level"]: len(trial.rounds) for trial in tuning.trials}
    assert rounds == {0: 3, 1: 1, 2: 1, 3: 1, 4: 3, 5: 2}
    assert tuning.best.settings == {"level": 4}
    given = tuning.trials[0]
    assert given.work == 6.0 and given.as_dict()["again"] == [0.5, 0.5]


def test_a_quarter_of_the_budget_is_kept_for_that():
    # Trials cost 2 and the last fit 1: (16 - 4 - 1) / 2 = 5 trials; then 16 - 10 - 1 = 5 pay one round of two.
    tuning = run(Lucky(), budget=16.0)
    assert len(tuning.trials) == 5
    assert sorted(len(trial.rounds) for trial in tuning.trials) == [1, 1, 1, 2, 2]
    assert tuning.work == 14.0


def test_nothing_is_judged_again_once_somebody_said_stop():
    calls = iter([False, False, True])
    tuning = run(Lucky(), first=(5,), stop=lambda: next(calls))
    assert [len(trial.rounds) for trial in tuning.trials] == [1, 1, 1]
