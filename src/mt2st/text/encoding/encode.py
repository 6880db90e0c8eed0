"""Text into an encoded corpus on disk: one pass over the bytes, then new numbers for the words that stay."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from mt2st.errors import CheckpointError, ConfigError
from mt2st.folder_lock import refusing_others
from mt2st.text.encoding.blocks import FileBlocks, token_blocks
from mt2st.text.encoding.corpus import SEAL, VERSION, EncodedCorpus
from mt2st.text.encoding.disk import disk_errors, read_json
from mt2st.text.encoding.merge import GrowingVocabulary
from mt2st.text.encoding.pipeline import SEALED_BLOCKS, Progress, encoded_parts, merge_parts, read_ahead
from mt2st.text.encoding.sources import Source, are_files, fingerprint, sources_of
from mt2st.text.encoding.store import PartStore, remove_parts
from mt2st.text.encoding.writing import publish, write_corpus

UNFINISHED = "unfinished"
DEFAULT_MEMORY = 1 << 26
LEAST_MEMORY = 1 << 16
# Blocks in flight, their ids and the tables: a block is this part of the memory.
SHARE = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """What decides about a corpus beside its text."""

    min_count: int
    max_vocabulary: int | None
    lower: bool
    memory: int = DEFAULT_MEMORY

    def __post_init__(self) -> None:
        if self.min_count < 1:
            raise ConfigError(f"min_count must be 1 or more, {self.min_count} found")
        if self.max_vocabulary is not None and self.max_vocabulary < 1:
            raise ConfigError(f"max_vocabulary must be 1 or more, or None for no bound, {self.max_vocabulary} found")
        if self.memory < LEAST_MEMORY:
            raise ConfigError(f"memory must be {LEAST_MEMORY} bytes or more, {self.memory} found")


def encode_corpus(
    source: Source | Iterable[Iterable[str]],
    folder: str | Path,
    *,
    min_count: int = 5,
    max_vocabulary: int | None = None,
    lower: bool = False,
    workers: int = 1,
    memory: int = DEFAULT_MEMORY,
    on_progress: Progress | None = None,
) -> EncodedCorpus:
    r"""Write a text's vocabulary, ids and sentence offsets into a folder, and open them.

    Parameters
    ----------
    source
        Files (.gz, .xz and .zst are decompressed): a path, a pattern such as ``"data/*.txt"``, or a list of those. A
        line is a sentence, ASCII white space is between its words. Or any iterable of token lists, gone through once.
        Sentences of more than 10,000 words are cut, as gensim cuts them, and lines longer than a block.
    folder
        Where the corpus goes. A finished one of the same files and settings is opened as it is; an interrupted one is
        gone on with from its last sealed point (token lists begin anew); any other is replaced when the new one is
        done.
    min_count
        Rarer words are left out of sentences and vocabulary.
    max_vocabulary
        Bounds the words held while counting: when there are more after a block, those seen once at most are dropped,
        the next time those seen twice at most, and so on. Counts of the words that are left are exact, but a word can
        be lost whose occurrences lie far apart. None for no bound.
    lower
        Whether words are put into lower case, as ``str.lower`` does.
    workers
        Threads that number words. The result does not depend on it.
    memory
        Bytes for a worker's block of text and what is made of it; an eighth is the block. As many are held of blocks
        that are done but not written yet. The vocabulary comes on top, once for the text and once for each worker's
        last 32 blocks. It decides where shards end.
    on_progress
        Called after each block with the bytes of the files read so far and those there are; for token lists with the
        bytes of their text and None.

    Raises
    ------
    DataError
        Where a file cannot be read, or is not UTF-8 (with line and column); where no word is frequent enough; where the
        folder cannot be written.
    ConfigError
        Where a setting is out of its bounds, or another process encodes into the folder.

    Notes
    -----
    Dropping by a rising threshold is what word2vec does (T. Mikolov et al., 2013, the published code's ReduceVocab).

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "text.txt")
    ...     _ = path.write_text("To be or not\nto be\nthat\n")
    ...     corpus = encode_corpus(path, Path(folder, "corpus"), min_count=2, lower=True)
    ...     print(corpus.vocabulary.words, corpus.words, [shard.row(0).tolist() for shard in corpus.shards])
    ['be', 'to'] 7 [[1, 0]]
    """
    settings, folder = Settings(min_count, max_vocabulary, lower, memory), Path(folder)
    if workers < 1:
        raise ConfigError(f"workers must be 1 or more, {workers} found")
    files = sources_of(cast(Source, source)) if are_files(source) else None
    mark = uuid4().hex if files is None else mark_of(files, settings)
    with disk_errors(folder):
        finished = open_finished(folder, mark)
        if finished:
            remove_parts(folder / UNFINISHED, mark)
            return finished
        with refusing_others(folder, f"{folder} is being encoded into", "pass another folder"):
            with PartStore(folder / UNFINISHED, mark, memory) as store:
                if files is None:
                    blocks, total = token_blocks(cast("Iterable[Iterable[str]]", source), memory // SHARE), None
                else:
                    blocks = read_ahead(FileBlocks(files, memory // SHARE, store.place))
                    total = sum(file.stat().st_size for file in files)
                # What a bound drops must depend on the blocks and not on who counted them: each has a table of its own.
                parts = encoded_parts(blocks, workers, 1 if max_vocabulary else SEALED_BLOCKS)
                growing = merge_parts(store, parts, GrowingVocabulary(max_vocabulary), lower, on_progress, total)
                seal, vocabulary = write_corpus(store, folder / UNFINISHED, growing, min_count, workers, mark)
            publish(folder / UNFINISHED, folder, seal)
    return EncodedCorpus.mapped(folder, seal, vocabulary)


def mark_of(files: list[Path], settings: Settings) -> list[Any]:
    """Return what a corpus of files is of."""
    return [VERSION, list(dataclasses.astuple(settings)), fingerprint(files)]


def holds(folder: Path, source: Source | Iterable[Iterable[str]], **settings: Any) -> bool:
    """Return whether a folder's corpus is of this text and these settings; none is known to be of token lists."""
    if not are_files(source):
        return False
    mark = mark_of(sources_of(cast(Source, source)), Settings(**settings))
    return bool(read_json(folder / SEAL).get("mark") == mark)


def open_finished(folder: Path, mark: Any) -> EncodedCorpus | None:
    """Return the corpus in a folder where it is whole and of this mark."""
    if read_json(folder / SEAL).get("mark") != mark:
        return None
    try:
        return EncodedCorpus.open(folder)
    except CheckpointError:
        return None
