"""Engines that propose settings: Optuna's TPE if it is installed, otherwise seeded random search."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Protocol, TypeAlias

import numpy as np

from mt2st.errors import ConfigError, MissingExtraError, did_you_mean

Settings: TypeAlias = dict[str, Any]
Choices: TypeAlias = Mapping[str, tuple[Any, ...]]
ENGINES = ("auto", "optuna", "random")
# Random proposals of Optuna before it models the scores.
STARTING = 8


class Engine(Protocol):
    """Proposes settings, and is told the scores of these and others; deterministic, given a seed."""

    name: str

    def ask(self) -> Settings:
        """Return a value for each parameter; settings may be proposed again."""
        ...

    def tell(self, settings: Settings, score: float | None) -> None:
        """Record a score, higher is better; None if there is no model to score."""
        ...


class RandomEngine:
    """Draws each value at random, ignoring scores.

    Examples
    --------
    >>> engine = RandomEngine({"pairs": (True, False), "passes": (5.0, 10.0)}, seed=1)
    >>> engine.ask(), engine.ask()
    ({'pairs': True, 'passes': 5.0}, {'pairs': False, 'passes': 10.0})
    """

    name = "random"

    def __init__(self, choices: Choices, seed: int) -> None:
        self.choices, self.random = choices, np.random.Generator(np.random.Philox(key=seed))

    def ask(self) -> Settings:
        """Return a value for each parameter."""
        return {name: values[int(self.random.integers(len(values)))] for name, values in self.choices.items()}

    def tell(self, settings: Settings, score: float | None) -> None:
        """Do nothing."""


class OptunaEngine:
    """Optuna's tree-structured Parzen estimator, asked and told one trial at a time.

    Notes
    -----
    J. Bergstra et al., "Algorithms for hyper-parameter optimization", 2011; https://optuna.org. Values are passed as
    indices into the choices, since Optuna accepts only numbers and strings.
    """

    name = "optuna"

    def __init__(self, choices: Choices, seed: int) -> None:
        import optuna

        self.choices = choices
        self._asked: dict[str, Any] = {}
        kind = optuna.distributions.CategoricalDistribution
        self._kinds: dict[str, Any] = {name: kind(tuple(range(len(values)))) for name, values in choices.items()}
        with _quiet():
            sampler = optuna.samplers.TPESampler(seed=seed % 2**32, n_startup_trials=STARTING)
            self._study = optuna.create_study(direction="maximize", sampler=sampler)

    def ask(self) -> Settings:
        """Return a value for each parameter."""
        with _quiet():
            trial = self._study.ask(self._kinds)
        found = {name: self.choices[name][place] for name, place in trial.params.items()}
        self._asked[key_of(found)] = trial
        return found

    def tell(self, settings: Settings, score: float | None) -> None:
        """Record a score, also of settings that Optuna did not propose, such as the given ones."""
        import optuna

        state = optuna.trial.TrialState.FAIL if score is None else optuna.trial.TrialState.COMPLETE
        trial = self._asked.pop(key_of(settings), None)
        with _quiet():
            if trial is not None:
                self._study.tell(trial, score, state)
                return
            places = {name: self.choices[name].index(settings[name]) for name in self.choices}
            told = optuna.trial.create_trial(state=state, value=score, params=places, distributions=self._kinds)
            self._study.add_trial(told)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence Optuna's messages about single trials; restore the user's logging level afterwards."""
    import optuna

    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(level)


def key_of(settings: Settings) -> str:
    """Return a key that is equal for equal settings, in any order.

    Examples
    --------
    >>> key_of({"pairs": True, "C": None}) == key_of({"C": None, "pairs": True})
    True
    """
    return json.dumps(settings, sort_keys=True, default=repr)


def make_engine(name: str, choices: Choices, seed: int) -> Engine:
    """Return an engine; ``"auto"`` is Optuna if it is installed.

    Raises
    ------
    ConfigError
        If there is no such engine.
    MissingExtraError
        If Optuna is named and not installed.
    """
    if name not in ENGINES:
        raise ConfigError(f"engine {name!r} is unknown{did_you_mean(str(name), ENGINES)}")
    there = find_spec("optuna") is not None
    if name == "optuna" and not there:
        raise MissingExtraError("the engine 'optuna'", extra="tune")
    return OptunaEngine(choices, seed) if there and name != "random" else RandomEngine(choices, seed)
