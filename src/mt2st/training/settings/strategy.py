"""The settings of the strategy."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mt2st.training.settings.section import Above0, AtLeast0, Count, PerTask, PerTaskAbove0, Section, Share


class StrategySettings(Section):
    """When the auxiliaries count."""

    name: Literal["single", "pretrain", "constant", "diminish", "switch", "linear", "cosine", "feedback"] = Field(
        "switch", description="single, pretrain, constant, diminish, switch, linear, cosine or feedback"
    )
    weight: PerTask = Field(1.0, description="gamma_0, for all auxiliaries or {name = number, ...}")
    at: AtLeast0 | Literal["auto"] = Field(
        0.2, description="the moment of switch, or the end of pretrain, in time; auto: when the score stops rising"
    )
    rate: PerTaskAbove0 = Field(8.0, description="eta of diminish")
    power: PerTaskAbove0 = Field(1.0, description="nu of diminish")
    tolerance: float = Field(0.02, ge=0, lt=1, description="share of gamma_0 under which diminish drops a task")
    time: Literal["steps", "epochs", "fraction"] = Field("fraction", description="what t is counted in")
    end: Above0 = Field(0.4, description="the moment from which on linear and cosine weigh nothing, in time")
    latest: AtLeast0 = Field(
        0.5, description="the last moment that auto or feedback may choose, in time, and then the end of pretrain"
    )


class FeedbackSettings(Section):
    """What the strategy feedback watches for; it follows another strategy and changes its course."""

    base: Literal["pretrain", "constant", "diminish", "switch", "linear", "cosine"] = Field(
        "switch",
        description="the strategy to follow, with the settings of [strategy]; switch and pretrain at latest",
    )
    trial: Share = Field(
        0.3, description="steps of each trial (the primary alone, then each auxiliary), of training.steps; 0: no trials"
    )
    probe: Count = Field(10, description="steps between two comparisons of gradients")
    against: Share = Field(0.1, description="minus the mean cosine from which on an auxiliary is halved, then dropped")
    window: Count = Field(2, description="scores in a mean")
    patience: Count = Field(2, description="scores that must agree before anything is done")
    share: float = Field(
        0.25, ge=0, lt=0.5, description="gain left, of the steepest one per cost, that brings the switch forward"
    )
    depth: AtLeast0 = Field(3.0, description="standard errors under the best score that call it back; 0: never")
    cost: Literal["work", "seconds"] = Field(
        "work", description="work: cost in words, the same in every run of a seed; seconds: by the clock"
    )
