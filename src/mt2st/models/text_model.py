"""The finished text classifier of a run, stored as a folder of safetensors and JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings import smooth_inverse_frequency
from mt2st.errors import ConfigError, DataError
from mt2st.models.finished import FinishedModel
from mt2st.text import Features, Ragged, tokenize


@dataclass(frozen=True)
class TextModel(FinishedModel):
    """Predicts a label from a text.

    Attributes
    ----------
    features
        Maps tokens to rows of the table.
    classes
        The labels.
    encoder
        ``bag``, or one of `mt2st.models.pytorch.encoders.BODIES`.
    arrays
        ``table``, the encoder's parameters and ``head`` parameters by name.
    settings
        Further settings: ``smoothing`` of a bag, the sizes of a torch encoder; ``max_words``, if only so many are read;
        and ``subwords``, the lengths and buckets of n-grams, if the model has them.
    """

    TAGS = False

    def logits(self, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of encoded texts, shape (rows, classes)."""
        if self.encoder != "bag":
            from mt2st.models.pytorch.encoder_classifier import EncoderClassifier  # torch is an extra

            return EncoderClassifier(self.encoder, self.arrays, self.settings, self.words).logits(rows)
        from mt2st.embeddings.kernels.bag import bag_logits  # compiles, or loads, the kernels

        weights = smooth_inverse_frequency(self.features.frequencies, self.settings["smoothing"])
        # Kernels take no arrays that are read-only, as those that joblib maps from a file are.
        table, head = (np.require(self.arrays[name], np.float32, ("C", "W")) for name in ("table", "head"))
        return bag_logits(table, weights, head, rows.ids, rows.offsets)

    def predict_proba(self, texts: Iterable[str]) -> NDArray[np.float32]:
        """Return the probability of each class, shape (texts, classes).

        Raises
        ------
        DataError
            If the texts are one string.
        """
        if isinstance(texts, str):
            raise DataError("texts: a list of texts is expected, one str found: put it into a list")
        most, words = self.settings.get("max_words"), self.words or self.features
        rows = Ragged.from_lists([words.encode(tokenize(text)[:most]) for text in texts])
        logits = self.logits(rows)
        shares = np.exp(logits - logits.max(1, keepdims=True))
        return np.asarray(shares / shares.sum(1, keepdims=True), np.float32)

    def contributions(self, text: str) -> NDArray[np.float64]:
        """Return each word's contribution to each logit, (words, classes); with the head's bias they sum to it.

        The contribution of a pair is divided between its two words; a word without a row contributes nothing.

        Raises
        ------
        ConfigError
            If the encoder is not the bag, as others are not additive in the words.
        """
        if self.encoder != "bag":
            raise ConfigError(f"a {self.encoder} encoder cannot tell what each word adds: only the bag can")
        tokens = tokenize(text)[: self.settings.get("max_words")]
        owners, rows = _owned_rows(self.features, tokens)
        weights = smooth_inverse_frequency(self.features.frequencies, self.settings["smoothing"])[rows]
        table, head = (np.asarray(self.arrays[name], np.float64) for name in ("table", "head"))
        said = weights[:, None] * (table[rows, : head.shape[1] - 1] @ head[:, :-1].T) / max(weights.sum(), 1e-12)
        found = np.zeros((len(tokens), len(head)))
        for own, part in zip(owners, said, strict=True):
            found[list(own)] += part / len(own)
        return found

    def predict(self, texts: Iterable[str]) -> list[str]:
        """Return the most likely label of each text."""
        return [self.classes[place] for place in self.predict_proba(texts).argmax(1)]


def _owned_rows(features: Features, tokens: list[str]) -> tuple[list[tuple[int, ...]], NDArray[np.int64]]:
    """Return for each row of a text the places of its word or words, and the rows.

    Examples
    --------
    >>> features = Features.build([["not", "good"]] * 3, min_count=2, pair_min_count=2)
    >>> _owned_rows(features, ["so", "not", "good"])
    ([(1,), (2,), (1, 2)], array([1, 0, 2]))
    """
    found: list[tuple[tuple[int, ...], int]] = [
        ((at,), row) for at, token in enumerate(tokens) if (row := features.words.get(token)) is not None
    ]
    for at, pair in enumerate(pairwise(tokens)):
        row = features.pairs.get(" ".join(pair))
        if row is not None:
            found.append(((at, at + 1), len(features.words) + row))
    return [own for own, _ in found], np.array([row for _, row in found], np.int64)
