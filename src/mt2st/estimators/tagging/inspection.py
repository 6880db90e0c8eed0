"""Evaluation of a token tagger: measures, and a page about them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from mt2st.estimators.estimator import Estimator
from mt2st.estimators.tagging.inputs import Tagged, read_input
from mt2st.estimators.tagging.scheme import check_spans
from mt2st.evaluation.tagging import TaggingReport, check_judgeable, evaluate_tagging
from mt2st.report.judged import write_findings
from mt2st.report.tagging import tagging_findings

if TYPE_CHECKING:
    from mt2st.estimators.tagging.plan import FinishedTagger


class InspectableTagger(Estimator):
    """The part of `mt2st.TokenTagger` for evaluation on tagged sentences."""

    classes_: NDArray[Any]
    scheme_: str | None
    model_: FinishedTagger

    def evaluate(self, X: Any, y: Any = None) -> TaggingReport:  # noqa: N803
        """Return accuracy, and counts of spans if tags mark spans: a `TaggingReport`.

        Only tokens with a known tag count, and no spans, in ``y`` or predicted, that contain or touch another token.

        Raises
        ------
        DataError
            If no tag is known, no span has known tags all around it, or a tag marks no span.
        """
        self.check_fitted("model_")
        data = self._read_judged(X, y)
        return evaluate_tagging(data.tags, self.model_.predict(data.sentences), spans=self.scheme_ is not None)

    def report(self, X: Any, y: Any = None, path: str | Path = "report.html", *, title: str = "") -> Path:  # noqa: N803
        """Write an HTML page about how well sentences are tagged, and return its path.

        One self-contained file: measures of each tag and each type of span; the most frequent confusions, with
        sentences in which the misclassified tokens are marked; calibration; words without a vector. It shows sentences
        given here: whoever has the page can read them.

        Parameters
        ----------
        X, y
            Sentences and tags that `fit` has not had, or a file of them.
        path
            Path of the page, replaced if it exists.
        title
            Its headline.
        """
        self.check_fitted("model_")
        data = self._read_judged(X, y)
        findings = tagging_findings(
            data.sentences,
            data.tags,
            self.model_.predict(data.sentences),
            classes=self.classes_.tolist(),
            known=self.model_.knows,
            spans=self.scheme_ is not None,
            title=title or "Token tagger",
            probabilities=self.model_.predict_proba(data.sentences),
        )
        return write_findings(findings, Path(path))

    def score(self, X: Any, y: Any = None) -> float:  # noqa: N803
        """Return the F1 of spans if tags mark spans, else the accuracy of the tokens.

        A tag that training has not had counts as misclassified.
        """
        return self.evaluate(X, y).score

    def _read_judged(self, X: Any, y: Any) -> Tagged:  # noqa: N803
        data, spans = read_input(X, y), self.scheme_ is not None
        if spans:
            check_spans(data.tags)
        check_judgeable(data.tags, spans=spans)
        return data
