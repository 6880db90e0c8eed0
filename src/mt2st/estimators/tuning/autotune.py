"""``mt2st.autotune``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from mt2st.errors import ConfigError
from mt2st.estimators.text_classifier import TextClassifier
from mt2st.estimators.token_tagger import TokenTagger
from mt2st.estimators.tuning.choice import choose
from mt2st.estimators.tuning.engines import make_engine
from mt2st.estimators.tuning.finish import finish
from mt2st.estimators.tuning.prepared import Prepared, prepare
from mt2st.estimators.tuning.search import Search
from mt2st.estimators.tuning.sizes import parse_size
from mt2st.estimators.tuning.trial import Trial, Tuning

Either = TypeVar("Either", bound=TextClassifier | TokenTagger)
SECONDS = 60.0


def autotune(
    estimator: Either,
    texts: Any,
    labels: Any = None,
    *,
    sample_weight: Any = None,
    unlabelled: Any = None,
    auxiliary: Mapping[str, Any] | None = None,
    validation: Any = None,
    documents: Any = None,
    seconds: float | None = None,
    trials: int | None = None,
    model_size: str | int | None = None,
    metric: str | None = None,
    space: Mapping[str, Sequence[Any]] | None = None,
    engine: str = "auto",
    seed: int = 0,
    on_trial: Callable[[Trial, Tuning], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Either:
    """Search for an estimator's settings on its training data, and return it fitted with the best.

    The estimator is tried first as it is given. Other settings win if they beat it on held-out training texts by more
    than the standard error of the difference, and again on a fresh selection of held-out texts; otherwise it keeps its
    own. Parameters that differ from their defaults are never changed. There is no way to pass test data.

    The same seed and data give the same settings and the same model, on a busy machine too, as ``seconds`` are counted
    in work: words, passes and columns, in units of what a reference machine does in a second. Only if that takes more
    than two minutes, and more than four times as many seconds of this processor, does the clock end the search;
    ``tuning_.reproducible`` is then False.

    Parameters
    ----------
    estimator
        `mt2st.TextClassifier` or `mt2st.TokenTagger`; it is not changed.
    texts, labels, sample_weight, unlabelled, auxiliary
        As in its ``fit``.
    validation
        A pair of texts and labels to compare settings on; texts that are also trained on are left out of it. None: up
        to 1,000 labelled texts are held out in four folds, of more a fifth is held out.
    documents
        For a classifier, the document of each text: texts of one document are held out together. None if unknown.
    seconds, trials
        The budget, in work (60 by default) or in number of trials; with both, whichever ends first.
    model_size
        Maximum size of the saved model, in bytes or as ``"2M"``. A larger one is quantized, and judged as such.
    metric
        For a classifier ``"accuracy"``, the default, or ``"macro_f1"``. A tagger has the F1 of spans, or accuracy.
    space
        Values of parameters to choose from, besides the usual ones: ``{"C": [0.1, 1.0]}``.
    engine
        ``"optuna"``, which needs the extra tune; ``"random"``; ``"auto"``: Optuna if it is installed.
    seed
        Seed of the proposals and of the choice of held-out texts.
    on_trial
        Called after each trial with it and with the search so far.
    stop
        Called after each trial; True ends the search, as Ctrl-C does, and the best settings so far are used.

    Returns
    -------
    An estimator of the same class, fitted with the settings that won; its ``tuning_`` has the search
    (`mt2st.estimators.tuning.trial.Tuning`). Its ``save`` keeps to ``model_size``.

    Raises
    ------
    ConfigError
        If a setting is invalid, or no model is as small as ``model_size``.
    DataError
        If data are invalid; see ``fit``.

    Examples
    --------
    >>> texts = ["good film", "bad film", "good plot", "bad plot", "very good", "very bad"] * 4
    >>> found = autotune(TextClassifier(), texts, ["pos", "neg"] * 12, trials=3, engine="random")
    >>> found.predict(["a good one"]).tolist(), len(found.tuning_.trials), found.tuning_.engine
    (['pos'], 3, 'random')
    """
    given = {"sample_weight": sample_weight, "unlabelled": unlabelled, "auxiliary": auxiliary, "documents": documents}
    most = None if trials is None else _whole("trials", trials, 1)
    budget = _budget(seconds, most)
    limit = parse_size(model_size)
    seed = _whole("seed", seed, 0)
    found = prepare(estimator, texts, labels, given, validation, metric, limit, space, seed)
    if not found.task.parts(0):
        raise ConfigError("too few labelled texts to hold any out: give more, or validation=(texts, labels)")
    proposes = make_engine(engine, found.space.choices, seed)
    tuning = Tuning(proposes.name, seed, found.task.metric, budget, limit, most_trials=most)
    Search(found.task, found.space, proposes, tuning, on_trial, stop).run()
    return _finished(estimator, found, tuning)


def _finished(estimator: Either, found: Prepared, tuning: Tuning) -> Either:
    model: Either = finish(found.task, tuning, lambda: choose(tuning.trials, tuning.seed))
    model.set_params(workers=estimator.workers)
    model.tuning_ = tuning
    return model


def _budget(seconds: float | None, trials: int | None) -> float | None:
    """Return the budget of work; None if only trials are counted."""
    if seconds is None:
        return SECONDS if trials is None else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float | np.number) or not 0 < seconds < float("inf"):
        raise ConfigError(f"seconds must be a finite number above 0, {seconds!r} found")
    return float(seconds)


def _whole(name: str, value: Any, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ConfigError(f"{name} must be a whole number, {least} or more, {value!r} found")
    return int(value)
