"""Text in blocks of whole sentences, which can be numbered independently."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from mt2st.errors import DataError
from mt2st.text.encoding.kernels.octets import PADDING, Bytes
from mt2st.text.encoding.table import kinds_of
from mt2st.text.files import DAMAGED, REMEDIES, decompressed

# White space as in word2vec, fastText and bytes.split(); a sentence ends with its line.
LINES_OF_WORDS = kinds_of(b" \t\r\x0b\x0c", b"\n")
# Tokens may contain white space, so they are separated by a byte that text cannot contain.
LISTS_OF_TOKENS = kinds_of(b"\0", b"\n")
# Decompressed bytes skipped at a time.
SKIPPED = 1 << 20
LINE_END, SPACES = b"\n", (b" ", b"\t", b"\r", b"\x0b", b"\x0c")


class Place(NamedTuple):
    """Where reading continues: the file and the offset in its decompressed bytes."""

    file: int = 0
    offset: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Block:
    """Whole sentences.

    Attributes
    ----------
    text, length
        The bytes, of which the first ``length`` are text; `PADDING` follow.
    kinds
        The kind of each of the 256 bytes, see `number_words`.
    files
        The files that the bytes come from.
    after
        Where the next block begins.
    read
        Number of bytes read so far, as on disk.
    """

    text: Bytes
    length: int
    kinds: Bytes
    files: Sequence[Path]
    after: Place
    read: int


class FileBlocks:
    """The blocks of some files; a block continues into the next file if there is room.

    Parameters
    ----------
    files
        Plain, .gz, .xz or .zst; a file's end is the end of a sentence.
    size
        Maximum bytes of a block. A longer line is split at the last white space within them.
    place
        Where to begin.

    Raises
    ------
    DataError
        If a file cannot be read or is damaged, or a word is longer than a block.
    """

    def __init__(self, files: Sequence[Path], size: int, place: Place) -> None:
        self._files, self._size, self._place = files, size, place
        self._buffer = bytearray(size + PADDING)
        self._filled, self._first = 0, place.file
        self._read = sum(file.stat().st_size for file in files[: place.file])

    def __iter__(self) -> Generator[Block]:
        for number in range(self._place.file, len(self._files)):
            path = self._files[number]
            try:
                with path.open("rb") as packed:
                    yield from self._blocks_of(number, packed)
                    self._read += packed.tell()
            except DAMAGED as error:
                message = f"the compressed file is damaged or cut short ({error}): fetch or compress it again"
                raise DataError(message, path=path) from error
            except OSError as error:
                default = f"the file cannot be read ({error.strerror or error}): check the disk and the path"
                raise DataError(REMEDIES.get(type(error), default), path=path) from error
        if self._filled:
            yield self._cut(self._filled, Place(len(self._files)), self._read)

    def _blocks_of(self, number: int, packed: BinaryIO) -> Generator[Block]:
        file = decompressed(packed, self._files[number].suffix)
        at = self._place.offset if number == self._place.file else 0
        skip(file, at, seekable=file is packed)
        while True:
            with memoryview(self._buffer)[self._filled : self._size] as free:
                taken = file.readinto(free)  # type: ignore[attr-defined]
            self._filled += taken
            at += taken
            if not taken and self._filled < self._size:
                break
            if self._filled == self._size:
                length = self._whole(number)
                yield self._cut(length, Place(number, at - (self._filled - length)), self._read + packed.tell())
                self._first = number
        if self._filled and self._buffer[self._filled - 1] != LINE_END[0]:
            self._buffer[self._filled] = LINE_END[0]
            self._filled += 1

    def _whole(self, number: int) -> int:
        length = self._buffer.rfind(LINE_END, 0, self._filled) + 1
        length = length or max(self._buffer.rfind(space, 0, self._filled) for space in SPACES) + 1
        if not length:
            message = f"a word of more than {self._size} bytes: this is no text, or memory= is too small for it"
            raise DataError(message, path=self._files[number])
        return length

    def _cut(self, length: int, after: Place, read: int) -> Block:
        """Return the buffer as a block and move the rest to a new one."""
        full, self._buffer = self._buffer, bytearray(self._size + PADDING)
        rest = self._filled - length
        self._buffer[:rest] = full[length : self._filled]
        files = self._files[self._first : after.file + 1]
        self._filled = rest
        return Block(np.frombuffer(full, np.uint8), length, LINES_OF_WORDS, files, after, read)


def skip(file: BinaryIO, count: int, seekable: bool) -> None:
    """Skip the first ``count`` bytes of a file."""
    if seekable:
        file.seek(count)
    while count and not seekable:
        left = len(file.read(min(count, SKIPPED)))
        count = count - left if left else 0


def token_blocks(sentences: Iterable[Iterable[str]], size: int) -> Generator[Block]:
    """Yield the blocks of token lists, each but the last of at least ``size`` bytes."""
    lines: list[bytes] = []
    filled = read = 0
    if not hasattr(sentences, "__iter__") and not hasattr(sentences, "__getitem__"):
        raise DataError(f"the text must be files or an iterable of token lists, {sentences!r} found")
    for number, tokens in enumerate(sentences):
        lines.append(join_tokens(tokens, number))
        filled += len(lines[-1])
        if filled >= size:
            read += filled
            yield _token_block(lines, filled, read)
            lines, filled = [], 0
    if filled:
        yield _token_block(lines, filled, read + filled)


def _token_block(lines: list[bytes], length: int, read: int) -> Block:
    text = np.frombuffer(bytearray().join([*lines, bytes(PADDING)]), np.uint8)
    return Block(text, length, LISTS_OF_TOKENS, (), Place(), read)


def join_tokens(tokens: Iterable[str], number: int) -> bytes:
    r"""Return one sentence as bytes; tokens must be strings without newlines or NUL.

    Examples
    --------
    >>> join_tokens(["New York", "is"], 0)
    b'New York\x00is\n'
    """
    rule = f"sentence {number} must be a list of strings without line ends and NUL"
    if isinstance(tokens, str):
        raise DataError(f"{rule}, a string found: split it, {tokens[:20]!r}")
    if isinstance(tokens, Path):
        raise DataError(f"{rule}, a path found: pass files as a list, e.g. list(folder.glob('*.txt'))")
    try:
        words = list(tokens)
        line = "\0".join(words).encode()
    except TypeError as error:
        raise DataError(f"{rule}: {error}") from error
    except UnicodeEncodeError as error:
        raise DataError(f"{rule} and lone surrogates: {error}") from error
    if LINE_END in line or line.count(b"\0") != max(len(words) - 1, 0):
        bad = next(word for word in words if "\n" in word or "\0" in word)
        raise DataError(f"{rule}: {bad!r} found")
    return line + LINE_END
