"""The formats by name: the module of each, and what it keeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from mt2st.embeddings.formats.source import is_compressed
from mt2st.embeddings.words.vectors import WordVectors
from mt2st.errors import ConfigError, did_you_mean

GLOVE, WORD2VEC_TEXT, WORD2VEC_BINARY = "glove", "word2vec-text", "word2vec-binary"
FASTTEXT, FASTTEXT_TEXT, SAFETENSORS, NUMPY = "fasttext", "fasttext-text", "safetensors", "numpy"
COUNTS, NGRAMS, OUTPUT, TRAINING = "counts", "n-grams", "output rows", "settings"
EVERYTHING = (COUNTS, NGRAMS, OUTPUT, TRAINING)


@dataclass(frozen=True)
class Format:
    """One file format; its module, with the kernels that it compiles, is loaded on first use.

    Attributes
    ----------
    module
        Its module in `mt2st.embeddings.formats`.
    name
        The ``name`` in its two functions, ``load_name`` and ``save_name``.
    compressible
        Whether the file is read sequentially, so that it may be compressed.
    keeps
        What it stores besides words and vectors: `COUNTS`, `NGRAMS`, `OUTPUT`, `TRAINING`.
    """

    module: str
    name: str
    compressible: bool
    keeps: tuple[str, ...] = ()

    def load(self, path: Path, limit: int | None) -> WordVectors:
        """Read the first ``limit`` words, or all, of a file."""
        found: WordVectors = self._function("load")(path, limit)
        return found

    def save(self, vectors: WordVectors, path: Path) -> None:
        """Write vectors to a file."""
        self._function("save")(vectors, path)

    def _function(self, what: str) -> Callable[..., WordVectors]:
        module = import_module(f"mt2st.embeddings.formats.{self.module}")
        function: Callable[..., WordVectors] = getattr(module, f"{what}_{self.name}")
        return function


FORMATS: dict[str, Format] = {
    WORD2VEC_TEXT: Format("word2vec_text", "word2vec_text", True),
    WORD2VEC_BINARY: Format("word2vec_binary", "word2vec_binary", True),
    GLOVE: Format("glove", "glove", True),
    FASTTEXT: Format("fasttext_binary", "fasttext", False, EVERYTHING),
    FASTTEXT_TEXT: Format("word2vec_text", "word2vec_text", True),
    SAFETENSORS: Format("safetensors_file", "safetensors", False, EVERYTHING),
    NUMPY: Format("numpy_file", "numpy", False, (COUNTS,)),
}


def check_format(name: str, path: Path) -> str:
    """Return a format's name; raise `ConfigError` if it is unknown, or cannot be compressed as the path says."""
    if name not in FORMATS:
        raise ConfigError(f"the format {name!r} is unknown{did_you_mean(name, FORMATS)}")
    if is_compressed(path) and not FORMATS[name].compressible:
        raise ConfigError(f"{path}: a file of the format {name!r} cannot be compressed: leave out {path.suffix}")
    return name
