"""Settings of the labelled auxiliaries, and the kinds of auxiliaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, Self

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
# Kinds that need the order of words, or two texts at once.
NOT_FOR_BAGS = {"tagging": "reads words in their order", "pairs": "compares the vectors of two texts"}


class Source(Section):
    """Where examples come from and how a file of them is read."""

    format: Format = Field("auto", description="file format; auto: by the file name")
    text_column: Column = Field(None, description="column (or JSON key) of the text: its name, or its number from 1")
    label_column: Column = Field(None, description="column of the label")
    document_column: Column = Field(
        None, description="column of the document; none is split between the parts of the data"
    )

    @property
    def wanted(self) -> Wanted:
        """Return the columns to read."""
        return Wanted(self.text_column, self.label_column, self.document_column)


class TaggedSource(Source):
    """A source that may have a tag for each token.

    Attributes
    ----------
    only_for
        The kinds that have a setting, for settings that not all have; other kinds refuse it, and leave it out of TOML.
    """

    only_for: ClassVar[Mapping[str, Sequence[str]]] = {"scheme": ("tagging",), "crf": ("tagging",)}
    kind: str
    scheme: Literal["auto", "none", "bio", "bioes", "bilou", "iob1", "io"] = Field(
        "auto", description="how tags mark spans; none: they do not, as parts of speech (tagging)"
    )
    crf: bool = Field(False, description="score whole tag sequences, and exclude those that scheme forbids (tagging)")

    @model_validator(mode="after")
    def _options_fit_the_kind(self) -> Self:
        for name, kinds in self.only_for.items():
            if not self.applies(name) and getattr(self, name) != type(self).model_fields[name].default:
                raise ValueError(f"{told(name)} is for {' and '.join(kinds)}, not for {self.kind}: leave it out")
        return self

    def applies(self, name: str) -> bool:
        """Return whether this kind has a setting."""
        return self.kind in self.only_for.get(name, (self.kind,))


class LabelledSource(TaggedSource):
    """A source with what only some kinds of labelled auxiliaries have."""

    only_for: ClassVar[Mapping[str, Sequence[str]]] = {
        **TaggedSource.only_for,
        "label_columns": ("multilabel", "regression"),
        "label_separator": ("multilabel",),
        "second_column": ("pairs",),
        "loss": ("regression", "pairs"),
        "head": ("pairs",),
    }
    kind: Kind = Field(
        "classification",
        description="classification, tagging, multilabel, regression or pairs, of labelled texts; similarity, analogy, "
        "offset or alignment, of word lists; skipgram, cbow, document or glove, language models of any text",
    )
    label_columns: list[str | int] = Field(
        [], description="one column per label or rating; empty or _: not known (multilabel, regression)"
    )
    label_separator: str = Field(",", min_length=1, description="separates the labels in one column (multilabel)")
    second_column: Column = Field(None, description="column of the second text (pairs)")
    loss: Literal["squared", "huber"] = Field("squared", description="loss function (regression, pairs)")
    head: Literal["mlp", "cosine"] = Field("mlp", description="how the vectors of the two texts are compared (pairs)")

    @model_validator(mode="after")
    def _labels_stand_in_one_place(self) -> Self:
        if self.label_columns and self.label_column is not None:
            one, other = told("label_column"), told("label_columns")
            raise ValueError(f"{one} and {other} cannot both be set: leave one out")
        return self
