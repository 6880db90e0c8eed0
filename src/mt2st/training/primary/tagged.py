"""A primary whose sentences have a tag for each token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from mt2st.errors import DataError
from mt2st.evaluation import TagScheme
from mt2st.tasks import TaggedRows
from mt2st.text.content import contents
from mt2st.text.rows import Rows
from mt2st.training.further.tagging import encode_tagged, insists, read_sentences, tags_of
from mt2st.training.primary.own_parts import left_to_train, read_own_parts
from mt2st.training.split import COPIES, Parts, beside, part_size, split_documents

if TYPE_CHECKING:
    from mt2st.text.features import Encodes
    from mt2st.text.tagged import TaggedSentence
    from mt2st.training.reading import Reader
    from mt2st.training.settings import Settings


@dataclass(frozen=True)
class TaggedText:
    """Three parts of tagged sentences, and the scheme of their tags; None if these do not mark spans.

    ``unlabelled`` are sentences without any known tag, for the vocabulary and for language models.
    """

    parts: Parts[TaggedSentence]
    unlabelled: list[TaggedSentence]
    scheme: TagScheme | None

    def held_out(self) -> set[str]:
        """Return the contents of the development and test parts' texts."""
        return contents(self.parts.development, self.parts.test)

    def test_texts(self) -> list[list[str]]:
        """Return the tokens of the test part's sentences."""
        return [sentence.tokens for sentence in self.parts.test]

    def token_lists(self) -> Iterator[list[str]]:
        """Yield the words of the training sentences and of those without a tag, in lower case."""
        sentences = chain(self.parts.training, self.unlabelled)
        return ([token.lower() for token in sentence.tokens] for sentence in sentences)

    def encode(self, features: Encodes) -> tuple[TaggedRows, TaggedRows, TaggedRows]:
        """Return the three parts as numbers; tags that occur only in held-out parts are classes too, never learned."""
        parts = self.parts.training, self.parts.development, self.parts.test
        classes = tags_of([sentence for part in parts for sentence in part])
        training, development, test = (encode_tagged(part, features, classes, self.scheme) for part in parts)
        return training, development, test


def read_tagged_primary(settings: Settings, reader: Reader) -> TaggedText:
    """Read tagged sentences and split them.

    Raises
    ------
    DataError
        As `mt2st.training.further.tagging.read_sentences`; also if a held-out part has no sentence to evaluate on.
    """
    primary = settings.primary
    whole, without, scheme = _read(settings, reader, primary.data, None)
    own = read_own_parts(primary, reader, lambda path: _read_judged(settings, reader, path, scheme))
    whole = left_to_train(whole, own, primary, reader)
    parts = split_documents(
        whole,
        0 if own.development else part_size(len(whole), primary.development),
        0 if own.test else part_size(len(whole), primary.test),
        settings.training.split_seed,
    )
    reader.count(primary.data, COPIES, parts.left_out_of(whole))
    development, test = own.development or parts.development, own.test or parts.test
    for part, what in ((development, "development"), (test, "test")):
        if not part:
            raise DataError(f"no {what} sentences among {len(whole)} to evaluate on: give more data", path=primary.data)
    unlabelled = beside(without, [*parts.development, *parts.test, *development, *test])
    reader.count(primary.data, "held out of training", len(without) - len(unlabelled))
    return TaggedText(Parts(parts.training, development, test), unlabelled, scheme)


def _read_judged(settings: Settings, reader: Reader, path: str, scheme: TagScheme | None) -> list[TaggedSentence]:
    """Return the sentences to evaluate on: those with a known tag."""
    known, without, _ = _read(settings, reader, path, scheme)
    reader.count(path, "without a tag to evaluate on", len(without))
    return known


def _read(
    settings: Settings, reader: Reader, path: str, scheme: TagScheme | None
) -> tuple[list[TaggedSentence], list[TaggedSentence], TagScheme | None]:
    """Return the sentences with a known tag, the others, and the scheme: that given, set or detected.

    With a given scheme they are judged, not learned from: tags that it forbids at their place do no harm.
    """
    primary, rows = settings.primary, Rows(path, settings.training.on_bad_rows == "skip")
    name = primary.scheme if scheme is None else scheme.name
    with reader.naming_settings_of(primary):
        sentences, found = read_sentences(primary, rows, name, insist=scheme is None and insists(primary))
    for reason, count in rows.skipped.items():
        reader.count(path, reason, count)
    known = [any(tag is not None for tag in sentence.tags) for sentence in sentences]
    without = [sentence for sentence, tagged in zip(sentences, known, strict=True) if not tagged]
    return [sentence for sentence, tagged in zip(sentences, known, strict=True) if tagged], without, found
