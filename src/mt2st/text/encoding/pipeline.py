"""Reading blocks ahead, numbering them in several threads, and merging them in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

from mt2st.text.encoding.blocks import Block
from mt2st.text.encoding.merge import GrowingVocabulary
from mt2st.text.encoding.parts import Part, encode_block
from mt2st.text.encoding.store import PartStore
from mt2st.text.encoding.table import WordTable

# Number of blocks between sealed points.
SEALED_BLOCKS = 32
# A new table has room for one word per this many bytes of a block; it grows if needed.
BYTES_A_WORD = 16

Progress = Callable[[int, int | None], None]
Item = TypeVar("Item")
Made = TypeVar("Made")


def read_ahead(blocks: Iterable[Block]) -> Generator[Block]:
    """Yield blocks while a thread reads and decompresses the next one."""
    upcoming = iter(blocks)
    with ThreadPoolExecutor(1) as reader:
        pending = reader.submit(next, upcoming, None)
        while (block := pending.result()) is not None:
            pending = reader.submit(next, upcoming, None)
            yield block


def in_order(work: Callable[[Item], Made], items: Iterable[Item], workers: int) -> Generator[Made]:
    """Yield the results of ``work`` in threads, in the items' order, with one item queued for the next free thread."""
    pending: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for item in items:
            pending.append(pool.submit(work, item))
            if len(pending) > workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def encoded_parts(blocks: Iterable[Block], workers: int, together: int = SEALED_BLOCKS) -> Generator[Part]:
    """Yield the parts of blocks in order; ``together`` of them share tables, one for each worker."""

    def work(item: tuple[Block, SimpleQueue[WordTable], bool]) -> Part:
        block, tables, complete = item
        table = tables.get()
        try:
            return encode_block(block, table, complete)
        finally:
            tables.put(table)

    yield from in_order(work, _with_tables(blocks, workers, together), workers)


def _with_tables(
    blocks: Iterable[Block], workers: int, together: int
) -> Generator[tuple[Block, SimpleQueue[WordTable], bool]]:
    for number, block in enumerate(blocks):
        if number % together == 0:
            tables: SimpleQueue[WordTable] = SimpleQueue()
            for _ in range(min(workers, together)):
                tables.put(WordTable(block.length // BYTES_A_WORD))
        yield block, tables, (number + 1) % together == 0


def merge_parts(
    store: PartStore,
    parts: Iterable[Part],
    growing: GrowingVocabulary,
    lower: bool,
    on_progress: Progress | None,
    total: int | None,
) -> GrowingVocabulary:
    """Store all parts and merge their words, first those stored earlier; return the vocabulary."""
    for words, counts in store.words():
        store.write_merged(growing.merge(words, counts))
    for part in parts:
        store.append(part)
        if part.complete:
            merge_tables(store, growing, lower)
            if len(store.parts) % SEALED_BLOCKS == 0:
                store.seal()
        if on_progress:
            on_progress(part.read, total)
    merge_tables(store, growing, lower)
    if growing.least:
        count_again(store, growing)
    return growing


def merge_tables(store: PartStore, growing: GrowingVocabulary, lower: bool) -> None:
    """Store and merge the words of the tables of parts appended since the last call."""
    for table in store.open_tables():
        words, counts = table.text, table.counts
        if lower:
            words = words.decode().lower().encode()
        store.write_words(words, counts)
        store.write_merged(growing.merge(words, counts) if lower else growing.take(table))


def count_again(store: PartStore, growing: GrowingVocabulary) -> None:
    """Look up all tables' words again: dropping words changed ids and lost some counts."""
    store.forget_merged()
    growing.forget_counts()
    for words, counts in store.words():
        store.write_merged(growing.count(words, counts))
