"""Word lists as rows of a table: entries with a word that has no row are left out and counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mt2st.evaluation.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Known:
    """The entries of a list whose words all have a row.

    Attributes
    ----------
    places
        Their rows, int64, (entries, words per entry).
    kept
        Their indices in the list, int64, (entries,), ascending.
    unknown
        Entries left out because a word has no row.
    repeated
        Entries left out because an earlier one has the same rows.
    """

    places: NDArray[np.int64]
    kept: NDArray[np.int64]
    unknown: int
    repeated: int


def place_words(
    entries: Sequence[Sequence[object]], rows: Sequence[Mapping[str, int]], *, case_insensitive: bool = True
) -> Known:
    """Look up all words of a list.

    Parameters
    ----------
    entries
        Word pairs, translations or analogies; fields after the words are ignored.
    rows
        For each word of an entry the mapping from words to rows, folded by `mt2st.evaluation.folding.fold_words`: the
        same mapping each time, unless a dictionary's two languages have separate tables.
    case_insensitive
        Whether ``rows`` were folded so that case is ignored.

    Examples
    --------
    >>> rows = {"CAT": 0, "TIGER": 4}
    >>> known = place_words([("tiger", "cat"), ("Tiger", "cat"), ("tiger", "zebu")], [rows, rows])
    >>> known.places.tolist(), known.kept.tolist(), known.unknown, known.repeated
    ([[4, 0]], [0], 1, 1)
    """
    found: dict[tuple[int, ...], int] = {}
    unknown = 0
    for number, entry in enumerate(entries):
        # An entry may have fields after its words.
        words = [known.get(fold(str(word), case_insensitive)) for word, known in zip(entry, rows, strict=False)]
        places = tuple(place for place in words if place is not None)
        if len(places) < len(rows):
            unknown += 1
        else:
            found.setdefault(places, number)
    places_array = np.array(list(found), np.int64).reshape(-1, len(rows))
    kept = np.fromiter(found.values(), np.int64, len(found))
    return Known(places_array, kept, unknown, len(entries) - unknown - len(found))
