"""Tuning of `mt2st.TokenTagger`: training for a trial, and evaluation on held-out sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import clone

from mt2st.errors import DataError
from mt2st.estimators.inputs.auxiliary import check_auxiliary
from mt2st.estimators.tagging.inputs import Tagged, check_classes, read_input
from mt2st.estimators.tagging.scheme import scheme_of
from mt2st.estimators.tuning.engines import Settings
from mt2st.estimators.tuning.held_out import HeldOutCounts
from mt2st.estimators.tuning.parts import ROUNDS, Part, hold_out
from mt2st.estimators.tuning.work import tagger_work
from mt2st.evaluation.spans import judged_spans
from mt2st.text.content import content

if TYPE_CHECKING:
    from mt2st.estimators.token_tagger import TokenTagger

# Approximate bytes per word in a file.
LETTERS = 6


@dataclass(frozen=True)
class TaggerTask:
    """A tagger and its training data.

    Attributes
    ----------
    estimator
        The given estimator.
    data
        Tagged sentences.
    unlabelled, auxiliary
        As in `mt2st.TokenTagger.fit`, with text as a list or a path.
    validation
        Sentences to evaluate on; None to hold out some of the others.
    metric
        ``"f1"`` of spans if tags mark spans, otherwise ``"accuracy"``.
    seed
        See `mt2st.autotune`.
    """

    estimator: TokenTagger
    data: Tagged
    unlabelled: Any
    auxiliary: Mapping[str, Any]
    validation: Tagged | None
    metric: str
    seed: int

    @property
    def can_quantize(self) -> bool:
        """Return whether ``save`` accepts ``quantize=True``."""
        return self.estimator.encoder == "window"

    @property
    def rounds(self) -> int:
        """Return the number of different selections of held-out sentences."""
        return 1 if self.validation is not None else ROUNDS

    def parts(self, number: int) -> list[Part]:
        """Return the training and held-out sentences of each part of a round, the same in every trial."""
        return self._dealt[number]

    @cached_property
    def _dealt(self) -> list[list[Part]]:
        count = len(self.data.sentences)
        if self.validation is not None:
            return [[Part(np.arange(count), np.arange(len(self.validation.sentences)))]]
        keys, alike = [content(" ".join(each)) for each in self.data.sentences], np.zeros(count, np.int32)
        return [hold_out(keys, alike, [self.seed, number]) for number in range(self.rounds)]

    @cached_property
    def amounts(self) -> tuple[int, int, int]:
        """Return the number of tokens of the sentences, of auxiliaries, and approximately of unlabelled text."""
        own = sum(map(len, self.data.sentences))
        helped = sum(len(each) for lot in self.auxiliary.values() for each in read_input(*_pair(lot)).sentences)
        text = [] if self.unlabelled is None else self.unlabelled
        return own, helped, sum(map(_words, [text] if isinstance(text, Path) else text))

    def work(self, settings: Settings) -> float:
        """Return the cost of a trial."""
        return len(self.parts(0)) * tagger_work(*self.amounts, {**self.estimator.get_params(deep=False), **settings})

    def fit(self, settings: Settings, part: Part | None) -> TokenTagger:
        """Return the tagger fitted to a part of the sentences; None for all."""
        data = self.data if part is None else _select(self.data, part.training)
        # One thread, as only then vectors are reproducible.
        model: TokenTagger = clone(self.estimator).set_params(**{**settings, "workers": 1})
        model.fit(*data, unlabelled=self.unlabelled, auxiliary=self.auxiliary)
        return model

    def judge(self, model: TokenTagger, part: Part) -> HeldOutCounts:
        """Evaluate a model on the sentences that the part holds out."""
        held = _select(self.data if self.validation is None else self.validation, part.held_out)
        count = _spans if self.metric == "f1" else _tokens
        told = model.predict(held.sentences)
        counts = np.array([count(*each) for each in zip(held.tags, told, strict=True)], np.float64)
        return HeldOutCounts(counts, self.metric, part.held_out)


def _words(text: Any) -> int:
    if isinstance(text, Path):
        return text.stat().st_size // LETTERS
    return len(text.split()) if isinstance(text, str) else len(text)


def _tokens(tags: Sequence[str | None], told: Sequence[str]) -> tuple[int, int]:
    known = [(tag, found) for tag, found in zip(tags, told, strict=True) if tag is not None]
    return sum(tag == found for tag, found in known), len(known)


def _spans(tags: Sequence[str | None], told: Sequence[str]) -> tuple[int, int, int]:
    there, found = judged_spans(tags, told)
    return len(there & found), len(found), len(there)


def _select(data: Tagged, places: Any) -> Tagged:
    own = places.tolist()
    return Tagged([data.sentences[place] for place in own], [data.tags[place] for place in own])


def _pair(given: Any) -> tuple[Any, Any]:
    return given if isinstance(given, tuple) and len(given) == 2 else (given, None)


def tagger_task(
    estimator: TokenTagger,
    sentences: Any,
    tags: Any,
    *,
    unlabelled: Any,
    auxiliary: Mapping[str, Any] | None,
    validation: Any,
    seed: int,
) -> TaggerTask:
    """Return the task of an estimator and its data, checked."""
    data = read_input(sentences, tags)
    check_classes(data)
    metric = "accuracy" if scheme_of(estimator.scheme, data.tags) is None else "f1"
    held = None if validation is None else read_input(*_pair(validation), "validation")
    if held is not None:
        known = {content(" ".join(each)) for each in data.sentences}
        left = [place for place, each in enumerate(held.sentences) if content(" ".join(each)) not in known]
        held = _select(held, np.array(left, int))
        if not held.sentences:
            raise DataError("validation has no sentence that is not trained on: give others, or leave it out")
    text = unlabelled if unlabelled is None or isinstance(unlabelled, Path) else list(unlabelled)
    return TaggerTask(estimator, data, text, check_auxiliary(auxiliary), held, metric, seed)
