from __future__ import annotations

import json

import pytest

from mt2st import Composed, Constant, Diminish, Feedback, PretrainThenFinetune, Switch
from mt2st.errors import ConfigError
from mt2st.estimators.inputs.strategy_choice import bind, find_strategy, primary_share, watches
from mt2st.estimators.saving.packing import pack, unpack
from mt2st.strategies import Strategy


def test_names_and_values():
    assert find_strategy("pretrain") == PretrainThenFinetune()
    own = Diminish(rate=3.0)
    assert find_strategy(own) is own


@pytest.mark.parametrize(
    ("strategy", "says"), [("pretain", "did you mean 'pretrain'"), (3, "3 found; known: single, pretrain")]
)
def test_what_is_no_strategy(strategy, says):
    with pytest.raises(ConfigError, match=says):
        find_strategy(strategy)


def test_who_watches():
    assert watches(Feedback()) and watches(Switch(at="auto"))
    assert not watches(Switch()) and not watches(Constant())


def test_the_primary_waits_for_pretraining_alone():
    assert primary_share(bind(PretrainThenFinetune(at=0.25), ["pos"], 200, 10.0)) == 0.75
    assert primary_share(bind(Switch(at=0.25), ["pos"], 200, 10.0)) == 1
    assert primary_share(bind(PretrainThenFinetune(at=0.25), [], 200, 10.0)) == 0.75


@pytest.mark.parametrize(
    "strategy",
    [
        "switch",
        Switch(at="auto"),
        Feedback(base=Diminish(rate=2.0), trial=0.2),
        Composed({"a": Switch(weight={"a": 0.5}), "b": Diminish()}),
    ],
)
def test_strategies_are_saved_as_json(strategy):
    assert unpack(json.loads(json.dumps(pack(strategy)))) == strategy


def test_a_strategy_of_ones_own_is_not_saved():
    class Mine(Switch):
        name = "mine"

    assert isinstance(Mine(), Strategy)
    with pytest.raises(ConfigError, match="a strategy of your own, Mine, cannot be saved"):
        pack(Mine())
