"""The files of a finished model: arrays (safetensors), vocabulary and description (JSON)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from mt2st.errors import DataError
from mt2st.text import Features

if TYPE_CHECKING:
    from mt2st.embeddings.word_rows import WordRows

ARRAYS, DESCRIPTION, VOCABULARY = "model.safetensors", "model.json", "vocabulary.json"
FORMAT = 1


class ModelParts(NamedTuple):
    """The parts of a model.

    Attributes
    ----------
    features
        Maps tokens to rows of the table.
    arrays
        ``table``, the encoder's and the head's parameters, by name.
    description
        All else, as JSON values: ``task``, ``encoder``, ``classes``, ``settings``.
    """

    features: Features
    arrays: Mapping[str, NDArray[np.generic]]
    description: Mapping[str, Any]


def pack_model(parts: ModelParts) -> dict[str, bytes]:
    """Return the contents of a model's files by name."""
    description = {"format": FORMAT, **parts.description}
    return {
        ARRAYS: save({name: np.ascontiguousarray(array) for name, array in parts.arrays.items()}),
        VOCABULARY: _json(parts.features.to_json()),
        DESCRIPTION: _json(description, indent=2),
    }


def _json(value: Any, indent: int | None = None) -> bytes:
    # Lone surrogates in words, which cannot be encoded, are escaped as in JSON.
    return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "backslashreplace")


def read_model(folder: str | Path) -> ModelParts:
    """Read a model from its folder, or from the run directory that holds it.

    Raises
    ------
    DataError
        If there is no complete model.
    """
    folder = _inner(folder)
    try:
        description = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        if description["format"] != FORMAT:
            raise DataError(f"a model of format {description['format']}, this mt2st reads {FORMAT}", path=folder)
        features = Features.from_json(json.loads((folder / VOCABULARY).read_text(encoding="utf-8")))
        arrays = load_file(folder / ARRAYS)
        missing = {"encoder", "classes", "settings"} - set(description)
        if missing:
            raise KeyError(*missing)
        words = word_rows(features, description["settings"])
        # Rows outside the table would be read from the memory after it.
        wanted = len(features) if words is None else words.size
        if len(arrays["table"]) != wanted:
            found = f"{len(arrays['table'])} rows in the table for {wanted} words, pairs and n-grams"
            raise DataError(f"the model's files do not belong together ({found}): copy it again", path=folder)
        return ModelParts(features, arrays, description)
    except FileNotFoundError as error:
        raise DataError(
            f"no model there ({error.filename or ARRAYS} is missing): give the folder of a finished run",
            path=folder,
        ) from None
    except NotADirectoryError:
        raise DataError("this is a file: give the folder of a finished run", path=folder.parent) from None
    except (OSError, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError, SafetensorError) as error:
        raise DataError(f"the model is damaged ({error}): copy it again, or train it again", path=folder) from error


def word_rows(features: Features, settings: Mapping[str, Any]) -> WordRows | None:
    """Return the rows that make up each word, if the model has subwords."""
    limits = settings.get("subwords")
    if limits is None:
        return None
    from mt2st.embeddings.subwords import SubwordIndex  # compiles, or loads, its kernels
    from mt2st.embeddings.word_rows import WordRows

    words = features.words.words
    return WordRows(words, SubwordIndex.of(words, **limits))


def is_model(folder: str | Path) -> bool:
    """Return whether a folder, or a run directory, holds the model of a run.

    False for a model that is damaged or missing; reading it raises an error that says what is wrong.
    """
    return _settings(folder) is not None


def is_tagger(folder: str | Path) -> bool:
    """Return whether that model tags tokens."""
    return "tagging" in (_settings(folder) or ())


def _settings(folder: str | Path) -> dict[str, Any] | None:
    with suppress(OSError, ValueError, KeyError, TypeError):
        description = json.loads((_inner(folder) / DESCRIPTION).read_text(encoding="utf-8"))
        return dict(description["settings"])
    return None


def _inner(folder: str | Path) -> Path:
    folder = Path(folder)
    return folder if (folder / DESCRIPTION).exists() else folder / "model"
