"""The finished tagger: from the tokens of a sentence to their tags, kept as a folder of safetensors and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.evaluation import find_scheme
from mt2st.models.model_files import ModelParts, pack_model, read_model, word_rows
from mt2st.text import Features, Ragged
from mt2st.text.surface import surface_numbers

if TYPE_CHECKING:
    from mt2st.embeddings.word_rows import WordRows
    from mt2st.models.tagging_head import TaggingHead
    from mt2st.models.text_encoder import TextEncoder
    from mt2st.text.features import Encodes


@dataclass(frozen=True)
class TaggingModel:
    """Predicts a tag for each token; needs the extra torch.

    Attributes
    ----------
    features
        Turns words into rows of the table.
    classes
        The tags.
    encoder
        One of `mt2st.models.encoders.BODIES`.
    arrays
        ``table``, the encoder's parameters and ``head`` parameters by name.
    settings
        As of `TextModel`, and ``tagging``: ``buckets`` of the surface features, the ``scheme`` of the
        tags or None, and whether there is a ``crf``.
    """

    features: Features
    classes: tuple[str, ...]
    encoder: str
    arrays: dict[str, NDArray[np.generic]]
    settings: dict[str, Any]

    @property
    def scheme(self) -> str | None:
        """Return how tags stand for spans; None where they do not."""
        found: str | None = self.settings["tagging"]["scheme"]
        return found

    def tag(self, sentences: Iterable[Sequence[str]]) -> list[list[str]]:
        """Return a tag for each token of each sentence; tokens as the text has them, capitals and all."""
        from mt2st.models.tagger import tag_rows  # torch is an extra

        kept = list(sentences)
        words = word_rows(self.features, self.settings)
        rows = encode_tokens(kept, words or self.features)
        buckets = self.settings["tagging"]["buckets"]
        surface = surface_numbers((token for sentence in kept for token in sentence), buckets)
        return [[self.classes[number] for number in found] for found in tag_rows(*self._layers(words), rows, surface)]

    def _layers(self, words: WordRows | None) -> tuple[TextEncoder, TaggingHead]:
        from mt2st.models.crf import allowed_by
        from mt2st.models.encoder_classifier import fill_module, make_saved
        from mt2st.models.tagging_head import TaggingHead

        own = self.settings["tagging"]
        allowed = None if self.scheme is None else allowed_by(find_scheme(self.scheme), self.classes)
        encoder = make_saved(self.encoder, self.arrays, self.settings, words)
        head = TaggingHead(encoder, len(self.classes), own["buckets"], seed=0, crf=own["crf"], allowed=allowed)
        fill_module(head, "head.", self.arrays)
        return encoder, head

    def files(self) -> dict[str, bytes]:
        """Return the model as the contents of its files by name."""
        description = {"encoder": self.encoder, "classes": list(self.classes), "settings": self.settings}
        return pack_model(ModelParts(self.features, self.arrays, description))

    @classmethod
    def load(cls, folder: str | Path) -> TaggingModel:
        """Load a model from its folder, or from the run directory that holds it.

        Raises
        ------
        DataError
            Where there is no whole model, or one of another kind.
        """
        features, arrays, description = read_model(folder)
        if "tagging" not in description["settings"]:
            raise DataError("the model labels whole texts: load it with mt2st.models.TextModel", path=folder)
        classes = tuple(description["classes"])
        return cls(features, classes, description["encoder"], dict(arrays), description["settings"])


def encode_tokens(sentences: Iterable[Sequence[str]], features: Encodes) -> Ragged:
    """Return the word number of each token, upper and lower case taken as one; -1 where the word has no row.

    Examples
    --------
    >>> features = Features.build([["the", "film"]], min_count=1, pairs=False)
    >>> encode_tokens([["The", "zebu"], []], features).ids.tolist()
    [1, -1]
    """
    return Ragged.from_lists([features.place(token.lower() for token in sentence) for sentence in sentences])
