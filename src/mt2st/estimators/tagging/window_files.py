"""The files of a native tagger's model: parameters (safetensors) and words (JSON)."""

from __future__ import annotations

import json
import lzma
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from mt2st.errors import DataError
from mt2st.estimators.saving.saved_files import room_in_a_tenth, write_arrays
from mt2st.estimators.saving.sorted_columns import Arrays
from mt2st.estimators.tagging.folder import ARRAYS, SORTED, WORDS
from mt2st.estimators.tagging.quantizing import quantize, restore
from mt2st.models.kernels.window_parts import Encoder, Head
from mt2st.models.window.model import WindowModel


def save_window(model: WindowModel, folder: Path, *, beside: int | None = None) -> dict[str, Any]:
    """Write a model, with only the nonzero rows of hashed features, and return its description.

    Parameters
    ----------
    model, folder
        The model, and where to write.
    beside
        Bytes of the other files, to quantize so that all files are a tenth of the size. None keeps all bits.
    """
    used = np.flatnonzero(model.head.features.any(axis=1))
    arrays: Arrays = {**model.encoder._asdict(), **model.head._asdict(), "used": used}
    arrays["features"] = model.head.features[used]
    about: dict[str, Any] = {"encoder": "window", "classes": model.classes, "scheme": model.scheme}
    about["buckets"] = len(model.head.features)
    words = json.dumps(list(model.words)).encode()
    if beside is None:
        (folder / WORDS).write_bytes(words)
    else:
        whole = _bytes(arrays) + len(words) + beside
        arrays, words = _sorted(arrays, model.words)
        (folder / SORTED).write_bytes(words)
        room = room_in_a_tenth(whole, beside + len(words))
        arrays, about["streams"] = quantize(arrays, lambda found: _bytes(found) <= room)
    write_arrays(folder / ARRAYS, arrays)
    return about


def _bytes(arrays: Arrays) -> int:
    return sum(array.nbytes for array in arrays.values())


def _sorted(arrays: Arrays, words: Any) -> tuple[Arrays, bytes]:
    """Return arrays and compressed words in alphabetical order, in which words compress best."""
    order = sorted(range(len(words)), key=words.__getitem__)
    table = arrays["table"][[0, *(place + 1 for place in order)]]
    return {**arrays, "table": table}, lzma.compress(json.dumps([words[place] for place in order]).encode(), preset=9)


def load_window(folder: Path, description: Mapping[str, Any]) -> WindowModel:
    """Load a model.

    Raises
    ------
    DataError
        If a file is missing or damaged, or files do not belong together.
    """
    try:
        arrays, words = _content(folder, description.get("streams"))
        features = np.zeros((description["buckets"], len(description["classes"])), np.float32)
        features[arrays.pop("used")] = arrays.pop("features")
        encoder = Encoder(*(arrays[name] for name in Encoder._fields))
        head = Head(arrays["emit"], features, arrays["links"])
        model = WindowModel(encoder, head, words, tuple(description["classes"]), description["scheme"])
        _check(model)
    except (OSError, EOFError, lzma.LZMAError, KeyError, TypeError, ValueError, IndexError, SafetensorError) as error:
        raise DataError(f"the tagger is damaged ({error}): copy it again, or train it again", path=folder) from error
    return model


def _content(folder: Path, streams: Mapping[str, Any] | None) -> tuple[Arrays, list[str]]:
    arrays = load_file(folder / ARRAYS)
    if streams is None:
        return arrays, json.loads((folder / WORDS).read_text(encoding="utf-8"))
    return restore(arrays, streams), json.loads(lzma.decompress((folder / SORTED).read_bytes()))


def _check(model: WindowModel) -> None:
    """Refuse arrays whose shapes do not fit, as kernels would read beyond their ends."""
    (table, looks, weights, bias), (emit, _, links), tags = model.encoder, model.head, len(model.classes)
    hidden = weights.shape[1]
    window = len(weights) // (table.shape[1] + looks.shape[1])
    wanted: list[tuple[NDArray[np.float32], tuple[int, ...]]] = [
        (table, (len(model.words) + 1, table.shape[1])),
        (weights, (window * (table.shape[1] + looks.shape[1]), hidden)),
        (bias, (1, hidden)),
        (emit, (tags, hidden + 1)),
        (links, (tags + 1, tags + 1)),
    ]
    for array, shape in wanted:
        if array.shape != shape or array.dtype != np.float32 or window % 2 == 0:
            raise ValueError(f"an array of {array.dtype} {array.shape} where float32 {shape} belongs")
