"""Our own format: everything that `WordVectors` holds, in one safetensors file that is memory-mapped.

Arrays: ``vectors``, ``words`` (UTF-8 bytes, concatenated), ``word_offsets`` and, if known, ``counts``, ``output``,
``subword_buckets``, ``subword_rows``, ``subword_word_rows``; the settings of training are JSON in the metadata. Other
programs that read safetensors can open it too.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.formats.rows import keep_first, split_words
from mt2st.embeddings.formats.safetensors_header import Header, header_bytes
from mt2st.embeddings.formats.source import open_source
from mt2st.embeddings.formats.target import open_target
from mt2st.embeddings.subword_rows import SubwordRows
from mt2st.embeddings.utf8 import join_utf8
from mt2st.embeddings.words.checks import check_training
from mt2st.embeddings.words.vectors import WordVectors

FORMAT, VERSION = "mt2st word vectors", "1"
LIMITS = ("min_n", "max_n", "bucket")


def load_safetensors(path: Path, limit: int | None = None) -> WordVectors:
    """Return the vectors of our file, memory-mapped copy-on-write: arrays are read as used, changes stay in memory."""
    with open_source(path):
        empty = np.empty(0, np.uint8)
        data = np.asarray(np.memmap(path, np.uint8, "c")) if path.stat().st_size else empty
    header = Header(data, path)
    if header.about.get("format") != FORMAT or header.about.get("version") != VERSION:
        found = {key: header.about.get(key) for key in ("format", "version")}
        raise header.fault(f"'{FORMAT}' of version {VERSION} is expected, {found} found: update mt2st, or save it anew")
    words = _read_words(header)
    vectors = header.array("vectors", "F32", 2)
    own = {"vectors": vectors}
    if "output" in header.entries:
        own["output"] = header.array("output", "F32", 2)
    subwords = None
    if "min_n" in header.about:
        subwords = _read_subwords(header)
        own["subword_word_rows"] = subwords.word_rows
    counts = header.array("counts", "I64", 1) if "counts" in header.entries else None
    for name, array in own.items():
        if array.shape != (len(words), vectors.shape[1]):
            raise header.fault(
                f"{len(words)} words of {vectors.shape[1]} values need as much in {name!r}: {array.shape}"
            )
    if counts is not None and len(counts) != len(words):
        raise header.fault(f"{len(words)} words need as many counts, {len(counts)} found")
    parts: dict[str, Any] = {"subwords": subwords, "output": own.get("output"), "training": _read_training(header)}
    return keep_first(WordVectors(words, vectors, counts=counts, **parts), limit)


def _read_training(header: Header) -> dict[str, Any] | None:
    text = header.about.get("training")
    if text is None:
        return None
    try:
        return check_training(json.loads(text))
    except (ValueError, TypeError, RecursionError) as error:
        raise header.fault("the settings of training are no JSON object of plain values") from error


def _read_words(header: Header) -> list[str]:
    text, offsets = header.array("words", "U8", 1), header.array("word_offsets", "I64", 1)
    words = split_words(text, offsets, header.fault)
    if len(set(words)) < len(words):
        raise header.fault("a word occurs twice")
    return words


def _read_subwords(header: Header) -> SubwordRows:
    try:
        min_n, max_n, bucket = (int(header.about[name]) for name in LIMITS)
    except (KeyError, ValueError, TypeError) as error:
        raise header.fault(f"{', '.join(LIMITS)} must be whole numbers") from error
    buckets, rows = header.array("subword_buckets", "I32", 1), header.array("subword_rows", "F32", 2)
    own = header.array("subword_word_rows", "F32", 2)
    inside = not len(buckets) or (buckets[0] >= 0 and buckets[-1] < bucket and (np.diff(buckets) > 0).all())
    if not inside or rows.shape != (len(buckets), own.shape[1]):
        raise header.fault(f"buckets must rise within 0 to {bucket - 1}, each with a row")
    return SubwordRows(min_n, max_n, bucket, buckets, rows, own)


def save_safetensors(vectors: WordVectors, path: Path) -> None:
    """Write our file, which keeps everything."""
    arrays = _arrays(vectors)
    about = {"format": FORMAT, "version": VERSION}
    if vectors.subwords is not None:
        about |= {name: str(getattr(vectors.subwords, name)) for name in LIMITS}
    if vectors.training is not None:
        about["training"] = json.dumps(vectors.training)
    with open_target(path) as file:
        file.write(header_bytes(arrays, about))
        for array in arrays.values():
            file.write(array.data)


def _arrays(vectors: WordVectors) -> dict[str, NDArray[Any]]:
    """Return the arrays that are not None, widest item first, so that each is aligned to its item size."""
    text, offsets = join_utf8(vectors.index_to_key)
    subwords = vectors.subwords
    found = {
        "word_offsets": (offsets, "<i8"),
        "counts": (vectors.counts, "<i8"),
        "vectors": (vectors.vectors, "<f4"),
        "output": (vectors.output, "<f4"),
        "subword_rows": (subwords and subwords.rows, "<f4"),
        "subword_word_rows": (subwords and subwords.word_rows, "<f4"),
        "subword_buckets": (subwords and subwords.buckets, "<i4"),
        "words": (text, "|u1"),
    }
    return {name: np.ascontiguousarray(array, kind) for name, (array, kind) in found.items() if array is not None}
