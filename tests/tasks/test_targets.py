import numpy as np
import pytest

from mt2st.errors import DataError
from mt2st.tasks import TargetRows
from mt2st.tasks.targets import Scale, check_labels
from mt2st.text import Ragged

NAN = np.nan
ROWS = Ragged.from_lists([[1], [2], []])


def make(values):
    return TargetRows(ROWS, np.array(values, np.float32), ("a", "b"))


def test_known_targets_are_counted_by_example():
    assert make([[1, NAN], [NAN, NAN], [0, 5]]).counts.tolist() == [1, 0, 2]


def test_another_shape_type_or_an_infinity_is_refused():
    with pytest.raises(DataError, match=r"targets must be float32 \(3, 2\), found float32 \(2, 2\)"):
        make([[1, 0], [0, 0]])
    with pytest.raises(DataError, match="found float64"):
        TargetRows(ROWS, np.zeros((3, 2)), ("a", "b"))
    with pytest.raises(DataError, match="targets must be finite, or NaN where they are not known"):
        make([[1, np.inf], [0, 0], [0, 0]])


def test_labels_are_one_zero_or_unknown():
    check_labels(make([[1, NAN], [0, 0], [NAN, 1]]))
    with pytest.raises(DataError, match="labels are 1, 0 or not known, 2 found: ratings are learned by regression"):
        check_labels(make([[1, 2], [0, 0], [NAN, 1]]))


def test_a_scale_is_of_the_known_and_goes_back():
    targets = np.array([[1, 7], [5, 7], [NAN, NAN]], np.float32)
    scale = Scale.of(targets)
    np.testing.assert_array_equal(scale.standardise(targets), [[-1, 0], [1, 0], [NAN, NAN]])
    np.testing.assert_array_equal(scale.restore(scale.standardise(targets)), targets)


def test_a_target_that_is_never_known_is_refused():
    with pytest.raises(DataError, match="target 1 has no known value: leave it out"):
        Scale.of(np.array([[1, NAN], [5, NAN]], np.float32))
