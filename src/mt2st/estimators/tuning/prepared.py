"""Checking an estimator and its data, and making the task and the space of a search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from mt2st.errors import ConfigError
from mt2st.estimators.fitting.fit_text import language_passes
from mt2st.estimators.tagging.settings import check_settings
from mt2st.estimators.text_classifier import TextClassifier
from mt2st.estimators.token_tagger import TokenTagger
from mt2st.estimators.tuning.classifier import classifier_task
from mt2st.estimators.tuning.engines import Choices, Settings
from mt2st.estimators.tuning.held_out import check_metric
from mt2st.estimators.tuning.space import (
    CLASSIFIER_FIRST,
    TAGGER_FIRST,
    Space,
    classifier_choices,
    tagger_choices,
)
from mt2st.estimators.tuning.tagger import tagger_task
from mt2st.estimators.tuning.tasks import Task
from mt2st.models.columns.build import want_ngrams


class Prepared(NamedTuple):
    """The task and the space of a search."""

    task: Task
    space: Space


def prepare(
    estimator: Any,
    texts: Any,
    labels: Any,
    given: Mapping[str, Any],
    validation: Any,
    metric: str | None,
    limit: int | None,
    own: Mapping[str, Any] | None,
    seed: int,
) -> Prepared:
    """Check an estimator and its data; see `mt2st.autotune`.

    Raises
    ------
    ConfigError
        If the estimator cannot be tuned, or does not accept an argument.
    """
    if isinstance(estimator, TextClassifier):
        estimator.checked()
        check_metric(metric or "accuracy")
        how = {**given, "validation": validation, "metric": metric or "accuracy", "seed": seed}
        return _classifier(estimator, texts, labels, how, limit, own)
    if isinstance(estimator, TokenTagger):
        return _tagger(estimator, texts, labels, given, validation, metric, own, seed)
    raise ConfigError(f"autotune takes a TextClassifier or a TokenTagger, {type(estimator).__name__} found")


def _classifier(
    estimator: TextClassifier, texts: Any, labels: Any, how: Mapping[str, Any], limit: int | None, own: Any
) -> Prepared:
    task = classifier_task(estimator, texts, labels, **how)
    amounts, passes = task.amounts, estimator.checked().passes
    words = amounts.words + amounts.other_words
    choices = classifier_choices(
        short=want_ngrams(amounts.words, len(task.data)),
        vectors=bool(task.auxiliary) or language_passes(passes, words, amounts.other_words, len(task.data)) > 0,
        small=limit is not None and amounts.other_texts > 0,
        rare=task.metric == "macro_f1" and not task.data.targets.several,
    )
    return Prepared(task, _space(estimator, choices, CLASSIFIER_FIRST, own, TextClassifier.checked))


def _tagger(
    estimator: TokenTagger,
    sentences: Any,
    tags: Any,
    given: Mapping[str, Any],
    validation: Any,
    metric: str | None,
    own: Any,
    seed: int,
) -> Prepared:
    for name in ("sample_weight", "documents"):
        if given[name] is not None:
            raise ConfigError(f"a TokenTagger takes no {name}: leave it out")
    if metric is not None:
        raise ConfigError("a TokenTagger is tuned by F1 of spans, or accuracy where there are none: leave metric out")
    helping = {name: given[name] for name in ("unlabelled", "auxiliary")}
    task = tagger_task(estimator, sentences, tags, validation=validation, seed=seed, **helping)
    choices = tagger_choices(vectors=estimator.vectors is None, helped=bool(task.auxiliary))
    return Prepared(task, _space(estimator, choices, TAGGER_FIRST, own, check_settings))


def _space(
    estimator: Any, choices: Choices, first: Sequence[Settings], own: Any, check: Callable[[Any], object]
) -> Space:
    """Return the space; a `ConfigError` names a value in ``own`` that is out of bounds."""
    found, given = Space.of(estimator, choices, first, own), estimator.get_params(deep=False)
    for name in own or ():
        for value in found.choices[name]:
            try:
                check(type(estimator)(**{**given, name: value}))
            except ConfigError as error:
                raise ConfigError(f"space[{name!r}]: {error}") from None
    return found
