"""Prediction by a torch encoder, and the finished classifier that predicts from saved arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from mt2st.errors import ConfigError
from mt2st.models.pytorch.encoders import make_encoder
from mt2st.models.pytorch.first_values import seeded_linear
from mt2st.models.pytorch.without_dropout import alike_batches, without_dropout

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.embeddings.word_rows import WordRows
    from mt2st.models.pytorch.text_encoder import TextEncoder
    from mt2st.text import Ragged

PREDICTED_AT_ONCE = 256


class EncoderClassifier:
    """Prediction from saved arrays, without optimiser, task or training data.

    Parameters
    ----------
    name
        The encoder's name, see `make_encoder`.
    arrays
        ``table``, ``encoder.*``, ``head.weight`` and ``head.bias``, as in ``arrays()`` of `TorchShared` and of the
        task; others are ignored. A read-only table, such as that of a memory-mapped file, is copied.
    sizes
        As in training.
    subwords
        The rows that make up each word, if the model has subwords.

    Raises
    ------
    ConfigError
        If an array is missing or does not fit the others.
    """

    def __init__(
        self,
        name: str,
        arrays: Mapping[str, NDArray[np.generic]],
        sizes: Mapping[str, Any],
        subwords: WordRows | None = None,
    ) -> None:
        missing = {"table", "head.weight"} - set(arrays)
        if missing:
            raise ConfigError(f"the saved model lacks {sorted(missing)}: save arrays() of the shared part and the task")
        self.encoder = make_saved(name, arrays, sizes, subwords)
        self.head = seeded_linear(self.encoder.output_size, len(arrays["head.weight"]), seed=0)
        fill_module(self.head, "head.", arrays)

    def logits(self, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of shape (rows, classes)."""
        return predict(self.encoder, self.head, rows)


def predict(encoder: TextEncoder, head: torch.nn.Linear, rows: Ragged) -> NDArray[np.float32]:
    """Return logits of shape (rows, classes), without dropout; sentences of similar length share a batch."""
    found = np.zeros((len(rows), head.out_features), np.float32)
    with torch.no_grad(), without_dropout(encoder):
        for batch in alike_batches(rows.lengths, PREDICTED_AT_ONCE):
            found[batch] = head(encoder(rows, batch)).numpy()
    return found


def make_saved(
    name: str, arrays: Mapping[str, NDArray[np.generic]], sizes: Mapping[str, Any], subwords: WordRows | None = None
) -> TextEncoder:
    """Return an encoder filled with saved arrays; parameters and errors are those of `EncoderClassifier`."""
    table = np.require(arrays["table"], np.float32, ["C", "W"])
    encoder = make_encoder(name, table, sizes, subwords=subwords)
    fill_module(encoder.layers, "encoder.", arrays)
    return encoder


def fill_module(module: torch.nn.Module, prefix: str, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    """Set every parameter of a module to the array called ``prefix`` and its name; refuse arrays that do not fit."""
    for name, parameter in module.named_parameters():
        value, wanted = arrays.get(prefix + name), tuple(parameter.shape)
        if value is None or value.shape != wanted:
            found = "none" if value is None else value.shape
            raise ConfigError(f"{prefix}{name} must have the shape {wanted}, {found} found: is it another model's?")
        parameter.detach().numpy()[...] = value
