"""NumPy's ``.npz`` with ``vectors`` (words, vector_size), ``words`` (strings) and, where known, ``counts``.

It opens with ``numpy.load(path)`` alone. The words are an array of strings of equal room, so one very long word makes
the file large.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from mt2st.embeddings.formats.rows import first_not_finite, keep_first
from mt2st.embeddings.formats.source import open_source
from mt2st.embeddings.formats.target import open_target
from mt2st.embeddings.utf8 import join_utf8
from mt2st.embeddings.words.vectors import WordVectors
from mt2st.errors import DataError

KINDS = {"vectors": ("f", 2), "words": ("U", 1), "counts": ("iu", 1)}
DEFLATE_AT_MOST = 1032  # bytes that one compressed byte can stand for


def load_numpy(path: Path, limit: int | None = None) -> WordVectors:
    """Return the vectors of an ``.npz``; pickled objects are refused."""
    try:
        with open_source(path), zipfile.ZipFile(path) as archive:
            names = {name.removesuffix(".npy") for name in archive.namelist()}
            missing = [name for name in ("vectors", "words") if name not in names]
            if missing:
                raise DataError(f"arrays 'vectors' and 'words' are expected, {sorted(names)} found", path=path)
            arrays = {name: _read(archive, name, path) for name in KINDS if name in names}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError) as error:
        raise DataError(f"no .npz file ({error}): it is damaged, cut short or another format", path=path) from error
    return keep_first(_check(arrays, path), limit)


def _read(archive: zipfile.ZipFile, name: str, path: Path) -> NDArray[Any]:
    """Return an array whose declared size fits the bytes there are."""
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
    except (ValueError, EOFError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"the array {name!r} cannot be read ({error}): save the file again", path=path) from error
    return array


def _check(arrays: dict[str, NDArray[Any]], path: Path) -> WordVectors:
    words, counts = arrays["words"].tolist(), arrays.get("counts")
    vectors = np.ascontiguousarray(arrays["vectors"], np.float32)
    if len(vectors) != len(words) or (counts is not None and len(counts) != len(words)):
        raise DataError(f"{len(words)} words, {len(vectors)} vectors found: there must be one for each", path=path)
    if len(set(words)) < len(words):
        raise DataError("a word occurs twice: remove one", path=path)
    bad = first_not_finite(vectors)
    if bad >= 0:
        raise DataError(f"row {bad} of 'vectors' holds NaN or infinity", path=path)
    return WordVectors(words, vectors, counts=None if counts is None else counts.astype(np.int64))


def save_numpy(vectors: WordVectors, path: Path) -> None:
    """Write an ``.npz``; it keeps words, vectors and counts. Words must not end in NUL, which NumPy drops."""
    join_utf8(vectors.index_to_key)  # refuses what is no Unicode before anything is written
    for word in vectors.index_to_key:
        if word.endswith("\0"):
            raise DataError(f"the word {word!r} ends in NUL, which NumPy drops: save as .safetensors", path=path)
    arrays: dict[str, Any] = {"vectors": vectors.vectors, "words": np.array(vectors.index_to_key, np.str_)}
    if vectors.counts is not None:
        arrays["counts"] = vectors.counts
    with open_target(path) as file:
        np.savez(file, allow_pickle=False, **arrays)
