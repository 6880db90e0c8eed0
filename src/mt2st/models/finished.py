"""The base class of finished models: their parts, and their folder of safetensors and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.models.model_files import ModelParts, pack_model, read_model, word_rows
from mt2st.text import Features

if TYPE_CHECKING:
    from mt2st.embeddings.word_rows import WordRows

ENCODERS = ("bag", "bilstm", "attention", "cnn", "transformer")
TAGGING = "tagging"


@dataclass(frozen=True)
class FinishedModel:
    """A model that has all it needs to predict; see `TextModel` and `TaggingModel`."""

    features: Features
    classes: tuple[str, ...]
    encoder: str
    arrays: dict[str, NDArray[np.generic]]
    settings: dict[str, Any]
    TAGS: ClassVar[bool]

    @cached_property
    def words(self) -> WordRows | None:
        """Return the rows that make up each word, if the model has subwords."""
        return word_rows(self.features, self.settings)

    def files(self) -> dict[str, bytes]:
        """Return the model as the contents of its files by name."""
        description = {"encoder": self.encoder, "classes": list(self.classes), "settings": self.settings}
        return pack_model(ModelParts(self.features, self.arrays, description))

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Load a model from its folder, or from the run directory that holds it.

        Raises
        ------
        DataError
            If there is no complete model, or one of another kind.
        """
        features, arrays, description = read_model(folder)
        encoder, settings = description["encoder"], description["settings"]
        if encoder not in ENCODERS:
            raise DataError(f"unknown encoder {encoder!r}: load it with a newer mt2st", path=folder)
        if (TAGGING in settings) != cls.TAGS:
            what, able = ("labels whole texts", "TextModel") if cls.TAGS else ("tags tokens", "TaggingModel")
            raise DataError(f"the model {what}: load it with mt2st.models.{able}", path=folder)
        return cls(features, tuple(description["classes"]), encoder, dict(arrays), settings)
