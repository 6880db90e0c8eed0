"""An encoded corpus on disk, read in memory-mapped shards, so that it may be larger than memory."""

from __future__ import annotations

import mmap
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import CheckpointError, DataError
from mt2st.text.encoding.disk import read_json
from mt2st.text.ragged import Ragged
from mt2st.text.vocabulary import Vocabulary

VERSION = 1
SEAL = "corpus.json"
IDS, OFFSETS, WORDS, COUNTS = "ids.int32", "offsets.int64", "words.txt", "counts.int64"
FILES = (SEAL, IDS, OFFSETS, WORDS, COUNTS)
# Linux's MAP_NORESERVE: reserve no memory for pages that are never written.
NO_RESERVE = 0x4000 if sys.platform == "linux" else 0


class EncodedCorpus:
    """Text as ids in files, made by `encode_corpus`; open one with `EncodedCorpus.open`.

    Attributes
    ----------
    folder
        Its folder.
    vocabulary
        Words of at least ``min_count`` occurrences, by descending count, then alphabetically.
    words
        Number of words of the text, including those not in the vocabulary: the corpus words of "words per second".
    shards
        Sentences in the text's order, each shard over memory-mapped ids and offsets. Sentences without known words are
        skipped. Writes to the arrays stay in this process and never reach the files.
    sentences, tokens
        Their numbers in all shards.
    """

    def __init__(self, folder: Path, vocabulary: Vocabulary, words: int, shards: list[Ragged]) -> None:
        self.folder, self.vocabulary, self.words, self.shards = folder, vocabulary, words, shards
        self.sentences = sum(len(shard) for shard in shards)
        self.tokens = sum(len(shard.ids) for shard in shards)

    @classmethod
    def open(cls, folder: str | Path) -> EncodedCorpus:
        """Open a finished corpus without reading its ids.

        Raises
        ------
        CheckpointError
            If there is none, or it is damaged, or was written by another version.
        """
        path = Path(folder)
        seal = read_seal(path)
        try:
            return cls.mapped(path, seal, Vocabulary(*read_vocabulary(path, seal)))
        except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
            raise CheckpointError(f"{path}: the corpus is damaged ({error}): encode it again") from error

    @classmethod
    def mapped(cls, folder: Path, seal: dict[str, Any], vocabulary: Vocabulary) -> EncodedCorpus:
        """Return the corpus that a seal describes, over memory maps of its files."""
        extents = np.array(seal["shards"], np.int64).reshape(-1, 2)
        tokens, sentences = (int(total) for total in extents.sum(axis=0))
        ids = mapped(folder / IDS, np.int32, tokens)
        offsets = mapped(folder / OFFSETS, np.int64, sentences + len(extents))
        if (counted := int(vocabulary.counts.sum())) != tokens:
            raise DataError(f"{counted} words are counted, but there are {tokens} ids")
        first = np.cumsum(extents, axis=0) - extents
        shards = [
            Ragged(ids[at : at + length], offsets[row + number : row + number + rows + 1])
            for number, ((at, row), (length, rows)) in enumerate(zip(first.tolist(), extents.tolist(), strict=True))
        ]
        return cls(folder, vocabulary, int(seal["words"]), shards)


def read_seal(folder: Path) -> dict[str, Any]:
    """Return the contents of the seal, the file of a corpus that is written last."""
    seal = read_json(folder / SEAL)
    if not seal:
        raise CheckpointError(f"{folder}: there is no finished corpus: make one with encode_corpus(...)")
    if seal.get("version") != VERSION:
        found = seal.get("version")
        raise CheckpointError(f"{folder}: a corpus of version {VERSION} is expected, {found} found: encode it again")
    return seal


def mapped(path: Path, kind: type[np.generic], count: int) -> NDArray[Any]:
    """Return a file's numbers as a memory map; the array is writable, as kernels require."""
    check_size(path, count * np.dtype(kind).itemsize)
    if not hasattr(mmap, "MAP_PRIVATE"):  # Windows
        return np.asarray(np.memmap(path, kind, "c"))
    with path.open("rb") as file:
        flags, access = mmap.MAP_PRIVATE | NO_RESERVE, mmap.PROT_READ | mmap.PROT_WRITE
        return np.frombuffer(mmap.mmap(file.fileno(), 0, flags=flags, prot=access), kind)


def read_vocabulary(folder: Path, seal: dict[str, Any]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the words, each followed by a newline in the file, and their counts."""
    check_size(folder / WORDS, seal["bytes"])
    words = (folder / WORDS).read_bytes().decode().split("\n")[:-1]
    return words, mapped(folder / COUNTS, np.int64, seal["vocabulary"])


def check_size(path: Path, size: int) -> None:
    """Raise `DataError` if a file does not have the size with which it was written."""
    found = path.stat().st_size
    if found != size:
        raise DataError(f"{path.name} has {found} bytes, not {size}")
