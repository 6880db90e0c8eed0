"""Prediction with a fitted text classifier."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.estimators.estimator import Estimator
from mt2st.estimators.fitting.fitted import Fitted
from mt2st.estimators.inputs.texts import check_texts
from mt2st.models.probabilities import probabilities

# To find which of two classes a score is for takes a third of the time of ``classes_.take(scores > 0)``.
ZERO = np.zeros(1)


class TextPredictor(Estimator):
    """Scores, labels and probabilities of texts; the part of `mt2st.TextClassifier` that predicts.

    Attributes
    ----------
    classes_, several_, fitted_
        See `mt2st.TextClassifier`.
    """

    classes_: NDArray[Any]
    several_: bool
    fitted_: Fitted

    def finished(self) -> Fitted:
        """Return the finished model; raise scikit-learn's ``NotFittedError`` if there is none yet."""
        self.check_fitted("fitted_")
        return self.fitted_

    def decision_function(self, texts: Any) -> NDArray[np.float64]:
        """Return scores of shape (texts, classes); with two classes those of the second, (texts,)."""
        found = self.finished().model.scores(check_texts(texts))
        return found[:, 0] if found.shape[1] == 1 and not self.several_ else found

    def predict(self, texts: Any) -> NDArray[Any]:
        """Return the most probable label of each text; with several labels per text a matrix of ones and zeros."""
        scores = self.decision_function(texts)
        if self.several_:
            return np.asarray(scores > 0, np.int64)
        return self.classes_[ZERO.searchsorted(scores) if scores.ndim == 1 else scores.argmax(1)]

    def predict_proba(self, texts: Any) -> NDArray[np.float64]:
        """Return the probability of each class, (texts, classes), calibrated on held-out examples."""
        fitted = self.finished()
        scores = fitted.model.scores(check_texts(texts))
        return probabilities(scores, fitted.head.temperature, several=self.several_)

    def explain(self, text: str) -> list[tuple[str, dict[Any, float]]]:
        """Return the contribution of each word of a text to the score of each class; with two classes, of the second.

        The contributions and the bias, ``fitted_.model.bias``, add up to `decision_function`; above 0 they support the
        class. With two classes, what speaks against the second speaks for the first.

        Examples
        --------
        >>> from mt2st import TextClassifier
        >>> classifier = TextClassifier(C=1.0).fit(["good", "bad", "good film", "bad film"], [1, 0, 1, 0])
        >>> [(word, list(said)) for word, said in classifier.explain("good film") if said[1] > 0.1]
        [('good', [1])]
        """
        words, found = self.finished().model.contributions(check_texts([text], "text")[0])
        outputs = self.classes_[1:] if found.shape[1] == 1 and not self.several_ else self.classes_
        return [
            (word, dict(zip(outputs.tolist(), row, strict=True)))
            for word, row in zip(words, found.tolist(), strict=True)
        ]
