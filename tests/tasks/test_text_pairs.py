import numpy as np
import pytest

from mt2st.errors import DataError
from mt2st.tasks import TextPairs
from mt2st.text import Ragged

LEFT, RIGHT = Ragged.from_lists([[1], [2, 3]]), Ragged.from_lists([[1, 1], []])


def test_words_and_scores_are_counted_by_pair():
    data = TextPairs(LEFT, RIGHT, np.array([np.nan, 2], np.float32))
    assert len(data) == 2 and data.lengths.tolist() == [3, 2] and data.counts.tolist() == [0, 1]


def test_unlike_numbers_and_infinite_scores_are_refused():
    with pytest.raises(DataError, match="scores and texts must be as many, found 3, 2 and 2"):
        TextPairs(LEFT, RIGHT, np.zeros(3, np.float32))
    for scores in (np.array([1, np.inf], np.float32), np.zeros(2)):
        with pytest.raises(DataError, match="scores must be float32 and finite"):
            TextPairs(LEFT, RIGHT, scores)
