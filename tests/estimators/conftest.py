import numpy as np
import pytest

TEXTS = ["good film", "bad film", "good plot", "bad plot", "very good", "very bad"]


@pytest.fixture
def texts():
    """Six texts, good and bad in turn."""
    return list(TEXTS)


@pytest.fixture
def labels():
    return ["pos", "neg"] * 3


@pytest.fixture(scope="session")
def topics():
    """Return a maker of texts of some topics, whose labels are ``topic0`` and so on."""

    def make(number, classes=2, seed=0):
        random = np.random.default_rng(seed)
        kinds = np.arange(number) % classes
        words = [
            [f"word{kind}x{n}" for n in random.integers(0, 12, 4)] + [f"any{n}" for n in random.integers(0, 30, 6)]
            for kind in kinds
        ]
        return [" ".join(random.permutation(own)) for own in words], [f"topic{kind}" for kind in kinds]

    return make
