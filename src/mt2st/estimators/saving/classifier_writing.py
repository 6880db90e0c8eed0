"""A text classifier written to a folder: arrays (safetensors), vocabulary and description (JSON), and a model card."""

from __future__ import annotations

import gzip
import json
import lzma
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mt2st.estimators.estimator import defaults
from mt2st.estimators.fitting.fitted import Fitted
from mt2st.estimators.saving.classifier_reading import (
    ARRAYS,
    CLASSIFIER,
    DESCRIPTION,
    FORMAT,
    KIND,
    SORTED,
    TEXTS,
    VOCABULARY,
)
from mt2st.estimators.saving.packing import pack_labels, pack_settings
from mt2st.estimators.saving.quantizing import quantize
from mt2st.estimators.saving.saved_files import CARD, model_card, room_in_a_tenth, write_arrays
from mt2st.estimators.saving.sorted_columns import Arrays, sort_columns
from mt2st.training.folders import replaced_folder

if TYPE_CHECKING:
    from mt2st.estimators.text_classifier import TextClassifier


def write_classifier(
    classifier: TextClassifier, folder: Path, *, small: bool, texts: tuple[list[str], list[Any]] | None = None
) -> None:
    """Write a fitted classifier; an earlier one in the folder is replaced once the new one is on disk.

    Parameters
    ----------
    classifier
        A fitted classifier.
    folder
        Created if missing; a folder that holds anything but a classifier's own files is a `DataError`.
    small
        Leave out vectors and unimportant columns, and store few bits per number.
    texts
        Labelled texts to save with it, and their labels.
    """
    with replaced_folder(folder, CLASSIFIER) as aside:
        _fill(classifier, aside, small=small)
        if texts is not None:
            kept = _json({"texts": texts[0], "labels": texts[1]})
            (aside / TEXTS).write_bytes(gzip.compress(kept, mtime=0))


def _fill(classifier: TextClassifier, folder: Path, *, small: bool) -> None:
    arrays, words = _arrays(classifier.fitted_)
    description, files = describe(classifier), {CARD: _card(classifier)}
    if small:
        arrays, files[SORTED], streams = _small(classifier, arrays, words)
    else:
        files[VOCABULARY], streams = gzip.compress(_json(words), mtime=0), None
    files[DESCRIPTION] = _json({**description, "streams": streams}, indent=2)
    write_arrays(folder / ARRAYS, arrays)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _json(value: Any, indent: int | None = None) -> bytes:
    # Lone surrogates in labels, which cannot be encoded, are escaped as in JSON.
    return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "backslashreplace")


def _card(classifier: TextClassifier) -> bytes:
    return card(classifier).encode("utf-8", "replace")


def _small(classifier: TextClassifier, arrays: Arrays, words: list[str]) -> tuple[Arrays, bytes, dict[str, Any]]:
    """Return arrays and words in few bytes; all files together are a tenth of the whole model's size if possible."""
    beside = len(_json(describe(classifier), indent=2)) + len(_card(classifier))
    whole = sum(array.nbytes for array in arrays.values()) + len(gzip.compress(_json(words))) + beside
    arrays, words = sort_columns(arrays, words)
    vocabulary = lzma.compress(_json(words), preset=9)
    room = room_in_a_tenth(whole, beside + len(vocabulary))
    streams, description = quantize(arrays, lambda found: sum(array.nbytes for array in found.values()) <= room)
    return streams, vocabulary, description


def describe(classifier: TextClassifier) -> dict[str, Any]:
    """Return all of a classifier except arrays and words, as JSON values."""
    from mt2st.estimators.text_classifier import TextClassifier  # a subclass is read as one, with its parameters

    fitted = classifier.fitted_
    return {
        "kind": KIND,
        "format": FORMAT,
        "classes": pack_labels(classifier.classes_),
        "several": classifier.several_,
        "parameters": pack_settings(classifier, defaults(TextClassifier)),
        "head": {name: getattr(fitted.head, name) for name in ("temperature", "cost", "share", "accuracy")},
        "seconds": fitted.seconds,
        "ngrams": fitted.model.columns.ngrams is not None,
    }


def card(classifier: TextClassifier) -> str:
    """Return a model card in Markdown."""
    from mt2st.report.wording import inline

    labels, several = ", ".join(inline(str(label)) for label in classifier.classes_.tolist()), classifier.several_
    measure = "Share of the labels told right" if several else "Accuracy"
    told = f"{measure} by cross-validation on its own training texts: {classifier.fitted_.head.accuracy:.3f}."
    about = f"Labels a text {'with any' if several else 'as one'} of: {labels}.\n\n{told}"
    return model_card("text-classification", "Text classifier", about, 'predict(["a text"])')


def _arrays(fitted: Fitted) -> tuple[Arrays, list[str]]:
    model, vectors = fitted.model, fitted.vectors
    arrays: Arrays = {
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
