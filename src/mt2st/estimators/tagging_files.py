"""The files of a fitted tagger: its settings and words (JSON), its parameters (safetensors), and a model card."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from mt2st.errors import DataError
from mt2st.estimators.packing import pack, unpack
from mt2st.estimators.saved_files import CARD, model_card, write_arrays
from mt2st.estimators.strategy_choice import PRIMARY
from mt2st.models import model_files
from mt2st.models.kernels.window_parts import Encoder, Head
from mt2st.models.window_model import WindowModel
from mt2st.training.folder_kind import FolderKind
from mt2st.training.folders import replaced_folder, restored_folder

if TYPE_CHECKING:
    from mt2st.estimators.token_tagger import TokenTagger

Loaded = TypeVar("Loaded", bound="TokenTagger")

ARRAYS, DESCRIPTION, WORDS = "tagger.safetensors", "tagger.json", "words.json"
FORMAT = 1
# The files of `mt2st.models.model_files` are those of the torch tagger.
TAGGER = FolderKind(
    "tagger",
    DESCRIPTION,
    frozenset({ARRAYS, DESCRIPTION, WORDS, CARD, model_files.ARRAYS, model_files.DESCRIPTION, model_files.VOCABULARY}),
)


def save_tagger(tagger: TokenTagger, folder: Path) -> None:
    """Write a fitted tagger; an earlier one in the folder is replaced once all is on the disk.

    Raises
    ------
    DataError
        Where the folder holds anything but a tagger's own files, or cannot be written.
    """
    with replaced_folder(folder, TAGGER) as aside:
        _fill(tagger, aside)


def _fill(tagger: TokenTagger, folder: Path) -> None:
    settings = {name: pack(value) for name, value in tagger.get_params(deep=False).items() if name != "vectors"}
    own = {"settings": settings, "scheme_": tagger.scheme_, "work_": tagger.work_}
    if isinstance(tagger.model_, WindowModel):
        save_window(tagger.model_, folder, own)
    else:
        from mt2st.estimators.tagging_bilstm import save_bilstm  # torch is an extra

        save_bilstm(tagger.model_, folder)
        write_description(folder, {"encoder": "bilstm", "classes": tagger.classes_.tolist(), **own})
    (folder / CARD).write_bytes(card(tagger).encode("utf-8", "replace"))


def card(tagger: TokenTagger) -> str:
    """Return a model card in Markdown."""
    spans = f" They stand for spans, in the scheme {tagger.scheme_}." if tagger.scheme_ else ""
    others = ", ".join(name for name in tagger.work_ if name != PRIMARY)
    about = f"Tags each token as one of: {', '.join(tagger.classes_.tolist())}.{spans}"
    taught = f"Trained with the auxiliaries {others}." if others else "Trained without auxiliaries."
    told = f"{taught} How well it tags is not known from its training alone."
    return model_card("token-classification", "Token tagger", f"{about}\n\n{told}", 'predict([["a", "sentence"]])')


def load_tagger(kind: type[Loaded], folder: Path) -> Loaded:
    """Return a tagger of a folder.

    Raises
    ------
    DataError
        Where there is no whole one.
    """
    description = read_description(restored_folder(folder))
    tagger = kind(**{name: unpack(value) for name, value in description["settings"].items()})
    if description["encoder"] == "window":
        tagger.model_ = load_window(folder, description)
    else:
        from mt2st.estimators.tagging_bilstm import load_bilstm  # torch is an extra

        tagger.model_ = load_bilstm(folder)
    tagger.classes_ = np.array(description["classes"])
    tagger.scheme_, tagger.work_ = description["scheme_"], description["work_"]
    return tagger


def save_window(model: WindowModel, folder: Path, settings: Mapping[str, Any]) -> None:
    """Write a model; of hashed features only the rows that are not zero."""
    used = np.flatnonzero(model.head.features.any(axis=1))
    arrays = {**model.encoder._asdict(), **model.head._asdict(), "used": used}
    arrays["features"] = np.ascontiguousarray(model.head.features[used])
    write_arrays(folder / ARRAYS, arrays)
    (folder / WORDS).write_text(json.dumps(list(model.words)), encoding="utf-8")
    own = {"encoder": "window", "classes": model.classes, "scheme": model.scheme, "buckets": len(model.head.features)}
    write_description(folder, {**own, **settings})


def write_description(folder: Path, description: Mapping[str, Any]) -> None:
    """Write what a folder says of its model."""
    text = json.dumps({"kind": TAGGER.name, "format": FORMAT, **description}, indent=2)
    (folder / DESCRIPTION).write_text(text, encoding="utf-8")


def read_description(folder: Path) -> dict[str, Any]:
    """Return what a folder says of its model.

    Raises
    ------
    DataError
        Where there is none, or of another format.
    """
    try:
        found = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise DataError(f"a tagger of format {found['format']}, this mt2st reads {FORMAT}", path=folder)
    except FileNotFoundError:
        raise DataError(
            f"no tagger there ({DESCRIPTION} is missing): give a folder that save wrote", path=folder
        ) from None
    except NotADirectoryError:
        raise DataError("this is a file: give the folder that save wrote", path=folder) from None
    except (OSError, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DataError(f"the tagger is damaged ({error}): copy it again, or train it anew", path=folder) from error
    return dict(found)


def load_window(folder: Path, description: Mapping[str, Any]) -> WindowModel:
    """Read a model.

    Raises
    ------
    DataError
        Where a file is missing or damaged, or they do not belong together.
    """
    try:
        arrays = load_file(folder / ARRAYS)
        words = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        features = np.zeros((description["buckets"], len(description["classes"])), np.float32)
        features[arrays.pop("used")] = arrays.pop("features")
        encoder = Encoder(*(arrays[name] for name in Encoder._fields))
        head = Head(arrays["emit"], features, arrays["links"])
        model = WindowModel(encoder, head, words, tuple(description["classes"]), description["scheme"])
        _check(model)
    except (OSError, KeyError, TypeError, ValueError, IndexError, SafetensorError) as error:
        raise DataError(f"the tagger is damaged ({error}): copy it again, or train it anew", path=folder) from error
    return model


def _check(model: WindowModel) -> None:
    """Refuse arrays that kernels would read beyond the end of."""
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
