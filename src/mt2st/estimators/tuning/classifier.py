"""Tuning of `mt2st.TextClassifier`: training for a trial, and evaluation on held-out texts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone

from mt2st.errors import DataError
from mt2st.estimators.inputs.auxiliary import read_helpers, without_own
from mt2st.estimators.inputs.labelled import Labelled
from mt2st.estimators.inputs.texts import check_same_length, check_texts, values_of
from mt2st.estimators.tuning.engines import Settings
from mt2st.estimators.tuning.held_out import HeldOutCounts, count_labels
from mt2st.estimators.tuning.parts import ROUNDS, Part, hold_out
from mt2st.estimators.tuning.work import Amounts, classifier_work
from mt2st.text.content import content

if TYPE_CHECKING:
    from mt2st.estimators.text_classifier import TextClassifier


@dataclass(frozen=True)
class ClassifierTask:
    """A classifier and its training data.

    Attributes
    ----------
    estimator
        The given estimator, with a fixed seed.
    data
        Labelled texts.
    unlabelled
        As in `mt2st.TextClassifier.fit`.
    auxiliary
        The auxiliaries' texts and labels, by name; none of their texts is among the labelled ones.
    validation
        Texts to evaluate on; None to hold out some of the labelled ones.
    keys
        A key for each text; texts with equal keys are held out together.
    metric, seed
        See `mt2st.autotune`.
    """

    estimator: TextClassifier
    data: Labelled
    unlabelled: Sequence[str]
    auxiliary: Mapping[str, Labelled]
    validation: Labelled | None
    keys: Sequence[Hashable]
    metric: str
    seed: int
    can_quantize: bool = True

    @property
    def rounds(self) -> int:
        """Return the number of different selections of held-out texts."""
        return 1 if self.validation is not None else ROUNDS

    def parts(self, number: int) -> list[Part]:
        """Return the training and held-out texts of each part of a round, the same in every trial."""
        return self._dealt[number]

    @cached_property
    def _dealt(self) -> list[list[Part]]:
        if self.validation is not None:
            return [[Part(np.arange(len(self.data)), np.arange(len(self.validation)))]]
        targets = self.data.targets
        rounds = [hold_out(self.keys, targets.groups, [self.seed, number]) for number in range(self.rounds)]
        # With a rare class, a fold may hold out all its texts, so that the rest has only one class.
        return [[part for part in parts if targets.select(part.training).varied] for parts in rounds]

    @cached_property
    def amounts(self) -> Amounts:
        """Return the amounts of text."""
        helping = [(own.texts, own.targets.signs.shape[1]) for own in self.auxiliary.values()]
        return Amounts.of(self.data.texts, self.unlabelled, self.data.targets.signs.shape[1], helping)

    def work(self, settings: Settings) -> float:
        """Return the cost of a trial."""
        return len(self.parts(0)) * classifier_work(self.amounts, {**self.estimator.get_params(), **settings})

    def fit(self, settings: Settings, part: Part | None) -> TextClassifier:
        """Return the classifier fitted to a part of the texts; None for all."""
        data, auxiliary = (
            (self.data, self.auxiliary) if part is None else (self.data.select(part.training), self._apart)
        )
        helping = {name: (own.texts, own.labels) for name, own in auxiliary.items()}
        # One thread, as only then the language model is reproducible.
        model: TextClassifier = clone(self.estimator).set_params(**{**settings, "workers": 1})
        model.fit(data.texts, data.labels, data.weights, unlabelled=self.unlabelled or None, auxiliary=helping)
        return model

    @cached_property
    def _apart(self) -> Mapping[str, Labelled]:
        """The auxiliaries without the validation texts; labelled texts are already removed."""
        return self.auxiliary if self.validation is None else without_own(self.auxiliary, self.validation.texts)

    def judge(self, model: TextClassifier, part: Part) -> HeldOutCounts:
        """Evaluate a model on the texts that the part holds out."""
        held = (self.data if self.validation is None else self.validation).select(part.held_out)
        told = model.predict(held.texts)
        if not held.targets.several:
            told = np.searchsorted(held.targets.classes, told)
        counts = count_labels(held.truth, told, held.weights, self.metric, len(held.targets.classes))
        return HeldOutCounts(counts, self.metric, part.held_out)


def classifier_task(
    estimator: TextClassifier,
    texts: Any,
    labels: Any,
    *,
    sample_weight: Any,
    unlabelled: Any,
    auxiliary: Mapping[str, tuple[Any, Any]] | None,
    validation: tuple[Any, Any] | None,
    documents: Any,
    metric: str,
    seed: int,
) -> ClassifierTask:
    """Return the task of an estimator and its data, checked."""
    data = Labelled.of(texts, labels, sample_weight)
    held = None if validation is None else _validation(validation, data)
    others = [] if unlabelled is None else check_texts(unlabelled, "unlabelled")
    if estimator.random_state is None:  # otherwise trials could not be compared
        estimator = clone(estimator).set_params(random_state=seed)
    helping = without_own(read_helpers(auxiliary), data.texts)
    return ClassifierTask(estimator, data, others, helping, held, _keys(documents, data.texts), metric, seed)


def _keys(documents: Any, texts: list[str]) -> Sequence[Hashable]:
    """Return each text's document, or its content if it has none."""
    if documents is None:
        return list(map(content, texts))
    found = values_of(documents)
    check_same_length(texts, found, "documents")
    return [("document", own) if own is not None else content(text) for own, text in zip(found, texts, strict=True)]


def _validation(given: tuple[Any, Any], data: Labelled) -> Labelled:
    """Return the validation texts without those that are also trained on."""
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise DataError(f"validation must be a pair of texts and labels, {type(given).__name__} found")
    kept = Labelled.of_validation(*given, data.targets).without(data.texts)
    if not len(kept):
        raise DataError("validation has no text that is not trained on: give others, or leave it out")
    return kept
