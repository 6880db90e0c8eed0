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
    """Find an estimator's settings from its training data, and return it fitted with the best.

    The estimator as it is given comes first. Settings win that beat it on held-out training texts by more than the
    standard error of the difference, and again where texts are held out anew; otherwise it stays as it is. What it is
    set to other than by default stays in any case. There is no way to hand it test data.

    The same seed and data give the same settings and the same model, on a busy machine too, for ``seconds`` are counted
    in work: of words, passes and columns, at what a reference machine does in a second. Only where that takes more than
    four times as many seconds of this processor, and two minutes, does the clock end the search, and
    ``tuning_.reproducible`` is False.

    Parameters
    ----------
    estimator
        `mt2st.TextClassifier` or `mt2st.TokenTagger`; it is not changed.
    texts, labels, sample_weight, unlabelled, auxiliary
        As its ``fit`` takes them.
    validation
        A pair of texts and labels to judge by; None holds out each of up to 1,000 texts in one of four folds, of more a
        fifth. What is trained on too is left out of it.
    documents
        Of a classifier, which document each text is of: those of one are held out together. None, where unknown.
    seconds, trials
        The budget: of work, 60 by default, or how many settings to try; with both, whatever ends first.
    model_size
        The most bytes of the saved model, as a number or ``"2M"``. One that is larger is quantized, and judged so.
    metric
        Of a classifier: ``"accuracy"``, the default, or ``"macro_f1"``. A tagger has the F1 of spans, or accuracy.
    space
        Values of parameters to choose from, beside the usual ones: ``{"C": [0.1, 1.0]}``.
    engine
        ``"optuna"``, which needs the extra tune; ``"random"``; ``"auto"``: Optuna where it is installed.
    seed
        Of proposals and held-out texts.
    on_trial
        Is told of each trial and of all so far.
    stop
        Is asked after each trial whether to end the search; Ctrl-C ends it too. The best so far is fitted then.

    Returns
    -------
    Of the kind of ``estimator``, with the settings that won, and the search in ``tuning_``
    (`mt2st.estimators.tuning.trial.Tuning`). Its ``save`` keeps to ``model_size``.

    Raises
    ------
    ConfigError
        Where a setting is not as it must be, or no model is as small as ``model_size``.
    DataError
        Where data are not; see ``fit``.

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
    """Return the budget of work; None where trials alone are counted."""
    if seconds is None:
        return SECONDS if trials is None else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float | np.number) or not 0 < seconds < float("inf"):
        raise ConfigError(f"seconds must be a finite number above 0, {seconds!r} found")
    return float(seconds)


def _whole(name: str, value: Any, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ConfigError(f"{name} must be a whole number, {least} or more, {value!r} found")
    return int(value)
