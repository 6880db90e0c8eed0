"""Similar training texts, evaluation and reports of a text classifier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from mt2st.errors import DataError
from mt2st.estimators.inputs.texts import check_texts
from mt2st.estimators.outputs.text_predictor import TextPredictor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.estimators.inputs.targets import Targets
    from mt2st.estimators.outputs.evaluation import TextJudgement
    from mt2st.estimators.outputs.nearest import Neighbour, Neighbourhood
    from mt2st.estimators.text_classifier import TextClassifier
    from mt2st.report.findings import Findings


class InspectableClassifier(TextPredictor):
    """The part of `mt2st.TextClassifier` that finds similar texts, evaluates and writes reports."""

    # The data of the fit; or the texts and labels saved with the model.
    _all: tuple[list[str], Targets, NDArray[np.float64]] | None = None
    kept_: tuple[list[str], list[Any]] | None = None
    _near: Neighbourhood | None = None

    def nearest(self, text: str, topn: int = 10, *, among: Any = None) -> list[Neighbour]:
        """Return the training texts most similar to a text, with their labels and cosines, the nearest first.

        Parameters
        ----------
        text
            One text. A training text comes first itself.
        topn
            The maximum number of texts.
        among
            Other texts to search, without labels. None for the labelled texts of `fit` and `partial_fit`; a loaded
            classifier has them only if they were saved: ``save(folder, texts=True)``.

        Returns
        -------
        A list of named tuples: text, label (a tuple if a text may have several), and cosine of the learned document
        vectors, or of TF-IDF if there are none (too little text, or a quantized model).

        Raises
        ------
        DataError
            If the text has no word that training had, or there are no texts to search.

        Examples
        --------
        >>> from mt2st import TextClassifier
        >>> texts = ["a good film", "a bad film", "a good phone", "a bad phone"]
        >>> classifier = TextClassifier(C=1.0).fit(texts, [1, 0, 1, 0])
        >>> [(text, label) for text, label, cosine in classifier.nearest("the good phone", topn=1)]
        [('a good phone', 1)]
        """
        self.finished()
        own = check_texts([text], "text")[0]
        if among is None:
            return self._neighbourhood().nearest(own, topn)
        from mt2st.estimators.outputs.nearest import Neighbourhood  # loads kernels

        others = check_texts(among, "among")
        return Neighbourhood.of(self.fitted_, others, [None] * len(others)).nearest(own, topn)

    def evaluate(self, texts: Any, labels: Any) -> TextJudgement:
        """Return accuracy, precision, recall, F1 and the calibration of the probabilities: a `TextJudgement`.

        A label that no text of `fit` had counts as misclassified; one that is not known (NaN in a matrix) is left out.

        Examples
        --------
        >>> from mt2st import TextClassifier
        >>> classifier = TextClassifier(C=1.0).fit(["good", "bad", "good film", "bad film"], [1, 0, 1, 0])
        >>> found = classifier.evaluate(["a good film", "a bad film"], [1, 0])
        >>> found.report.accuracy, 0 < found.calibration.ece < 0.5
        (1.0, True)
        """
        from mt2st.estimators.outputs.evaluation import judge_texts

        self.finished()
        return judge_texts(cast("TextClassifier", self), texts, labels)

    def report(self, texts: Any, labels: Any, path: str | Path = "report.html", *, title: str = "") -> Path:
        """Write an HTML page about how well labelled texts are classified, and return its path.

        One self-contained file: measures of each class; the most frequent confusions, with the texts misclassified most
        confidently, each word coloured by its contribution, and the training texts most like them, where these are kept
        (see `nearest`); calibration; unknown words. It shows the texts given here, and training texts: whoever has the
        page can read them.

        Parameters
        ----------
        texts, labels
            Texts that `fit` has not had, and their labels.
        path
            File to write, replaced if it exists.
        title
            Headline of the page.
        """
        from mt2st.report.judged import write_findings

        return write_findings(self.findings(texts, labels, title=title), Path(path))

    def findings(self, texts: Any, labels: Any, *, title: str = "") -> Findings:
        """Return the content of `report` as values: measures, calibration, confusions with texts, unknown words."""
        from mt2st.estimators.outputs.text_findings import text_findings

        judged = self.evaluate(texts, labels)
        near = self._neighbourhood() if self._all or self.kept_ else None
        return text_findings(cast("TextClassifier", self), judged, near, title or "Text classifier")

    def training_texts(self) -> tuple[list[str], list[Any]]:
        """Return the labelled texts fitted to and their labels.

        Raises
        ------
        DataError
            If the classifier was loaded from a folder that does not have them.
        """
        self.finished()
        if self._all is not None:
            return self._all[0], self._all[1].labels()
        if self.kept_ is not None:
            return self.kept_
        raise DataError(
            "a classifier read from a folder has no training texts: save it with texts=True, or give others with among="
        )

    def _neighbourhood(self) -> Neighbourhood:
        """Return the training texts with their vectors, which are computed once for each fit."""
        from mt2st.estimators.outputs.nearest import Neighbourhood

        if self._near is None or self._near.fitted is not self.fitted_:
            self._near = Neighbourhood.of(self.fitted_, *self.training_texts())
        return self._near
