"""A whole search on files: tune on the training part, evaluate once on the test part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mt2st.estimators.fitting.job import fit_training, new_estimator
from mt2st.estimators.inputs.labelled_sets import LabelledSet
from mt2st.estimators.inputs.sets import Sets
from mt2st.estimators.tuning.autotune import autotune
from mt2st.estimators.tuning.tasks import as_saved
from mt2st.estimators.tuning.trial import Trial, Tuning


def tune_sets(
    sets: Sets,
    kind: str,
    how: Mapping[str, Any],
    on_trial: Callable[[Trial, Tuning], None],
    stop: Callable[[], bool],
) -> tuple[Any, dict[str, Any]]:
    """Return the tuned estimator and the record of the search, with its scores on the test part.

    Parameters
    ----------
    sets
        The data.
    kind
        The kind of labels, one of `mt2st.estimators.inputs.files.KINDS`.
    how, on_trial, stop
        See `mt2st.autotune`.
    """
    seed = how["seed"]
    start = new_estimator(kind, seed)
    extra: dict[str, Any] = {name: getattr(sets, name) for name in ("auxiliary", "validation")}
    extra["unlabelled"] = sets.unlabelled or None
    if any(sets.training.documents):
        extra["documents"] = sets.training.documents
    model = autotune(start, sets.training.texts, sets.training.labels, **extra, **how, on_trial=on_trial, stop=stop)
    record = {**model.tuning_.as_dict(), "rows": len(sets.training), "test": None}
    if len(sets.test):
        record["test"] = {"rows": len(sets.test), **_test(model, start, sets)}
    return model, record


def _test(model: Any, start: Any, sets: Sets) -> dict[str, float]:
    """Return the score of the model as it is saved, and of the estimator with the given settings."""
    tuning: Tuning = model.tuning_
    saved = as_saved(model, tuning.size_limit, can_quantize=True).model
    found = {"tuned": _score(saved, sets.test)}
    if not tuning.chosen and saved is model:
        return {**found, "given": found["tuned"]}
    fit_training(start, sets)
    return {**found, "given": _score(start, sets.test)}


def _score(model: Any, examples: LabelledSet) -> float:
    return float(model.score(*examples.pair()))
