"""A text classifier as a folder: arrays (safetensors), vocabulary and description (JSON), and a model card."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from mt2st.errors import DataError
from mt2st.estimators.blocks import Vectors
from mt2st.estimators.convex_end import Head
from mt2st.estimators.fitting import Fitted
from mt2st.estimators.packing import pack, unpack
from mt2st.estimators.quantizing import quantize, restore, restore_ngrams
from mt2st.models.columns import TextColumns
from mt2st.models.columns.ngrams import NGrams
from mt2st.models.columns.pairs import Pairs
from mt2st.models.linear_text import LinearText

if TYPE_CHECKING:
    from mt2st.estimators.text_classifier import TextClassifier

ARRAYS, VOCABULARY, DESCRIPTION, CARD = "model.safetensors", "vocabulary.json.gz", "model.json", "README.md"
TEXTS = "texts.json.gz"
KIND, FORMAT = "text classifier", 1


def write_classifier(
    classifier: TextClassifier, folder: Path, *, small: bool, texts: tuple[list[str], list[Any]] | None = None
) -> None:
    """Write a fitted classifier; the folder's earlier content is replaced once all is on the disk.

    Parameters
    ----------
    classifier
        Fitted.
    folder
        Made where it is not there; one that holds anything but a classifier is a `DataError`.
    small
        Leave out vectors and columns that say little, and keep one byte of each number.
    texts
        Labelled texts to keep beside, and their labels.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / DESCRIPTION).exists():
        raise DataError("holds other files: give an empty folder, or one with a classifier", path=folder)
    aside = folder.with_name(f".{folder.name}.{os.getpid()}")
    aside.mkdir(parents=True)
    try:
        _fill(classifier, aside, small=small)
        if texts is not None:
            (aside / TEXTS).write_bytes(_packed({"texts": texts[0], "labels": texts[1]}))
        if folder.exists():
            shutil.rmtree(folder)
        aside.replace(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _fill(classifier: TextClassifier, folder: Path, *, small: bool) -> None:
    fitted = classifier.fitted_
    arrays, words = _arrays(fitted)
    vocabulary = _packed(words)
    if small:
        arrays = quantize(arrays, len(words), len(vocabulary))
    description = {
        "kind": KIND,
        "format": FORMAT,
        "classes": classifier.classes_.tolist(),
        "several": classifier.several_,
        "parameters": pack(classifier.get_params()),
        "head": {name: getattr(fitted.head, name) for name in ("temperature", "cost", "share", "accuracy")},
        "seconds": fitted.seconds,
        "ngrams": fitted.model.columns.ngrams is not None,
    }
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, folder / ARRAYS)
    (folder / VOCABULARY).write_bytes(vocabulary)
    (folder / DESCRIPTION).write_text(json.dumps(description, ensure_ascii=False, indent=2), encoding="utf-8")
    (folder / CARD).write_text(card(classifier), encoding="utf-8")


def _packed(values: Any) -> bytes:
    return gzip.compress(json.dumps(values, ensure_ascii=False).encode(), mtime=0)


def card(classifier: TextClassifier) -> str:
    """Return a model card in Markdown."""
    head, labels = classifier.fitted_.head, ", ".join(map(str, classifier.classes_.tolist()))
    return "\n".join(
        [
            "---\nlibrary_name: mt2st\ntags:\n- text-classification\n---\n",
            f"# Text classifier\n\nLabels a text as one of: {labels}.\n",
            f"Accuracy by cross-validation on its own training texts: {head.accuracy:.3f}. On other topics, times or",
            "languages it will do worse: measure it there first. It repeats whatever bias its labels and texts have.\n",
            '```python\nimport mt2st\n\nmt2st.load("this folder").predict(["a text"])\n```\n',
        ]
    )


def _arrays(fitted: Fitted) -> tuple[dict[str, NDArray[Any]], list[str]]:
    model, vectors = fitted.model, fitted.vectors
    arrays: dict[str, NDArray[Any]] = {
        "pairs": model.columns.pairs.keys,
        "idf": model.columns.idf,
        "weights": model.weights,
        "ngram_weights": model.ngram_weights,
        "vector_weights": model.vector_weights,
        "row_weights": model.row_weights,
        "bias": model.bias,
    }
    if model.columns.ngram_idf is not None:
        arrays["ngram_idf"] = model.columns.ngram_idf
    if vectors is not None:
        arrays |= {"table": vectors.table, "mean": vectors.mean, "scale": vectors.scale}
    return arrays, list(model.columns.words)


def read_classifier(folder: Path) -> TextClassifier:
    """Read a classifier that `write_classifier` wrote; arrays are mapped into memory, not read.

    Raises
    ------
    DataError
        Where there is none, or it is damaged.
    """
    from mt2st.estimators.text_classifier import TextClassifier

    try:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        if description.get("kind") != KIND:
            raise DataError("the model there is no text classifier: mt2st predict reads a run's", path=folder)
        if description["format"] != FORMAT:
            raise DataError(f"of format {description['format']}, this mt2st reads {FORMAT}", path=folder)
        words = json.loads(gzip.decompress((folder / VOCABULARY).read_bytes()))
        with safe_open(folder / ARRAYS, framework="numpy") as file:
            arrays = restore({name: file.get_tensor(name) for name in file.keys()})  # noqa: SIM118
        found = TextClassifier(**unpack(description["parameters"]))
        found.classes_, found.several_ = np.asarray(description["classes"]), description["several"]
        found.fitted_ = _fitted(arrays, words, description)
        if (folder / TEXTS).exists():
            found._kept = _kept(folder / TEXTS, several=found.several_)
        return found
    except FileNotFoundError as error:
        raise DataError(f"no model there ({error.filename or ARRAYS} is missing)", path=folder) from None
    except (OSError, EOFError, zlib.error, KeyError, TypeError, ValueError, SafetensorError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"the model is damaged ({error}): copy it again, or train it anew", path=folder) from error


def _kept(path: Path, *, several: bool) -> tuple[list[str], list[Any]]:
    found = json.loads(gzip.decompress(path.read_bytes()))
    labels = [tuple(own) for own in found["labels"]] if several else found["labels"]
    if len(labels) != len(found["texts"]):
        raise DataError("texts and labels are not as many: copy it again", path=path)
    return found["texts"], labels


def _fitted(arrays: dict[str, NDArray[Any]], words: list[str], description: dict[str, Any]) -> Fitted:
    ngrams = NGrams.of(words) if description["ngrams"] else None
    arrays = arrays if ngrams is None else restore_ngrams(arrays, len(ngrams))
    columns = TextColumns(words, Pairs(arrays["pairs"], len(words)), arrays["idf"], ngrams, arrays.get("ngram_idf"))
    sizes = len(columns), len(words) + len(arrays["pairs"]), len(arrays["weights"])
    if len(set(sizes)) > 1 or (ngrams is not None and len(ngrams) != len(arrays["ngram_idf"])):
        raise DataError("the model's files do not belong together: copy it again")
    names = "weights", "ngram_weights", "vector_weights", "row_weights", "bias"
    model = LinearText(columns, *(np.ascontiguousarray(arrays[name], np.float32) for name in names))
    vectors = None
    if "table" in arrays:
        vectors = Vectors(arrays["table"], model.row_weights, arrays["mean"], arrays["scale"])
    head = Head(np.empty((0, len(model.bias))), **description["head"])
    return Fitted(model, None, vectors, head, [], description["seconds"])
