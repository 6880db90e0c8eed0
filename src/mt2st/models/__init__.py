"""The shared parameters, the encoders on top of them, and the finished models that predict from text."""

from mt2st.models.shared import SUBWORDS, NativeShared, Shared
from mt2st.models.tagging_model import TaggingModel
from mt2st.models.text_model import TextModel

__all__ = ["SUBWORDS", "NativeShared", "Shared", "TaggingModel", "TextModel"]
