"""The files that a command is given for one task, and how to read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mt2st.text.parameters import Naming, as_argument
from mt2st.training.settings.labelled import LabelledSource

KINDS = ("classification", "multilabel", "tagging")


@dataclass(frozen=True)
class Helping:
    """A file with labels of another task, how to read it, and the names of its settings in errors."""

    data: str
    source: LabelledSource
    named: Naming = as_argument


@dataclass(frozen=True)
class Files:
    """The files to read.

    Attributes
    ----------
    data
        Labelled examples: a file, or the name of a set.
    source
        The kind of labels, one of `KINDS`, and how to read the files that have these labels.
    unlabelled
        Files of text.
    auxiliary
        Files with other labels, by name; for a tagger, with tags.
    test
        A file to evaluate the result on; None to set a share of the data aside.
    validation
        A file to evaluate trials on; None to hold out some of the training examples.
    on_bad_rows
        "error" or "skip", for all files.
    scheme
        For a tagger: how tags mark spans, see `mt2st.TokenTagger`.
    """

    data: str
    source: LabelledSource = field(default_factory=LabelledSource)
    unlabelled: Sequence[str] = ()
    auxiliary: Mapping[str, Helping] = field(default_factory=dict)
    test: str | None = None
    validation: str | None = None
    on_bad_rows: str = "error"
    scheme: str | None = "auto"
