"""The interface between the corpus and the primary's examples of any kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from mt2st.tasks import LabelledRows, TaggedRows
from mt2st.training.primary.labelled import read_labelled
from mt2st.training.primary.tagged import read_tagged_primary

if TYPE_CHECKING:
    from mt2st.text.features import Encodes
    from mt2st.training.reading import Reader, Tokens
    from mt2st.training.settings import Settings

PrimaryData: TypeAlias = LabelledRows | TaggedRows


class PrimaryText(Protocol):
    """Examples that have been read and split, but not yet encoded."""

    def held_out(self) -> set[str]:
        """Return the contents of the development and test parts' texts, which must not occur in any training data."""
        ...

    def test_texts(self) -> list[Any]:
        """Return the test part's texts, or the tokens of its sentences, so that mistakes can be shown."""
        ...

    def token_lists(self) -> Iterable[list[str]]:
        """Yield the words of the training texts, for the vocabulary and for language models."""
        ...

    def encode(self, features: Encodes) -> tuple[PrimaryData, PrimaryData, PrimaryData]:
        """Return the examples that training may draw from, and the development and test parts, as numbers."""
        ...


def read_primary(settings: Settings, reader: Reader, tokens: Tokens) -> PrimaryText:
    """Read and split the primary's examples."""
    if settings.primary.kind == "tagging":
        return read_tagged_primary(settings, reader)
    return read_labelled(settings, reader, tokens)
