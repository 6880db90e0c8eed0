"""The content of the page about a text classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import DataError, counted
from mt2st.evaluation.confusions import label_confusions, text_confusions
from mt2st.evaluation.mistakes import Near
from mt2st.evaluation.several_labels import all_right
from mt2st.report.counting import find_coverage
from mt2st.report.findings import Findings
from mt2st.text import tokenize
from mt2st.text.content import content

if TYPE_CHECKING:
    from collections.abc import Callable

    from mt2st.estimators.outputs.evaluation import TextJudgement
    from mt2st.estimators.outputs.nearest import Neighbourhood
    from mt2st.estimators.text_classifier import TextClassifier

# Training texts shown beside each mistake.
NEAR = 3


def text_findings(
    classifier: TextClassifier, judged: TextJudgement, near: Neighbourhood | None, title: str
) -> Findings:
    """Return the content of the page.

    Parameters
    ----------
    classifier, judged
        The classifier, and its evaluation.
    near
        The training texts; None if they are not available.
    title
        The headline.
    """
    labels, gold, probabilities = judged.report.labels, judged.gold, judged.probabilities
    right = all_right(gold, (probabilities > 0.5).astype(np.int64) if classifier.several_ else probabilities.argmax(1))
    known = set(classifier.fitted_.model.columns.words)
    confusions = label_confusions if classifier.several_ else text_confusions
    trained = counted(len(near.texts), "labelled text") if near is not None else "texts that are not kept with it"
    return Findings(
        title=title,
        about=f"A text classifier of {counted(len(classifier.classes_), 'label')}, fitted to {trained}, "
        f"judged on {counted(len(judged.texts), 'text')}{_known_texts(judged, near)}.",
        measures=judged.report.as_dict(),
        calibration=judged.calibration.as_dict(),
        confusions=confusions(
            judged.texts, gold, probabilities, labels, log_odds(classifier), None if near is None else _near(near)
        ),
        coverage=find_coverage([tokenize(text) for text in judged.texts], known.__contains__, right),
    )


def log_odds(classifier: TextClassifier) -> Callable[[str], NDArray[np.float64]]:
    """Return a function that gives each word's contribution to the log-odds of each label, (words, labels)."""
    model, temperature = classifier.fitted_.model, classifier.fitted_.head.temperature

    def explain(text: str) -> NDArray[np.float64]:
        found = model.contributions(text)[1] / temperature
        one = found.shape[1] == 1 and not classifier.several_
        return np.hstack([np.zeros_like(found), found]) if one else found

    return explain


def _known_texts(judged: TextJudgement, near: Neighbourhood | None) -> str:
    """Return how many of the texts are training texts, by which a classifier looks better than it is."""
    fitted = set(map(content, near.texts)) if near is not None else set()
    known = sum(content(text) in fitted for text in judged.texts)
    return f", {known:,} of them among those that it was fitted to, which flatters it" if known else ""


def _near(known: Neighbourhood) -> Callable[[str], list[Near]]:
    def nearest(text: str) -> list[Near]:
        try:
            found = known.nearest(text, NEAR)
        except DataError:  # no word of it is known
            return []
        return [Near(each.text, _named(each.label), each.cosine) for each in found]

    return nearest


def _named(label: object) -> str:
    return (", ".join(map(str, label)) or "none") if isinstance(label, tuple) else str(label)
