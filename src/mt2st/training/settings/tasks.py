"""Settings of the primary and of the auxiliaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from mt2st.training.settings.labelled import LABELLED, TaggedSource
from mt2st.training.settings.lexical import LEXICAL, LexicalSource
from mt2st.training.settings.ngrams import NGrams
from mt2st.training.settings.section import Above0, Count, Name, Share
from mt2st.training.settings.strategy import StrategySettings

DEFAULTS_BY_KIND: dict[str, dict[str, Any]] = {
    "regression": {"head_rate": 0.1, "table_rate": 0.1},
    "similarity": {"table_rate": 0.03},
    "analogy": {"table_rate": 0.01},
    "offset": {"table_rate": 0.01},
    "alignment": {"table_rate": 0.01},
    "skipgram": {"table_rate": 0.03},
    "cbow": {"table_rate": 0.05},
    "document": {"table_rate": 0.3, "sample": 1e-4},
    "glove": {"table_rate": 0.05, "window": 10},
}
GLOVE_WINDOW = 255


class Primary(TaggedSource):
    """The task that the model is for."""

    kind: Literal["classification", "tagging"] = Field(
        "classification",
        description="classification: one label per text; tagging: one tag per token (an encoder other than bag)",
    )
    name: Name = Field("products", description="name of the task")
    data: str = Field("products", description="a named set (see: mt2st data list) or the path of a file")
    labels: Count | None = Field(None, description="number of labelled examples, or sentences, to train on; none: all")
    development: Count | None = Field(None, description="number of development examples; none: a fifth, at most 1,000")
    test: Count | None = Field(None, description="number of test examples; none: a fifth, at most 1,000")
    development_data: str | None = Field(None, description="a file of development examples, instead of a part of data")
    test_data: str | None = Field(None, description="a file of test examples, instead of a part of data")
    passes: Above0 = Field(30.0, description="passes over the training examples in the whole run")
    head_rate: Above0 = Field(0.2, description="learning rate of the head")
    table_rate: Above0 = Field(0.3, description="learning rate of the shared table; use a small one with few labels")


class Auxiliary(LexicalSource, NGrams):
    """A task that helps the primary."""

    only_for: ClassVar[Mapping[str, Sequence[str]]] = {
        **LexicalSource.only_for,
        "head_rate": LABELLED,
        **dict.fromkeys(("subwords", "min_n", "max_n", "bucket"), ("skipgram", "cbow")),
        "window": ("skipgram", "cbow", "glove"),
        **dict.fromkeys(("negative", "sample"), ("skipgram", "cbow", "document")),
        "x_max": ("glove",),
    }
    data: str | list[str] = Field(
        [],
        description="a named set or a file; word lists and language models take a list of them, too; "
        "[] for a language model: the text of all other tasks",
    )
    passes: Above0 = Field(
        20.0,
        description="passes over the data in a run that never switches the task off; default 5 for labelled data with "
        "a torch encoder; word lists have batch instead",
    )
    head_rate: Above0 = Field(0.5, description="learning rate of the head (bag); default 0.1 for regression")
    table_rate: Above0 = Field(
        0.5,
        description="learning rate of the shared table (of a language model: of both its tables); "
        "default 0.03 for skipgram, 0.05 for cbow and glove, 0.3 for document, 0.1 for regression; "
        "for word lists Adam's, relative to the size of the vectors, default 0.03 for similarity, else 0.01",
    )
    window: Count = Field(
        5, description="context words on either side (skipgram, cbow, glove); default 10 for glove, at most 255"
    )
    negative: Count = Field(5, description="negative samples per context word (skipgram, cbow, document)")
    sample: Share = Field(
        1e-3,
        description="threshold for downsampling frequent words; 0: off; default 0.0001 for document "
        "(skipgram, cbow, document)",
    )
    x_max: Above0 = Field(100.0, description="co-occurrences from which a pair has full weight (glove)")
    strategy: StrategySettings | None = Field(
        None, description="a strategy of its own, as in [strategy]; settings left out have their defaults"
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
    def _one_source_of_labels(self) -> Self:
        if self.kind in LABELLED and (not self.data or not isinstance(self.data, str)):
            raise ValueError(f"a {self.kind} auxiliary needs data, one named set or file")
        if self.kind in LEXICAL and not self.data:
            raise ValueError(f"a {self.kind} auxiliary needs data, one or more named sets or files of words")
        if self.kind in LEXICAL and self.passes != type(self).model_fields["passes"].default:
            raise ValueError(f"passes is not for {self.kind}: set batch, the entries learned from at a step")
        return self

    @model_validator(mode="after")
    def _glove_counts_near_words(self) -> Self:
        if self.kind == "glove" and self.window > GLOVE_WINDOW:
            raise ValueError(f"window of glove must be at most {GLOVE_WINDOW}, {self.window} found")
        return self
