"""Every setting of a run, with its type, bounds and default."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from mt2st.training.settings.labelled import LABELLED, NOT_FOR_BAGS, TaggedSource
from mt2st.training.settings.lexical import LEXICAL, LexicalSource
from mt2st.training.settings.model import Model
from mt2st.training.settings.ngrams import NGrams
from mt2st.training.settings.phases import ConvergenceSettings, Freeze, RateSettings
from mt2st.training.settings.section import Above0, AtLeast0, Count, Section
from mt2st.training.settings.strategy import FeedbackSettings, StrategySettings

TORCH_PASSES = 5.0
DEFAULTS_BY_KIND: dict[str, dict[str, Any]] = {
    "regression": {"head_rate": 0.1, "table_rate": 0.1},
    "similarity": {"table_rate": 0.03},
    "analogy": {"table_rate": 0.01},
    "offset": {"table_rate": 0.01},
    "alignment": {"table_rate": 0.01},
    "skipgram": {"table_rate": 0.03},
    "cbow": {"table_rate": 0.05},
    "glove": {"table_rate": 0.05, "window": 10},
}
GLOVE_WINDOW = 255


def _at(values: dict[str, Any], section: str, key: str) -> object:
    inner = values.get(section)
    return inner.get(key) if isinstance(inner, dict) else getattr(inner, key, None)


def _is_labelled(task: object) -> bool:
    return isinstance(task, dict) and task.get("kind", "classification") in LABELLED


class Primary(TaggedSource):
    """The task that the model is for."""

    kind: Literal["classification", "tagging"] = Field(
        "classification", description="a label for each text; or a tag for each token (an encoder other than bag)"
    )
    name: str = Field("products", description="what to call it")
    data: str = Field("products", description="a named set (see: mt2st data list) or the path of a file")
    labels: Count | None = Field(None, description="labelled examples, or sentences, to train on; none: all there are")
    development: Count | None = Field(None, description="development examples; none: a fifth, at most 1,000")
    test: Count | None = Field(None, description="test examples; none: a fifth, at most 1,000")
    development_data: str | None = Field(None, description="a file of development examples, instead of a share")
    test_data: str | None = Field(None, description="a file of test examples, instead of a share")
    passes: Above0 = Field(30.0, description="passes over the training examples in the whole run")
    head_rate: Above0 = Field(0.2, description="learning rate of the head")
    table_rate: Above0 = Field(0.3, description="learning rate of the shared table; few labels want a small one")

    @model_validator(mode="after")
    def _options_fit_the_kind(self) -> Primary:
        self.refuse_options({"scheme": ("tagging",), "crf": ("tagging",)}, self.kind)
        return self


class Auxiliary(LexicalSource, NGrams):
    """A task that helps the primary."""

    data: str | list[str] = Field(
        [],
        description="a named set, a file, or for word lists and language models a list of them; "
        "for a language model empty: all text of the other tasks",
    )
    passes: Above0 = Field(
        20.0,
        description="passes over the data in a run that never switches it off; default 5 for labelled data by a torch "
        "encoder; word lists have batch instead",
    )
    head_rate: Above0 = Field(0.5, description="learning rate of the head (bag); default 0.1 for regression")
    table_rate: Above0 = Field(
        0.5,
        description="learning rate of the shared table, for a language model of both its tables; "
        "default 0.03 for skipgram, 0.05 for cbow and glove, 0.1 for regression; "
        "for word lists Adam's, as a share of the vectors' size, default 0.03 for similarity, else 0.01",
    )
    window: Count = Field(5, description="words to either side (language models); default 10 for glove, at most 255")
    negative: Count = Field(5, description="random words told from each true neighbour (skipgram, cbow)")
    sample: AtLeast0 = Field(1e-3, description="threshold of sub-sampling frequent words; 0: none (skipgram, cbow)")
    x_max: Above0 = Field(100.0, description="co-occurrences from which on a pair counts in full (glove)")
    strategy: StrategySettings | None = Field(
        None, description="a strategy of its own, as in [strategy]; what it leaves out has its usual default"
    )

    @field_validator("strategy")
    @classmethod
    def _one_number_each(cls, own: StrategySettings | None) -> StrategySettings | None:
        if own is not None and own.name == "feedback":
            raise ValueError("name feedback watches all auxiliaries: set it in [strategy]")
        for name in ("weight", "rate", "power"):
            if own is not None and isinstance(getattr(own, name), dict):
                raise ValueError(f"{name} must be one number, as it is of one auxiliary")
        return own

    @model_validator(mode="before")
    @classmethod
    def _defaults_of_the_kind(cls, values: Any) -> Any:
        if not isinstance(values, dict) or not isinstance(values.get("kind"), str):
            return values
        return {**DEFAULTS_BY_KIND.get(values["kind"], {}), **values}

    @model_validator(mode="after")
    def _one_source_of_labels(self) -> Auxiliary:
        if self.kind in LABELLED and (not self.data or not isinstance(self.data, str)):
            raise ValueError(f"a {self.kind} auxiliary needs data, one named set or file")
        if self.kind in LEXICAL and not self.data:
            raise ValueError(f"a {self.kind} auxiliary needs data, one or more named sets or files of words")
        if self.kind in LEXICAL and self.passes != type(self).model_fields["passes"].default:
            raise ValueError(f"passes is not for {self.kind}: set batch, the entries learned from at a step")
        return self

    @model_validator(mode="after")
    def _settings_fit_the_kind(self) -> Auxiliary:
        if self.subwords and self.kind not in ("skipgram", "cbow"):
            raise ValueError(f"subwords are for skipgram and cbow, not for {self.kind}: leave them out")
        if self.kind == "glove" and self.window > GLOVE_WINDOW:
            raise ValueError(f"window of glove must be at most {GLOVE_WINDOW}, {self.window} found")
        return self


class Training(Section):
    """The loop."""

    steps: Count = Field(200, description="steps of the run: how finely the tasks are interleaved")
    buckets: Count = Field(
        1,
        description="batches whose labelled texts are sorted by length, so that a batch has like ones; 1: none (torch)",
    )
    interval: Count = Field(10, description="steps between two records and development scores")
    seed: int = Field(1, ge=0, description="decides the draw of labels, first values, order and skipping")
    split_seed: int = Field(0, ge=0, description="decides which documents are for development and test")
    workers: Count = Field(1, description="threads; a run is reproducible bit for bit with one")
    work: Literal["skip", "exact", "every"] = Field(
        "skip",
        description="skip: run an auxiliary with probability of its weight; exact: always, times its weight; "
        "every: each n-th step, times n",
    )
    skip_floor: float = Field(0.05, gt=0, le=1, description="least probability of skip")
    every: Count = Field(4, description="n of every")
    baselines: bool = Field(False, description="show single and constant beside the run, where it took under 5 s")
    max_seconds: Above0 | None = Field(None, description="stop training after so long")
    checkpoint_seconds: AtLeast0 = Field(2.0, description="least seconds between two checkpoints")
    on_bad_rows: Literal["error", "skip"] = Field(
        "error", description="a row that cannot be read: stop, or count and skip"
    )


class Settings(Section):
    """All settings of one run."""

    primary: Primary = Field(default_factory=Primary)
    auxiliary: dict[str, Auxiliary] = Field(default_factory=dict)
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
    def _frozen_vectors_are_given_and_nothing_moves_them(self) -> Settings:
        if not self.model.freeze_vectors:
            return self
        movers = [name for name, a in self.auxiliary.items() if a.kind not in LABELLED]
        if self.model.vectors is None or self.model.encoder == "bag" or self.freeze.share or movers:
            raise ValueError(
                "model.freeze_vectors needs model.vectors, an encoder other than bag, freeze.share = 0, and no "
                f"auxiliary that trains vectors alone, found: {', '.join(movers) or 'none'}"
            )
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
