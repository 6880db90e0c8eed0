"""The shared parameters, the encoders on top of them, and the finished models that predict from text."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mt2st.models.shared import SUBWORDS, NativeShared, Shared
    from mt2st.models.tagging_model import TaggingModel
    from mt2st.models.text_model import TextModel

# Imported when first used: most of them compile kernels, or load them, and a text classifier needs none.
_HOME = {
    "SUBWORDS": "mt2st.models.shared",
    "NativeShared": "mt2st.models.shared",
    "Shared": "mt2st.models.shared",
    "TaggingModel": "mt2st.models.tagging_model",
    "TextModel": "mt2st.models.text_model",
}

__all__ = ["SUBWORDS", "NativeShared", "Shared", "TaggingModel", "TextModel"]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
