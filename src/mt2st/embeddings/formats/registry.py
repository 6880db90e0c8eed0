"""Reading and writing word vectors in any format."""

from __future__ import annotations

import warnings
from os import PathLike
from pathlib import Path

from mt2st.embeddings.formats.detection import detect_format, format_of_name
from mt2st.embeddings.formats.known import FORMATS, NGRAMS, check_format
from mt2st.embeddings.formats.rows import check_writable
from mt2st.embeddings.words.checks import check_count
from mt2st.embeddings.words.vectors import WordVectors


def load_vectors(path: str | PathLike[str], *, format: str | None = None, limit: int | None = None) -> WordVectors:  # noqa: A002
    r"""Read vectors from a file.

    Parameters
    ----------
    path
        The file. Text and word2vec's binary may be compressed (``.gz``, ``.xz``, ``.zst``).
    format
        E.g. ``"word2vec-binary"``; None to detect it by name and first bytes.
    limit
        Read only this many words, the first, which are the most frequent in most files.

    Raises
    ------
    DataError
        If the file is missing, not of this format, damaged, or holds values that are not finite; it names the line or
        byte. A duplicate word is skipped with a warning in formats where other programs write them (text, word2vec's
        binary), and an error in the others.
    ConfigError
        If the format is unknown or the limit is not a positive integer.

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
    check_count("limit", limit)
    chosen = check_format(format or detect_format(path), path)
    return FORMATS[chosen].load(path, limit)


def save_vectors(vectors: WordVectors, path: str | PathLike[str], *, format: str | None = None) -> None:  # noqa: A002
    """Write vectors to a file, atomically.

    Parameters
    ----------
    vectors
        The words and what belongs to them. safetensors and fastText's ``.bin`` keep everything, NumPy's words, vectors
        and counts, the others words and vectors. It warns if n-grams are lost.
    path
        The file; an existing one is replaced once the new one is complete.
    format
        E.g. ``"word2vec-binary"``; None to go by the name: ``.safetensors``, ``.npz``, ``.vec``, ``.txt`` (word2vec's
        text, or GloVe's if the name contains ``glove``) and ``.bin`` (fastText's for vectors with subwords, else
        word2vec's).

    Raises
    ------
    DataError
        If the format cannot store a word, or there are no vectors, or some are not finite.
    ConfigError
        If the name implies no format, or the file cannot be written.
    """
    path = Path(path)
    chosen = target_format(path, format, subwords=vectors.subwords is not None)
    check_writable(vectors, path)
    FORMATS[chosen].save(vectors, path)


def target_format(path: Path, name: str | None, *, subwords: bool) -> str:
    """Return the format to write a file in, ``name`` or the one its path implies; warn if n-grams are lost.

    Examples
    --------
    >>> target_format(Path("a.bin"), None, subwords=False), target_format(Path("a.bin"), None, subwords=True)
    ('word2vec-binary', 'fasttext')
    """
    chosen = check_format(name or format_of_name(path, subwords=subwords), path)
    if subwords and NGRAMS not in FORMATS[chosen].keeps:
        warnings.warn(
            f"{path}: the format {chosen!r} keeps no n-grams, so unseen words have no vector in this file and training "
            "cannot go on from it with subwords: write .safetensors, or fastText's .bin, to keep them",
            stacklevel=3,
        )
    return chosen
