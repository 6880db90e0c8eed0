"""Curves of bound strategies."""

import pytest

from mt2st.strategies import Clock, Observation


@pytest.fixture
def weights_of():
    """Return the weights of a primary ``p`` and auxiliaries ``a`` and ``b`` at a step."""

    def weights(strategy, step, clock):
        return strategy.bind("p", ["a", "b"], clock).weights(step)

    return weights


@pytest.fixture
def tell():
    """Tell a strategy a score at each of some steps."""

    def observe(strategy, scores, every=1):
        for number, score in enumerate(scores, 1):
            strategy.observe(Observation(number * every, score, {}, 0.0))
        return strategy

    return observe


@pytest.fixture
def hundred():
    return Clock(100, steps_per_epoch=8)
