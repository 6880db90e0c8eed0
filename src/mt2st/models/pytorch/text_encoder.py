"""Encoding word numbers to a vector for each token, or for each sentence, with any body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, get_args

import numpy as np
import torch
from torch.nn.utils.rnn import pad_packed_sequence

from mt2st.errors import ConfigError
from mt2st.models.pytorch.body_states import named_layers, states_size
from mt2st.models.pytorch.first_values import seeded
from mt2st.models.pytorch.lengths import within_lengths
from mt2st.models.pytorch.packed_states import end_to_end, max_over_packed
from mt2st.models.pytorch.packed_words import PackedWords
from mt2st.models.pytorch.pooling import Pooling, make_pool
from mt2st.models.pytorch.subword_embedding import SubwordEmbedding
from mt2st.models.shared import check_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.embeddings.word_rows import WordRows
    from mt2st.text import Ragged

EVERYTHING = slice(None)


class TextEncoder(torch.nn.Module):
    """``pool(body(dropout(vectors of the words)))``, and dropout once more.

    Parameters
    ----------
    table
        The shared table, (rows, vector_size), float32. The embedding shares this memory, so that native kernels and
        optimisers here see each other's changes. If moved to a device, it becomes a copy.
    body
        Any module that takes vectors (batch, tokens, vector_size) and lengths (batch,), and returns states (batch,
        tokens, size): one in `mt2st.models.pytorch.bodies`, or your own. States in another precision, such as those of
        a body that casts, are converted to float32. Random numbers of the body, such as those of its own dropout
        layers, are torch's, and not reproduced when a run is resumed.
    pooling
        ``"max"``, ``"mean"`` or ``"attention"`` over the sentence's own tokens, without padding. None: the body's
        attribute ``pooling``, or else the maximum. A sentence without words becomes zeros.
    dropout
        Share of the numbers of word vectors, and of the result, set to zero in training: of a word, the same numbers
        wherever it occurs in a batch, so that what depends on the word alone is computed once; of the result, and of
        word vectors to which others are added, of each token's own.
    seed
        Seed of dropout and attention. Torch's global generator is not used, and masks are the same on any device.
    subwords
        The rows that make up each word, known or not; None: each word has one row.

    Attributes
    ----------
    layers
        Modules trained besides the table: the body, by its attribute ``name`` or as ``body``, and ``attention``.

    Raises
    ------
    ConfigError
        If a parameter is out of bounds, the body is no module, does not accept vectors and lengths or return a state
        for each token, or it is called ``attention`` too, or by what no module can be called.

    Notes
    -----
    Use `torch.compile` and gradient checkpointing on the body only: the encoder reads NumPy arrays, and its masks come
    from its own generator, so that recomputation would draw others.

    Examples
    --------
    >>> from mt2st.models.pytorch.bodies.bilstm import BiLSTM
    >>> from mt2st.text import Ragged
    >>> table, rows = np.ones((5, 3), np.float32), Ragged.from_lists([[1, 2], [], [4]])
    >>> encoder = TextEncoder(table, BiLSTM(3, hidden_size=4))
    >>> encoder(rows, np.arange(3)).shape, encoder.states(rows, np.arange(3)).shape
    (torch.Size([3, 8]), torch.Size([3, 8]))

    Your own module:

    >>> class Doubled(torch.nn.Module):
    ...     def forward(self, vectors, lengths):
    ...         return 2 * vectors
    >>> TextEncoder(table, Doubled(), pooling="mean")(rows, np.arange(3)).tolist()
    [[2.0, 2.0, 2.0], [0.0, 0.0, 0.0], [2.0, 2.0, 2.0]]
    """

    def __init__(
        self,
        table: NDArray[np.float32],
        body: torch.nn.Module,
        pooling: Pooling | None = None,
        dropout: float = 0.0,
        seed: int = 0,
        subwords: WordRows | None = None,
    ) -> None:
        super().__init__()
        chosen = cast("Pooling", pooling or getattr(body, "pooling", "max"))
        _check(table, chosen, dropout)
        self.table, self.pooling, self.dropout = table, chosen, dropout
        self.embedding: torch.nn.Embedding | SubwordEmbedding = _embedding(table, subwords)
        self.output_size = states_size(body, table.shape[1])
        self.reads_packed = getattr(body, "reads_packed", False)
        self.pool = make_pool(chosen, self.output_size, seed + 1)
        self.layers = named_layers(body)
        if isinstance(self.pool, torch.nn.Module):
            _check_name(self.layers)
            self.layers["attention"] = self.pool
        self.masks = seeded(torch.Generator(), seed)

    @property
    def body(self) -> torch.nn.Module:
        """Return the body."""
        return next(iter(self.layers.values()))

    def begin_step(self, seed: int) -> None:
        """Seed the dropout masks from here on, so that the generator's state need not be saved."""
        seeded(self.masks, seed)

    def forward(self, rows: Ragged, batch: NDArray[np.int64], part: slice = EVERYTHING) -> torch.Tensor:
        """Return the vectors of the sentences ``batch[part]`` of ``rows``, (part, output_size).

        Dropout is drawn for the whole batch, so that several processes with a part each draw what one process would.
        """
        lengths = rows.offsets[batch + 1] - rows.offsets[batch]
        filled, mine = np.flatnonzero(lengths), np.zeros(len(batch), bool)
        mine[part] = True
        pooled = self.embedding.weight.new_zeros(int(mine.sum()), self.output_size)
        if len(filled):
            packed = self._packed(rows, batch[filled], lengths[filled], mine[filled])
            if len(packed.words):
                places = self._here(np.flatnonzero(lengths[mine]))
                pooled = pooled.index_copy(0, places, self._pooled(packed))
        return self._drop(pooled, mine)

    def states(
        self, rows: Ragged, batch: NDArray[np.int64], part: slice = EVERYTHING, added: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Return a vector for each token of the sentences ``batch[part]``, concatenated, (tokens, output_size).

        Parameters
        ----------
        rows
            Word numbers; a negative one is a word without a row, whose vector is zero.
        batch, part
            The sentences, and which of them to return; as for sentence vectors, dropout is drawn for all.
        added
            Vectors to add to the word vectors, (tokens, vector_size), in the same order.
        """
        lengths = rows.offsets[batch + 1] - rows.offsets[batch]
        filled, mine = np.flatnonzero(lengths), np.zeros(len(batch), bool)
        mine[part] = True
        states = self.embedding.weight.new_zeros(0, self.output_size)
        if len(filled):
            packed = self._packed(rows, batch[filled], lengths[filled], mine[filled], added)
            if len(packed.words):
                states = self._end_to_end(packed)
        return self._drop(states, np.repeat(mine, lengths))

    def _pooled(self, packed: PackedWords) -> torch.Tensor:
        if self.reads_packed and self.pooling == "max":
            return max_over_packed(self.body.outputs(packed))  # type: ignore[operator]
        return self.pool(*self._through_body(packed))

    def _end_to_end(self, packed: PackedWords) -> torch.Tensor:
        if self.reads_packed:
            return end_to_end(self.body.outputs(packed))  # type: ignore[operator]
        padded, counts = self._through_body(packed)
        return padded[within_lengths(counts, padded.shape[1], padded.device)]

    def _through_body(self, packed: PackedWords) -> tuple[torch.Tensor, torch.Tensor]:
        """Return states (batch, tokens, output_size), and lengths (batch,)."""
        if self.reads_packed:
            return pad_packed_sequence(self.body.outputs(packed), batch_first=True)  # type: ignore[operator]
        vectors, lengths = pad_packed_sequence(packed.spread(), batch_first=True)
        return self.body(vectors, lengths).to(vectors.dtype), lengths

    def _packed(
        self,
        rows: Ragged,
        batch: NDArray[np.int64],
        lengths: NDArray[np.int64],
        mine: NDArray[np.bool],
        added: torch.Tensor | None = None,
    ) -> PackedWords:
        order = np.argsort(-lengths, kind="stable")
        times = np.arange(lengths[order[0]])[:, None]
        # Word t of every sentence that has one, longest sentence first, so that no padding is embedded.
        present, own = times < lengths[order], mine[order]  # (longest, batch), (batch,)
        here = np.broadcast_to(own, present.shape)[present]  # (words of the whole batch,)
        ids = rows.ids[(rows.offsets[batch[order]] + times)[present]].astype(np.int64)
        if added is None:
            vectors, words = self._distinct(ids, here)
        else:
            starts = np.cumsum(lengths * mine) - lengths * mine  # among the words of its own sentences
            given = added[self._here((starts[order] + times)[present][here])]
            vectors, words = self._drop(self._vectors(ids[here]) + given, here), np.arange(len(given))
        counts = present[:, own].sum(1)
        order = (np.cumsum(mine) - 1)[order[own]]  # places among this part's sentences
        places = self._here(order), self._here(np.argsort(order))
        return PackedWords(vectors, words, torch.from_numpy(counts[counts > 0]), *places)

    def _distinct(self, ids: NDArray[np.int64], here: NDArray[np.bool]) -> tuple[torch.Tensor, NDArray[np.int64]]:
        """Return the vectors of the distinct words among the tokens that are ``here``, and the row of each token."""
        distinct, words = np.unique(ids, return_inverse=True)
        used = np.bincount(words[here], minlength=len(distinct)) > 0
        return self._drop(self._vectors(distinct[used]), used), (np.cumsum(used) - 1)[words[here]]

    def _vectors(self, ids: NDArray[np.int64]) -> torch.Tensor:
        known = ids >= 0
        if known.all():
            found: torch.Tensor = self.embedding(self._here(ids))
            return found
        vectors = self.embedding.weight.new_zeros(len(ids), self.embedding.embedding_dim)
        return vectors.index_put((self._here(known),), self.embedding(self._here(ids[known])))

    def _drop(self, values: torch.Tensor, mine: NDArray[np.bool]) -> torch.Tensor:
        """Apply dropout to the rows that are ``mine``, drawing for every row of the batch."""
        if not self.training or self.dropout == 0:
            return values
        drawn = torch.rand(len(mine), values.shape[1], generator=self.masks)
        kept = (drawn if len(mine) == len(values) else drawn[torch.from_numpy(mine)]) >= self.dropout
        return values * kept.to(values.device) / (1 - self.dropout)

    def _here(self, array: NDArray[Any]) -> torch.Tensor:
        return torch.from_numpy(array).to(self.embedding.weight.device)


def _embedding(table: NDArray[np.float32], subwords: WordRows | None) -> torch.nn.Embedding | SubwordEmbedding:
    if subwords is not None:
        return SubwordEmbedding(table, subwords)
    rows, vector_size = table.shape
    return torch.nn.Embedding(rows, vector_size, sparse=True, _weight=torch.from_numpy(table))


def _check(table: NDArray[np.float32], pooling: str, dropout: float) -> None:
    check_table(table)
    if pooling not in get_args(Pooling) or not 0 <= dropout < 1:
        known = ", ".join(get_args(Pooling))
        raise ConfigError(f"a pooling of {known} and 0 <= dropout < 1 are needed, found {pooling!r}, {dropout}")


def _check_name(layers: torch.nn.ModuleDict) -> None:
    if "attention" in layers:
        raise ConfigError("attention is the name of the pooling's layer: give the body another name, or pool otherwise")
