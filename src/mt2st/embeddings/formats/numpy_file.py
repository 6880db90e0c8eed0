"""NumPy's ``.npz`` with ``vectors`` (words, vector_size), ``words`` (strings) and, where known, ``counts``.

``numpy.load(path)`` opens it. NumPy pads all strings to the longest and drops trailing NULs: if a word has over 128
characters or ends in NUL, ``words`` holds the words' UTF-8 bytes, concatenated, instead, and ``word_offsets``
(words + 1,) the start of each.
"""

from __future__ import annotations

import tokenize
import zipfile
from errno import EINVAL
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from mt2st.embeddings.formats.rows import first_not_finite, keep_first, split_words
from mt2st.embeddings.formats.source import open_source
from mt2st.embeddings.formats.target import open_target
from mt2st.embeddings.utf8 import join_utf8
from mt2st.embeddings.words.vectors import WordVectors
from mt2st.errors import DataError

KINDS = {"vectors": ("f", 2), "words": ("Uu", 1), "word_offsets": ("iu", 1), "counts": ("iu", 1)}
LONGEST_STRING = 128
# What zipfile raises on an invalid archive; a RuntimeError on one that seems encrypted, or compressed otherwise.
NO_ARCHIVE = (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError)
# What NumPy's reader, which parses a header as Python, raises on an invalid one.
NO_HEADER = (ValueError, EOFError, SyntaxError, TypeError, IndexError, RecursionError, MemoryError, tokenize.TokenError)
DEFLATE_AT_MOST = 1032  # the highest compression ratio of DEFLATE


def load_numpy(path: Path, limit: int | None = None) -> WordVectors:
    """Return the vectors of an ``.npz``; pickled objects are refused."""
    with open_source(path):
        arrays = _read_archive(path)
    return keep_first(_check(arrays, path), limit)


def _read_archive(path: Path) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.namelist()
            if not {"vectors.npy", "words.npy"} <= set(found):
                names = sorted(name.removesuffix(".npy") for name in found)
                remedy = "if these are files of vectors, unzip it and load one"
                raise DataError(f"arrays 'vectors' and 'words' are expected, {names} found: {remedy}", path=path)
            return {name: _read(archive, name, path) for name in KINDS if f"{name}.npy" in found}
    except (*NO_ARCHIVE, OSError) as error:
        if isinstance(error, OSError) and error.errno not in (None, EINVAL):  # of the disk, not of wrong offsets
            raise
        raise DataError(f"no .npz file ({error}): it is damaged, cut short or another format", path=path) from error


def _read(archive: zipfile.ZipFile, name: str, path: Path) -> NDArray[Any]:
    """Return an array, once its declared size is checked against the bytes present."""
    entry = archive.getinfo(f"{name}.npy")
    kinds, dimensions = KINDS[name]
    try:
        with archive.open(entry) as file:
            version = npy.read_magic(file)
            shape, _, dtype = npy.read_array_header_1_0(file) if version == (1, 0) else npy.read_array_header_2_0(file)
            room = min(entry.file_size, entry.compress_size * DEFLATE_AT_MOST)
            if dtype.kind not in kinds or len(shape) != dimensions:
                raise DataError(f"{name!r} cannot be {dtype} {shape}: see the documentation of .npz", path=path)
            needed = dtype.itemsize
            for number in shape:
                needed *= number
            if needed > room:
                raise DataError(f"{name!r} needs {needed} bytes, {room} are there: it is cut short", path=path)
        with archive.open(entry) as file:
            array: NDArray[Any] = npy.read_array(file, allow_pickle=False)
    except NO_HEADER as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"the array {name!r} cannot be read ({error}): save the file again", path=path) from error
    return array


def _check(arrays: dict[str, NDArray[Any]], path: Path) -> WordVectors:
    words, counts = _words(arrays, path), arrays.get("counts")
    vectors = np.ascontiguousarray(arrays["vectors"], np.float32)
    sizes = [len(each) for each in (words, vectors, counts) if each is not None]
    if len(set(sizes)) > 1:
        found = ", ".join(map(str, sizes))
        raise DataError(f"words, vectors and counts must be as many, found {found}", path=path)
    if len(set(words)) < len(words):
        raise DataError("a word occurs twice: remove one", path=path)
    bad = first_not_finite(vectors)
    if bad >= 0:
        raise DataError(f"row {bad} of 'vectors' holds NaN or infinity", path=path)
    return WordVectors(words, vectors, counts=None if counts is None else counts.astype(np.int64))


def _words(arrays: dict[str, NDArray[Any]], path: Path) -> list[str]:
    words = arrays["words"]
    if words.dtype.kind == "U":
        found: list[str] = words.tolist()
        return found
    if "word_offsets" not in arrays or words.dtype != np.uint8:
        raise DataError(f"'words' of {words.dtype} must be UTF-8 bytes with 'word_offsets': save it again", path=path)
    return split_words(words, arrays["word_offsets"].astype(np.int64), lambda message: DataError(message, path=path))


def save_numpy(vectors: WordVectors, path: Path) -> None:
    """Write words, vectors and counts as an ``.npz``."""
    arrays = {"vectors": vectors.vectors, **_word_arrays(vectors.index_to_key)}
    if vectors.counts is not None:
        arrays["counts"] = vectors.counts
    with open_target(path) as file:
        np.savez(file, allow_pickle=False, **arrays)


def _word_arrays(words: list[str]) -> dict[str, NDArray[Any]]:
    if all(len(word) <= LONGEST_STRING and not word.endswith("\0") for word in words):
        return {"words": np.array(words, np.str_)}
    text, offsets = join_utf8(words)
    return {"words": text, "word_offsets": offsets}
