"""The settings of the strategy."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mt2st.training.settings.section import Above0, AtLeast0, Count, PerTask, PerTaskAbove0, Section, Share


class StrategySettings(Section):
    """How much the auxiliaries count over time."""

    name: Literal["single", "pretrain", "constant", "diminish", "switch", "linear", "cosine", "feedback"] = Field(
        "switch", description="single, pretrain, constant, diminish, switch, linear, cosine or feedback"
    )
    weight: PerTask = Field(1.0, description="gamma_0, the initial weight, for all auxiliaries or {name = number, ...}")
    at: AtLeast0 | Literal["auto"] = Field(
        0.2, description="when switch drops the auxiliaries, or pretrain ends; auto: when the score stops rising"
    )
    rate: PerTaskAbove0 = Field(8.0, description="diminish: eta")
    power: PerTaskAbove0 = Field(1.0, description="diminish: nu")
    tolerance: float = Field(0.02, ge=0, lt=1, description="diminish: share of gamma_0 under which a weight is 0")
    time: Literal["steps", "epochs", "fraction"] = Field(
        "fraction", description="unit of time for at, end, rate and latest: steps, epochs, or fraction of the run"
    )
    end: Above0 = Field(0.4, description="linear, cosine: when the weight reaches 0")
    latest: AtLeast0 = Field(
        0.5, description="latest switch for auto and for feedback; under feedback also the end of pretrain"
    )


class FeedbackSettings(Section):
    """What the strategy feedback watches; it adjusts another strategy."""

    base: Literal["pretrain", "constant", "diminish", "switch", "linear", "cosine"] = Field(
        "switch",
        description="the strategy to adjust, with the settings of [strategy]; switch and pretrain take latest for at",
    )
    trial: Share = Field(
        0.3,
        description="length of a trial (the primary alone, then each auxiliary), as a share of training.steps; 0: none",
    )
    probe: Count = Field(10, description="steps between comparisons of gradients")
    against: Share = Field(
        0.1, description="a mean cosine under minus this halves an auxiliary's weight, then drops it"
    )
    window: Count = Field(3, description="scores averaged")
    patience: Count = Field(2, description="scores in a row that must agree before anything is done")
    share: float = Field(
        0.25, ge=0, lt=0.5, description="switch when the gain per cost falls to this share of the steepest"
    )
    depth: AtLeast0 = Field(3.0, description="standard errors under the best score at which to go back to it; 0: never")
    cost: Literal["work", "seconds"] = Field(
        "work", description="work: cost in words, the same in every run of a seed; seconds: by the clock"
    )
