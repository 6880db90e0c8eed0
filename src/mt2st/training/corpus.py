"""All the data of a job, read, split and encoded; it does not depend on strategy, seed and rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from mt2st.tasks import LabelledRows
from mt2st.text import Example, Features, Ragged
from mt2st.training.further import FurtherData
from mt2st.training.language import count_records, make_words
from mt2st.training.lexical import WordList, read_word_list
from mt2st.training.pretrained import Pretrained, read_pretrained, table_size
from mt2st.training.primary import PrimaryData
from mt2st.training.primary.labelled import classes_of, encode_labelled
from mt2st.training.reading import Reader, Tokens
from mt2st.training.settings import LEXICAL, Model, Settings
from mt2st.training.texts import Texts, read_texts

if TYPE_CHECKING:
    from mt2st.embeddings.word_rows import WordRows
    from mt2st.tasks.glove import CooccurrenceRecords
    from mt2st.text.features import Encodes


NO_WORDS = "without a word that occurs model.min_count times, so nothing is learned: lower it, or split words by spaces"


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
    documents
        The rows of the words and word pairs of the document auxiliaries' sentences, by name.
    pretrained
        The initial values of the words' rows, if given.
    words
        The rows that make up each word of a labelled text, if the encoder has subwords; unknown words have rows too.
    test_texts
        The texts of the primary's test part, or the tokens of its sentences.
    """

    features: Features
    pool: PrimaryData
    development: PrimaryData
    test: PrimaryData
    labelled: dict[str, LabelledRows]
    sentences: dict[str, Ragged]
    skipped_rows: dict[str, dict[str, int]]
    records: dict[str, CooccurrenceRecords] = field(default_factory=dict)
    further: dict[str, FurtherData] = field(default_factory=dict)
    lexical: dict[str, WordList] = field(default_factory=dict)
    documents: dict[str, Ragged] = field(default_factory=dict)
    pretrained: Pretrained | None = None
    words: WordRows | None = None
    test_texts: Sequence[Any] = ()

    def has_words(self, name: str) -> bool:
        """Return whether a language auxiliary has something to learn: known words, for GloVe also co-occurrences."""
        records = self.records.get(name)
        return len(self.sentences[name].ids) > 0 and (records is None or len(records) > 0)


def load_corpus(settings: Settings) -> Corpus:
    """Read, split and encode everything that the settings name."""
    reader, tokens, model = Reader(settings), Tokens(), settings.model
    texts = read_texts(settings, reader, tokens)
    features = Features.build(
        chain(texts.common, *(own for own in texts.own.values() if own is not None)),
        min_count=model.min_count,
        pair_min_count=model.pair_min_count,
        pairs=model.pairs and model.encoder == "bag",
    )
    words = make_words(features, settings)
    numbers = words or features
    pool, development, test = texts.primary.encode(numbers)
    sentences, records, documents = _encode_language(texts, features, settings)
    pretrained = _pretrained(model, features)
    corpus = Corpus(
        features=features,
        pool=pool,
        development=development,
        test=test,
        labelled=_encode_labelled(texts.labelled, numbers, tokens, model),
        sentences=sentences,
        skipped_rows=reader.skipped,
        records=records,
        further={name: each.encode(numbers) for name, each in texts.further.items()},
        lexical=_read_lexical(settings, features, table_size(model, pretrained), reader),
        documents=documents,
        pretrained=pretrained,
        words=words,
        test_texts=texts.primary.test_texts(),
    )
    for name in sentences:
        if not corpus.has_words(name):
            reader.count(name, NO_WORDS, len(sentences[name]))
    return corpus


def _encode_labelled(
    labelled: dict[str, list[Example]], numbers: Encodes, tokens: Tokens, model: Model
) -> dict[str, LabelledRows]:
    return {
        name: encode_labelled(part, classes_of(part), numbers, tokens, model.max_words)
        for name, part in labelled.items()
    }


def _encode_language(
    texts: Texts, features: Features, settings: Settings
) -> tuple[dict[str, Ragged], dict[str, CooccurrenceRecords], dict[str, Ragged]]:
    """Return the language auxiliaries' sentences, the co-occurrences of GloVe, and the rows of document models."""
    sentences = {name: Ragged.from_lists(map(features.encode_words, texts.of(name))) for name in texts.own}
    records, documents = {}, {}
    for name in texts.own:
        auxiliary = settings.auxiliary[name]
        if auxiliary.kind == "glove":
            records[name] = count_records(sentences[name], len(features.words), auxiliary.window)
        elif auxiliary.kind == "document":
            documents[name] = Ragged.from_lists(map(features.encode, texts.of(name)))
    return sentences, records, documents


def _read_lexical(settings: Settings, features: Features, vector_size: int, reader: Reader) -> dict[str, WordList]:
    return {
        name: read_word_list(name, auxiliary, features.words.words, vector_size, reader.count)
        for name, auxiliary in settings.auxiliary.items()
        if auxiliary.kind in LEXICAL
    }


def _pretrained(model: Model, features: Features) -> Pretrained | None:
    words = features.words
    return (
        None
        if model.vectors is None
        else read_pretrained(model.vectors, model.vector_size, words.words, words.counts.tolist())
    )
