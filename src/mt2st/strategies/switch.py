"""Switch: all tasks, then at one moment the primary alone, eq. 4, 5 and 10 of the paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from mt2st.errors import ConfigError
from mt2st.strategies.action import Action
from mt2st.strategies.checks import PerTask, number, per_task
from mt2st.strategies.clock import ForFractions, Time, moment
from mt2st.strategies.observation import Observation
from mt2st.strategies.plateau import Plateau, check_plateau
from mt2st.strategies.strategy import Curve, Strategy


def switch(t: float, at: float, weight: float = 1.0) -> float:
    """Return ``weight`` while ``t < at`` and 0 from ``at`` on, eq. 4-5.

    Examples
    --------
    >>> switch(0.19, at=0.2), switch(0.2, at=0.2)
    (1.0, 0.0)
    """
    return weight if t < at else 0.0


@dataclass
class Switch(Strategy):
    """Train on all tasks while ``t < T_switch``, and on the primary alone from T_switch on.

    Parameters
    ----------
    at
        T_switch, in ``time``; at least 0. ``"auto"`` finds it: the moment at which the primary's development score
        has stopped rising according to `Plateau`, or ``latest`` if that comes first.
    time
        Unit of t: ``"steps"``, ``"epochs"`` or ``"fraction"`` of the run. The defaults are for fractions only.
    weight
        The weight of the auxiliaries before the switch, one for all, or by name; the paper's is 1.
    latest
        The latest moment for ``"auto"``, in ``time``.
    window, share, patience
        For ``"auto"``, see `Plateau`: the mean of three scores is compared with the mean of the three before; a gain of
        at most a quarter of the steepest is low; the second low one switches. Means of two scores, on a few hundred
        development examples, switched too early.

    Examples
    --------
    >>> from mt2st.strategies import Clock, Observation
    >>> bound = Switch(at=0.2).bind("products", ["film"], Clock(100))
    >>> bound.weights(19), bound.weights(20)
    ({'products': 1.0, 'film': 1.0}, {'products': 1.0, 'film': 0.0})

    >>> bound = Switch(at="auto", window=1).bind("products", ["film"], Clock(100))
    >>> for step, score in ((10, 0.6), (20, 0.7), (30, 0.7), (40, 0.7)):
    ...     actions = bound.observe(Observation(step, score, {}, seconds=0.0))
    >>> bound.transition(), actions[0].text()
    (40, 'switch, as the score has stopped rising')

    Notes
    -----
    Gain is counted per unit of t, not per second: before the switch all steps do the same work, so that the two are
    proportional, and only the first is reproducible.
    """

    name = "switch"
    end_setting = "at"
    at: float | Literal["auto"] = ForFractions(0.2)
    time: Time = "fraction"
    weight: PerTask = 1.0
    latest: float = ForFractions(0.5)
    window: int = 3
    share: float = 0.25
    patience: int = 2
    _plateau: Plateau = field(init=False, repr=False, compare=False)
    _switched: int | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.at, str) and self.at != "auto":
            raise ConfigError(f"at is a number or 'auto', found {self.at!r}")
        if self.at == "auto":
            self.latest = moment(self.latest, "latest", self.time)
        else:
            self.at, self.latest = moment(self.at, "at", self.time), number(self.latest, "latest")
        self.weight = per_task(self.weight, "weight")
        check_plateau(self)
        self.reset()

    @property
    def moment(self) -> float:
        """Return T_switch in ``time``, as currently planned."""
        if self.at != "auto":
            return self.at
        return self.latest if self._switched is None else self.t(self._switched)

    def curve(self, task: str) -> Curve:
        """Return gamma_k(t)."""
        weight = self.value_of("weight", task)
        if self.at == "auto":
            return lambda t: switch(t, self.moment, weight)
        return partial(switch, at=self.at, weight=weight)

    def observe(self, observation: Observation) -> Sequence[Action]:
        """With ``at="auto"``, switch at the step of the observation if the score has stopped rising."""
        t = self.t(observation.step)
        undecided = self.at == "auto" and self._switched is None and t < self.latest
        if not undecided or not self._plateau.observe(t, observation.score):
            return ()
        self._switched = observation.step
        return (Action(observation.step, "switch", "the score has stopped rising"),)

    def reset(self) -> None:
        """Forget all scores, and the switch that they caused."""
        self._plateau = Plateau(self.window, self.share, self.patience)
        self._switched = None

    def memory(self) -> dict[str, Any]:
        """Return the scores kept and the step of the switch, if any."""
        return {"switched": self._switched, **self._plateau.state_dict()} if self.at == "auto" else {}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Load scores and switch."""
        if self.at == "auto":
            self._switched = memory["switched"]
            self._plateau.load_state_dict(memory)
