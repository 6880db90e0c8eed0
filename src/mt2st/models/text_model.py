"""The finished model: from texts to labels, kept as a folder of safetensors and JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings import smooth_inverse_frequency
from mt2st.models.finished import FinishedModel
from mt2st.text import Ragged, tokenize


@dataclass(frozen=True)
class TextModel(FinishedModel):
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

    TAGS = False

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
