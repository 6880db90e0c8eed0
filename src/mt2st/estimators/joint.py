"""The multi-task phase of an estimator: one table trained on the primary, the auxiliaries and all text, from memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mt2st.models.convex.cross_validation import make_folds
from mt2st.tasks import LabelledRows
from mt2st.text import Features, Ragged, Vocabulary
from mt2st.training.corpus import Corpus
from mt2st.training.job import make_job
from mt2st.training.loop import Record, Trainer
from mt2st.training.settings import Settings, parse_settings
from mt2st.training.stopping import StopRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mt2st.text.columns.build import Chosen

PRIMARY, LANGUAGE = "primary", "unlabelled text"
# Steps of the run, and how many lie between two development scores.
STEPS, INTERVAL = 100, 4
# The primary is seen often where it is small: about so many examples in all, but at most so many passes.
EXAMPLES, MOST_PASSES = 20_000, 20.0
# Of the labelled examples, held out to see when auxiliaries have stopped helping.
HELD_OUT, MOST_HELD_OUT = 5, 1000


@dataclass(frozen=True)
class Joint:
    """What the multi-task phase left.

    Attributes
    ----------
    table
        (shared rows, vector_size): words, then the frequent pairs.
    records
        Scores and seconds as it went, see `mt2st.training.Trainer`.
    switched
        The share of the run at which the primary was left alone.
    """

    table: NDArray[np.float32]
    records: list[Record]
    switched: float


def shared_rows(columns: Ragged, size: int) -> Ragged:
    """Return the columns that are rows of the shared table too, the first ``size``.

    Examples
    --------
    >>> shared_rows(Ragged.from_lists([[0, 5], [7]]), 6).offsets
    array([0, 2, 2])
    """
    kept = columns.ids < size
    before = np.concatenate([[0], np.cumsum(kept)])
    return Ragged(columns.ids[kept], before[columns.offsets].astype(np.int64))


def shared_features(chosen: Chosen) -> Features:
    """Return the words and the pairs that have a row of the shared table."""
    words, keys = chosen.columns.words, chosen.columns.pairs.keys[: len(chosen.pair_counts)]
    names = [*words, *("" for _ in range(0))]
    left, right = (keys >> np.uint64(32)).astype(np.int64), (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
    pairs = [
        f"{names[a] if a < len(names) else '<s>'} {names[b]}" for a, b in zip(left.tolist(), right.tolist(), strict=True)
    ]
    return Features(Vocabulary(names, chosen.counts), Vocabulary(pairs, chosen.pair_counts))


def _settings(
    labels: int, auxiliary: Sequence[str], values: Mapping[str, Any], *, language: bool
) -> Settings:
    passes = min(MOST_PASSES, max(EXAMPLES / labels, 1.0))
    text = {LANGUAGE: {"kind": "document", "passes": values["passes"]}} if language else {}
    others = {name: {"kind": "classification", "data": name} for name in auxiliary}
    return parse_settings(
        {
            "primary": {"name": PRIMARY, "data": PRIMARY, "passes": passes, "table_rate": values["table_rate"]},
            "auxiliary": {**others, **text},
            "model": {"vector_size": values["vector_size"], "smoothing": values["smoothing"]},
            "strategy": values["strategy"],
            "training": {
                "steps": STEPS,
                "interval": INTERVAL,
                "seed": values["seed"],
                "workers": values["workers"],
                "work": values.get("work", "skip"),
            },
        }
    )


class _Listener:
    def __init__(self) -> None:
        self.records = list[Record]()

    def on_step(self, trainer: Trainer) -> None:
        """Do nothing."""

    def on_interval(self, trainer: Trainer) -> None:
        """Do nothing."""

    def on_record(self, record: Record) -> None:
        """Keep it."""
        self.records.append(record)


def train_jointly(
    chosen: Chosen,
    labels: NDArray[np.int32],
    classes: tuple[str, ...],
    auxiliary: Mapping[str, LabelledRows],
    values: Mapping[str, Any],
    *,
    language: bool = True,
) -> Joint:
    """Train the shared table.

    Parameters
    ----------
    chosen
        Columns and texts: of the labelled examples, then all others.
    labels, classes
        Class numbers of the labelled examples, and their names.
    auxiliary
        Labelled auxiliaries, in rows of the shared table.
    values
        ``vector_size``, ``smoothing``, ``passes`` over the text, ``table_rate`` of the primary, ``strategy``, ``seed``,
        ``workers``.
    language
        Whether there is a language model over all texts.
    """
    features = shared_features(chosen)
    first, second = (chosen.columns.columns(part) for part in (chosen.labelled, chosen.others))
    own, rest = shared_rows(first, len(features)), shared_rows(second, len(features))
    fold = make_folds(labels.astype(np.int64), max(HELD_OUT, -(-len(labels) // MOST_HELD_OUT)), values["seed"])
    kept, held_out = np.flatnonzero(fold), np.flatnonzero(fold == 0)
    documents = Ragged(np.concatenate([own.ids, rest.ids]), np.concatenate([own.offsets, own.offsets[-1] + rest.offsets[1:]]))
    part = [LabelledRows(own.select(places), labels[places], classes) for places in (kept, held_out)]
    corpus = Corpus(
        features=features,
        pool=part[0],
        development=part[1],
        test=part[1],
        labelled=dict(auxiliary),
        sentences={LANGUAGE: shared_rows(documents, len(features.words))} if language else {},
        skipped_rows={},
        documents={LANGUAGE: documents} if language else {},
    )
    settings = _settings(len(kept), list(auxiliary), values, language=language)
    trainer, listener = Trainer(make_job(corpus, settings)), _Listener()
    trainer.run(listener, StopRequest())
    trainer.job.shared.settle()
    return Joint(trainer.job.shared.table[: len(features)], listener.records, trainer.job.strategy.transition() / STEPS)
