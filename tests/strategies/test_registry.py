"""The names of strategies, wherever types or options have to spell them out."""

from typing import get_args

import pytest

from mt2st.cli.options import StrategyName
from mt2st.strategies import Composed, Strategy
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
