"""The finished model: from texts to labels, kept as a folder of safetensors and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from mt2st.embeddings import smooth_inverse_frequency
from mt2st.errors import DataError
from mt2st.text import Features, Ragged, tokenize

if TYPE_CHECKING:
    from mt2st.embeddings.word_rows import WordRows

ARRAYS, DESCRIPTION, VOCABULARY = "model.safetensors", "model.json", "vocabulary.json"
FORMAT = 1
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
        limits = self.settings.get("subwords")
        if limits is None:
            return None
        from mt2st.embeddings.subwords import SubwordIndex  # compiles, or loads, its kernels
        from mt2st.embeddings.word_rows import WordRows

        words = self.features.words.words
        return WordRows(words, SubwordIndex.of(words, **limits))

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
        description = {
            "format": FORMAT,
            "encoder": self.encoder,
            "classes": list(self.classes),
            "settings": self.settings,
        }
        return {
            ARRAYS: save({name: np.ascontiguousarray(array) for name, array in self.arrays.items()}),
            VOCABULARY: json.dumps(self.features.to_json(), ensure_ascii=False).encode(),
            DESCRIPTION: json.dumps(description, ensure_ascii=False, indent=2).encode(),
        }

    @classmethod
    def load(cls, folder: str | Path) -> TextModel:
        """Load a model from its folder, or from the run directory that holds it.

        Raises
        ------
        DataError
            Where there is no whole model.
        """
        folder = Path(folder)
        if not (folder / DESCRIPTION).exists():
            folder = folder / "model"
        try:
            description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
            if description["format"] != FORMAT:
                raise DataError(f"a model of format {description['format']}, this mt2st reads {FORMAT}", path=folder)
            if description["encoder"] not in ENCODERS:
                raise DataError(f"unknown encoder {description['encoder']!r}: load it with a newer mt2st", path=folder)
            features = Features.from_json(json.loads((folder / VOCABULARY).read_text(encoding="utf-8")))
            arrays = load_file(folder / ARRAYS)
            model = cls(
                features, tuple(description["classes"]), description["encoder"], arrays, description["settings"]
            )
            model._check_rows(folder)
            return model
        except FileNotFoundError as error:
            raise DataError(
                f"no model there ({error.filename or ARRAYS} is missing): give the folder of a finished run",
                path=folder,
            ) from None
        except (OSError, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError, SafetensorError) as error:
            raise DataError(f"the model is damaged ({error}): copy it again, or train it anew", path=folder) from error

    def _check_rows(self, folder: Path) -> None:
        # Rows beyond the table would be read from whatever memory follows it.
        wanted = len(self.features) if self.words is None else self.words.size
        if len(self.arrays["table"]) != wanted:
            found = f"{len(self.arrays['table'])} rows in the table for {wanted} words, pairs and n-grams"
            raise DataError(f"the model's files do not belong together ({found}): copy it again", path=folder)
