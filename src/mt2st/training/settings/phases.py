"""The settings that depend on the phase: learning rates, frozen parts, the early end."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mt2st.training.settings.section import Above0, AtLeast0, Count, Section


class RateSettings(Section):
    """What the learning rates are multiplied by in each phase."""

    multi_task: Above0 = Field(1.0, description="while auxiliaries run")
    auxiliaries_only: Above0 = Field(1.0, description="while pretrain trains the auxiliaries alone")
    single_task: Above0 = Field(1.0, description="from the switch on")
    end: float = Field(0.0, ge=0, le=1, description="share of the rates left at the end of a phase; they fall linearly")
    warm: float = Field(
        0.0, ge=0, lt=1, description="share of the phase after the switch in which the rates rise again"
    )
    low: float = Field(0.1, ge=0, le=1, description="share of the rates at which that rise begins")
    warm_first: float = Field(0.0, ge=0, lt=1, description="the same as warm for the first phase, and each trial")
    table_multi_task: Above0 = Field(1.0, description="a further factor for the table's rates while auxiliaries run")
    table_auxiliaries_only: Above0 = Field(1.0, description="the same while pretrain trains the auxiliaries alone")
    table_single_task: Above0 = Field(1.0, description="the same from the switch on")


class Freeze(Section):
    """What to freeze once a classification primary is alone: the least relevant, by mean |gradient x value|."""

    share: float = Field(0.0, ge=0, le=1, description="share of the table's dimensions; 0: none")
    layers: float = Field(0.0, ge=0, le=1, description="share of the encoder's parameter tensors (torch)")


class ConvergenceSettings(Section):
    """When to stop early, once the primary is alone."""

    on: Literal["nothing", "loss", "gradient"] = Field(
        "nothing",
        description="stop when the primary's loss, or its gradient's norm, no longer falls; nothing: never",
    )
    window: int = Field(5, ge=2, le=16, description="least number of intervals in each of the two means compared")
    tolerance: AtLeast0 | None = Field(
        None, description="relative fall that counts as flat; none: 0.02 for loss, 0.05 for gradient"
    )
    patience: Count = Field(2, description="flat comparisons in a row before stopping")
