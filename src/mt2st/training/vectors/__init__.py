"""Word vectors out of text: encoded, counted, trained by quanta, saved on the way, gone on with."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mt2st.training.vectors.progress import Progress as Progress
    from mt2st.training.vectors.train import train_vectors as train_vectors

# Imported when first used: settings can be checked, and help be shown, without any engine.
_HOME = {"Progress": "progress", "train_vectors": "train"}

__all__ = ["Progress", "train_vectors"]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
