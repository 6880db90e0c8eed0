import numpy as np
import pytest
from scipy import stats

from mt2st.errors import DataError
from mt2st.evaluation import mean_interval, paired_difference


def test_agrees_with_scipy_over_random_seeds():
    values = np.random.default_rng(0).normal(size=7)
    low, high = stats.t.interval(0.95, 6, loc=values.mean(), scale=stats.sem(values))
    found = mean_interval(list(values))
    assert (found.mean, found.low, found.high) == pytest.approx((values.mean(), low, high))


def test_paired_difference_is_that_of_the_paired_t_test():
    a, b = np.random.default_rng(1).normal(size=(2, 6))
    expected = stats.ttest_rel(a, b).confidence_interval(0.95)
    found = paired_difference(list(a), list(b))
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_one_value_has_no_interval():
    assert mean_interval([0.5]).as_dict() == {"mean": 0.5, "low": None, "high": None}
    assert f"{mean_interval([0.5]):.2f}" == "0.50"


def test_none_and_unpaired_values_are_refused():
    with pytest.raises(DataError, match="at least one value"):
        mean_interval([])
    with pytest.raises(DataError, match="both sides, found 1 and 2"):
        paired_difference([1.0], [1.0, 2.0])
