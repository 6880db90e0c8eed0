"""Building the tasks of a job, for the bag or for a torch encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.training.builders.bag import BagBuilder
from mt2st.training.builders.builder import Builder
from mt2st.training.builders.encoder import EncoderBuilder

if TYPE_CHECKING:
    from mt2st.training.corpus import Corpus
    from mt2st.training.settings import Settings

__all__ = ["Builder", "make_builder"]


def make_builder(corpus: Corpus, settings: Settings) -> Builder:
    """Return the builder of the encoder that the settings name."""
    return (BagBuilder if settings.model.encoder == "bag" else EncoderBuilder)(corpus, settings)
