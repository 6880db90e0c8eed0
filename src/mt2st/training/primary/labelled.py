"""A primary whose texts have one label each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from mt2st.errors import DataError, counted
from mt2st.tasks import LabelledRows
from mt2st.text import Example, Examples, Ragged
from mt2st.text.content import contents
from mt2st.training.primary.own_parts import left_to_train, read_own_parts
from mt2st.training.sources import keep_known_classes
from mt2st.training.split import COPIES, Parts, beside, part_size, split_documents

if TYPE_CHECKING:
    from mt2st.text.features import Encodes
    from mt2st.training.reading import Reader, Tokens
    from mt2st.training.settings import Settings, Source


@dataclass(frozen=True)
class LabelledText:
    """Three parts of labelled texts, each cut to its first ``max_words`` words; None keeps all.

    ``unlabelled`` are texts without a known label, for the vocabulary and for language models.
    """

    parts: Parts[Example]
    unlabelled: list[Example]
    tokens: Tokens
    max_words: int | None

    def held_out(self) -> set[str]:
        """Return the contents of the development and test parts' texts."""
        return contents(self.parts.development, self.parts.test)

    def test_texts(self) -> list[str]:
        """Return the texts of the test part."""
        return [example.text for example in self.parts.test]

    def token_lists(self) -> Iterator[list[str]]:
        """Yield all words of the training texts and of the unlabelled texts."""
        return (self.tokens.of(example) for example in chain(self.parts.training, self.unlabelled))

    def encode(self, features: Encodes) -> tuple[LabelledRows, LabelledRows, LabelledRows]:
        """Return the three parts as numbers."""
        classes = classes_of(self.parts.training)
        parts = self.parts.training, self.parts.development, self.parts.test
        training, development, test = (
            encode_labelled(part, classes, features, self.tokens, self.max_words) for part in parts
        )
        return training, development, test


def classes_of(part: list[Example]) -> tuple[str, ...]:
    """Return the labels that occur, sorted."""
    return tuple(sorted({example.label for example in part if example.label is not None}))


def encode_labelled(
    part: list[Example], classes: tuple[str, ...], features: Encodes, tokens: Tokens, max_words: int | None
) -> LabelledRows:
    """Encode the first ``max_words`` words of each text whose label is known."""
    number = {label: place for place, label in enumerate(classes)}
    known = [(example, number[example.label]) for example in part if example.label is not None]
    rows = Ragged.from_lists([features.encode(tokens.of(example)[:max_words]) for example, _ in known])
    return LabelledRows(rows, np.array([label for _, label in known], np.int32), classes)


def read_labelled(settings: Settings, reader: Reader, tokens: Tokens) -> LabelledText:
    """Read labelled texts and split them.

    Raises
    ------
    DataError
        If all texts left to train on have one label, or a held-out part has no example to evaluate on.
    """
    primary, training = settings.primary, settings.training
    found, without = _read_known(reader, primary, primary.data)
    own = read_own_parts(primary, reader, lambda data: _read_judged(reader, primary, data))
    examples = left_to_train(found.examples, own, primary, reader)
    parts = split_documents(
        examples,
        0 if own.development else part_size(len(examples), primary.development),
        0 if own.test else part_size(len(examples), primary.test),
        training.split_seed,
    )
    reader.count(found.path, COPIES, parts.left_out_of(examples))
    classes = classes_of(parts.training)
    if len(classes) < 2:
        only = f"{counted(len(parts.training), 'example')} left to train on and one label, {classes[0]!r}"
        raise DataError(f"{only}: give more data, or another training.split_seed", path=found.path)

    def held_out(name: str, own: list[Example] | None, part: list[Example], own_path: str | None) -> list[Example]:
        judged, path = (own, str(own_path)) if own else (part, found.path)
        kept = keep_known_classes(judged, classes, path, training.on_bad_rows)
        reader.count(path, f"{name} class missing from training", len(judged) - len(kept))
        if not kept:
            raise DataError(f"no {name} examples among {len(found)} to evaluate on: give more data", path=path)
        return kept

    development = held_out("development", own.development, parts.development, primary.development_data)
    test = held_out("test", own.test, parts.test, primary.test_data)
    three = Parts(parts.training, development, test)
    unlabelled = beside(without, [*parts.development, *parts.test, *three.development, *three.test])
    reader.count(found.path, "held out of training", len(without) - len(unlabelled))
    return LabelledText(three, unlabelled, tokens, settings.model.max_words)


def _read_known(reader: Reader, source: Source, data: str) -> tuple[Examples, list[Example]]:
    """Return the examples whose label is known, and the others."""
    found = reader.read(source, data)
    known = [example for example in found if example.label is not None]
    return replace(found, examples=known), [example for example in found if example.label is None]


def _read_judged(reader: Reader, source: Source, data: str) -> list[Example]:
    """Return the examples to evaluate on: those whose label is known."""
    known, without = _read_known(reader, source, data)
    reader.count(known.path, "without a label to evaluate on", len(without))
    return known.examples
