"""Every setting of a run, with its type, bounds and default."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from mt2st.errors import listed
from mt2st.training.settings.labelled import LABELLED, NOT_FOR_BAGS
from mt2st.training.settings.model import Model
from mt2st.training.settings.ngrams import NGrams
from mt2st.training.settings.phases import ConvergenceSettings, Freeze, RateSettings
from mt2st.training.settings.section import Name, Section
from mt2st.training.settings.strategy import FeedbackSettings, StrategySettings
from mt2st.training.settings.tasks import Auxiliary, Primary
from mt2st.training.settings.training import Training

TORCH_PASSES = 5.0


def _at(values: dict[str, Any], section: str, key: str) -> object:
    inner = values.get(section)
    return inner.get(key) if isinstance(inner, dict) else getattr(inner, key, None)


def _is_labelled(task: object) -> bool:
    return isinstance(task, dict) and task.get("kind", "classification") in LABELLED


class Settings(Section):
    """All settings of one run."""

    primary: Primary = Field(default_factory=Primary)
    auxiliary: dict[Name, Auxiliary] = Field(default_factory=dict)
    model: Model = Field(default_factory=Model)
    strategy: StrategySettings = Field(default_factory=StrategySettings)
    rates: RateSettings = Field(default_factory=RateSettings)
    freeze: Freeze = Field(default_factory=Freeze)
    convergence: ConvergenceSettings = Field(default_factory=ConvergenceSettings)
    feedback: FeedbackSettings = Field(default_factory=FeedbackSettings)
    training: Training = Field(default_factory=Training)

    @model_validator(mode="before")
    @classmethod
    def _fewer_passes_for_a_slower_encoder(cls, values: Any) -> Any:
        if not isinstance(values, dict) or _at(values, "model", "encoder") in (None, "bag"):
            return values
        tasks = values.get("auxiliary")
        if not isinstance(tasks, dict):
            return values
        passes = {"passes": TORCH_PASSES}
        fewer = {name: {**passes, **task} if _is_labelled(task) else task for name, task in tasks.items()}
        return {**values, "auxiliary": fewer}

    @model_validator(mode="after")
    def _names_are_distinct(self) -> Settings:
        if self.primary.name in self.auxiliary:
            raise ValueError(
                f"the primary and an auxiliary are both called {self.primary.name!r}: set another primary.name"
            )
        for name in ("weight", "rate", "power"):
            value = getattr(self.strategy, name)
            if isinstance(value, dict) and set(value) != set(self.auxiliary):
                raise ValueError(f"strategy.{name} must name each auxiliary: {', '.join(self.auxiliary) or 'none'}")
        return self

    @model_validator(mode="after")
    def _bags_have_no_order(self) -> Settings:
        tasks = {"primary": self.primary.kind, **{f"auxiliary.{name}": a.kind for name, a in self.auxiliary.items()}}
        for name, kind in tasks.items():
            if self.model.encoder == "bag" and kind in NOT_FOR_BAGS:
                raise ValueError(
                    f"{name}: {kind} {NOT_FOR_BAGS[kind]}, which the encoder bag cannot: set model.encoder = "
                    "'bilstm' (needs the extra torch)"
                )
        return self

    @model_validator(mode="after")
    def _bags_have_no_layers(self) -> Settings:
        if self.freeze.layers and self.model.encoder == "bag":
            raise ValueError(f"freeze.layers must be 0: the encoder {self.model.encoder} has no layers")
        return self

    @model_validator(mode="after")
    def _taggers_freeze_nothing(self) -> Settings:
        if self.primary.kind == "tagging" and (self.freeze.share or self.freeze.layers):
            raise ValueError(
                "freeze.share and freeze.layers must be 0: relevance is not known of a primary of the kind tagging"
            )
        return self

    @model_validator(mode="after")
    def _frozen_vectors_are_given_and_nothing_moves_them(self) -> Settings:
        if not self.model.freeze_vectors:
            return self
        movers = [name for name, a in self.auxiliary.items() if a.kind not in LABELLED]
        needs = {
            "model.vectors": self.model.vectors is None,
            "an encoder other than bag": self.model.encoder == "bag",
            f"freeze.share = 0, found {self.freeze.share:g}": self.freeze.share > 0,
            f"no auxiliary that trains vectors alone, found {listed(movers)}": bool(movers),
        }
        if lacking := [need for need, lacks in needs.items() if lacks]:
            raise ValueError(f"model.freeze_vectors needs {'; '.join(lacking)}")
        return self

    @model_validator(mode="after")
    def _a_gradient_needs_what_trains(self) -> Settings:
        rests = self.freeze.share == 1 and (self.model.encoder == "bag" or self.freeze.layers == 1)
        if rests and self.convergence.on == "gradient":
            raise ValueError("convergence.on must be loss or nothing: with freeze.share = 1 nothing shared trains")
        return self

    @model_validator(mode="after")
    def _subwords_are_shared(self) -> Settings:
        named: dict[str, NGrams] = {"model": self.model, **self.auxiliary}
        found = {name: tuple(each.limits().values()) for name, each in named.items() if each.subwords}
        if len(set(found.values())) > 1:
            raise ValueError(
                f"an encoder and auxiliaries with subwords share them: set one min_n, max_n, bucket, {found} found"
            )
        return self
