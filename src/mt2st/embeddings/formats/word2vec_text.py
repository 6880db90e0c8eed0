"""word2vec's text: a line ``words vector_size``, then a line ``word v1 v2 ...`` each. fastText's ``.vec`` is the same.

T. Mikolov et al., word2vec, https://code.google.com/archive/p/word2vec, 2013.
"""

from __future__ import annotations

from pathlib import Path

from mt2st.embeddings.formats.header import header_bytes, read_header
from mt2st.embeddings.formats.rows import Rows
from mt2st.embeddings.formats.source import open_source
from mt2st.embeddings.formats.target import open_target
from mt2st.embeddings.formats.text import TextReader, write_text
from mt2st.embeddings.words.vectors import WordVectors
from mt2st.errors import DataError, counted


def load_word2vec_text(path: Path, limit: int | None = None) -> WordVectors:
    """Return the vectors of a text with a header."""
    with open_source(path) as source:
        declared, size = read_header(source, least=2)
        rows = Rows(path, size, min(declared, limit or declared))
        reader = TextReader(rows, line=1)
        more = reader.read(source)
    if more and rows.most == declared and limit is None:
        message = f"announced are {counted(declared, 'word')}, more lines follow: remove these, or correct line 1"
        raise DataError(message, path=path, line=reader.line + 1)
    if len(rows.words) < (rows.most or 0):
        message = f"announced are {counted(declared, 'word')}, found {len(rows.words)}: the file is cut short"
        raise DataError(message, path=path, line=reader.line + 1)
    return rows.finish()


def save_word2vec_text(vectors: WordVectors, path: Path) -> None:
    """Write words and vectors as text with a header."""
    with open_target(path) as file:
        file.write(header_bytes(*vectors.vectors.shape))
        write_text(file, vectors, path)
