"""What the corpus asks of a primary, whatever its kind."""

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
    """Examples that are read, split and not yet encoded."""

    def held_out(self) -> set[str]:
        """Return the texts of the development and test parts, which nothing else may see."""
        ...

    def test_texts(self) -> list[Any]:
        """Return the test part's texts, or the tokens of its sentences, to be shown where they are misclassified."""
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
