"""Blocks read ahead, numbered by several threads, and merged in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from mt2st.text.encoding.blocks import Block
from mt2st.text.encoding.merge import GrowingVocabulary
from mt2st.text.encoding.parts import Part, encode_block
from mt2st.text.encoding.store import PartStore
from mt2st.text.encoding.table import WordTable

# Blocks from one sealed point to the next.
SEALED_BLOCKS = 32

Progress = Callable[[int, int | None], None]


def read_ahead(blocks: Iterable[Block]) -> Generator[Block]:
    """Yield blocks while the next one is read, and decompressed, by a thread."""
    upcoming = iter(blocks)
    with ThreadPoolExecutor(1) as reader:
        pending = reader.submit(next, upcoming, None)
        while (block := pending.result()) is not None:
            pending = reader.submit(next, upcoming, None)
            yield block


def encoded_parts(blocks: Iterable[Block], lower: bool, workers: int) -> Generator[Part]:
    """Yield the parts of blocks in their order, numbered by threads; one block waits for the next that is free."""
    tables: SimpleQueue[WordTable] = SimpleQueue()
    for _ in range(workers):
        tables.put(WordTable())

    def encode(block: Block) -> Part:
        table = tables.get()
        try:
            return encode_block(block, table, lower)
        finally:
            tables.put(table)

    pending: deque[Future[Part]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for block in blocks:
            pending.append(pool.submit(encode, block))
            if len(pending) > workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def merge_parts(
    store: PartStore,
    parts: Iterable[Part],
    growing: GrowingVocabulary,
    on_progress: Progress | None,
    total: int | None,
) -> GrowingVocabulary:
    """Store all parts and merge their words, those stored before first; return the vocabulary."""
    for words, counts in store.words():
        store.write_merged(growing.merge(words, counts))
    for part in parts:
        store.append(part)
        store.write_merged(growing.merge(part.words, part.counts))
        if len(store.extents) % SEALED_BLOCKS == 0:
            store.seal()
        if on_progress:
            on_progress(part.read, total)
    if growing.least:
        count_again(store, growing)
    return growing


def count_again(store: PartStore, growing: GrowingVocabulary) -> None:
    """Look the words of all parts up anew: ids changed when words were dropped, and some counts were lost with them."""
    store.forget_merged()
    growing.forget_counts()
    for words, counts in store.words():
        store.write_merged(growing.count(words, counts))
