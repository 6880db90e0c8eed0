"""Which files a command is given for one task, and how they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mt2st.text.parameters import Naming, as_argument
from mt2st.training.settings.labelled import LabelledSource

KINDS = ("classification", "multilabel", "tagging")


@dataclass(frozen=True)
class Helping:
    """A file with labels of another task, how it is read, and what errors call that."""

    data: str
    source: LabelledSource
    named: Naming = as_argument


@dataclass(frozen=True)
class Files:
    """What to read.

    Attributes
    ----------
    data
        Labelled examples: a file, or the name of a set.
    source
        What a label is, of a kind among `KINDS`, and how the files that have these labels are read.
    unlabelled
        Files of text.
    auxiliary
        Files with other labels, by name. Of a tagger they have tags.
    test
        A file to judge the result by; None to lay a share of the data aside.
    validation
        A file to judge trials by; None to hold out some of the training examples.
    on_bad_rows
        How all files are read.
    scheme
        Of a tagger: how tags stand for spans, see `mt2st.TokenTagger`.
    """

    data: str
    source: LabelledSource = field(default_factory=LabelledSource)
    unlabelled: Sequence[str] = ()
    auxiliary: Mapping[str, Helping] = field(default_factory=dict)
    test: str | None = None
    validation: str | None = None
    on_bad_rows: str = "error"
    scheme: str | None = "auto"
