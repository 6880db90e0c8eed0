"""``mt2st.load``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mt2st.estimators.classifier_files import read_classifier

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
