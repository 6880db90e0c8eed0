"""The settings of a tagger, checked when it is fitted."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mt2st.embeddings import WordVectors
from mt2st.errors import ConfigError, did_you_mean
from mt2st.estimators.inputs.bounds import Bounds, check_number
from mt2st.estimators.inputs.strategy_choice import find_strategy

if TYPE_CHECKING:
    from mt2st.estimators.token_tagger import TokenTagger

ENCODERS = ("window", "bilstm")


SIZE = Bounds(True, 1, 65_537)
BOUNDS = {
    "vector_epochs": Bounds(True, 1),
    "min_count": Bounds(True, 1),
    "hidden_size": SIZE,
    "passes": Bounds(False, 1e-9),
    "auxiliary_passes": Bounds(False, 1e-9),
    "dropout": Bounds(False, 0, 1),
    "development": Bounds(False, 1e-9, 1),
    "seed": Bounds(True, 0, 2**63),
    "workers": Bounds(True, 1, 1025),
}


def check_settings(tagger: TokenTagger) -> None:
    """Refuse a setting of the wrong type or out of its bounds."""
    if tagger.encoder not in ENCODERS:
        near = did_you_mean(str(tagger.encoder), ENCODERS)
        raise ConfigError(f"encoder {tagger.encoder!r} is unknown{near}")
    for name, bounds in BOUNDS.items():
        check_number(name, getattr(tagger, name), bounds)
    if tagger.vector_size is not None:
        check_number("vector_size", tagger.vector_size, SIZE)
    find_strategy(tagger.strategy)
    if not isinstance(tagger.vectors, WordVectors | str | os.PathLike | None):
        raise ConfigError(f"vectors must be mt2st.WordVectors, a file of them or None, {tagger.vectors!r} found")
