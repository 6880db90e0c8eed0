"""Token tagging on a window of words, native engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from mt2st.errors import ConfigError
from mt2st.models.kernels.window_parts import Encoder, Head, room_for
from mt2st.models.kernels.window_step import Drops, Rates, train_windows
from mt2st.models.window.model import best_tags, legal_head
from mt2st.tasks.sampler import Sampler, stream_key
from mt2st.tasks.task import Outcome
from mt2st.tasks.window_rows import WindowRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.models.window.encoder import WindowEncoder
    from mt2st.tasks.tagged import TaggedRows


@dataclass(frozen=True)
class WindowRates:
    """Learning rates and dropout of a task.

    Attributes
    ----------
    table_rate, hidden_rate
        Learning rates of the shared part: the words' rows, and the rest.
    emit_rate, feature_rate, link_rate
        Learning rates of the head: weights of the hidden layer, of hashed features, and of neighbouring tags.
    dropout, feature_dropout
        Shares of the hidden layer and of the features that are left out at random.
    word_dropout
        A word that occurs n times is replaced by an unknown one with probability ``word_dropout / (word_dropout + n)``.
    """

    table_rate: float = 0.02
    hidden_rate: float = 0.01
    emit_rate: float = 0.02
    feature_rate: float = 0.025
    link_rate: float = 0.1
    dropout: float = 0.1
    feature_dropout: float = 0.5
    word_dropout: float = 0.5

    def rates(self, share: float) -> Rates:
        """Return the learning rates times ``share``, in the form that the kernels read."""
        own = (self.table_rate, self.hidden_rate, self.emit_rate, self.feature_rate, self.link_rate)
        return Rates(*(np.float32(rate * share) for rate in own))

    def drops(self) -> Drops:
        """Return the dropout in the form that the kernels read."""
        return Drops(*(np.float32(share) for share in (self.dropout, self.feature_dropout, self.word_dropout)))


@dataclass
class WindowTagging:
    """A conditional random field over tags, scored by a hidden layer on a window of words and by hashed features.

    ``s_t = V h_t + c + sum_f S[f]``, with h from `WindowEncoder` and f the features of a token, see `feature_rows`; the
    loss of a sentence is minus the log probability of its known tags, see `mt2st.models.kernels.chain`.

    Parameters
    ----------
    name
        The task's name.
    encoder
        The shared part, changed in place.
    data
        The training sentences.
    sampler
        Draws the sentences.
    buckets
        Number of buckets of hashed features.
    rates
        Learning rates and dropout.
    head_seed
        Seed of the head's initial values.
    stop_at_bad
        Stop a batch at the first loss that is not finite, as the primary must.
    """

    name: str
    encoder: WindowEncoder
    data: WindowRows
    sampler: Sampler
    buckets: int
    rates: WindowRates = field(default_factory=WindowRates)
    head_seed: int = 0
    stop_at_bad: bool = False

    def __post_init__(self) -> None:
        shared, self.classes = self.encoder.parameters, self.data.classes
        self.head = new_head(
            len(self.classes), shared.weights.shape[1], self.buckets, stream_key(self.head_seed, self.name)
        )
        self._head_squares = Head(*(np.zeros_like(array) for array in self.head))
        # The task's own, so that a task that starts later begins with steps of full size.
        self._squares = squares_of(shared)
        self._room = room_for(shared, self.head, self.data.windows)

    def learn(self, batch: NDArray[np.int64], weight: float, rate: float) -> Outcome:
        """Train on the sentences ``batch``, one after the other."""
        loss, terms, bad = train_windows(
            self.encoder.parameters,
            self._squares,
            self.head,
            self._head_squares,
            self.data.windows,
            batch,
            self._room,
            self.rates.rates(weight * rate),
            self.rates.drops(),
            np.uint64(self.sampler.draw_key()),
            self.stop_at_bad,
        )
        return Outcome(loss, terms, len(batch), self.data.rows.size_of(batch), bad)

    def tag(self, data: TaggedRows) -> list[list[str]]:
        """Return the most likely tags of each sentence; the tags in ``data`` are ignored.

        Raises
        ------
        ConfigError
            If the sentences have no features.
        """
        if not isinstance(data, WindowRows):
            raise ConfigError(f"{self.name}: sentences without features of their tokens: make them with WindowRows.of")
        head = legal_head(self.head, self.classes, self.data.scheme)
        numbers = best_tags(self.encoder.parameters, head, data.windows)
        return [[self.classes[k] for k in numbers[start:stop]] for start, stop in pairwise(data.rows.offsets)]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the head."""
        return dict(zip(Head._fields, self.head, strict=True))


def new_head(tags: int, hidden_size: int, buckets: int, seed: int) -> Head:
    """Return a new head: zeros, except the weights of the hidden layer, which are uniform in ±0.1."""
    draw = np.random.Generator(np.random.Philox(key=seed))
    emit = (draw.random((tags, hidden_size + 1), dtype=np.float32) - np.float32(0.5)) * np.float32(0.2)
    return Head(emit, np.zeros((buckets, tags), np.float32), np.zeros((tags + 1, tags + 1), np.float32))


def squares_of(shared: Encoder) -> Encoder:
    """Return zeros for AdaGrad's sums of squared gradients: one per row of ``table`` and ``looks``, or per weight."""
    table, looks, weights, bias = shared
    rows = [np.zeros((len(array), 1), np.float32) for array in (table, looks)]
    return Encoder(rows[0], rows[1], np.zeros_like(weights), np.zeros_like(bias))
