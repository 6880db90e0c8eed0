"""The search space: the parameters that matter, their values, and the settings to try first.

`docs/RESULTS.md` shows the effect of each value, changed one at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from mt2st.errors import ConfigError, did_you_mean
from mt2st.estimators.inputs.texts import axes, values_of
from mt2st.estimators.tuning.engines import Choices, Settings, key_of

# Columns of the head; n-grams are added as "auto" and the opposite of what that chooses.
COLUMNS: Choices = {"pairs": (True, False)}
# The table of vectors, if one is learned. Ending earlier than "auto" does lost 1.6 points on average.
VECTORS: Choices = {
    "vector_size": (50, 100, 200),
    "passes": ("auto", 5.0, 20.0),
    "strategy": ("auto", "constant"),
    "pair_min_count": (5, 20, 50),
}
# Values that make a model smaller, besides leaving out pairs and n-grams.
SMALL: Choices = {"min_count": (5, 20, 100), "pair_min_count": (20, 100, 500)}
# For the mean over classes, in which a rare class counts as much as others.
RARE: Choices = {"class_weight": (None, "balanced")}
CLASSIFIER_FIRST: Sequence[Settings] = (
    {"vector_size": 50},
    {"class_weight": "balanced"},
    {"strategy": "constant"},
    {"pairs": False},
    {"ngrams": False},
    {"ngrams": True},
)
# The tagger; its word vectors, if it learns them; its auxiliaries, if it has any.
TAGGER: Choices = {
    "passes": (5.0, 10.0, 20.0),
    "dropout": (0.0, 0.1, 0.3, 0.5),
    "hidden_size": (32, 64, 128),
}
WORD_VECTORS: Choices = {"vector_size": (32, None, 128), "vector_epochs": (1, 3, 10), "min_count": (2, 5)}
HELPED: Choices = {"strategy": ("pretrain", "switch", "diminish", "constant"), "auxiliary_passes": (5.0, 10.0, 20.0)}
TAGGER_FIRST: Sequence[Settings] = ({"passes": 20.0}, {"dropout": 0.3}, {"hidden_size": 128})


def classifier_choices(*, short: bool, vectors: bool, small: bool, rare: bool) -> Choices:
    """Return the parameters that a classifier's trials vary, with their values.

    Parameters
    ----------
    short
        Whether texts are so short that n-grams are used by default.
    vectors
        Whether there is enough text, or an auxiliary, to learn vectors from.
    small
        Whether the model's size is limited, and there are other texts with further words.
    rare
        Whether rare classes count as much as others in the metric.
    """
    own = {**COLUMNS, "ngrams": ("auto", not short), **(VECTORS if vectors else {})}
    return {**own, **(SMALL if small else {}), **(RARE if rare else {})}


def tagger_choices(*, vectors: bool, helped: bool) -> Choices:
    """Return the parameters that a tagger's trials vary; ``vectors`` if it learns them, ``helped`` by auxiliaries."""
    return {**TAGGER, **(WORD_VECTORS if vectors else {}), **(HELPED if helped else {})}


@dataclass(frozen=True)
class Space:
    """Settings to choose among.

    Attributes
    ----------
    choices
        The values of each parameter.
    given
        The estimator's own values, which are among the choices.
    first
        Settings to try before those of an engine.
    """

    choices: Choices
    given: Settings
    first: Sequence[Settings]

    @property
    def size(self) -> int:
        """Return the number of different settings."""
        return prod(map(len, self.choices.values()))

    @classmethod
    def of(cls, estimator: Any, choices: Choices, first: Sequence[Settings], own: Mapping[str, Any] | None) -> Space:
        """Return the space of an estimator.

        Parameters
        ----------
        estimator
            Its parameters that differ from their defaults are not tuned.
        choices, first
            The values of its parameters, and changes to try first.
        own
            The user's values, which replace these or are added.

        Raises
        ------
        ConfigError
            If ``own`` has an unknown parameter or no list of values, or the estimator lacks a parameter.
        """
        given, usual = estimator.get_params(deep=False), type(estimator)().get_params(deep=False)
        lacking = sorted(choices.keys() - given)
        if lacking:
            kind = type(estimator).__name__
            raise ConfigError(f"{kind} has no parameter {lacking[0]!r} to tune: name it in __init__, or tune its base")
        values = {name: each for name, each in choices.items() if _same(given[name], usual[name])}
        values |= _checked({} if own is None else own, given)
        for name, each in values.items():
            values[name] = each if any(_same(value, given[name]) for value in each) else (given[name], *each)
        start = {name: given[name] for name in values}
        allowed = [
            {**start, **change}
            for change in first
            if all(name in values and value in values[name] for name, value in change.items())
        ]
        return cls(values, start, allowed)


def _same(one: Any, other: Any) -> bool:
    return key_of({"": one}) == key_of({"": other})


def _checked(own: Any, known: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    if not isinstance(own, Mapping):
        raise ConfigError(f"space must be a dictionary of lists of values, {type(own).__name__} found")
    found = {}
    for name, given in own.items():
        if name not in known:
            raise ConfigError(f"space: {name!r} is no parameter{did_you_mean(str(name), known)}")
        column = isinstance(given, Sequence) or hasattr(given, "shape")
        values = values_of(given) if column and axes(given) == 1 and not isinstance(given, str | bytes) else []
        if not values:
            raise ConfigError(f"space[{name!r}] must be a list of values to choose from, {given!r} found")
        found[name] = tuple(values)
    return found
