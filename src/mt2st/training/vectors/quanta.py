"""Cutting text, or co-occurrence records, into quanta: the work between two checks for pauses, progress and so on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from mt2st.text.ragged import Ragged

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Some 25 ms of one core: long compared with the work between two quanta, short enough to react quickly.
QUANTUM_WORDS = 50_000
QUANTUM_RECORDS = 1 << 17
WHOLE = 2**64 - 1


class Quanta(Protocol):
    """Data cut into numbered quanta."""

    def __len__(self) -> int: ...

    def before(self, number: int) -> int:
        """Return the number of units before a quantum; for ``len(self)``, of all units."""
        ...


class SentenceQuanta:
    """Sentences of many shards, cut into quanta of whole sentences of about ``size`` words, never across shards.

    Parameters
    ----------
    shards
        The sentences, in the order of training.
    size
        Words per quantum; a longer sentence is a quantum of its own.

    Examples
    --------
    >>> quanta = SentenceQuanta([Ragged.from_lists([[1, 2], [3], [4, 5]]), Ragged.from_lists([[6]])], size=3)
    >>> len(quanta), [quanta.before(number) for number in range(4)]
    (3, [0, 3, 5, 6])
    >>> [quanta.read(number).ids.tolist() for number in range(3)]
    [[1, 2, 3], [4, 5], [6]]
    """

    def __init__(self, shards: Sequence[Ragged], size: int) -> None:
        self._shards = shards
        cuts = [_cuts(shard.offsets, size) for shard in shards]
        self._shard = np.repeat(np.arange(len(shards)), [len(cut) - 1 for cut in cuts])
        empty = np.empty(0, np.int64)
        self._first = np.concatenate([empty, *(cut[:-1] for cut in cuts)])
        self._last = np.concatenate([empty, *(cut[1:] for cut in cuts)])
        words = [np.diff(shard.offsets[cut]) for shard, cut in zip(shards, cuts, strict=True)]
        self._before = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.concatenate([empty, *words]))])

    def __len__(self) -> int:
        return len(self._first)

    def before(self, number: int) -> int:
        """Return the number of words before a quantum; for ``len(self)``, of all words."""
        return int(self._before[number])

    def read(self, number: int) -> Ragged:
        """Return a quantum's sentences, a view of the shard."""
        shard, first, last = self._shards[self._shard[number]], self._first[number], self._last[number]
        offsets = shard.offsets[first : last + 1]
        return Ragged(shard.ids[offsets[0] : offsets[-1]], offsets - offsets[0])


def _cuts(offsets: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return the indices of the sentences at which quanta begin, and after them the number of sentences."""
    marks = np.arange(0, int(offsets[-1]), size)
    return np.unique(np.append(np.searchsorted(offsets, marks), len(offsets) - 1))


class RecordQuanta:
    """Records cut into quanta of ``size``.

    Examples
    --------
    >>> quanta = RecordQuanta(5, size=2)
    >>> len(quanta), [quanta.before(number) for number in range(4)]
    (3, [0, 2, 4, 5])
    """

    def __init__(self, records: int, size: int) -> None:
        self._records, self._size = records, size

    def __len__(self) -> int:
        return -(-self._records // self._size)

    def before(self, number: int) -> int:
        """Return the number of records before a quantum; for ``len(self)``, of all records."""
        return min(number * self._size, self._records)


def quantum_key(seed: int, epoch: int, number: int) -> int:
    """Return the 64-bit key of one quantum's random draws, by SplitMix64, with a stream for each epoch.

    Examples
    --------
    >>> quantum_key(1, 0, 0) != quantum_key(1, 0, 1) != quantum_key(1, 1, 0)
    True

    Notes
    -----
    G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators", 2014. In Python integers,
    as NumPy's generators take ten times as long, during which no thread trains.
    """
    return _mixed(_mixed(_mixed(seed) + epoch) + number)


def _mixed(value: int) -> int:
    z = (value + 1) * 0x9E3779B97F4A7C15 & WHOLE
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & WHOLE
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & WHOLE
    return z ^ (z >> 31)
