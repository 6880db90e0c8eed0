"""The data sets, each with its auxiliary data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mt2st.datasets import DATASETS
from mt2st.errors import DataError

RATED = ("film", "products", "tweets", "editorials")


@dataclass(frozen=True)
class LabelledSet:
    """One data set.

    Attributes
    ----------
    data
        A file in the folder of the real data, or a name of ``mt2st data list``.
    labels
        Numbers of training labels, with one comparison each; None for all.
    held_out
        The file of its test rows, if it has one.
    test
        Otherwise, the number of held-out rows, the same in every split; None for a fifth, at most 2,000, redrawn.
    text
        A file of unlabelled text, used besides the set's own rows.
    helpers
        Other sets, all of whose labelled rows are used as auxiliaries.
    """

    data: str
    labels: tuple[int | None, ...]
    held_out: str | None = None
    test: int | None = None
    text: str | None = None
    helpers: tuple[str, ...] = ()


# No set shares sentences with its helpers: SST-2 and SUBJ are never combined with the rated film sentences.
SETS: dict[str, LabelledSet] = {
    "cr": LabelledSet("cr/all.tsv.xz", (250, None), helpers=("sst2",)),
    "subj": LabelledSet("subj/all.tsv.xz", (250, None)),
    "trec": LabelledSet("trec/train.tsv.xz", (250, None)),
    "r8": LabelledSet("r8/train.tsv.xz", (250, None)),
    **{name: LabelledSet(name, (250, 1000), helpers=tuple(each for each in RATED if each != name)) for name in RATED},
    "sst2": LabelledSet("sst2/train.tsv.xz", (250, 1000, None), held_out="sst2/dev.tsv.xz", helpers=("cr",)),
    "imdb": LabelledSet("imdb/train.tsv.xz", (250, 1000, 5000, None), test=5000, text="imdb/unlabelled.txt.xz"),
}


def has_extra(name: str, labels: int | None) -> bool:
    """Return whether there is any data besides the labelled rows."""
    return labels is not None or bool(SETS[name].text or SETS[name].helpers)


def check_data(source: Path, names: tuple[str, ...]) -> None:
    """Raise `DataError` if a folder lacks a file of some sets or their helpers.

    Raises
    ------
    DataError
        With the names of the missing files.
    """
    wanted = dict.fromkeys(file for name in names for each in (name, *SETS[name].helpers) for file in _files(each))
    missing = [file for file in wanted if not (source / file).exists()]
    if missing:
        raise DataError(
            f"missing: {', '.join(missing)}; give the folder that has them with --data, or in MT2ST_DATA", path=source
        )


def _files(name: str) -> list[str]:
    own = SETS[name]
    return [file for file in (own.data, own.held_out, own.text) if file and file not in DATASETS]
