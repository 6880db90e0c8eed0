"""The data sets, each with what may help it."""

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
        How many labels there are to train on, one comparison each; None for all.
    held_out
        The file of its test rows, where it has one.
    test
        Otherwise, how many rows are held out, the same in every split; None for a fifth, at most 2,000, drawn anew.
    text
        A file of unlabelled text, which is given beside the set's own rows.
    helpers
        Other sets, whose labelled rows are given as auxiliaries, all of them.
    """

    data: str
    labels: tuple[int | None, ...]
    held_out: str | None = None
    test: int | None = None
    text: str | None = None
    helpers: tuple[str, ...] = ()


# None that is given to another shares sentences with it: SST-2 and SUBJ never meet the rated film sentences.
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
    """Return whether anything is given beside the labelled rows; where all rows are labelled the rest is nothing."""
    return labels is not None or bool(SETS[name].text or SETS[name].helpers)


def check_data(source: Path, names: tuple[str, ...]) -> None:
    """Refuse a folder that lacks a file of some sets, or of what helps them.

    Raises
    ------
    DataError
        Naming the files that are missing.
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
