"""All the data of a job, read, split and encoded: what stays the same whatever the strategy, seed and rates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from mt2st.errors import DataError
from mt2st.tasks import LabelledRows
from mt2st.text import Example, Examples, Features, Ragged, tokenize
from mt2st.text.rows import Rows
from mt2st.training.further import Further, FurtherData, read_further
from mt2st.training.language import count_records, make_words
from mt2st.training.lexical import WordList, read_word_list
from mt2st.training.pretrained import Pretrained, read_pretrained
from mt2st.training.settings import FURTHER, LEXICAL, Auxiliary, Model, Settings, Source
from mt2st.training.sources import keep_known_classes, load_examples
from mt2st.training.split import Parts, part_size, split_documents

if TYPE_CHECKING:
    from mt2st.embeddings.word_rows import WordRows
    from mt2st.tasks.glove import CooccurrenceRecords


@dataclass(frozen=True)
class Corpus:
    """Encoded data.

    Attributes
    ----------
    features
        Words and word pairs, from every text but the primary's development and test parts.
    pool
        The primary's labelled examples that training may draw from.
    development, test
        The primary's held-out parts.
    labelled
        The classification auxiliaries by name.
    sentences
        Word numbers of the language auxiliaries' sentences, by name.
    skipped_rows
        Rows left out as bad, by source and reason.
    records
        Co-occurrences in the sentences of the GloVe auxiliaries, by name.
    further
        The other labelled auxiliaries, by name.
    lexical
        The word lists, by name.
    pretrained
        The first values of the words' rows, where these are given.
    words
        The rows that make up each word of a labelled text, where the encoder has subwords; unknown words have numbers.
    """

    features: Features
    pool: LabelledRows
    development: LabelledRows
    test: LabelledRows
    labelled: dict[str, LabelledRows]
    sentences: dict[str, Ragged]
    skipped_rows: dict[str, dict[str, int]]
    records: dict[str, CooccurrenceRecords] = field(default_factory=dict)
    further: dict[str, FurtherData] = field(default_factory=dict)
    lexical: dict[str, WordList] = field(default_factory=dict)
    pretrained: Pretrained | None = None
    words: WordRows | None = None


class _Reader:
    """Reads sources and keeps account of the rows left out."""

    def __init__(self, settings: Settings) -> None:
        self.on_bad_rows = settings.training.on_bad_rows
        self.skipped: dict[str, dict[str, int]] = {}

    def read(self, source: Source, data: str, *, require_labels: bool = True) -> Examples:
        found = load_examples(source, data, on_bad_rows=self.on_bad_rows, require_labels=require_labels)
        for reason, count in found.skipped.items():
            self.count(data, reason, count)
        return found

    def count(self, data: str, reason: str, rows: int) -> None:
        if rows:
            self.skipped.setdefault(data, {})[reason] = rows

    def read_further(self, auxiliary: Auxiliary, held_out: set[str]) -> Further:
        """Read the examples of a labelled auxiliary that is no classification, but for those whose text is held out."""
        rows = Rows(str(auxiliary.data), self.on_bad_rows == "skip")
        found, left_out = read_further(auxiliary, rows, held_out)
        for reason, count in rows.skipped.items():
            self.count(rows.path, reason, count)
        self.count(rows.path, "held out of the primary", left_out)
        return found

    def read_beside(self, source: Source, data: str, held_out: set[str], *, require_labels: bool) -> list[Example]:
        """Read the examples of an auxiliary but for those whose text is held out."""
        found = self.read(source, data, require_labels=require_labels).examples
        kept = [example for example in found if example.text not in held_out]
        self.count(data, "held out of the primary", len(found) - len(kept))
        return kept


def load_corpus(settings: Settings) -> Corpus:
    """Read, split and encode everything that the settings name."""
    reader = _Reader(settings)
    parts = _primary_parts(settings, reader)
    held_out = {example.text for part in (parts.development, parts.test) for example in part}
    labelled, unlabelled = _auxiliary_examples(settings, reader, held_out)
    further = {
        name: reader.read_further(auxiliary, held_out)
        for name, auxiliary in settings.auxiliary.items()
        if auxiliary.kind in FURTHER
    }
    tokens = _Tokens()
    text: list[list[str]] = [tokens.of(example) for part in (parts.training, *labelled.values()) for example in part]
    text += [words for each in further.values() for words in each.token_lists()]
    own_text = {
        name: None if own is None else [tokens.of(example) for example in own] for name, own in unlabelled.items()
    }
    language = {name: text if own is None else own for name, own in own_text.items()}
    features = Features.build(
        chain(text, *(own for own in own_text.values() if own is not None)),
        min_count=settings.model.min_count,
        pair_min_count=settings.model.pair_min_count,
        pairs=settings.model.pairs and settings.model.encoder == "bag",
    )

    words = make_words(features, settings)
    numbers = words or features

    def rows(part: Iterable[Example]) -> Ragged:
        most = settings.model.max_words
        return Ragged.from_lists([numbers.encode(tokens.of(example)[:most]) for example in part])

    def labelled_rows(part: list[Example], classes: tuple[str, ...]) -> LabelledRows:
        number = {label: place for place, label in enumerate(classes)}
        return LabelledRows(rows(part), np.array([number[str(e.label)] for e in part], np.int32), classes)

    classes = _classes(parts.training)
    sentences = {
        name: Ragged.from_lists([features.encode_words(words) for words in part]) for name, part in language.items()
    }
    return Corpus(
        features=features,
        pool=labelled_rows(parts.training, classes),
        development=labelled_rows(parts.development, classes),
        test=labelled_rows(parts.test, classes),
        labelled={name: labelled_rows(part, _classes(part)) for name, part in labelled.items()},
        sentences=sentences,
        skipped_rows=reader.skipped,
        records={
            name: count_records(sentences[name], len(features.words), auxiliary.window)
            for name, auxiliary in settings.auxiliary.items()
            if auxiliary.kind == "glove"
        },
        further={name: each.encode(numbers) for name, each in further.items()},
        lexical={
            name: read_word_list(name, auxiliary, features.words.words, settings.model.vector_size, reader.count)
            for name, auxiliary in settings.auxiliary.items()
            if auxiliary.kind in LEXICAL
        },
        pretrained=_pretrained(settings.model, features),
        words=words,
    )


def _pretrained(model: Model, features: Features) -> Pretrained | None:
    words = features.words
    return (
        None
        if model.vectors is None
        else read_pretrained(model.vectors, model.vector_size, words.words, words.counts.tolist())
    )


class _Tokens:
    """Tokenises each text once."""

    def __init__(self) -> None:
        self._known: dict[str, list[str]] = {}

    def of(self, example: Example) -> list[str]:
        if example.text not in self._known:
            self._known[example.text] = tokenize(example.text)
        return self._known[example.text]


def _classes(part: list[Example]) -> tuple[str, ...]:
    return tuple(sorted({str(example.label) for example in part}))


def _primary_parts(settings: Settings, reader: _Reader) -> Parts:
    primary, training = settings.primary, settings.training
    found = reader.read(primary, primary.data)
    own_development = reader.read(primary, primary.development_data) if primary.development_data else None
    own_test = reader.read(primary, primary.test_data) if primary.test_data else None
    parts = split_documents(
        found.examples,
        0 if own_development else part_size(len(found), primary.development),
        0 if own_test else part_size(len(found), primary.test),
        training.split_seed,
    )
    classes = _classes(parts.training)
    if len(classes) < 2:
        only = f"all {len(parts.training)} examples left to train on have the label {classes[0]!r}"
        raise DataError(f"{only}: give more data, or another training.split_seed", path=found.path)

    def held_out(name: str, own: Examples | None, part: list[Example]) -> list[Example]:
        examples, path = (own.examples, own.path) if own else (part, found.path)
        kept = keep_known_classes(examples, classes, path, training.on_bad_rows)
        reader.count(path, f"{name} class missing from training", len(examples) - len(kept))
        if not kept:
            raise DataError(f"no {name} examples among {len(found)} to judge by: give more data", path=path)
        return kept

    development = held_out("development", own_development, parts.development)
    return Parts(parts.training, development, held_out("test", own_test, parts.test))


def _auxiliary_examples(
    settings: Settings, reader: _Reader, held_out: set[str]
) -> tuple[dict[str, list[Example]], dict[str, list[Example] | None]]:
    labelled: dict[str, list[Example]] = {}
    unlabelled: dict[str, list[Example] | None] = {}
    for name, auxiliary in settings.auxiliary.items():
        if auxiliary.kind == "classification":
            labelled[name] = reader.read_beside(auxiliary, str(auxiliary.data), held_out, require_labels=True)
        elif auxiliary.kind not in (*FURTHER, *LEXICAL):
            unlabelled[name] = _own_text(auxiliary, reader, held_out)
    return labelled, unlabelled


def _own_text(auxiliary: Auxiliary, reader: _Reader, held_out: set[str]) -> list[Example] | None:
    """Return the text of a language auxiliary; None stands for all the text of the other tasks."""
    sources = [auxiliary.data] if isinstance(auxiliary.data, str) else auxiliary.data
    if not sources:
        return None
    return [e for data in sources for e in reader.read_beside(auxiliary, data, held_out, require_labels=False)]
