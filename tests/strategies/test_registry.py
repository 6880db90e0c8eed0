"""Names and defaults of strategies, wherever types, options or settings have to spell them out."""

from dataclasses import fields
from typing import get_args

import pytest

from mt2st.cli.options import StrategyName
from mt2st.strategies import Composed, Feedback, Strategy
from mt2st.strategies.registry import BY_NAME
from mt2st.training.settings import FeedbackSettings, StrategySettings


def test_names_are_the_classes_own_and_none_is_missing():
    assert all(found().name == name for name, found in BY_NAME.items())
    ours = {each for each in Strategy.__subclasses__() if each.__module__.startswith("mt2st.")}
    assert ours - set(BY_NAME.values()) == {Composed}


@pytest.mark.parametrize(
    ("spelt", "without"),
    [
        (get_args(StrategySettings.model_fields["name"].annotation), set()),
        (get_args(FeedbackSettings.model_fields["base"].annotation), {"single", "feedback"}),
        (StrategyName, set()),
    ],
)
def test_names_that_are_spelt_out_are_these(spelt, without):
    assert set(spelt) == set(BY_NAME) - without


def test_feedback_has_the_same_defaults_in_settings_but_for_cosines_that_cost_nothing_there():
    own = {field.name: field.default for field in fields(Feedback)}
    differ = {name for name, each in FeedbackSettings.model_fields.items() if each.default != own[name]}
    assert differ == {"base", "probe"}
