"""Training and test data of `benchmarks/lexical.py`: initial vectors, word lists, and their halves."""

from __future__ import annotations

import lzma
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import mt2st
from mt2st.datasets import path_of
from mt2st.embeddings.formats import load_vectors
from mt2st.evaluation import read_analogies, read_dictionary, read_word_pairs
from mt2st.evaluation.folding import fold_words
from mt2st.tasks.known_words import place_words
from mt2st.text import tokenize

WIKI_WORDS = 2_000_000
PAIR_SETS = ("EN-WS-353-ALL", "EN-SIMLEX-999", "EN-MEN-TR-3k")
GERMAN = "de:"  # before each German word: no word is of both languages


@dataclass(frozen=True)
class WordList:
    """Entries of a list as rows of the vectors.

    Attributes
    ----------
    places
        (entries, words an entry).
    marks
        The score of a pair, or 1 for a syntactic question, (entries,).
    sets
        Which set, or section, an entry is of, (entries,).
    unknown
        Entries left out as a word has no vector.
    """

    places: NDArray[np.int64]
    marks: NDArray[np.float64]
    sets: NDArray[np.int64]
    unknown: int = 0

    def __len__(self) -> int:
        return len(self.places)

    def part(self, chosen: NDArray[np.bool_]) -> WordList:
        """Return some of the entries."""
        return replace(self, places=self.places[chosen], marks=self.marks[chosen], sets=self.sets[chosen])


def halves(entries: WordList, seed: int, by: str) -> tuple[WordList, WordList]:
    """Return a training and a held-out half.

    ``by="entries"`` splits entries, and words are in both halves. ``by="words"`` splits words: entries whose words are
    all of one half stay, those between the halves are left out, which are half of the pairs and seven eighths of the
    questions.
    """
    generator = np.random.default_rng(seed)
    if by == "entries":
        first = generator.permutation(len(entries)) < len(entries) // 2
        return entries.part(first), entries.part(~first)
    side = generator.random(int(entries.places.max()) + 1) < 0.5
    sides = side[entries.places]
    return entries.part(sides.all(1)), entries.part(~sides.any(1))


def halves_by_source(pairs: WordList, seed: int) -> tuple[WordList, WordList]:
    """Return halves of a dictionary by source words; translations that are in the first are none in the second."""
    generator = np.random.default_rng(seed)
    sources = np.unique(pairs.places[:, 0])
    trained = np.isin(pairs.places[:, 0], generator.permutation(sources)[: len(sources) // 2])
    seen = np.isin(pairs.places[:, 1], pairs.places[trained, 1])
    return pairs.part(trained), pairs.part(~trained & ~seen)


def joined(sources: Sequence[Sequence[Sequence[object]]], rows: dict[str, int], width: int) -> WordList:
    """Return lists of entries (words first, then the mark) as one, each a set of its own."""
    found = []
    for number, entries in enumerate(sources):
        known = place_words(entries, [rows] * width)
        marks = np.array([float(str(entries[k][width])) for k in known.kept], np.float64)
        found.append(WordList(known.places, marks, np.full(len(marks), number), known.unknown))
    places, marks, sets = (
        np.concatenate([getattr(part, name) for part in found]) for name in ("places", "marks", "sets")
    )
    return WordList(places, marks, sets, sum(part.unknown for part in found))


def word_pairs(words: Sequence[str], data: Path) -> WordList:
    """Return WordSim-353, SimLex-999 and MEN."""
    return joined([read_word_pairs(data / "wordsim" / f"{name}.txt") for name in PAIR_SETS], fold_words(words, True), 2)


def analogies(words: Sequence[str]) -> WordList:
    """Return the questions of questions-words.txt, each section a set."""
    sections = read_analogies(path_of("analogies"))
    marked = [[(*question, section.syntactic * 1) for question in section.questions] for section in sections]
    return joined(marked, fold_words(words, True), 4)


def dictionary(words: Sequence[str], data: Path) -> WordList:
    """Return both parts of the English-German dictionary, in lower case."""
    both = [pair for part in ("train", "test") for pair in read_dictionary(data / "alignment" / f"en-de.{part}.tsv")]
    marked = [(source.lower(), GERMAN + target.lower(), 0) for source, target in both]
    return joined([marked], {word.upper(): row for row, word in enumerate(words)}, 2)


@cache
def wiki_vectors(data: Path) -> mt2st.WordVectors:
    """Return skip-gram vectors of the first two million words of Wikipedia, some five seconds of training."""
    with lzma.open(data / "wiki" / "sentences.txt.xz", "rt", encoding="utf-8") as lines:
        text, words = [], 0
        for line in lines:
            text.append(line.lower().split())
            words += len(text[-1])
            if words >= WIKI_WORDS:
                break
    return mt2st.train_vectors(text, vector_size=100, epochs=5, seed=1)


def glove_vectors(data: Path) -> mt2st.WordVectors:
    """Return 10,000 words of Stanford's GloVe, 50 dimensions."""
    return load_vectors(data / "glove" / "glove.6B.50d.10k.txt.xz")


@cache
def caption_vectors(data: Path, *, together: bool) -> mt2st.WordVectors:
    """Return skip-gram vectors of English and German captions, five seconds of training.

    ``together`` makes one sentence of each caption and its translation, in turn a word of each, so that both languages
    share a space; otherwise no sentence has words of both, and the two spaces have nothing to do with each other.
    """
    english, german = (_captions(data, language) for language in ("en", "de"))
    german = [[GERMAN + word for word in sentence] for sentence in german]
    both = zip(english, german, strict=True)
    text = [_interleaved(*pair) for pair in both] if together else english + german
    return mt2st.train_vectors(text, vector_size=100, min_count=2, epochs=10, seed=1)


def _captions(data: Path, language: str) -> list[list[str]]:
    with lzma.open(data / "alignment" / f"multi30k.train.{language}.xz", "rt", encoding="utf-8") as lines:
        return [tokenize(line) for line in lines]


def _interleaved(first: list[str], second: list[str]) -> list[str]:
    """Return both sentences' words side by side, each at its share of the sentence."""
    placed = [((place + 0.5) / len(side), word) for side in (first, second) for place, word in enumerate(side)]
    return [word for _, word in sorted(placed, key=lambda each: each[0])]
