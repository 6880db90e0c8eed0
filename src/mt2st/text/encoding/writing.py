"""The last step of encoding: final ids and offsets, the vocabulary, and the seal that makes them a corpus."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np

from mt2st.errors import DataError
from mt2st.native import Numbers
from mt2st.text.encoding.corpus import COUNTS, IDS, OFFSETS, SEAL, VERSION, WORDS
from mt2st.text.encoding.disk import sync, write_json
from mt2st.text.encoding.kernels import renumber
from mt2st.text.encoding.merge import GrowingVocabulary
from mt2st.text.encoding.store import PartStore


def write_corpus(
    store: PartStore, folder: Path, growing: GrowingVocabulary, min_count: int, mark: Any
) -> dict[str, Any]:
    """Write a corpus's files but the seal, and return what that one says.

    Raises
    ------
    DataError
        Where no word is frequent enough.
    """
    vocabulary, final = growing.finish(min_count)
    if not len(vocabulary):
        raise DataError(f"no word occurs min_count={min_count} times or more: lower it, or check the text")
    text = "".join(f"{word}\n" for word in vocabulary.words).encode()
    for name, data in ((WORDS, text), (COUNTS, vocabulary.counts.tobytes())):
        with (folder / name).open("wb") as file:
            file.write(data)
            sync(file)
    return {
        "version": VERSION,
        "mark": mark,
        "words": sum(extent.ids for extent in store.extents),
        "vocabulary": len(vocabulary),
        "bytes": len(text),
        "shards": write_shards(store, folder, final),
    }


def write_shards(store: PartStore, folder: Path, final: Numbers) -> list[tuple[int, int]]:
    """Write ids and offsets, a shard a part, and return the tokens and sentences of each."""
    shards = []
    with (folder / IDS).open("wb") as ids_file, (folder / OFFSETS).open("wb") as offsets_file:
        for ids, ends, merged in store.sentences():
            sentences = renumber(ids, ends, final[merged])
            if sentences:
                tokens = int(ends[sentences - 1])
                ids_file.write(ids[:tokens].data)
                offsets_file.write(np.insert(ends[:sentences], 0, 0).data)
                shards.append((tokens, sentences))
        sync(ids_file)
        sync(offsets_file)
    return shards


def publish(made: Path, folder: Path, seal: dict[str, Any]) -> None:
    """Move a corpus to where it is looked for, in place of another; what is there without a seal is none."""
    (folder / SEAL).unlink(missing_ok=True)
    for name in (IDS, OFFSETS, WORDS, COUNTS):
        (made / name).replace(folder / name)
    write_json(folder / SEAL, seal)
    shutil.rmtree(made)
