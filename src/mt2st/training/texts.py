"""The texts of a job, read and tokenised."""

from __future__ import annotations

from dataclasses import dataclass

from mt2st.text import Example
from mt2st.training.further import Further
from mt2st.training.primary import PrimaryText, read_primary
from mt2st.training.reading import Reader, Tokens
from mt2st.training.settings import FURTHER, LEXICAL, Auxiliary, Settings


@dataclass(frozen=True)
class Texts:
    """The texts that were read.

    Attributes
    ----------
    primary
        The primary's examples.
    labelled, further
        The examples of classification auxiliaries, and of other labelled ones, by name.
    common
        The tokens of all of these.
    own
        The tokens of each language auxiliary's own text by name; None if it has none.
    """

    primary: PrimaryText
    labelled: dict[str, list[Example]]
    further: dict[str, Further]
    common: list[list[str]]
    own: dict[str, list[list[str]] | None]

    def of(self, name: str) -> list[list[str]]:
        """Return the tokens that a language auxiliary reads."""
        own = self.own[name]
        return self.common if own is None else own


def read_texts(settings: Settings, reader: Reader, tokens: Tokens) -> Texts:
    """Read and tokenise everything that the settings name, except word lists and vectors."""
    primary = read_primary(settings, reader, tokens)
    held_out = primary.held_out()
    labelled, unlabelled = _auxiliary_examples(settings, reader, held_out)
    further = {
        name: reader.read_further(auxiliary, held_out)
        for name, auxiliary in settings.auxiliary.items()
        if auxiliary.kind in FURTHER
    }
    common: list[list[str]] = [*primary.token_lists()]
    common += [tokens.of(example) for part in labelled.values() for example in part]
    common += [words for each in further.values() for words in each.token_lists()]
    own = {name: None if own is None else [tokens.of(example) for example in own] for name, own in unlabelled.items()}
    return Texts(primary, labelled, further, common, own)


def _auxiliary_examples(
    settings: Settings, reader: Reader, held_out: set[str]
) -> tuple[dict[str, list[Example]], dict[str, list[Example] | None]]:
    labelled: dict[str, list[Example]] = {}
    unlabelled: dict[str, list[Example] | None] = {}
    for name, auxiliary in settings.auxiliary.items():
        if auxiliary.kind == "classification":
            labelled[name] = reader.read_beside(auxiliary, str(auxiliary.data), held_out, require_labels=True)
        elif auxiliary.kind not in (*FURTHER, *LEXICAL):
            unlabelled[name] = _own_text(auxiliary, reader, held_out)
    return labelled, unlabelled


def _own_text(auxiliary: Auxiliary, reader: Reader, held_out: set[str]) -> list[Example] | None:
    """Return the text of a language auxiliary; None stands for the text of all other tasks."""
    sources = [auxiliary.data] if isinstance(auxiliary.data, str) else auxiliary.data
    if not sources:
        return None
    return [e for data in sources for e in reader.read_beside(auxiliary, data, held_out, require_labels=False)]
