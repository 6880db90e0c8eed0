"""The finished model: from texts to labels, kept as a folder of safetensors and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from mt2st.embeddings import smooth_inverse_frequency
from mt2st.errors import DataError
from mt2st.text import Features, Ragged, tokenize

ARRAYS, DESCRIPTION, VOCABULARY = "model.safetensors", "model.json", "vocabulary.json"
FORMAT = 1
ENCODERS = ("bag", "bilstm")


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
        ``bag`` or ``bilstm``.
    arrays
        ``table``, the encoder's parameters and ``head`` parameters by name.
    settings
        What the encoder needs besides: ``smoothing`` of a bag, ``hidden_size`` of a BiLSTM; and ``max_words``, where it
        reads only so many.
    """

    features: Features
    classes: tuple[str, ...]
    encoder: str
    arrays: dict[str, NDArray[np.generic]]
    settings: dict[str, Any]

    def logits(self, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of encoded texts, shape (rows, classes)."""
        if self.encoder == "bilstm":
            from mt2st.models.bilstm import BiLSTMClassifier  # torch is an extra

            return BiLSTMClassifier(self.arrays, self.settings["hidden_size"]).logits(rows)
        from mt2st.embeddings.kernels.bag import bag_logits  # compiles, or loads, the kernels

        weights = smooth_inverse_frequency(self.features.frequencies, self.settings["smoothing"])
        table, head = (np.ascontiguousarray(self.arrays[name], np.float32) for name in ("table", "head"))
        return bag_logits(table, weights, head, rows.ids, rows.offsets)

    def predict_proba(self, texts: Iterable[str]) -> NDArray[np.float32]:
        """Return the probability of each class, shape (texts, classes)."""
        most = self.settings.get("max_words")
        rows = Ragged.from_lists([self.features.encode(tokenize(text)[:most]) for text in texts])
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
            # Rows beyond the table would be read from whatever memory follows it.
            if len(arrays["table"]) != len(features):
                found = f"{len(arrays['table'])} rows in the table for {len(features)} words and pairs"
                raise DataError(f"the model's files do not belong together ({found}): copy it again", path=folder)
            return cls(features, tuple(description["classes"]), description["encoder"], arrays, description["settings"])
        except FileNotFoundError as error:
            raise DataError(
                f"no model there ({error.filename or ARRAYS} is missing): give the folder of a finished run",
                path=folder,
            ) from None
        except (OSError, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError, SafetensorError) as error:
            raise DataError(f"the model is damaged ({error}): copy it again, or train it anew", path=folder) from error
