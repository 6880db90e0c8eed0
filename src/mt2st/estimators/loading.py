"""``mt2st.load``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mt2st.errors import DataError
from mt2st.estimators.saving.classifier_reading import CLASSIFIER, read_classifier
from mt2st.estimators.saving.saved_files import as_path
from mt2st.estimators.tagging.folder import TAGGER
from mt2st.models import model_files
from mt2st.training.folders import restored_folder

if TYPE_CHECKING:
    from mt2st.estimators.text_classifier import TextClassifier
    from mt2st.estimators.token_tagger import TokenTagger
    from mt2st.models import TaggingModel, TextModel


def load(folder: str | Path) -> TextClassifier | TokenTagger | TextModel | TaggingModel:
    """Load what ``save``, ``mt2st fit``, ``mt2st tune`` or ``mt2st train`` wrote to a folder.

    From a run it returns the finished model, which has ``predict``, ``predict_proba`` and ``classes``:
    ``mt2st.load("runs/reviews-switch-001").predict(texts)``. A tagger takes lists of tokens instead of texts.

    Raises
    ------
    DataError
        If there is no complete model.
    ConfigError
        If ``folder`` is not a path.
    """
    folder = home(folder)
    if is_tagger(folder):
        from mt2st.estimators.token_tagger import TokenTagger

        return TokenTagger.load(folder)
    if not is_classifier(folder) and model_files.is_model(folder):
        from mt2st.models import TaggingModel, TextModel  # compiles, or loads, kernels

        return TaggingModel.load(folder) if model_files.is_tagger(folder) else TextModel.load(folder)
    return read_classifier(folder)


def home(folder: str | Path) -> Path:
    """Return the folder of an estimator: the one given, or ``model`` in what ``mt2st fit`` or ``tune`` wrote."""
    folder = restored_folder(as_path(folder))
    if not folder.exists():
        raise DataError("there is no such folder: give the one that save, fit, train or tune wrote", path=folder)
    within = restored_folder(folder / "model")
    return within if is_tagger(within) or is_classifier(within) else folder


def is_tagger(folder: str | Path) -> bool:
    """Return whether a folder holds a `TokenTagger`."""
    return (Path(folder) / TAGGER.description).exists()


def is_classifier(folder: str | Path) -> bool:
    """Return whether a folder holds a `TextClassifier`, not the model of a run."""
    return CLASSIFIER.describes(Path(folder))
