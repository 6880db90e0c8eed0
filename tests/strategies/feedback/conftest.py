"""A run of a hundred steps that is watched every tenth."""

import pytest

from mt2st.strategies import Clock, Observation


@pytest.fixture
def run():
    """Bind a feedback, tell it scores every so many steps from a step on, and return all of its actions."""

    def told(feedback, scores, *, begin=0, every=10, cost=1.0, cosines=None, noise=0.01):
        actions = []
        for number, score in enumerate(scores, 1):
            step = begin + number * every
            seen = Observation(step, score, {}, 9.0 * step, cost=cost * step, noise=noise, cosines=cosines or {})
            actions += feedback.observe(seen)
        return actions

    return told


@pytest.fixture
def hundred():
    return Clock(100, steps_per_epoch=8)
