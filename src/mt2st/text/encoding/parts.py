"""An encoded block: its words counted in a table, and its sentences as ids of that table's words."""

from __future__ import annotations

import dataclasses
from codecs import BOM_UTF8
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from mt2st.errors import DataError
from mt2st.native import Numbers, Places
from mt2st.text.encoding.blocks import Block, Place
from mt2st.text.encoding.table import NO_MARK, WordTable
from mt2st.text.files import decode_line, raw_lines

BYTE_ORDER_MARK = int.from_bytes(BOM_UTF8, "little")


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    r"""One encoded block.

    Attributes
    ----------
    ids
        All its words, as indices in ``table``, shape (tokens,).
    ends
        The number of words up to the end of each sentence, shape (sentences,).
    table
        The words of this block and of others.
    complete
        Whether the tables of all parts so far are final: no later block counts in them.
    after, read
        Those of the block.
    """

    ids: Numbers
    ends: Places
    table: WordTable
    complete: bool
    after: Place
    read: int


def encode_block(block: Block, table: WordTable, complete: bool = True) -> Part:
    """Count a block's words in a table and return the block as a part.

    Byte-order marks at the start of lines, found in concatenated files, are skipped.

    Raises
    ------
    DataError
        If a byte is not UTF-8, or is NUL.
    """
    before = table.used
    ids, ends = table.number(block.text, block.length, block.kinds, mark=BYTE_ORDER_MARK if block.files else NO_MARK)
    # White space is ASCII, never part of a longer UTF-8 sequence: a text is valid if each distinct word is.
    try:
        text = table.text_from(before).decode()
    except UnicodeDecodeError:
        refuse(block.files)
    if "\0" in text:
        refuse(block.files)
    return Part(ids, ends, table, complete, block.after, block.read)


def refuse(files: Sequence[Path]) -> NoReturn:
    """Raise `DataError` for the first invalid byte of some files, with its position."""
    for path in files:
        for number, raw in raw_lines(str(path)):
            fault = decode_line(number, raw).fault
            if fault:
                raise fault.at(str(path))
    raise DataError("a file changed while it was read: run again", path=files[0])
