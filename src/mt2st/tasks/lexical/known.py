"""Word lists as rows of a table: what has no row is left out and counted."""

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
        Their rows, int64, (entries, words an entry).
    kept
        Which entries of the list they are, int64, (entries,), ascending.
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
    entries: Sequence[Sequence[str]], rows: Mapping[str, int], width: int, *, case_insensitive: bool = True
) -> Known:
    """Look up all words of a list.

    Parameters
    ----------
    entries
        Word pairs, translations or analogies, each of ``width`` words.
    rows
        The row of each word, folded as `mt2st.evaluation.folding.fold_words` does.
    width
        Words of an entry; further fields are not looked at.
    case_insensitive
        As ``rows`` were folded.

    Examples
    --------
    >>> known = place_words([("tiger", "cat"), ("Tiger", "cat"), ("tiger", "zebu")], {"CAT": 0, "TIGER": 4}, width=2)
    >>> known.places.tolist(), known.kept.tolist(), known.unknown, known.repeated
    ([[4, 0]], [0], 1, 1)
    """
    found: dict[tuple[int, ...], int] = {}
    unknown = 0
    for number, entry in enumerate(entries):
        words = [rows.get(fold(word, case_insensitive)) for word in entry[:width]]
        places = tuple(place for place in words if place is not None)
        if len(places) < width:
            unknown += 1
        else:
            found.setdefault(places, number)
    places_array = np.array(list(found), np.int64).reshape(-1, width)
    kept = np.fromiter(found.values(), np.int64, len(found))
    return Known(places_array, kept, unknown, len(entries) - unknown - len(found))
