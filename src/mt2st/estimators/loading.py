"""``mt2st.load``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from mt2st.errors import DataError
from mt2st.estimators.saving.classifier_reading import CLASSIFIER, read_classifier
from mt2st.estimators.saving.saved_files import as_path
from mt2st.estimators.tagging.folder import TAGGER
from mt2st.training.folders import restored_folder

if TYPE_CHECKING:
    from mt2st.estimators.text_classifier import TextClassifier
    from mt2st.estimators.token_tagger import TokenTagger


def load(folder: str | Path) -> TextClassifier | TokenTagger:
    """Return the estimator that ``save``, or ``mt2st tune``, wrote to a folder.

    Raises
    ------
    DataError
        Where there is no whole estimator.
    ConfigError
        Where ``folder`` is no path.
    """
    folder = home(folder)
    if is_tagger(folder):
        from mt2st.estimators.token_tagger import TokenTagger

        return TokenTagger.load(folder)
    # It says that it is one, and is one for all that a classifier can do.
    return cast("TextClassifier", read_classifier(folder))


def home(folder: str | Path) -> Path:
    """Return the folder of an estimator: the one given, or ``model`` in what ``mt2st tune`` wrote."""
    folder = restored_folder(as_path(folder))
    if not folder.exists():
        raise DataError("there is no such folder: give the one that save, train or tune wrote", path=folder)
    within = restored_folder(folder / "model")
    return within if is_tagger(within) or is_classifier(within) else folder


def is_tagger(folder: str | Path) -> bool:
    """Say whether a folder holds a `TokenTagger`."""
    return (Path(folder) / TAGGER.description).exists()


def is_classifier(folder: str | Path) -> bool:
    """Say whether a folder holds a `TextClassifier`, not the model of a run."""
    return CLASSIFIER.describes(Path(folder))
