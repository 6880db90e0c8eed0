"""Skip-gram and CBOW on the shared table, with or without subwords: what the kernels need, held in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from mt2st.embeddings.sampling import AliasTable, keep_probability
from mt2st.embeddings.table import aligned_zeros, new_table, whole_rows
from mt2st.errors import ConfigError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.embeddings.subwords import SubwordIndex
    from mt2st.text import Ragged

# Output rows that each of several threads keeps for itself, see `mt2st.embeddings.kernels.sentences.share_rows`.
HOT = 64

PairMethod = Literal["skipgram", "cbow"]
Kernel: TypeAlias = tuple[Callable[..., Any], "NDArray[np.float32]", Callable[[int, int, int], Any]]


class PairAdvance(NamedTuple):
    """What a quantum of training came to.

    Attributes
    ----------
    loss
        The sum of the pairs' losses, each taken before its step.
    pairs
        How many pairs it is over; in CBOW a word and its window are one.
    words
        Words left after sub-sampling.
    not_finite
        Pairs left out because a score was not finite.
    """

    loss: float
    pairs: int
    words: int
    not_finite: int


class PairModel:
    """Trains the rows of a shared table to tell the words around a word from random ones.

    Parameters
    ----------
    table
        The shared table, (rows, vector_size), made by `new_table`, changed in place. Row w is word w's own; with
        subwords, row ``words + i`` is that of ``subwords.buckets[i]``.
    counts
        How often each word occurs, (words,); decides sub-sampling and negatives, drawn by ``count ** 0.75``.
    method
        ``"skipgram"`` or ``"cbow"``.
    window, negative, sample
        As in word2vec and gensim.
    subwords
        The rows of each word; None for one row a word.
    seed
        Of the output rows' first values. They are small and random, not zero as in word2vec, so that the first pair
        already moves a word's vector.
    threads
        How many threads will call `advance` at once. With several, each call keeps a copy of the most frequent words'
        output rows and shares what it changed in them every few hundred words: cores would otherwise wait for each
        other's rows.

    Raises
    ------
    ConfigError
        Where a setting is out of its bounds or the table too small.

    Examples
    --------
    >>> from mt2st.text import Ragged
    >>> table = new_table(4, 10, seed=1)
    >>> model = PairModel(table, np.array([4, 4, 4, 4]), window=1, negative=2, sample=0)
    >>> sentences = Ragged.from_lists([[0, 1, 0, 1], [2, 3, 2, 3]])
    >>> losses = [model.advance(sentences, np.arange(2), rate=0.5, key=key).loss for key in range(200)]
    >>> losses[0] > 2 * losses[-1], float(table[0] @ table[2] < table[0] @ table[0])
    (True, 1.0)
    """

    def __init__(
        self,
        table: NDArray[np.float32],
        counts: NDArray[np.int64],
        *,
        method: PairMethod = "skipgram",
        window: int = 5,
        negative: int = 5,
        sample: float = 1e-3,
        subwords: SubwordIndex | None = None,
        seed: int = 0,
        threads: int = 1,
    ) -> None:
        check_settings(method, window, negative, sample)
        rows = len(counts) + (0 if subwords is None else len(subwords.buckets))
        if len(table) < rows:
            raise ConfigError(f"the table has {len(table)} rows, {rows} are needed: a row for each word and bucket")
        self.table, self.counts, self.method = table, counts, method
        self.window, self.negative = window, negative
        self.output = new_table(len(counts), table.shape[1], seed)
        self._rows, self._output_rows = whole_rows(table), whole_rows(self.output)
        self._keep = keep_probability(counts, sample)
        self._alias = AliasTable.of(np.asarray(counts, np.float64) ** 0.75).packed()
        self._row_offsets = np.empty(0, np.int64) if subwords is None else subwords.offsets
        self._word_rows = np.empty(0, np.int32) if subwords is None else subwords.rows
        self._update, self._signs, self._new_space = self._load_kernel()
        self._hot = min(HOT, len(counts)) if threads > 1 else 0
        self._idle = list[tuple[Any, ...]]()

    def advance(self, sentences: Ragged, order: NDArray[np.int64], rate: float, key: int) -> PairAdvance:
        """Train on some sentences at one learning rate. Several threads may do so at once: lock-free, as in Hogwild.

        Parameters
        ----------
        sentences
            Words by number, all of them below ``len(counts)``, which is not checked here.
        order
            Which sentences, in which order.
        rate
            Learning rate of both tables; what the task counts for multiplied in.
        key
            Decides all random draws, a whole number of 64 bits. Keys of different calls should be as unlike as hashes.
        """
        from mt2st.embeddings.kernels.memory import Tables, Text

        own, *space = self._take_space()
        tables = Tables(self._rows, self._output_rows, own, self._row_offsets, self._word_rows)
        text = Text(sentences.ids, sentences.offsets, order, self._keep, self._alias)
        numbers = self.negative, np.float32(rate), np.uint64(key % 2**64)
        reach = self._reach()
        found: tuple[float, int, int, int] = self._update(tables, text, *reach, *numbers, self._signs, *space)
        self._idle.append((own, *space))
        return PairAdvance(*found)

    def _reach(self) -> tuple[Any, ...]:
        """Return what the kernel is told of what lies around a word."""
        return (self.window,)

    def _take_space(self) -> tuple[Any, ...]:
        """Return the memory of an earlier call that is over, or new memory where others are at work in all there is."""
        try:
            return self._idle.pop()
        except IndexError:
            width = self._rows.shape[1]
            return (aligned_zeros(2 * self._hot, width), *self._new_space(width, self.window, self.negative))

    def _load_kernel(self) -> Kernel:
        return load_kernel(self.method)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return what training changes beside the table, live."""
        return {"output": self.output}


def load_kernel(method: PairMethod) -> Kernel:
    """Return a method's kernel, its signs and the maker of its memory; compiles it, or loads it from the cache."""
    if method == "cbow":
        from mt2st.embeddings.kernels import cbow, means

        return cbow.cbow_update, means.SIGNS, cbow.cbow_space
    from mt2st.embeddings.kernels import context_groups, skipgram

    return skipgram.skipgram_update, context_groups.SIGNS, skipgram.skipgram_space


def check_settings(method: str, window: int, negative: int, sample: float) -> None:
    """Refuse settings that mean nothing."""
    if method not in get_args(PairMethod):
        raise ConfigError(f"method must be one of {', '.join(get_args(PairMethod))}: {method!r} found")
    for name, value, least in (("window", window, 1), ("negative", negative, 0)):
        if value < least:
            raise ConfigError(f"{name} must be {least} or more, {value} found")
    if not 0 <= sample < np.inf:
        raise ConfigError(f"sample must be 0 (keep all) or above, {sample} found")
