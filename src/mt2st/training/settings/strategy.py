"""The settings of the strategy."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mt2st.training.settings.section import Above0, AtLeast0, PerTask, PerTaskAbove0, Section


class StrategySettings(Section):
    """When the auxiliaries count."""

    name: Literal["single", "pretrain", "constant", "diminish", "switch", "linear", "cosine"] = Field(
        "switch", description="single, pretrain, constant, diminish, switch, linear or cosine"
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
    latest: AtLeast0 = Field(0.5, description="the last moment that auto may choose, and then the end of pretrain")
