"""Who is held out: everyone once, kinds evenly, equal texts together; of many a fifth."""

from __future__ import annotations

import numpy as np

from mt2st.estimators.tuning.parts import FEW, hold_out


def test_each_example_is_held_out_once_and_never_trained_on_then():
    keys, groups = [f"t{n}" for n in range(40)], np.arange(40, dtype=np.int32) % 4
    parts = hold_out(keys, groups, seed=3)
    assert len(parts) == 4
    assert sorted(np.concatenate([part.held_out for part in parts]).tolist()) == list(range(40))
    for part in parts:
        assert not set(part.held_out) & set(part.training)
        assert len(part.training) + len(part.held_out) == 40
        assert np.bincount(groups[part.held_out], minlength=4).max() <= 3


def test_what_has_one_key_is_held_out_together():
    keys = [f"t{n % 10}" for n in range(40)]
    for part in hold_out(keys, np.zeros(40, np.int32), seed=1):
        assert not {keys[n] for n in part.held_out} & {keys[n] for n in part.training}


def test_of_many_a_fifth_is_held_out_once():
    count = FEW + 5
    parts = hold_out(list(range(count)), np.zeros(count, np.int32), seed=1)
    assert len(parts) == 1
    assert len(parts[0].held_out) == count // 5


def test_the_seed_decides():
    groups = np.zeros(30, np.int32)
    one, same, other = (hold_out(list(range(30)), groups, seed=seed)[0].held_out.tolist() for seed in (1, 1, 2))
    assert one == same != other


def test_a_single_example_cannot_be_held_out():
    assert hold_out(["a", "a"], np.zeros(2, np.int32), seed=0) == []
