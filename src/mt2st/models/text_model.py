"""The finished model: from texts to labels, kept as a folder of safetensors and JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings import smooth_inverse_frequency
from mt2st.errors import DataError
from mt2st.models.model_files import ModelParts, pack_model, read_model, word_rows
from mt2st.text import Features, Ragged, tokenize

if TYPE_CHECKING:
    from mt2st.embeddings.word_rows import WordRows

ENCODERS = ("bag", "bilstm", "attention", "cnn", "transformer")


@dataclass(frozen=True)
class TextModel:
    """Predicts a label from a text.

    Attributes
    ----------
    features
        Turns tokens into rows of the table.
    classes
        The labels.
    encoder
        ``bag``, or one of `mt2st.models.encoders.BODIES`.
    arrays
        ``table``, the encoder's parameters and ``head`` parameters by name.
    settings
        What the encoder needs besides: ``smoothing`` of a bag, the sizes of a torch encoder; ``max_words``, where it
        reads only so many; and ``subwords``, the lengths and buckets of n-grams, where words are made of them.
    """

    features: Features
    classes: tuple[str, ...]
    encoder: str
    arrays: dict[str, NDArray[np.generic]]
    settings: dict[str, Any]

    @cached_property
    def words(self) -> WordRows | None:
        """Return the rows that make up each word, where words are made of n-grams too."""
        return word_rows(self.features, self.settings)

    def logits(self, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of encoded texts, shape (rows, classes)."""
        if self.encoder != "bag":
            from mt2st.models.encoder_classifier import EncoderClassifier  # torch is an extra

            return EncoderClassifier(self.encoder, self.arrays, self.settings, self.words).logits(rows)
        from mt2st.embeddings.kernels.bag import bag_logits  # compiles, or loads, the kernels

        weights = smooth_inverse_frequency(self.features.frequencies, self.settings["smoothing"])
        table, head = (np.ascontiguousarray(self.arrays[name], np.float32) for name in ("table", "head"))
        return bag_logits(table, weights, head, rows.ids, rows.offsets)

    def predict_proba(self, texts: Iterable[str]) -> NDArray[np.float32]:
        """Return the probability of each class, shape (texts, classes)."""
        most, words = self.settings.get("max_words"), self.words or self.features
        rows = Ragged.from_lists([words.encode(tokenize(text)[:most]) for text in texts])
        logits = self.logits(rows)
        shares = np.exp(logits - logits.max(1, keepdims=True))
        return np.asarray(shares / shares.sum(1, keepdims=True), np.float32)

    def predict(self, texts: Iterable[str]) -> list[str]:
        """Return the likeliest label of each text."""
        return [self.classes[place] for place in self.predict_proba(texts).argmax(1)]

    def files(self) -> dict[str, bytes]:
        """Return the model as the contents of its files by name."""
        description = {"encoder": self.encoder, "classes": list(self.classes), "settings": self.settings}
        return pack_model(ModelParts(self.features, self.arrays, description))

    @classmethod
    def load(cls, folder: str | Path) -> TextModel:
        """Load a model from its folder, or from the run directory that holds it.

        Raises
        ------
        DataError
            Where there is no whole model, or one of another kind.
        """
        features, arrays, description = read_model(folder)
        if description["encoder"] not in ENCODERS:
            raise DataError(f"unknown encoder {description['encoder']!r}: load it with a newer mt2st", path=folder)
        if "tagging" in description["settings"]:
            raise DataError("the model tags tokens: load it with mt2st.models.TaggingModel", path=folder)
        classes = tuple(description["classes"])
        return cls(features, classes, description["encoder"], dict(arrays), description["settings"])
