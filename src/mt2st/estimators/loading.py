"""``mt2st.load``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mt2st.estimators.classifier_files import DESCRIPTION, read_classifier

if TYPE_CHECKING:
    from mt2st.estimators.text_classifier import TextClassifier


def load(folder: str | Path) -> TextClassifier:
    """Return the estimator that ``save`` wrote to a folder.

    Raises
    ------
    DataError
        Where there is no whole estimator.
    """
    return read_classifier(Path(folder))


def is_estimator(folder: str | Path) -> bool:
    """Say whether a folder holds an estimator, not the model of a run."""
    try:
        return bool(json.loads((Path(folder) / DESCRIPTION).read_text(encoding="utf-8"))["kind"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
