"""The shared parameters, the encoders on top of them, and the finished models that predict from text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.lazy import lazily

if TYPE_CHECKING:
    from mt2st.models.shared import SUBWORDS, NativeShared, Shared
    from mt2st.models.tagging_model import TaggingModel
    from mt2st.models.text_model import TextModel

# Imported when first used: most of them compile or load kernels, which a text classifier does not need.
_HOME = {
    "SUBWORDS": "mt2st.models.shared",
    "NativeShared": "mt2st.models.shared",
    "Shared": "mt2st.models.shared",
    "TaggingModel": "mt2st.models.tagging_model",
    "TextModel": "mt2st.models.text_model",
}

__all__ = ["SUBWORDS", "NativeShared", "Shared", "TaggingModel", "TextModel"]

__getattr__ = lazily(__name__, _HOME)
