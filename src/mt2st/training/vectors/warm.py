"""Compiling, or loading, kernels in a thread while the text is encoded."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

import numpy as np

from mt2st.training.vectors.settings import VectorSettings


def warm_up(settings: VectorSettings) -> Thread:
    """Start compiling the kernels for training; an error is ignored here, as the run itself will raise it again."""

    def work() -> None:
        with suppress(Exception):
            if settings.method == "glove":
                import mt2st.embeddings.cooccurrence
                import mt2st.embeddings.glove  # noqa: F401
            else:
                train_a_pair(settings)

    thread = Thread(target=work, daemon=True)
    thread.start()
    return thread


def train_a_pair(settings: VectorSettings) -> None:
    """Train a model of two words on one sentence: kernels depend on the method and vector size, not on the text."""
    from mt2st.embeddings.pairs import PairModel
    from mt2st.embeddings.table import new_table
    from mt2st.text.ragged import Ragged

    subwords, rows = None, 2
    if settings.subwords:
        from mt2st.embeddings.subwords import SubwordIndex

        subwords = SubwordIndex.of(["a", "b"], settings.min_n, settings.max_n, settings.bucket)
        rows += len(subwords.buckets)
    model = PairModel(
        new_table(rows, settings.vector_size, 0),
        np.ones(2, np.int64),
        method="cbow" if settings.method == "cbow" else "skipgram",
        window=settings.window,
        negative=settings.negative,
        sample=settings.sample,
        subwords=subwords,
    )
    model.advance(Ragged.from_lists([[0, 1]]), np.zeros(1, np.int64), 0.01, 0)
