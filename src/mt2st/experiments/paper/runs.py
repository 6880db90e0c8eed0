"""The settings of a cell, and its training in a worker process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from mt2st.experiments.paper.cells import AUXILIARIES, LEXICAL, PAPER_RATES, STRATEGIES, PaperCell
from mt2st.experiments.paper.data import DICTIONARY, PaperData
from mt2st.experiments.paper.sizes import Sizes
from mt2st.experiments.training import train_once
from mt2st.experiments.trials import Trial
from mt2st.training.corpus import Corpus, load_corpus
from mt2st.training.settings import Settings, parse_settings

PRIMARY = "reviews"
_here: dict[str, PaperData] = {}


def cell_settings(data: PaperData, cell: PaperCell, rate: float, seed: int) -> Settings:
    """Return the settings of one training.

    Encoder, head and the primary's updates of the table share one learning rate, as in the paper. The auxiliaries'
    rates and weights, and the settings of strategies, are the library's defaults.
    """
    names = AUXILIARIES.get(cell.row, ())
    an_epoch = 1 if cell.row in PAPER_RATES else data.sizes.steps_an_epoch
    return parse_settings(
        {
            "primary": _primary(data),
            "auxiliary": {name: _auxiliary(data, name, cell.embedding) for name in names},
            "model": {**_model(data, cell), "rate": rate, "table_rate": rate},
            "strategy": {"name": STRATEGIES.get(cell.strategy, cell.strategy)},
            "training": {"steps": data.sizes.epochs * an_epoch, "interval": an_epoch, "seed": seed},
        }
    )


def _primary(data: PaperData) -> dict[str, Any]:
    sizes = data.sizes
    parts = {"labels": sizes.labels, "development": sizes.development, "test": sizes.test}
    return {"name": PRIMARY, "data": str(data.reviews), "passes": float(sizes.epochs), **parts}


def _model(data: PaperData, cell: PaperCell) -> dict[str, Any]:
    sizes = data.sizes
    return {
        "encoder": "bilstm",
        "vectors": str(data.vectors(cell.embedding)),
        "freeze_vectors": cell.frozen,
        "vector_size": sizes.vector_size,
        "hidden_size": sizes.hidden_size,
        "min_count": sizes.min_count,
        "max_words": sizes.max_words,
    }


def _auxiliary(data: PaperData, name: str, embedding: str) -> dict[str, Any]:
    if name in LEXICAL:
        lists = {"offset": "analogies", "analogy": "analogies", "similarity": data.pairs()}
        found: dict[str, Any] = {"kind": name, "batch": data.sizes.lexical_batch}
        if name == "alignment":
            return {**found, "data": str(data.source / DICTIONARY), "target_vectors": str(data.german(embedding))}
        return {**found, "data": lists[name]}
    method, _, subwords = embedding.partition("+")
    more = {"subwords": True} if subwords else {}
    return {"kind": method, "data": str(data.text), "passes": data.sizes.language_passes, **more}


def begin(source: Path, folder: Path, sizes: Sizes) -> None:
    """Prepare a worker process."""
    import torch

    torch.set_num_threads(1)
    _here["data"] = PaperData(source, folder, sizes)


@cache
def _corpus(embedding: str) -> Corpus:
    """Return the data of all cells of an embedding, with every auxiliary, so that all share one vocabulary."""
    return load_corpus(cell_settings(_here["data"], PaperCell(embedding, "all", "multi-task"), 1e-3, 1))


def run(trial: Trial) -> dict[str, Any]:
    """Train one cell once."""
    settings = cell_settings(_here["data"], trial.cell, trial.rate, trial.seed)
    return train_once(_corpus(trial.cell.embedding), settings, with_test=not trial.searching)
