"""States that are kept are copies, and come back into the same arrays."""

import numpy as np

from mt2st.training.kept import Kept


def test_states_are_kept_apart_and_restored_in_place():
    live = {"a": np.arange(3.0), "b": np.zeros((2, 2), np.float32)}
    kept = Kept(live, ["start", "best"])
    array = live["a"]
    array += 1
    kept.keep("best")
    array += 1
    kept.restore("start")
    assert array.tolist() == [0, 1, 2]
    kept.restore("best")
    assert array.tolist() == [1, 2, 3]


def test_all_copies_can_be_saved_and_filled_in():
    kept, again = (Kept({"a": np.full(2, value)}, ["start"]) for value in (1.0, 2.0))
    for name, array in kept.arrays().items():
        again.arrays()[name][...] = array
    assert again.arrays().keys() == {"start/a"}
    again.restore("start")
    assert again._live["a"].tolist() == [1.0, 1.0]


def test_no_labels_cost_no_memory():
    assert Kept({"a": np.ones(2)}, []).arrays() == {}
