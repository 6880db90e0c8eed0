"""The BiLSTM classifier written twice: as it is usually written in PyTorch, and as mt2st trains it."""

from __future__ import annotations

import lzma
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from mt2st.datasets import load_rated
from mt2st.models.pytorch.encoders import make_encoder
from mt2st.models.pytorch.shared import TorchShared
from mt2st.tasks import LabelledRows, Sampler
from mt2st.tasks.pytorch.encoder_classification import EncoderClassification
from mt2st.text import Ragged, Vocabulary, tokenize

WORDS, BATCH, RATE = 30_000, 50, 1e-3


def read(name: str, data: Path, most: int = 200) -> LabelledRows:
    """Return labelled sentences as numbers of the most frequent words; the last row is every other word's."""
    if name == "film":
        pairs = [(str(sentence.rating > 0.5), sentence.text) for sentence in load_rated("film")]
    else:
        with lzma.open(data / name / "train.tsv.xz", "rt", encoding="utf-8") as lines:
            pairs = [tuple(line.rstrip("\n").split("\t", 1)) for line in lines]  # type: ignore[misc]
    texts = [tokenize(text)[:most] or ["."] for _, text in pairs]
    words = {word: row for row, word in enumerate(Vocabulary.build(texts).words[: WORDS - 1])}
    classes = tuple(sorted({label for label, _ in pairs}))
    rows = Ragged.from_lists([[words.get(word, WORDS - 1) for word in text] for text in texts])
    return LabelledRows(rows, np.array([classes.index(label) for label, _ in pairs], np.int32), classes)


class Plain(torch.nn.Module):
    """Padded batches, torch's LSTM on them, dense gradients, dense Adam over everything.

    The backward direction then reads the padding first and comes to a sentence with a state that depends on its batch.
    With ``packed`` it does not: that is mt2st's model, and slower still.
    """

    def __init__(
        self, data: LabelledRows, vector_size: int, hidden_size: int, dropout: float, *, packed: bool = False
    ) -> None:
        super().__init__()
        self.packed = packed
        self.embedding = torch.nn.Embedding(WORDS, vector_size)
        self.lstm = torch.nn.LSTM(vector_size, hidden_size, bidirectional=True, batch_first=True)
        self.dropout, self.head = torch.nn.Dropout(dropout), torch.nn.Linear(2 * hidden_size, len(data.classes))
        self.optimizer = torch.optim.Adam(self.parameters(), lr=RATE)
        self.sentences = [torch.from_numpy(data.rows.row(i).astype(np.int64)) for i in range(len(data))]
        self.labels = torch.from_numpy(data.labels).long()

    def forward(self, sentences: list[torch.Tensor]) -> torch.Tensor:
        """Return logits, (batch, classes)."""
        padded = torch.nn.utils.rnn.pad_sequence(sentences, batch_first=True)
        lengths = torch.tensor([len(sentence) for sentence in sentences])
        vectors = self.dropout(self.embedding(padded))
        if self.packed:
            vectors = pack_padded_sequence(vectors, lengths, batch_first=True, enforce_sorted=False)
        states = self.lstm(vectors)[0]
        if self.packed:
            states = pad_packed_sequence(states, batch_first=True)[0]
        beyond = torch.arange(padded.shape[1]) >= lengths[:, None]
        return self.head(self.dropout(states.masked_fill(beyond[..., None], -torch.inf).amax(1)))

    def step(self, batch: NDArray[np.int64]) -> float:
        """Train on a batch and return its loss."""
        self.optimizer.zero_grad()
        logits = self([self.sentences[i] for i in batch])
        loss = torch.nn.functional.cross_entropy(logits, self.labels[torch.from_numpy(batch)])
        loss.backward()
        self.optimizer.step()
        return loss.item()


@dataclass
class Ours:
    """A task as `mt2st train` runs it at each step."""

    shared: TorchShared
    task: EncoderClassification
    steps: int = 0

    @classmethod
    def make(cls, data: LabelledRows, vector_size: int, hidden_size: int, dropout: float) -> Ours:
        """Return the task alone on its encoder."""
        table = torch.randn(WORDS, vector_size, generator=torch.Generator().manual_seed(1)).numpy()
        encoder = make_encoder("bilstm", table, {"hidden_size": hidden_size}, dropout, seed=1)
        shared = TorchShared(encoder, RATE, RATE)
        return cls(shared, EncoderClassification("own", shared, data, Sampler(len(data), 1, 1, 1, "own")))

    def start_as(self, plain: Plain) -> None:
        """Take over the parameters."""
        with torch.no_grad():
            self.shared.encoder.embedding.weight.copy_(plain.embedding.weight)
            self.shared.encoder.body.load_state_dict(plain.lstm.state_dict())
            self.task.layer.load_state_dict(plain.head.state_dict())

    def step(self, batch: NDArray[np.int64]) -> float:
        """Train on a batch and return its mean loss."""
        self.shared.begin_step(self.steps)
        outcome = self.task.learn(batch, 1.0, 1.0)
        self.shared.finish_step(1.0)
        self.steps += 1
        return outcome.loss / outcome.terms
