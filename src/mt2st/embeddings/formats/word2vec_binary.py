"""word2vec's binary: a line ``words vector_size``, then a word, a space and the values as little-endian float32 each.

word2vec's own program ends each word's values with a newline, gensim does not; both are read, the second is written.
T. Mikolov et al., word2vec, https://code.google.com/archive/p/word2vec, 2013.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mt2st.embeddings.formats.header import header_bytes, read_header
from mt2st.embeddings.formats.rows import Rows, check_words, first_not_finite
from mt2st.embeddings.formats.source import open_source
from mt2st.embeddings.formats.target import open_target
from mt2st.embeddings.kernels.vector_files import POSITION, ROW, WORDS, parse_records
from mt2st.embeddings.words.vectors import WordVectors
from mt2st.errors import DataError, counted

LONGEST_WORD = 1 << 20


def load_word2vec_binary(path: Path, limit: int | None = None) -> WordVectors:
    """Return the vectors of a binary file; escape words that are not UTF-8 (`decode_words`), and warn of them."""
    with open_source(path) as source:
        declared, size = read_header(source, least=4)
        rows = Rows(path, size, min(declared, limit or declared))
        rest = b""
        while not rows.full:
            start = source.position - len(rest)
            piece = source.read()
            if not piece:
                raise _cut_short(path, start, f"announced are {counted(declared, 'word')}, found {len(rows.words)}")
            rest = _take(rows, bytearray(rest + piece), start)
        if limit is None and (rest.strip(b"\n") or source.read()):
            raise _cut_short(path, source.position, f"announced are {counted(declared, 'word')}, more bytes follow")
    return rows.finish()


def _take(rows: Rows, text: bytearray, start: int) -> bytes:
    """Add the complete records of bytes at offset ``start`` of the file, and return the bytes left."""
    rows.make_room(len(text) // (4 * rows.size + 1))
    first = len(rows.words)
    words, places = np.empty(len(text), np.uint8), np.empty(len(rows.values), np.int64)
    state = np.array([0, first, 0, 0], np.int64)
    parse_records(np.frombuffer(text, np.uint8), state, rows.values.view(np.uint8), words, places)
    bad = first_not_finite(rows.values[first : state[ROW]])
    if bad >= 0:
        at = start + int(places[first + bad])
        raise DataError(f"word {first + bad + 1}, values at byte {at}: NaN or infinity found", path=rows.path)
    if state[ROW] == first and len(text) > 4 * rows.size + LONGEST_WORD:
        raise DataError(f"byte {start}: no word of up to {LONGEST_WORD} bytes and a space starts here", path=rows.path)
    rows.add_words(words[: state[WORDS]].tobytes().split(b"\n")[:-1])
    return bytes(text[state[POSITION] :])


def _cut_short(path: Path, position: int, what: str) -> DataError:
    return DataError(f"byte {position}: {what}: the file is damaged or cut short, write or fetch it again", path=path)


def save_word2vec_binary(vectors: WordVectors, path: Path) -> None:
    """Write words and vectors as a binary file. Words must contain no space or newline."""
    check_words(vectors.index_to_key, path, " \n")
    with open_target(path) as file:
        file.write(header_bytes(*vectors.vectors.shape))
        for word, row in zip(vectors.index_to_key, np.asarray(vectors.vectors, "<f4"), strict=True):
            file.write(word.encode() + b" " + row.tobytes())
