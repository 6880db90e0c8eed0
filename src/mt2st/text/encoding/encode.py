"""Encoding text as a corpus on disk: one pass over the bytes, then new numbers for the words kept."""

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
# A block's share of the memory is 1 / SHARE, as several blocks, their ids and tables are held at once.
SHARE = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """The settings that determine a corpus, besides its text."""

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
        line is a sentence, with words separated by ASCII white space. Or any iterable of token lists, read once.
        Sentences of more than 10,000 words are split, as in gensim, and so are lines longer than a block.
    folder
        The output folder. A finished corpus of the same files and settings is opened unchanged; an interrupted one is
        continued from its last sealed point (token lists restart); any other is replaced once the new one is finished.
    min_count
        Rarer words are removed from sentences and vocabulary.
    max_vocabulary
        Maximum number of words held while counting: if there are more after a block, those seen at most once are
        dropped, the next time those seen at most twice, and so on. Counts of the remaining words are exact, but a word
        whose occurrences are far apart can be lost. None for no bound.
    lower
        Whether to convert words to lower case, as ``str.lower`` does.
    workers
        Number of threads that number words. The result does not depend on it.
    memory
        Bytes for a worker's block of text and its results; an eighth is the block. As many bytes are held of finished
        blocks not yet written. The vocabulary comes on top, once for the text and once for each worker's last 32
        blocks. It determines where shards end.
    on_progress
        Called after each block with the number of bytes read so far and of all files; for token lists with the bytes of
        their text and None.

    Raises
    ------
    DataError
        If a file cannot be read, or is not UTF-8 (with line and column); if no word is frequent enough; if the folder
        cannot be written.
    ConfigError
        If a setting is out of range, or another process is encoding into the folder.

    Notes
    -----
    Dropping by a rising threshold is as in word2vec (T. Mikolov et al., 2013, the published code's ReduceVocab).

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
                # With a bound, dropped words must depend only on the blocks, not on threads: each has its own table.
                parts = encoded_parts(blocks, workers, 1 if max_vocabulary else SEALED_BLOCKS)
                growing = merge_parts(store, parts, GrowingVocabulary(max_vocabulary), lower, on_progress, total)
                seal, vocabulary = write_corpus(store, folder / UNFINISHED, growing, min_count, workers, mark)
            publish(folder / UNFINISHED, folder, seal)
    return EncodedCorpus.mapped(folder, seal, vocabulary)


def mark_of(files: list[Path], settings: Settings) -> list[Any]:
    """Return the identity of a corpus of files: version, settings and the files' fingerprint."""
    return [VERSION, list(dataclasses.astuple(settings)), fingerprint(files)]


def holds(folder: Path, source: Source | Iterable[Iterable[str]], **settings: Any) -> bool:
    """Return whether a folder's corpus is of these files and settings; False for token lists."""
    if not are_files(source):
        return False
    mark = mark_of(sources_of(cast(Source, source)), Settings(**settings))
    return bool(read_json(folder / SEAL).get("mark") == mark)


def open_finished(folder: Path, mark: Any) -> EncodedCorpus | None:
    """Return the corpus in a folder if it is complete and has this mark, else None."""
    if read_json(folder / SEAL).get("mark") != mark:
        return None
    try:
        return EncodedCorpus.open(folder)
    except CheckpointError:
        return None
