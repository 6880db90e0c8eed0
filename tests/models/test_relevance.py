"""Which dimensions are frozen: the least relevant, so many as the share says."""

import math

import pytest

from mt2st.errors import ConfigError, GradientPathError
from mt2st.models.relevance import least_relevant


@pytest.mark.parametrize(
    ("share", "expected"),
    [(0.0, []), (0.2, [3]), (0.4, [1, 3]), (0.5, [1, 3]), (0.6, [0, 1, 3]), (1.0, [0, 1, 2, 3, 4])],
)
def test_the_least_relevant_come_in_ascending_order(share, expected):
    assert least_relevant([0.5, 0.2, 0.9, 0.1, 0.7], share).tolist() == expected


def test_of_equals_the_first():
    assert least_relevant([1.0, 0.0, 0.0, 0.0], 0.5).tolist() == [1, 2]


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ConfigError, match=f"between 0 and 1, found {share}"):
        least_relevant([1.0, 2.0], share)


@pytest.mark.parametrize("relevance", [[0.0, 0.0], [1.0, math.nan], [1.0, math.inf], []])
def test_relevance_that_says_nothing_is_refused(relevance):
    with pytest.raises(GradientPathError, match="zero everywhere, or not finite"):
        least_relevant(relevance, 0.5)
