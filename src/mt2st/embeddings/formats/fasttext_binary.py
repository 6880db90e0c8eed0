"""fastText's ``.bin``: settings, dictionary, and the tables of input rows (words, then buckets) and output rows.

P. Bojanowski et al., "Enriching word vectors with subword information", 2017; layout of version 12, https://fasttext.cc.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.formats.fasttext_header import (
    Bytes,
    Dictionary,
    Settings,
    dictionary_bytes,
    read_dictionary,
    read_settings,
    settings_bytes,
)
from mt2st.embeddings.formats.rows import check_words, first_not_finite, keep_first
from mt2st.embeddings.formats.source import open_source
from mt2st.embeddings.formats.target import open_target
from mt2st.embeddings.kernels.vector_files import find_filled
from mt2st.embeddings.subwords import compose_vectors, has_ngrams
from mt2st.embeddings.words.vectors import SubwordRows, WordVectors

TABLE = struct.Struct("<?qq")  # quantised, rows, columns


def load_fasttext(path: Path, limit: int | None = None) -> WordVectors:
    """Return the words of a model with their vectors, n-grams' rows, counts and, unless it is supervised, output rows.

    Buckets with rows of zeros are treated as unused. A ``limit`` does not apply to the n-grams' rows.
    """
    with open_source(path):
        if not path.stat().st_size:
            raise Bytes(np.empty(0, np.uint8), path).fault("the file is empty: check that it was written to the end")
        data = Bytes(np.asarray(np.memmap(path, np.uint8, "c")), path)
    settings = read_settings(data)
    dictionary = read_dictionary(data)
    table = _read_table(data, settings.size, len(dictionary.words) + settings.bucket, "input")
    words = len(dictionary.words)
    rows = _read_table(data, settings.size, dictionary.labels if settings.supervised else words, "output")
    output = None if settings.supervised else _floats(rows, data)
    data.finish()
    own = _floats(table[:words], data)
    subwords = None
    if has_ngrams(settings.min_n, settings.max_n) and settings.bucket:
        subwords = _read_buckets(table[words:], settings, own, data)
    vectors = own if subwords is None else compose_vectors(dictionary.words, subwords)
    parts: dict[str, Any] = {"subwords": subwords, "output": output, "training": settings.training}
    return keep_first(WordVectors(dictionary.words, vectors, counts=dictionary.counts, **parts), limit)


def _read_table(data: Bytes, size: int, rows: int, what: str) -> NDArray[np.uint8]:
    """Return a view of the bytes of a table, (rows, 4 * size)."""
    quantised, found, columns = data.unpack(TABLE, f"the {what} table's sizes")
    if quantised:
        raise data.fault(
            f"the {what} table is quantised (.ftz), which loses its rows: use the .bin made before quantize"
        )
    if (found, columns) != (rows, size):
        raise data.fault(f"an {what} table of {rows} x {size} is expected, {found} x {columns} found: it is damaged")
    return data.take(4 * rows * size, f"the {what} table's rows").reshape(rows, 4 * size)


def _floats(rows: NDArray[np.uint8], data: Bytes) -> NDArray[np.float32]:
    """Return a copy of rows as float32, since they may be unaligned in the file."""
    values = rows.copy().view(np.float32)
    bad = first_not_finite(values)
    if bad >= 0:
        raise data.fault(f"row {bad} of the table before holds NaN or infinity: train again with a lower rate")
    return values


def _read_buckets(rows: NDArray[np.uint8], settings: Settings, own: NDArray[np.float32], data: Bytes) -> SubwordRows:
    filled = np.empty(len(rows), np.bool_)
    find_filled(rows, filled)
    buckets = np.flatnonzero(filled).astype(np.int32)
    used = _floats(rows if filled.all() else rows[buckets], data)
    return SubwordRows(settings.min_n, settings.max_n, settings.bucket, buckets, used, own)


def save_fasttext(vectors: WordVectors, path: Path) -> None:
    """Write a model; the format keeps everything. Missing counts are written as 1, missing output rows as zeros.

    Unused buckets are holes in the file, which take no space on most file systems.
    """
    words, size = vectors.index_to_key, vectors.vectors.shape[1]
    check_words(words, path, "\0")
    subwords = vectors.subwords
    counts = np.ones(len(words), np.int64) if vectors.counts is None else vectors.counts
    limits = (0, 0, 0) if subwords is None else (subwords.bucket, subwords.min_n, subwords.max_n)
    settings = Settings(size, False, *limits, vectors.training)
    with open_target(path) as file:
        file.write(settings_bytes(settings))
        file.write(dictionary_bytes(Dictionary(words, counts, 0)))
        file.write(TABLE.pack(False, len(words) + settings.bucket, size))
        _write_rows(file, vectors.vectors if subwords is None else subwords.word_rows)
        if subwords is not None:
            _write_buckets(file, subwords)
        file.write(TABLE.pack(False, len(words), size))
        _write_rows(file, np.zeros_like(vectors.vectors) if vectors.output is None else vectors.output)


def _write_rows(file: BinaryIO, rows: NDArray[np.float32]) -> None:
    file.write(np.ascontiguousarray(rows, "<f4").data)


def _write_buckets(file: BinaryIO, subwords: SubwordRows) -> None:
    """Write each used bucket's row at its offset, and seek to the end of the buckets."""
    start, length = file.tell(), 4 * subwords.rows.shape[1]
    runs = np.flatnonzero(np.diff(subwords.buckets) != 1) + 1
    edges = [0, *runs.tolist(), len(subwords.buckets)]
    for first, end in pairwise(edges):
        if end > first:
            file.seek(start + length * int(subwords.buckets[first]))
            _write_rows(file, subwords.rows[first:end])
    file.seek(start + length * subwords.bucket)
