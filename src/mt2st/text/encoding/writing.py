"""The last step of encoding: final ids and offsets, the vocabulary, and the seal that completes a corpus."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from mt2st.errors import DataError
from mt2st.native import Numbers, Places
from mt2st.text.encoding.corpus import COUNTS, IDS, OFFSETS, SEAL, VERSION, WORDS
from mt2st.text.encoding.disk import sync, write_json
from mt2st.text.encoding.kernels import renumber
from mt2st.text.encoding.merge import GrowingVocabulary
from mt2st.text.encoding.pipeline import in_order
from mt2st.text.encoding.store import PartStore
from mt2st.text.vocabulary import Vocabulary


def write_corpus(
    store: PartStore, folder: Path, growing: GrowingVocabulary, min_count: int, workers: int, mark: Any
) -> tuple[dict[str, Any], Vocabulary]:
    """Write a corpus's files except the seal; return the seal's contents and the vocabulary.

    Raises
    ------
    DataError
        If no word is frequent enough, or there are no words.
    """
    words, counts, final = growing.finish(min_count)
    if not words:
        if not any(part.ids for part in store.parts):
            raise DataError("the text has no words: check that it was written to the end")
        raise DataError(f"no word occurs min_count={min_count} times or more: lower it, or check the text")
    with ThreadPoolExecutor(1) as aside:
        shards = aside.submit(write_shards, store, folder, final, workers)
        size = write_words(folder, words, counts)
        vocabulary = Vocabulary(words, counts)
    seal = {"version": VERSION, "mark": mark, "words": sum(part.ids for part in store.parts)}
    return {**seal, "vocabulary": len(words), "bytes": size, "shards": shards.result()}, vocabulary


def write_words(folder: Path, words: list[str], counts: Places) -> int:
    """Write a vocabulary's two files and return the number of bytes of the words."""
    text = "\n".join([*words, ""]).encode()
    for name, data in ((WORDS, text), (COUNTS, counts.tobytes())):
        with (folder / name).open("wb") as file:
            file.write(data)
            sync(file)
    return len(text)


def write_shards(store: PartStore, folder: Path, final: Numbers, workers: int) -> list[tuple[int, int]]:
    """Write ids and offsets, one shard per part, and return the numbers of tokens and sentences of each."""

    def work(part: tuple[Numbers, Places, Numbers]) -> tuple[Numbers, Places]:
        ids, ends, merged = part
        sentences = renumber(ids.view(np.uint32), ends.view(np.uint64), final[merged])
        offsets = np.insert(ends[:sentences], 0, 0)
        return ids[: offsets[-1]], offsets

    shards = []
    with (folder / IDS).open("wb") as ids_file, (folder / OFFSETS).open("wb") as offsets_file:
        for ids, offsets in in_order(work, store.sentences(), workers):
            if len(ids):
                ids_file.write(ids.data)
                offsets_file.write(offsets.data)
                shards.append((len(ids), len(offsets) - 1))
        sync(ids_file)
        sync(offsets_file)
    return shards


def publish(made: Path, folder: Path, seal: dict[str, Any]) -> None:
    """Move a corpus to its final folder, replacing any other; without a seal, files there are not a corpus."""
    (folder / SEAL).unlink(missing_ok=True)
    for name in (IDS, OFFSETS, WORDS, COUNTS):
        (made / name).replace(folder / name)
    write_json(folder / SEAL, seal)
    shutil.rmtree(made)
