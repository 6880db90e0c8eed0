"""Skip-gram and CBOW on the shared table, with or without subwords."""

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

# Number of output rows that each of several threads copies, see `mt2st.embeddings.kernels.sentences.share_rows`.
HOT = 64

PairMethod = Literal["skipgram", "cbow"]
Kernel: TypeAlias = tuple[Callable[..., Any], "NDArray[np.float32]", Callable[[int, int, int], Any]]


class PairAdvance(NamedTuple):
    """The result of a quantum of training.

    Attributes
    ----------
    loss
        The sum of the pairs' losses, each computed before its update.
    pairs
        Number of pairs in ``loss``; in CBOW a word and its window are one.
    words
        Number of words left after subsampling.
    not_finite
        Number of pairs skipped because a score was not finite.
    """

    loss: float
    pairs: int
    words: int
    not_finite: int


class PairModel:
    """Trains the rows of a shared table by negative sampling.

    Parameters
    ----------
    table
        The shared table, (rows, vector_size), made by `new_table`, trained in place. Row w is word w's own; with
        subwords, row ``words + i`` is that of ``subwords.buckets[i]``.
    counts
        Count of each word, (words,), for subsampling and for negatives, drawn in proportion to ``count ** 0.75``.
    method
        ``"skipgram"`` or ``"cbow"``.
    window, negative, sample
        As in word2vec and gensim.
    subwords
        The rows of each word; None for one row per word.
    seed
        Seed of the output rows' initial values. They are small and random, not zero as in word2vec, so that the first
        pair already updates a word's vector.
    threads
        Number of threads that will call `advance` at once. With several, each call keeps a copy of the most frequent
        words' output rows and adds its changes to the shared ones every few hundred words: cores would otherwise wait
        for each other's rows.

    Raises
    ------
    ConfigError
        If a setting is out of range or the table too small.

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
        """Train on some sentences at one learning rate. Several threads may do so at once, without locks (Hogwild).

        Parameters
        ----------
        sentences
            Word ids, all below ``len(counts)``, which is not checked here.
        order
            Indices of the sentences to train on, in order.
        rate
            Learning rate of both tables, the task's weight already multiplied in.
        key
            Key of all random draws, an integer of 64 bits. Keys of different calls should be unrelated, like hashes.
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
        """Return the kernel's arguments that define a word's context."""
        return (self.window,)

    def _take_space(self) -> tuple[Any, ...]:
        """Return the working memory of a finished call, or new memory if all is in use."""
        try:
            return self._idle.pop()
        except IndexError:
            width = self._rows.shape[1]
            return (aligned_zeros(2 * self._hot, width), *self._new_space(width, self.window, self.negative))

    def _load_kernel(self) -> Kernel:
        return load_kernel(self.method)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the arrays that training changes besides the table, without copying."""
        return {"output": self.output}


def load_kernel(method: PairMethod) -> Kernel:
    """Return a method's kernel, its signs and the function that makes its working memory; compile or load it."""
    if method == "cbow":
        from mt2st.embeddings.kernels import cbow, means

        return cbow.cbow_update, means.SIGNS, cbow.cbow_space
    from mt2st.embeddings.kernels import context_groups, skipgram

    return skipgram.skipgram_update, context_groups.SIGNS, skipgram.skipgram_space


def check_settings(method: str, window: int, negative: int, sample: float) -> None:
    """Raise `ConfigError` if a setting is invalid."""
    if method not in get_args(PairMethod):
        raise ConfigError(f"method must be one of {', '.join(get_args(PairMethod))}: {method!r} found")
    for name, value, least in (("window", window, 1), ("negative", negative, 0)):
        if value < least:
            raise ConfigError(f"{name} must be {least} or more, {value} found")
    if not 0 <= sample < np.inf:
        raise ConfigError(f"sample must be 0 (keep all) or above, {sample} found")
