"""A text classifier that was read from a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from numpy.typing import NDArray

from mt2st.estimators.fitting.fitted import Fitted
from mt2st.estimators.telling.text_predictor import TextPredictor

if TYPE_CHECKING:
    from mt2st.estimators.text_classifier import TextClassifier

# How Python itself sets an object's class: the property below hides it.
_SET_CLASS = object.__dict__["__class__"].__set__


class LoadedClassifier(TextPredictor):
    """Predicts at once, and turns into a `mt2st.TextClassifier` when anything else is asked of it.

    To import scikit-learn takes most of a second, which prediction does not need. Who asks for the class, as
    ``isinstance`` does, finds `TextClassifier`.

    Parameters
    ----------
    parameters
        Of the classifier, each as `mt2st.estimators.saving.packing.pack` gives it.
    classes, several, fitted
        Its attributes.
    kept
        The labelled texts and their labels, where they were saved.
    """

    def __init__(
        self,
        parameters: dict[str, Any],
        classes: NDArray[Any],
        fitted: Fitted,
        *,
        several: bool,
        kept: tuple[list[str], list[Any]] | None = None,
    ) -> None:
        self._packed = parameters
        self.classes_, self.several_, self.fitted_ = classes, several, fitted
        if kept is not None:
            self._kept = kept

    def _become(self) -> TextClassifier:
        """Turn into a `TextClassifier`, with the same parameters and model."""
        from mt2st.estimators.saving.packing import unpack
        from mt2st.estimators.text_classifier import TextClassifier

        for name, value in self.__dict__.get("_packed", {}).items():
            setattr(self, name, unpack(value))
        _SET_CLASS(self, TextClassifier)
        self.__dict__.pop("_packed", None)
        return cast("TextClassifier", self)

    @property  # type: ignore[misc]
    def __class__(self) -> type[TextClassifier]:  # type: ignore[override]
        """The class that this becomes when more is asked of it."""
        from mt2st.estimators.text_classifier import TextClassifier

        return TextClassifier

    def __getattr__(self, name: str) -> Any:
        return getattr(self._become(), name)

    def __repr__(self) -> str:
        return repr(self._become())

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self._become().__reduce_ex__(protocol)
