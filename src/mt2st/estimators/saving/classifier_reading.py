"""A text classifier read from a folder: arrays (safetensors), vocabulary and description (JSON)."""

from __future__ import annotations

import gzip
import json
import lzma
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError
from mt2st.estimators.fitting.fitted import Fitted, Head, Vectors
from mt2st.estimators.saving.packing import unpack
from mt2st.estimators.saving.quantizing import restore
from mt2st.estimators.saving.saved_files import CARD
from mt2st.models.columns import TextColumns
from mt2st.models.columns.ngrams import NGrams
from mt2st.models.columns.pairs import Pairs
from mt2st.models.linear_text import LinearText
from mt2st.training.checkpoint import map_arrays
from mt2st.training.folder_kind import FolderKind
from mt2st.training.folders import restored_folder

if TYPE_CHECKING:
    from mt2st.estimators.text_classifier import TextClassifier

ARRAYS, DESCRIPTION, TEXTS = "model.safetensors", "model.json", "texts.json.gz"
# The words, in the order of their columns; for a quantized model, sorted.
VOCABULARY, SORTED = "vocabulary.json.gz", "vocabulary.json.xz"
KIND, FORMAT = "text classifier", 2
CLASSIFIER = FolderKind(KIND, DESCRIPTION, frozenset({ARRAYS, DESCRIPTION, CARD, TEXTS, VOCABULARY, SORTED}))


def read_classifier(folder: Path) -> TextClassifier:
    """Load a classifier that `mt2st.TextClassifier.save` wrote; arrays are memory-mapped.

    Raises
    ------
    DataError
        If there is none, or it is damaged.
    """
    from mt2st.estimators.text_classifier import TextClassifier  # which writes by what is above

    try:
        description = _description(restored_folder(folder))
        found = TextClassifier(**{name: unpack(value) for name, value in description["parameters"].items()})
        found.fitted_ = _fitted(*_content(folder, description["streams"]), description)
        found.classes_, found.several_ = np.asarray(description["classes"]), bool(description["several"])
        if (folder / TEXTS).exists():
            found.kept_ = _kept(folder / TEXTS, several=found.several_)
        return found
    except FileNotFoundError as error:
        raise DataError(f"no model there ({error.filename or ARRAYS} is missing)", path=folder) from None
    except NotADirectoryError:
        raise DataError("this is a file: give the folder that save wrote", path=folder) from None
    except (OSError, EOFError, zlib.error, lzma.LZMAError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"the model is damaged ({error}): copy it again, or train it again", path=folder) from error


def _description(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise TypeError(f"{DESCRIPTION} holds no object")
    if found.get("kind") != KIND:
        raise DataError("the model there is not a text classifier written by save: mt2st.load reads any", path=folder)
    if found["format"] != FORMAT:
        raise DataError(f"of format {found['format']}, this mt2st reads {FORMAT}", path=folder)
    return found


def _kept(path: Path, *, several: bool) -> tuple[list[str], list[Any]]:
    found = json.loads(gzip.decompress(path.read_bytes()))
    labels = [tuple(own) for own in found["labels"]] if several else found["labels"]
    if len(labels) != len(found["texts"]):
        raise DataError("texts and labels differ in number: copy it again", path=path)
    return found["texts"], labels


def _content(folder: Path, streams: dict[str, Any] | None) -> tuple[dict[str, NDArray[Any]], list[str]]:
    """Return the arrays, memory-mapped unless they are stored as streams, and the words."""
    arrays = map_arrays(folder / ARRAYS)
    if streams is None:
        return arrays, json.loads(gzip.decompress((folder / VOCABULARY).read_bytes()))
    return restore(arrays, streams), json.loads(lzma.decompress((folder / SORTED).read_bytes()))


def _fitted(arrays: dict[str, NDArray[Any]], words: list[str], description: dict[str, Any]) -> Fitted:
    ngrams = NGrams(words) if description["ngrams"] else None
    columns = TextColumns(words, Pairs(arrays["pairs"], len(words)), arrays["idf"], ngrams, arrays.get("ngram_idf"))
    names = "weights", "ngram_weights", "vector_weights", "row_weights", "bias"
    model = LinearText(columns, *(np.ascontiguousarray(arrays[name], np.float32) for name in names))
    model.check()
    vectors = None
    if "table" in arrays:
        vectors = Vectors(arrays["table"], model.row_weights, arrays["mean"], arrays["scale"])
    head = Head(np.empty((0, len(model.bias))), **description["head"])
    return Fitted(model, None, vectors, head, [], description["seconds"])
