"""A whole search on files: tune on the training part, save the winner, evaluate once on the test part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mt2st.estimators.fitting.job import MODEL, fit_training, judge_saved, new_estimator
from mt2st.estimators.inputs.sets import Sets
from mt2st.estimators.tuning.autotune import autotune
from mt2st.estimators.tuning.trial import Trial, Tuning

# What the measures of an evaluation call a search's metric, if not the same.
MEASURES = {"f1": "span_f1"}


def tune_sets(
    sets: Sets,
    kind: str,
    how: Mapping[str, Any],
    folder: Path,
    on_trial: Callable[[Trial, Tuning], None],
    stop: Callable[[], bool],
) -> dict[str, Any]:
    """Search, save and evaluate, and return the record as JSON values.

    Parameters
    ----------
    sets
        The data.
    kind
        The kind of labels, one of `mt2st.estimators.inputs.files.KINDS`.
    how, on_trial, stop
        See `mt2st.autotune`.
    folder
        An existing folder for ``model`` and, if there is a test part, the page of mistakes, ``report.html``.
    """
    seed = how["seed"]
    start = new_estimator(kind, seed)
    extra: dict[str, Any] = {name: getattr(sets, name) for name in ("auxiliary", "validation")}
    extra["unlabelled"] = sets.unlabelled or None
    if any(sets.training.documents):
        extra["documents"] = sets.training.documents
    model = autotune(start, sets.training.texts, sets.training.labels, **extra, **how, on_trial=on_trial, stop=stop)
    model.save(folder / MODEL)
    test = _test(model, start, sets, folder) if len(sets.test) else None
    return {**model.tuning_.as_dict(), "rows": len(sets.training), "test": test}


def _test(model: Any, start: Any, sets: Sets, folder: Path) -> dict[str, Any]:
    """Return the measures of the model as it is saved; and its score, and that of the given settings, by the metric."""
    tuning: Tuning = model.tuning_
    name, quantized = MEASURES.get(tuning.metric, tuning.metric), tuning.best.quantized
    found = judge_saved(model, sets, folder, quantized=quantized)
    if tuning.chosen or quantized:
        fit_training(start, sets)
        given = start.evaluate(*sets.test.pair()).as_dict()
    else:
        given = found
    return {**found, "tuned": found[name], "given": given[name]}
