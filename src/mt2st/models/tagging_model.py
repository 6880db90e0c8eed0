"""The finished torch tagger, stored as a folder of safetensors and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mt2st.errors import DataError
from mt2st.evaluation import find_scheme
from mt2st.models.finished import FinishedModel
from mt2st.text import Ragged
from mt2st.text.surface import surface_numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.models.pytorch.tagging_head import TaggingHead
    from mt2st.models.pytorch.text_encoder import TextEncoder
    from mt2st.text.features import Encodes


@dataclass(frozen=True)
class TaggingModel(FinishedModel):
    """Predicts a tag for each token; needs the extra torch.

    Attributes
    ----------
    features
        Maps words to rows of the table.
    classes
        The tags.
    encoder
        One of `mt2st.models.pytorch.encoders.BODIES`.
    arrays
        ``table``, the encoder's parameters and ``head`` parameters by name.
    settings
        As in `TextModel`, and ``tagging``: ``buckets`` of the surface features, the ``scheme`` of the
        tags or None, and whether there is a ``crf``.
    """

    TAGS = True

    @property
    def scheme(self) -> str | None:
        """Return how tags mark spans; None if they do not."""
        found: str | None = self.settings["tagging"]["scheme"]
        return found

    def knows(self, word: str) -> bool:
        """Return whether a word in lower case has its own row."""
        return self.features.words.get(word) is not None

    def predict(self, sentences: Iterable[Sequence[str]]) -> list[list[str]]:
        """Return a tag for each token of each sentence; give the tokens with their capitals.

        Raises
        ------
        DataError
            If a sentence is one string.
        """
        from mt2st.models.pytorch.tagger import tag_rows  # torch is an extra

        kept = _checked(sentences)
        rows = encode_tokens(kept, self.words or self.features)
        buckets = self.settings["tagging"]["buckets"]
        surface = surface_numbers((token for sentence in kept for token in sentence), buckets)
        return [[self.classes[number] for number in found] for found in tag_rows(*self.layers(), rows, surface)]

    def predict_proba(self, sentences: Iterable[Sequence[str]]) -> list[NDArray[np.float32]]:
        """Return the probability of each of ``classes`` for each token: (tokens, classes) for each sentence."""
        from mt2st.models.pytorch.tagging_probabilities import tag_probabilities  # torch is an extra

        return tag_probabilities(self, _checked(sentences))

    def layers(self) -> tuple[TextEncoder, TaggingHead]:
        """Return encoder and head with the model's parameters."""
        from mt2st.models.pytorch.crf import allowed_by
        from mt2st.models.pytorch.encoder_classifier import fill_module, make_saved
        from mt2st.models.pytorch.tagging_head import TaggingHead

        own = self.settings["tagging"]
        allowed = None if self.scheme is None else allowed_by(find_scheme(self.scheme), self.classes)
        encoder = make_saved(self.encoder, self.arrays, self.settings, self.words)
        head = TaggingHead(encoder, len(self.classes), own["buckets"], seed=0, crf=own["crf"], allowed=allowed)
        fill_module(head, "head.", self.arrays)
        return encoder, head


def _checked(sentences: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    kept = list(sentences)
    for at, sentence in enumerate(kept):
        if isinstance(sentence, str):
            raise DataError(f"sentences[{at}] is one string, {sentence[:30]!r}: split it into tokens first")
    return kept


def encode_tokens(sentences: Iterable[Sequence[str]], features: Encodes) -> Ragged:
    """Return the word number of each token, ignoring case; -1 for a word without a row.

    Examples
    --------
    >>> from mt2st.text import Features
    >>> features = Features.build([["the", "film"]], min_count=1, pairs=False)
    >>> encode_tokens([["The", "zebu"], []], features).ids.tolist()
    [1, -1]
    """
    return Ragged.from_lists([features.place(token.lower() for token in sentence) for sentence in sentences])
