"""Reading word lists, and looking up the rows of their words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mt2st.datasets import DATASETS, path_of
from mt2st.errors import DataError, counted
from mt2st.evaluation import read_analogies, read_dictionary, read_word_pairs
from mt2st.evaluation.folding import fold_words
from mt2st.tasks.known_words import place_words
from mt2st.training.pretrained import read_fitting
from mt2st.training.settings.lexical import LEAST_PAIRS

if TYPE_CHECKING:
    from mt2st.training.settings import Auxiliary

# An entry: its words, then its score, or 1 for a syntactic question.
Entry: TypeAlias = tuple[str | float, ...]
WIDTHS = {"similarity": 2, "alignment": 2, "analogy": 4, "offset": 4}
SETS_OF = {"similarity": "pairs", "analogy": "analogies", "offset": "analogies"}
LEAST = {"similarity": LEAST_PAIRS}


@dataclass(frozen=True)
class WordList:
    """Entries whose words all have a row.

    Attributes
    ----------
    places
        Rows of the table, int64, (entries, words per entry). The second column has rows of ``targets`` if these are
        given.
    marks
        The score of a pair, or 1 for a syntactic question, (entries,).
    sets
        The index of the file of each entry, int64, (entries,).
    targets
        Fixed vectors of the other language's words in an alignment, (words, vector_size); None if there are none.
    """

    places: NDArray[np.int64]
    marks: NDArray[np.float64]
    sets: NDArray[np.int64]
    targets: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.places)

    def arrays(self) -> Sequence[NDArray[np.generic]]:
        """Return all arrays that training reads."""
        return [self.places, self.marks, self.sets, *([] if self.targets is None else [self.targets])]

    def above_median(self) -> NDArray[np.bool_]:
        """Return which entries have a score above the median of their file, bool, (entries,).

        Examples
        --------
        >>> sets = np.array([0, 0, 0, 1, 1, 1])
        >>> WordList(np.zeros((6, 2), np.int64), np.array([1.0, 5, 9, 70, 10, 50]), sets).above_median().tolist()
        [False, False, True, True, False, False]
        """
        medians = np.array([np.median(self.marks[self.sets == number]) for number in np.unique(self.sets)])
        chosen: NDArray[np.bool_] = self.marks > medians[np.unique(self.sets, return_inverse=True)[1]]
        return chosen

    def has_ranks(self) -> bool:
        """Return whether a file has three entries or more, not all of one score: fewer have no ranks to learn.

        Examples
        --------
        >>> WordList(np.zeros((3, 2), np.int64), np.array([1.0, 5, 9]), np.array([0, 0, 1])).has_ranks()
        False
        """
        files = [self.marks[self.sets == number] for number in np.unique(self.sets)]
        return any(len(scores) >= LEAST_PAIRS and np.ptp(scores) > 0 for scores in files)


def read_word_list(
    name: str, auxiliary: Auxiliary, words: Sequence[str], vector_size: int, note: Callable[[str, str, int], None]
) -> WordList:
    """Read the lists of an auxiliary and look up their words, ignoring case.

    Parameters
    ----------
    name
        The auxiliary's name, for messages.
    auxiliary
        Its settings.
    words
        The words that have a row, most frequent first.
    vector_size
        The vector size of the shared table.
    note
        Called with the file, the reason and the number of entries left out.

    Raises
    ------
    DataError
        With ``file:line`` for a line that cannot be read; for a named set of the wrong kind; if no entry, or for
        similarity fewer than three, has rows for all words; if the scores of similarity leave nothing to learn.
    """
    paths = [auxiliary.data] if isinstance(auxiliary.data, str) else auxiliary.data
    rows, targets = [fold_words(words, case_insensitive=True)] * WIDTHS[auxiliary.kind], None
    if auxiliary.target_vectors is not None:
        other = read_fitting(auxiliary.target_vectors, vector_size)
        rows[1] = fold_words(other.index_to_key, case_insensitive=True)
        targets = np.ascontiguousarray(other.vectors, np.float32)
    places, marks = list[NDArray[np.int64]](), list[NDArray[np.float64]]()
    for path in paths:
        entries = _entries(auxiliary.kind, path)
        known = place_words(entries, rows)
        note(path, "with a word that has no vector", known.unknown)
        note(path, "with the words of an earlier one", known.repeated)
        places.append(known.places)
        marks.append(np.array([entries[number][-1] for number in known.kept], np.float64))
    sets = np.repeat(np.arange(len(places)), [len(part) for part in places])
    found = WordList(np.concatenate(places), np.concatenate(marks), sets, targets)
    if len(found) < (least := LEAST.get(auxiliary.kind, 1)):
        there = f"the texts have all words of {counted(len(found), 'entry', 'entries')}, of {least} they must"
        remedy = "give a longer list, more text, or a lower model.min_count"
        raise DataError(f"{name}: {there}: {remedy}", path=paths[0])
    if auxiliary.kind == "similarity":
        _check_scores(name, found, auxiliary.over, paths[0])
    return found


def _check_scores(name: str, found: WordList, over: str, path: str) -> None:
    if over == "elements" and not found.above_median().any():
        message = "no pair with rows has a score above the median of its file, and over = 'elements' learns those alone"
        raise DataError(f"{name}: {message}: give pairs with other scores, or over = 'pairs'", path=path)
    if over == "pairs" and not found.has_ranks():
        message = f"no file has {LEAST_PAIRS} pairs with rows whose scores differ, so there are no ranks to learn"
        raise DataError(f"{name}: {message}: give a longer list, or one of scores that differ", path=path)


def _entries(kind: str, path: str) -> list[Entry]:
    found = path if path not in DATASETS else _named(kind, path)
    if kind == "similarity":
        return [tuple(pair) for pair in read_word_pairs(found)]
    if kind == "alignment":
        return [(*translation, 0.0) for translation in read_dictionary(found)]
    return [
        (*question, float(section.syntactic)) for section in read_analogies(found) for question in section.questions
    ]


def _named(kind: str, name: str) -> Path:
    able = [each for each, dataset in DATASETS.items() if dataset.kind == SETS_OF.get(kind)]
    if name not in able:
        fitting = f"name {' or '.join(able)}, or a file" if able else "name a file"
        raise DataError(f"the data set {name!r} is no list for {kind}: {fitting}")
    return path_of(name)
