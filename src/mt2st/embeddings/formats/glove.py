"""GloVe's text: a line ``word v1 v2 ...`` per word and no header. Words may contain spaces, as in glove.840B.

J. Pennington, R. Socher and C. D. Manning, "GloVe: Global vectors for word representation", 2014.
"""

from __future__ import annotations

from pathlib import Path

from mt2st.embeddings.formats.header import match_header
from mt2st.embeddings.formats.rows import Rows
from mt2st.embeddings.formats.source import open_source
from mt2st.embeddings.formats.target import open_target
from mt2st.embeddings.formats.text import TextReader, count_numbers, write_text
from mt2st.embeddings.words.vectors import WordVectors
from mt2st.errors import DataError

BYTE_ORDER_MARK = "\ufeff"


def load_glove(path: Path, limit: int | None = None) -> WordVectors:
    """Return the vectors of a text without a header; the first line determines the number of values."""
    with open_source(path) as source:
        line = source.read_line()
        if not line:
            raise DataError("the file is empty: check that it was written to the end", path=path)
        size = count_numbers(line)
        if match_header(line) or not size:
            rule = "the first line must be a word and its values; a file with a header is of the format 'word2vec-text'"
            raise DataError(f"{rule} (format=, or mt2st convert --from)", path=path, line=1)
        rows = Rows(path, size, limit)
        TextReader(rows).read(source, line if line.endswith(b"\n") else line + b"\n")
    return rows.finish()


def save_glove(vectors: WordVectors, path: Path) -> None:
    """Write words and vectors as text without a header."""
    first = vectors.index_to_key[0]
    if count_numbers(f"{first} ".encode() + b"0 " * vectors.vectors.shape[1]) != vectors.vectors.shape[1]:
        raise DataError(f"the first word, {first!r}, would hide how many values there are: reorder", path=path)
    if first.startswith(BYTE_ORDER_MARK):
        rule = "begins with a byte-order mark, which readers of text leave out"
        raise DataError(f"the first word, {first!r}, {rule}: reorder, or save as .safetensors", path=path)
    with open_target(path) as file:
        write_text(file, vectors, path)
