"""The content of the page about a tagger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.errors import counted
from mt2st.evaluation import evaluate_calibration, evaluate_classification
from mt2st.evaluation.confusions import tag_confusions
from mt2st.evaluation.tagging import evaluate_tagging
from mt2st.report.counting import find_coverage
from mt2st.report.findings import Findings

Tags = Sequence[Sequence[str]]


def tagging_findings(
    sentences: Sequence[Sequence[str]],
    gold: Sequence[Sequence[str | None]],
    predicted: Tags,
    *,
    classes: Sequence[str],
    known: Callable[[str], bool],
    spans: bool,
    title: str,
    probabilities: Sequence[NDArray[Any]] | None = None,
) -> Findings:
    """Return the content of the page.

    Parameters
    ----------
    sentences, gold, predicted
        Tokens, their tags, None if not known, and the predicted ones.
    classes
        The tags that the model has.
    known
        Returns whether the model has a vector of a word, in lower case.
    spans
        Whether tags encode spans.
    title
        The headline.
    probabilities
        How likely each tag of each token was said to be, (tokens, classes) a sentence; None if that is not known.
    """
    names = _names(classes, gold)
    numbers = {tag: place for place, tag in enumerate(names)}
    told = [numbers[tag] for own, tags in zip(predicted, gold, strict=True) for tag in _judged(own, tags)]
    true = [numbers[tag] for tags in gold for tag in tags if tag is not None]
    classified = evaluate_classification(np.array(true), np.array(told), tuple(names)).as_dict()
    if spans:
        # Means over tags could be mistaken for those of spans.
        classified = {key: classified[key] for key in ("labels", "confusion")}
    calibration = None
    if probabilities is not None:
        rows = np.concatenate([each[_places(tags)] for each, tags in zip(probabilities, gold, strict=True)])
        whole = np.pad(rows.astype(np.float64).clip(0, 1), ((0, 0), (0, len(names) - len(classes))))
        calibration = evaluate_calibration(whole, np.array(true)).as_dict()
    return Findings(
        title=title,
        about=f"A tagger of {counted(len(classes), 'tag')}, judged on {counted(len(sentences), 'sentence')}.",
        measures={**classified, **evaluate_tagging(gold, predicted, spans=spans).as_dict()},
        calibration=calibration,
        confusions=tag_confusions(sentences, gold, predicted, _sure(probabilities, predicted, names)),
        coverage=find_coverage([[token.lower() for token in own] for own in sentences], known),
        unit="tokens",
    )


def _names(classes: Sequence[str], gold: Sequence[Sequence[str | None]]) -> list[str]:
    """Return the model's tags, then those that only the examples have."""
    return list(dict.fromkeys([*classes, *(tag for tags in gold for tag in tags if tag is not None)]))


def _places(tags: Sequence[str | None]) -> NDArray[np.int64]:
    return np.flatnonzero([tag is not None for tag in tags])


def _judged(own: Sequence[str], tags: Sequence[str | None]) -> list[str]:
    return [tag for tag, true in zip(own, tags, strict=True) if true is not None]


def _sure(
    probabilities: Sequence[NDArray[Any]] | None, predicted: Tags, names: Sequence[str]
) -> list[list[float]] | None:
    if probabilities is None:
        return None
    numbers = {tag: place for place, tag in enumerate(names)}
    return [
        [float(row[numbers[tag]]) for row, tag in zip(rows, tags, strict=True)]
        for rows, tags in zip(probabilities, predicted, strict=True)
    ]
