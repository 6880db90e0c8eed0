"""Settings of the labelled auxiliaries, and which kinds of auxiliaries there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field, model_validator

from mt2st.text.fields import Wanted
from mt2st.text.parameters import told
from mt2st.training.settings.section import Section

Format = Literal["auto", "tsv", "csv", "jsonl", "fasttext", "lines", "conllu", "columns"]
Column = str | int | None
Kind = Literal[
    "classification",
    "tagging",
    "multilabel",
    "regression",
    "pairs",
    "similarity",
    "analogy",
    "offset",
    "alignment",
    "skipgram",
    "cbow",
    "document",
    "glove",
]
LABELLED = ("classification", "tagging", "multilabel", "regression", "pairs")
FURTHER = LABELLED[1:]
# What needs words in their order, or two texts at once.
NOT_FOR_BAGS = {"tagging": "reads words in their order", "pairs": "compares the vectors of two texts"}


class Source(Section):
    """Where examples come from and how a file of them is read."""

    format: Format = Field("auto", description="format of a file; auto goes by its name")
    text_column: Column = Field(None, description="name, or number from 1, of the column (or JSON key) of the text")
    label_column: Column = Field(None, description="the same of the label")
    document_column: Column = Field(None, description="the same of the document, none of which is split")

    @property
    def wanted(self) -> Wanted:
        """Return the columns that are asked for."""
        return Wanted(self.text_column, self.label_column, self.document_column)


class TaggedSource(Source):
    """A source that may have a tag for each token."""

    scheme: Literal["auto", "none", "bio", "bioes", "bilou", "iob1", "io"] = Field(
        "auto", description="how tags stand for spans; none: they do not, as parts of speech (tagging)"
    )
    crf: bool = Field(False, description="score whole sequences of tags, without those that scheme forbids (tagging)")

    def refuse_options(self, able: Mapping[str, Sequence[str]], kind: str) -> None:
        """Refuse options that are set although this kind is not among those that have them."""
        for name, kinds in able.items():
            if getattr(self, name) != type(self).model_fields[name].default and kind not in kinds:
                raise ValueError(f"{told(name)} is for {' and '.join(kinds)}, not for {kind}: leave it out")


class LabelledSource(TaggedSource):
    """A source with what only some kinds of labelled auxiliaries have."""

    kind: Kind = Field(
        "classification",
        description="what is learned: of labelled texts classification, tagging, multilabel, regression, pairs; of "
        "word lists similarity, analogy, offset, alignment; of any text, as language models, skipgram, cbow, "
        "document, glove",
    )
    label_columns: list[str | int] = Field(
        [], description="a column for each label or rating, empty or _ where not known (multilabel, regression)"
    )
    label_separator: str = Field(",", min_length=1, description="parts the labels in one column (multilabel)")
    second_column: Column = Field(None, description="column of the second text (pairs)")
    loss: Literal["squared", "huber"] = Field("squared", description="loss of ratings and scores (regression, pairs)")
    head: Literal["mlp", "cosine"] = Field("mlp", description="what compares the vectors of two texts (pairs)")

    @model_validator(mode="after")
    def _options_fit_the_kind(self) -> LabelledSource:
        kinds = {
            "label_columns": ("multilabel", "regression"),
            "label_separator": ("multilabel",),
            "second_column": ("pairs",),
            "scheme": ("tagging",),
            "crf": ("tagging",),
            "loss": ("regression", "pairs"),
            "head": ("pairs",),
        }
        self.refuse_options(kinds, self.kind)
        if self.label_columns and self.label_column is not None:
            one, other = told("label_column"), told("label_columns")
            raise ValueError(f"{one} and {other} cannot both be set: leave one out")
        return self
