"""Both engines: seeded, told, quiet, and there or not."""

from __future__ import annotations

import builtins
import logging

import pytest

from mt2st.errors import ConfigError, MissingExtraError
from mt2st.estimators.tuning import engines
from mt2st.estimators.tuning.engines import OptunaEngine, RandomEngine, key_of, make_engine

CHOICES = {"size": (50, 100, 200), "pairs": (True, False), "cost": (None, 1.0), "kind": ("auto", 0.3)}


@pytest.fixture(params=["random", "optuna"])
def kind(request):
    if request.param == "optuna":
        pytest.importorskip("optuna")
    return {"random": RandomEngine, "optuna": OptunaEngine}[request.param]


def asked(kind, seed, number=12, score=lambda settings: settings["size"] / 200 - settings["pairs"]):
    engine, found = kind(CHOICES, seed), []
    for _ in range(number):
        found.append(engine.ask())
        engine.tell(found[-1], score(found[-1]))
    return found


def test_a_seed_asks_the_same_again_and_another_does_not(kind):
    assert asked(kind, 3) == asked(kind, 3)
    assert asked(kind, 3) != asked(kind, 4)


def test_every_value_is_one_of_the_choices_and_all_come(kind):
    found = asked(kind, 1, 40, lambda settings: 0.0)
    for name, values in CHOICES.items():
        assert {repr(each[name]) for each in found} == set(map(repr, values))


def test_settings_that_were_never_asked_for_can_be_told(kind):
    engine = kind(CHOICES, 1)
    engine.tell({name: values[0] for name, values in CHOICES.items()}, 0.7)
    engine.tell({name: values[-1] for name, values in CHOICES.items()}, None)
    assert set(engine.ask()) == set(CHOICES)


def test_optuna_learns_where_scores_are_high():
    pytest.importorskip("optuna")
    score = lambda settings: float(settings["size"] == 200) + (not settings["pairs"])  # noqa: E731
    late = asked(OptunaEngine, 0, 60, score)[30:]
    at_random = asked(RandomEngine, 0, 60, score)[30:]
    best = [sum(score(each) == 2 for each in own) for own in (late, at_random)]
    assert best[0] > 2 * best[1]


def test_optuna_is_quiet_and_its_level_of_logging_is_the_users(caplog):
    optuna = pytest.importorskip("optuna")
    optuna.logging.set_verbosity(optuna.logging.INFO)
    with caplog.at_level(logging.INFO):
        asked(OptunaEngine, 1, 3)
    assert optuna.logging.get_verbosity() == optuna.logging.INFO
    assert caplog.records == []


def test_auto_is_optuna_where_it_is_installed(monkeypatch):
    pytest.importorskip("optuna")
    assert make_engine("auto", CHOICES, 1).name == "optuna"
    assert make_engine("random", CHOICES, 1).name == "random"
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    assert make_engine("auto", CHOICES, 1).name == "random"
    with pytest.raises(MissingExtraError, match=r"pip install 'mt2st\[tune\]'"):
        make_engine("optuna", CHOICES, 1)


def test_random_search_never_imports_optuna(monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest):
        assert name.split(".")[0] != "optuna"
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    assert set(make_engine("random", CHOICES, 1).ask()) == set(CHOICES)


def test_an_unknown_engine_is_told():
    with pytest.raises(ConfigError, match=r"engine 'optuma' is unknown; did you mean 'optuna'\?"):
        make_engine("optuma", CHOICES, 1)


def test_keys_tell_values_of_unlike_kinds_apart():
    assert len({key_of({"x": value}) for value in (True, 1, 1.0, "1", None)}) == 5
    assert key_of({"a": 1, "b": None}) == key_of({"b": None, "a": 1})
