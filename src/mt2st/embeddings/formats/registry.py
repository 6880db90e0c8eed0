"""Formats by name: which file is in which, and reading and writing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from os import PathLike
from pathlib import Path

from mt2st.embeddings.formats.header import match_header
from mt2st.embeddings.formats.rows import check_writable
from mt2st.embeddings.formats.source import is_compressed, open_source
from mt2st.embeddings.words.vectors import WordVectors
from mt2st.errors import ConfigError, DataError, did_you_mean

GLOVE, WORD2VEC_TEXT, WORD2VEC_BINARY, FASTTEXT = "glove", "word2vec-text", "word2vec-binary", "fasttext"
# fastText's magic number, and that of a zip file.
BY_START = {(793712314).to_bytes(4, "little"): FASTTEXT, b"PK\x03\x04": "numpy"}
SAMPLE = 1 << 16  # bytes of a line that are enough to tell
BY_SUFFIX = {".vec": "fasttext-text", ".safetensors": "safetensors", ".npz": "numpy"}


@dataclass(frozen=True)
class Format:
    """How one format is read and written; its module, and the kernels that it compiles, are loaded when first used.

    Attributes
    ----------
    module
        Where it is, in `mt2st.embeddings.formats`.
    name
        Of its two functions, ``load_name`` and ``save_name``.
    compressible
        Whether the file is read from its start to its end, so that it may be compressed.
    """

    module: str
    name: str
    compressible: bool

    def load(self, path: Path, limit: int | None) -> WordVectors:
        """Read the first ``limit`` words, or all, of a file that is there."""
        found: WordVectors = self._function("load")(path, limit)
        return found

    def save(self, vectors: WordVectors, path: Path) -> None:
        """Write vectors to a file that is there or can be."""
        self._function("save")(vectors, path)

    def _function(self, what: str) -> Callable[..., WordVectors]:
        module = import_module(f"mt2st.embeddings.formats.{self.module}")
        function: Callable[..., WordVectors] = getattr(module, f"{what}_{self.name}")
        return function


FORMATS: dict[str, Format] = {
    WORD2VEC_TEXT: Format("word2vec_text", "word2vec_text", True),
    WORD2VEC_BINARY: Format("word2vec_binary", "word2vec_binary", True),
    GLOVE: Format("glove", "glove", True),
    FASTTEXT: Format("fasttext_binary", "fasttext", False),
    "fasttext-text": Format("word2vec_text", "word2vec_text", True),
    "safetensors": Format("safetensors_file", "safetensors", False),
    "numpy": Format("numpy_file", "numpy", False),
}


def load_vectors(path: str | PathLike[str], *, format: str | None = None, limit: int | None = None) -> WordVectors:  # noqa: A002
    r"""Read vectors from a file.

    Parameters
    ----------
    path
        The file. Text and word2vec's binary may be compressed (``.gz``, ``.xz``, ``.zst``).
    format
        One of `FORMATS`; None to tell by name and first bytes, see `detect_format`.
    limit
        Read the first so many words only, which are the most frequent in most files.

    Raises
    ------
    DataError
        Where the file is not there, not of this format, damaged, or holds values that are not finite; with its line, or
        byte. A word that occurs again is left out with a warning in formats that other programs write so (text,
        word2vec's binary), an error elsewhere.
    ConfigError
        Where the format is unknown or the limit is under 1.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "vectors.txt")
    ...     _ = file.write_text("cat 0.5 1\ndog 0.25 -1\n")
    ...     vectors = load_vectors(file)
    >>> vectors.index_to_key, vectors.vectors.tolist()
    (['cat', 'dog'], [[0.5, 1.0], [0.25, -1.0]])
    """
    path = Path(path)
    if limit is not None and limit < 1:
        raise ConfigError(f"limit must be at least 1, {limit} found: leave it out to read all words")
    chosen = check_format(format or detect_format(path), path)
    return FORMATS[chosen].load(path, limit)


def save_vectors(vectors: WordVectors, path: str | PathLike[str], *, format: str | None = None) -> None:  # noqa: A002
    """Write vectors to a file, whole or not at all.

    Parameters
    ----------
    vectors
        The words and what belongs to them. safetensors and fastText's ``.bin`` keep everything, NumPy's words, vectors
        and counts, the others words and vectors.
    path
        The file; an old one is replaced when the new one is complete.
    format
        One of `FORMATS`; None to tell by the name: ``.safetensors``, ``.npz``, ``.vec``, ``.txt`` (word2vec's text, or
        GloVe's where the name holds ``glove``) and ``.bin`` (fastText's for vectors with subwords, else word2vec's).

    Raises
    ------
    DataError
        Where the format cannot keep a word, or there are no vectors, or some that are not finite.
    ConfigError
        Where the name tells no format, or the file cannot be written.
    """
    path = Path(path)
    chosen = check_format(format or format_of_name(path, subwords=vectors.subwords is not None), path)
    check_writable(vectors, path)
    FORMATS[chosen].save(vectors, path)


def check_format(name: str, path: Path) -> str:
    """Return the name of a format that is known and can be compressed where the file is."""
    if name not in FORMATS:
        raise ConfigError(f"the format {name!r} is unknown{did_you_mean(name, FORMATS)}")
    if is_compressed(path) and not FORMATS[name].compressible:
        raise ConfigError(f"{path}: a file of the format {name!r} cannot be compressed: leave out {path.suffix}")
    return name


def bare_suffix(path: Path) -> str:
    """Return the suffix of a name, that of the compression aside."""
    return (path.with_suffix("") if is_compressed(path) else path).suffix.lower()


def format_of_name(path: Path, *, subwords: bool) -> str:
    """Return the format that a file to be written has by its name."""
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
    """Return the format of a file that is there, by its name and its first bytes.

    ``.vec``, ``.safetensors`` and ``.npz`` say it; else fastText's magic number (or a zip file's), or the first line:
    with a header it is word2vec's, in text where numbers follow in the second line, without one GloVe's.

    Raises
    ------
    DataError
        Where the file cannot be read or is in no format that is known.
    """
    path = Path(path)
    suffix = bare_suffix(path)
    with open_source(path) as source:
        first = source.read_line(SAMPLE)
        second = source.read_line(SAMPLE) if match_header(first) else b""
    if suffix in BY_SUFFIX:
        return BY_SUFFIX[suffix]
    if not first:
        raise DataError("the file is empty: check that it was written to the end", path=path)
    for start, name in BY_START.items():
        if first.startswith(start):
            return name
    from mt2st.embeddings.formats.text import count_numbers  # compiles, or loads, the kernels of text

    if match_header(first):
        return WORD2VEC_TEXT if count_numbers(second) else WORD2VEC_BINARY
    if count_numbers(first):
        return GLOVE
    known = f"format=, or mt2st convert --from, one of {', '.join(FORMATS)}"
    raise DataError(f"no known format starts like this: name it ({known})", path=path, line=1)
