"""A bidirectional LSTM over the shared table, and the finished classifier that predicts from saved arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from mt2st.errors import ConfigError, MissingExtraError

try:
    import torch
    from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence
except ImportError as error:
    raise MissingExtraError("the bilstm encoder", extra="torch") from error

from mt2st.models.first_values import draw_evenly, seeded, seeded_linear
from mt2st.models.lstm import PackedLSTM
from mt2st.models.packed_pooling import max_over_packed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from mt2st.text import Ragged

Pooling = Literal["max", "mean"]
PREDICTED_AT_ONCE = 256
EVERYTHING = slice(None)


class BiLSTMEncoder(torch.nn.Module):
    """Sentences to vectors: h = pool over t of [forward LSTM_t; backward LSTM_t] of the words' vectors.

    Parameters
    ----------
    table
        The shared table, (rows, vector_size), float32. The embedding *is* this memory: what a native kernel writes is
        read here, and what an optimiser writes here is read there.
    hidden_size
        Of each direction; a sentence becomes ``2 * hidden_size`` numbers.
    pooling
        ``"max"`` or ``"mean"`` over the sentence's own positions; padding never takes part. A sentence without words
        becomes zeros.
    dropout
        Share of the word vectors' and of the pooled vector's numbers set to zero in training.
    seed
        Of the first values. Torch's global generator is neither read nor moved.

    Examples
    --------
    >>> from mt2st.text import Ragged
    >>> encoder = BiLSTMEncoder(np.ones((5, 3), np.float32), hidden_size=4)
    >>> encoder(Ragged.from_lists([[1, 2], [], [4]]), np.arange(3)).shape
    torch.Size([3, 8])
    """

    def __init__(
        self,
        table: NDArray[np.float32],
        hidden_size: int,
        pooling: Pooling = "max",
        dropout: float = 0.0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        _check(table, hidden_size, pooling, dropout)
        self.table, self.pooling, self.dropout = table, pooling, dropout
        self.output_size = 2 * hidden_size
        rows, vector_size = table.shape
        self.embedding = torch.nn.Embedding(rows, vector_size, sparse=True, _weight=torch.from_numpy(table))
        self.lstm = PackedLSTM(vector_size, hidden_size)
        draw_evenly(self.lstm, hidden_size**-0.5, seed)
        self.masks = seeded(torch.Generator(), seed)

    def begin_step(self, seed: int) -> None:
        """Let ``seed`` decide the dropout masks from here on, so that no generator's state needs saving."""
        seeded(self.masks, seed)

    def forward(self, rows: Ragged, batch: NDArray[np.int64], part: slice = EVERYTHING) -> torch.Tensor:
        """Return the vectors of the sentences ``batch[part]`` of ``rows``, (part, 2 * hidden_size).

        Dropout is drawn for the whole batch, so that processes with a part each leave out what one process would.
        """
        lengths = rows.offsets[batch + 1] - rows.offsets[batch]
        filled, mine = np.flatnonzero(lengths), np.zeros(len(batch), bool)
        mine[part] = True
        pooled = self.embedding.weight.new_zeros(int(mine.sum()), self.output_size)
        if len(filled):
            packed = self._packed(rows, batch[filled], lengths[filled], mine[filled])
            if len(packed.data):
                places = torch.from_numpy(np.flatnonzero(lengths[mine]))
                pooled = pooled.index_copy(0, places, self._pool(self.lstm.outputs(packed)))
        return self._drop(pooled, mine)

    def states(
        self, rows: Ragged, batch: NDArray[np.int64], part: slice = EVERYTHING, added: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return a vector for each token of the sentences ``batch[part]``, end to end, (tokens, 2 * hidden_size).

        Parameters
        ----------
        rows
            Word numbers; a negative one is a word without a row, whose vector is zero.
        batch, part
            Which sentences, and which of these to return; as for sentence vectors, dropout is drawn for all.
        added
            What to add to the word vectors, (tokens, vector_size), in the same order.
        """
        lengths = rows.offsets[batch + 1] - rows.offsets[batch]
        filled, mine = np.flatnonzero(lengths), np.zeros(len(batch), bool)
        mine[part] = True
        states = self.embedding.weight.new_zeros(0, self.output_size)
        if len(filled):
            packed = self._packed(rows, batch[filled], lengths[filled], mine[filled], added)
            if len(packed.data):
                padded, counts = pad_packed_sequence(self.lstm.outputs(packed), batch_first=True)
                states = padded[torch.arange(padded.shape[1]) < counts[:, None]]
        return self._drop(states, np.repeat(mine, lengths))

    def _packed(
        self,
        rows: Ragged,
        batch: NDArray[np.int64],
        lengths: NDArray[np.int64],
        mine: NDArray[np.bool],
        added: torch.Tensor | None = None,
    ) -> PackedSequence:
        order = np.argsort(-lengths, kind="stable")
        times = np.arange(lengths[order[0]])[:, None]
        # Word t of every sentence that has one, longest sentence first: no position is embedded only to be masked.
        present, own = times < lengths[order], mine[order]  # (longest, batch), (batch,)
        words = np.broadcast_to(own, present.shape)[present]  # (words of the whole batch,)
        vectors = self._vectors(rows.ids[(rows.offsets[batch[order]] + times)[present][words]].astype(np.int64))
        if added is not None:
            starts = np.cumsum(lengths * mine) - lengths * mine  # among the words of its own sentences
            vectors = vectors + added[torch.from_numpy((starts[order] + times)[present][words])]
        vectors = self._drop(vectors, words)  # (own words, vector_size)
        counts = present[:, own].sum(1)
        order = (np.cumsum(mine) - 1)[order[own]]  # places among its own sentences
        places = torch.from_numpy(order), torch.from_numpy(np.argsort(order))
        return PackedSequence(vectors, torch.from_numpy(counts[counts > 0]), *places)

    def _vectors(self, ids: NDArray[np.int64]) -> torch.Tensor:
        known = ids >= 0
        if known.all():
            found: torch.Tensor = self.embedding(torch.from_numpy(ids))
            return found
        vectors = self.embedding.weight.new_zeros(len(ids), self.embedding.embedding_dim)
        return vectors.index_put((torch.from_numpy(known),), self.embedding(torch.from_numpy(ids[known])))

    def _pool(self, hidden: PackedSequence) -> torch.Tensor:
        if self.pooling == "max":
            return max_over_packed(hidden)
        padded, lengths = pad_packed_sequence(hidden, batch_first=True)
        return padded.sum(1) / lengths[:, None]

    def _drop(self, values: torch.Tensor, mine: NDArray[np.bool]) -> torch.Tensor:
        """Drop out of the rows that are ``mine``, with a draw for every row of the batch."""
        if not self.training or self.dropout == 0:
            return values
        drawn = torch.rand(len(mine), values.shape[1], generator=self.masks)
        kept = (drawn if len(mine) == len(values) else drawn[torch.from_numpy(mine)]) >= self.dropout
        return values * kept / (1 - self.dropout)


class BiLSTMClassifier:
    """Prediction from saved arrays alone: no optimiser, no task, no training data.

    Parameters
    ----------
    arrays
        ``table``, ``encoder.lstm.*``, ``head.weight`` and ``head.bias``, as in ``arrays()`` of `TorchShared` and of the
        task; others are not read. A read-only table, as of a memory-mapped file, is copied.
    hidden_size, pooling
        As in training.

    Raises
    ------
    ConfigError
        Where an array is missing or does not fit the others.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]], hidden_size: int, pooling: Pooling = "max") -> None:
        missing = {"table", "head.weight"} - set(arrays)
        if missing:
            raise ConfigError(f"the saved model lacks {sorted(missing)}: save arrays() of the shared part and the task")
        table = np.require(arrays["table"], np.float32, ["C", "W"])
        self.encoder = BiLSTMEncoder(table, hidden_size, pooling)
        self.head = seeded_linear(self.encoder.output_size, len(arrays["head.weight"]), seed=0)
        _fill(self.encoder.lstm, "encoder.lstm.", arrays)
        _fill(self.head, "head.", arrays)

    def logits(self, rows: Ragged) -> NDArray[np.float32]:
        """Return logits of shape (rows, classes)."""
        return predict(self.encoder, self.head, rows)


def predict(encoder: BiLSTMEncoder, head: torch.nn.Linear, rows: Ragged) -> NDArray[np.float32]:
    """Return logits of shape (rows, classes), without dropout; sentences of like length share a batch."""
    found = np.zeros((len(rows), head.out_features), np.float32)
    order = np.argsort(rows.lengths, kind="stable")
    was_training = encoder.training
    encoder.eval()
    with torch.no_grad():
        for start in range(0, len(order), PREDICTED_AT_ONCE):
            batch = order[start : start + PREDICTED_AT_ONCE]
            found[batch] = head(encoder(rows, batch)).numpy()
    encoder.train(was_training)
    return found


def _fill(module: torch.nn.Module, prefix: str, arrays: Mapping[str, NDArray[np.generic]]) -> None:
    for name, parameter in module.named_parameters():
        value, wanted = arrays.get(prefix + name), tuple(parameter.shape)
        if value is None or value.shape != wanted:
            found = "none" if value is None else value.shape
            raise ConfigError(f"{prefix}{name} must have the shape {wanted}, {found} found: is it another model's?")
        parameter.detach().numpy()[...] = value


def _check(table: NDArray[np.float32], hidden_size: int, pooling: str, dropout: float) -> None:
    if table.dtype != np.float32 or table.ndim != 2 or not table.flags.writeable:
        raise ConfigError(f"the table must be writable float32 of two axes, found {table.dtype} {table.shape}")
    if hidden_size < 1 or pooling not in ("max", "mean") or not 0 <= dropout < 1:
        found = f"{hidden_size}, {pooling!r}, {dropout}"
        raise ConfigError(f"hidden_size >= 1, pooling 'max' or 'mean' and 0 <= dropout < 1 are needed, found {found}")
