"""The files that every saved estimator's folder has: arrays (safetensors) and a model card."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import ConfigError
from mt2st.estimators.inputs.bounds import check_flag
from mt2st.training.checkpoint import safetensors_parts
from mt2st.whole_file import write_whole

if TYPE_CHECKING:
    from mt2st.estimators.tuning.trial import Tuning

CARD = "README.md"
EXAMPLE = "\n```python\n"
# Measures of an evaluation that the card names.
MEASURES = {"span_f1": "span F1", "accuracy": "accuracy", "micro_f1": "micro F1", "macro_f1": "macro F1"}
# Share of the whole model's size; and bytes for the header of the arrays and their description.
TENTH, HEADERS = 0.1, 2000


def room_in_a_tenth(whole: int, others: int) -> float:
    """Return the bytes left for arrays if all files together should be a tenth of the whole model's size.

    Examples
    --------
    >>> room_in_a_tenth(1_000_000, 30_000)
    68000.0
    """
    return TENTH * whole - others - HEADERS


def write_arrays(file: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a safetensors file with permissions by the umask; safetensors itself would let only the owner read it."""
    with file.open("wb") as opened:
        opened.writelines(safetensors_parts({name: np.ascontiguousarray(array) for name, array in arrays.items()}))


def as_path(folder: Any) -> Path:
    """Return the path of a folder.

    Examples
    --------
    >>> as_path(None)
    Traceback (most recent call last):
    mt2st.errors.ConfigError: folder must be a path, None found: name one, "model"
    """
    if not isinstance(folder, str | PathLike) or folder == "":
        raise ConfigError(f'folder must be a path, {folder!r} found: name one, "model"')
    return Path(folder)


def is_small(estimator: Any, quantize: bool | None) -> bool:
    """Return whether to save an estimator in few bytes: ``quantize``, or if that is None as tuning found."""
    check_flag("quantize", False if quantize is None else quantize)
    tuning: Tuning | None = getattr(estimator, "tuning_", None)
    return tuning is not None and tuning.best.quantized if quantize is None else quantize


def model_card(kind: str, name: str, about: str, call: str) -> str:
    """Return a model card in Markdown.

    Parameters
    ----------
    kind
        The name of the task on the Hugging Face Hub.
    name
        The headline.
    about
        A description of the model and its quality.
    call
        An example call of a method.

    Examples
    --------
    >>> model_card("token-classification", "Token tagger", "Tags tokens.", "predict([])").splitlines()[6]
    '# Token tagger'
    """
    return "\n".join(
        [
            f"---\nlibrary_name: mt2st\ntags:\n- {kind}\n---\n",
            f"# {name}\n\n{about} On other topics, times or",
            "languages it will do worse: measure it there first. It repeats whatever bias its labels and texts have.",
            f'{EXAMPLE}import mt2st\n\nmt2st.load("this folder").{call}\n```\n',
        ]
    )


def add_test_score(folder: Path, measures: Mapping[str, Any], rows: str) -> None:
    """Add to the card in a folder how well the model did on a test part.

    Parameters
    ----------
    measures
        The evaluation as JSON values.
    rows
        What the test part has, such as "1,000 texts".
    """
    card, named = folder / CARD, [f"{name} {measures[key]:.3f}" for key, name in MEASURES.items() if key in measures]
    told = f"On {rows} that it was not trained on: {', '.join(named)}.\n"
    write_whole(card, card.read_bytes().replace(EXAMPLE.encode(), f"\n{told}{EXAMPLE}".encode(), 1))
