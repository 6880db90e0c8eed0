"""Detecting a file's format: by content when reading, by name when writing."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from mt2st.embeddings.formats.header import match_header
from mt2st.embeddings.formats.known import (
    FASTTEXT,
    FASTTEXT_TEXT,
    FORMATS,
    GLOVE,
    NUMPY,
    SAFETENSORS,
    WORD2VEC_BINARY,
    WORD2VEC_TEXT,
)
from mt2st.embeddings.formats.safetensors_header import LENGTH, LONGEST_HEADER
from mt2st.embeddings.formats.source import is_compressed, open_source
from mt2st.errors import ConfigError, DataError
from mt2st.text.files import remedy_of_compressed

# fastText's magic number, and that of a zip file.
BY_START = {(793712314).to_bytes(4, "little"): FASTTEXT, b"PK\x03\x04": NUMPY}
PICKLE = b"\x80"
GENSIMS = (
    "this is a pickle of gensim's save(), which could run any code: load it in gensim, and write its vectors by "
    "save_word2vec_format(file, binary=True), or a FastText model by gensim.models.fasttext.save_facebook_model"
)
SAMPLE = 1 << 16  # bytes of a line to inspect
BY_SUFFIX = {".vec": FASTTEXT_TEXT, ".safetensors": SAFETENSORS, ".npz": NUMPY}


def bare_suffix(path: Path) -> str:
    """Return the suffix of a name, ignoring that of a compression."""
    return (path.with_suffix("") if is_compressed(path) else path).suffix.lower()


def format_of_name(path: Path, *, subwords: bool) -> str:
    """Return the format to write a file in, by its name."""
    suffix = bare_suffix(path)
    if suffix == ".txt":
        return GLOVE if "glove" in path.name.lower() else WORD2VEC_TEXT
    if suffix == ".bin":
        return FASTTEXT if subwords else WORD2VEC_BINARY
    if suffix not in BY_SUFFIX:
        known = ", ".join((*BY_SUFFIX, ".txt", ".bin"))
        raise ConfigError(f"{path}: no format is known by this name: use one of {known}, or name the format")
    return BY_SUFFIX[suffix]


def detect_format(path: str | PathLike[str]) -> str:
    """Return the format of an existing file, by its content or, if that is ambiguous, by its name.

    It checks for fastText's magic number, a zip file's, and a safetensors header. Otherwise a first line that is a
    header means word2vec (text if the second line ends in numbers), and one without means GloVe.

    Raises
    ------
    DataError
        If the file cannot be read or its format is unknown.
    """
    path = Path(path)
    with open_source(path) as source:
        first, second = source.read_line(SAMPLE), source.read_line(SAMPLE)
    if first.startswith(PICKLE) and b"gensim" in first + second:
        raise DataError(GENSIMS, path=path)
    named = BY_SUFFIX.get(bare_suffix(path))
    found = _of_content(first, second) or named
    if found == WORD2VEC_BINARY and (remedy := _remedy_of_separators(second)):
        raise DataError(remedy, path=path, line=2)
    if found:
        # Both formats have the same content; the file's name decides.
        return FASTTEXT_TEXT if (found, named) == (WORD2VEC_TEXT, FASTTEXT_TEXT) else found
    if not first:
        raise DataError("the file is empty: check that it was written to the end", path=path)
    raise DataError(f"no known format starts like this: {_remedy(first)}", path=path, line=1)


def _remedy(first: bytes) -> str:
    """Return what to do about a file that starts with a line of no format."""
    if remedy := remedy_of_compressed(first) or _remedy_of_separators(first):
        return remedy
    return f"name it (format=, or mt2st convert --from, one of {', '.join(FORMATS)})"


def _remedy_of_separators(line: bytes) -> str | None:
    """Return what to do about words and values separated by tabs or commas; None if they are not."""
    from mt2st.embeddings.formats.text import count_numbers

    for name, mark in (("tabs", b"\t"), ("commas", b",")):
        if b" " not in line.strip() and count_numbers(line.replace(mark, b" ")):
            return f"words and values must be separated by single spaces, here they are by {name}: replace these"
    return None


def _of_content(first: bytes, second: bytes) -> str | None:
    """Return the format of a file by its first two lines, or None if they match none."""
    for start, name in BY_START.items():
        if first.startswith(start):
            return name
    if _starts_safetensors(first + second):
        return SAFETENSORS
    from mt2st.embeddings.formats.text import count_numbers  # compiles, or loads, the kernels of text

    if match_header(first):
        return WORD2VEC_TEXT if count_numbers(second) else WORD2VEC_BINARY
    return GLOVE if count_numbers(first) else None


def _starts_safetensors(start: bytes) -> bool:
    """Return whether bytes begin with the length of a header and an object in JSON."""
    length = start[: LENGTH.size]
    return start[LENGTH.size :].startswith(b"{") and LENGTH.unpack(length)[0] <= LONGEST_HEADER
