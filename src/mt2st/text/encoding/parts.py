"""A block as numbers: its own words with their counts, and its sentences as ids of those."""

from __future__ import annotations

import dataclasses
from codecs import BOM_UTF8
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mt2st.errors import DataError
from mt2st.native import Numbers, Places
from mt2st.text.encoding.blocks import LINE_END, Block, Place
from mt2st.text.encoding.table import WordTable, padded
from mt2st.text.files import decode_line, raw_lines


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    r"""What one block holds.

    Attributes
    ----------
    words
        Its different words in order of first sight, a line end after each; with ``lower`` some may be there twice.
    counts
        How often each occurs, shape (words,).
    ids
        All its words, as places in ``words``, shape (tokens,).
    ends
        The number of words up to the end of each sentence, shape (sentences,).
    after, read
        As the block's.
    """

    words: bytes
    counts: Places
    ids: Numbers
    ends: Places
    after: Place
    read: int


def encode_block(block: Block, table: WordTable, lower: bool) -> Part:
    """Return a block as a part; ``table`` is only lent, so that its memory is used again.

    Raises
    ------
    DataError
        Where a byte is not UTF-8, or is NUL.
    """
    ids, ends = _number(block, table)
    words = table.text
    if block.files and LINE_END + BOM_UTF8 in LINE_END + words:
        block = without_marks(block)
        ids, ends = _number(block, table)
        words = table.text
    # White space is ASCII, and no part of a longer UTF-8 sequence: a text is good where each different word is.
    try:
        text = words.decode()
    except UnicodeDecodeError:
        refuse(block.files)
    if "\0" in text:
        refuse(block.files)
    if lower:
        words = text.lower().encode()
    return Part(words, table.counts.copy(), ids, ends, block.after, block.read)


def _number(block: Block, table: WordTable) -> tuple[Numbers, Places]:
    table.clear()
    return table.number(block.text, block.length, block.kinds)


def without_marks(block: Block) -> Block:
    """Return a block without the byte-order marks that begin its lines, as files that were joined have them."""
    text = LINE_END + block.text[: block.length].tobytes()
    clean = text.replace(LINE_END + BOM_UTF8, LINE_END)[len(LINE_END) :]
    return dataclasses.replace(block, text=padded(clean), length=len(clean))


def refuse(files: Sequence[Path]) -> NoReturn:
    """Find the first bad byte of some files and say where it is."""
    for path in files:
        for number, raw in raw_lines(str(path)):
            fault = decode_line(number, raw).fault
            if fault:
                raise fault.at(str(path))
    raise DataError("a file changed while it was read: run again", path=files[0])
