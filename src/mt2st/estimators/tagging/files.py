"""The files of a fitted tagger: its settings and words (JSON), its parameters (safetensors), and a model card."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from mt2st.errors import ConfigError, DataError
from mt2st.estimators.estimator import defaults
from mt2st.estimators.inputs.strategy_choice import PRIMARY
from mt2st.estimators.saving.packing import pack_settings, unpack
from mt2st.estimators.saving.saved_files import CARD, model_card
from mt2st.estimators.tagging.folder import DESCRIPTION, TAGGER
from mt2st.estimators.tagging.window_files import load_window, save_window
from mt2st.models import TaggingModel
from mt2st.models.window.model import WindowModel
from mt2st.training.folders import replaced_folder, restored_folder

if TYPE_CHECKING:
    from mt2st.estimators.token_tagger import TokenTagger

Loaded = TypeVar("Loaded", bound="TokenTagger")

# Earlier versions can read only the first.
FORMAT, QUANTIZED = 1, 2


def save_tagger(tagger: TokenTagger, folder: Path, *, small: bool = False) -> None:
    """Write a fitted tagger; an earlier one in the folder is replaced once the new one is on disk.

    Parameters
    ----------
    tagger, folder
        The tagger, and where to write it.
    small
        Store few bits per number; only for the native tagger.

    Raises
    ------
    DataError
        If the folder holds anything but a tagger's own files, or cannot be written.
    ConfigError
        If ``small`` is set for the torch tagger.
    """
    if small:
        check_quantizable(native=isinstance(tagger.model_, WindowModel))
    with replaced_folder(folder, TAGGER) as aside:
        _fill(tagger, aside, small=small)


def check_quantizable(*, native: bool) -> None:
    """Refuse to quantize the torch tagger."""
    if not native:
        raise ConfigError("quantize=True is for encoder='window': the torch tagger is saved whole")


def _fill(tagger: TokenTagger, folder: Path, *, small: bool) -> None:
    from mt2st.estimators.token_tagger import TokenTagger  # a subclass may be read as one

    names = {**defaults(TokenTagger), **defaults(type(tagger))}
    settings = pack_settings(tagger, (name for name in names if name != "vectors"))
    own = {"settings": settings, "scheme_": tagger.scheme_, "work_": tagger.work_}
    about = card(tagger).encode("utf-8", "replace")
    (folder / CARD).write_bytes(about)
    if isinstance(tagger.model_, WindowModel):
        beside = len(about) + len(json.dumps(own, indent=2)) if small else None
        own |= save_window(tagger.model_, folder, beside=beside)
    else:
        for name, content in tagger.model_.files().items():
            (folder / name).write_bytes(content)
        own |= {"encoder": "bilstm", "classes": tagger.classes_.tolist()}
    write_description(folder, own)


def card(tagger: TokenTagger) -> str:
    """Return a model card in Markdown."""
    from mt2st.report.wording import inline

    spans = f" They stand for spans, in the scheme {tagger.scheme_}." if tagger.scheme_ else ""
    others = ", ".join(inline(name) for name in tagger.work_ if name != PRIMARY)
    about = f"Tags each token as one of: {', '.join(map(inline, tagger.classes_.tolist()))}.{spans}"
    taught = f"Trained with the auxiliaries {others}." if others else "Trained without auxiliaries."
    told = f"{taught} How well it tags is not known from its training alone."
    return model_card("token-classification", "Token tagger", f"{about}\n\n{told}", 'predict([["a", "sentence"]])')


def load_tagger(kind: type[Loaded], folder: Path) -> Loaded:
    """Load a tagger from a folder.

    Raises
    ------
    DataError
        If there is no complete one.
    """
    description = read_description(restored_folder(folder))
    settings = {name: value for name, value in description["settings"].items() if name in defaults(kind)}
    tagger = kind(**{name: unpack(value) for name, value in settings.items()})
    if description["encoder"] == "window":
        tagger.model_ = load_window(folder, description)
    else:
        tagger.model_ = TaggingModel.load(folder)
    tagger.classes_ = np.array(description["classes"])
    tagger.scheme_, tagger.work_ = description["scheme_"], description["work_"]
    return tagger


def write_description(folder: Path, description: Mapping[str, Any]) -> None:
    """Write the description of a folder's model."""
    version = QUANTIZED if "streams" in description else FORMAT
    text = json.dumps({"kind": TAGGER.name, "format": version, **description}, indent=2)
    (folder / DESCRIPTION).write_text(text, encoding="utf-8")


def read_description(folder: Path) -> dict[str, Any]:
    """Return the description of a folder's model.

    Raises
    ------
    DataError
        If there is none, or it has another format.
    """
    try:
        found = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        if found["format"] not in (FORMAT, QUANTIZED):
            known = f"{FORMAT} and {QUANTIZED}"
            raise DataError(f"a tagger of format {found['format']}, this mt2st reads {known}", path=folder)
    except FileNotFoundError:
        raise DataError(
            f"no tagger there ({DESCRIPTION} is missing): give a folder that save wrote", path=folder
        ) from None
    except NotADirectoryError:
        raise DataError("this is a file: give the folder that save wrote", path=folder) from None
    except (OSError, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise DataError(f"the tagger is damaged ({error}): copy it again, or train it again", path=folder) from error
    return dict(found)
