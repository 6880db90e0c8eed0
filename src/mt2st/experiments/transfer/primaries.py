"""The five primaries, each with its auxiliaries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mt2st.experiments.transfer.sizes import Sizes

NAMES, NAMES_HELD_OUT = "wnut17/train.conll.xz", "wnut17/dev.conll.xz"
TAGS, TAGS_HELD_OUT = "ud_english_ewt/train.conllu.xz", "ud_english_ewt/dev.conllu.xz"
QUESTIONS, PRODUCTS, SUBJECTIVE = "trec/train.tsv.xz", "cr/all.tsv.xz", "subj/all.tsv.xz"
SENTIMENT, SENTIMENT_HELD_OUT = "sst2/train.tsv.xz", "sst2/dev.tsv.xz"
REVIEWS, RUNNING = "imdb/unlabelled.txt.xz", "wiki/sentences.txt.xz"
ALL = (NAMES, NAMES_HELD_OUT, TAGS, TAGS_HELD_OUT, QUESTIONS, PRODUCTS, SUBJECTIVE, SENTIMENT, SENTIMENT_HELD_OUT)
Auxiliaries = Callable[[Path, Path], dict[str, dict[str, Any]]]


@dataclass(frozen=True)
class Primary:
    """One primary.

    Attributes
    ----------
    task
        Its settings without the data's folder; ``data`` and ``test_data`` are names in it.
    helpers
        Settings of the auxiliaries, with ``data`` a name in the folder; for the language model a file of drawn text.
    text
        The file that this text is drawn from.
    passes
        Number of passes over the labelled examples.
    """

    task: dict[str, Any]
    helpers: dict[str, dict[str, Any]]
    text: str
    passes: float


CLASSIFICATION = {"kind": "classification"}
# A higher rate than word2vec's 0.025 is worth 3 to 4 points of the primary where a text is read once (docs/LOG.md).
LANGUAGE = {"kind": "skipgram", "data": "", "table_rate": 0.1}

PRIMARIES: dict[str, Primary] = {
    "names": Primary(
        {"kind": "tagging", "data": NAMES, "test_data": NAMES_HELD_OUT, "development": 500},
        {"tags": {"kind": "tagging", "data": TAGS}, "language": LANGUAGE},
        RUNNING,
        passes=10.0,
    ),
    "tags": Primary(
        {"kind": "tagging", "data": TAGS, "test_data": TAGS_HELD_OUT, "labels": 500, "development": 500},
        {"names": {"kind": "tagging", "data": NAMES}, "language": LANGUAGE},
        RUNNING,
        passes=25.0,
    ),
    "questions": Primary(
        {**CLASSIFICATION, "data": QUESTIONS, "labels": 500, "development": 500, "test": 2000},
        {"subjective": {"data": SUBJECTIVE}, "sentiment": {"data": SENTIMENT}, "language": LANGUAGE},
        RUNNING,
        passes=25.0,
    ),
    "products": Primary(
        {**CLASSIFICATION, "data": PRODUCTS, "labels": 250, "development": 500, "test": 2000},
        {"sentiment": {"data": SENTIMENT}, "subjective": {"data": SUBJECTIVE}, "language": LANGUAGE},
        REVIEWS,
        passes=25.0,
    ),
    "sentiment": Primary(
        {
            **CLASSIFICATION,
            "data": SENTIMENT,
            "test_data": SENTIMENT_HELD_OUT,
            "labels": 1000,
            "development": 500,
        },
        {"products": {"data": PRODUCTS}, "subjective": {"data": SUBJECTIVE}, "language": LANGUAGE},
        REVIEWS,
        passes=20.0,
    ),
}


def primary_settings(name: str, source: Path, text: Path, sizes: Sizes) -> dict[str, Any]:
    """Return the settings of a primary, its auxiliaries and the model, without rates and strategy.

    Parameters
    ----------
    name
        A key of `PRIMARIES`.
    source
        The folder of the real data.
    text
        The file of the language model's text.
    sizes
        Sizes of the comparison.
    """
    chosen = PRIMARIES[name]
    files = {key: str(source / value) for key, value in chosen.task.items() if key in ("data", "test_data")}
    task = {**chosen.task, **files, "name": name, "passes": chosen.passes * sizes.passes}
    helpers = {helper: _helper(own, source, text, sizes) for helper, own in chosen.helpers.items()}
    model = {"encoder": "bilstm", "vector_size": sizes.vector_size, "hidden_size": sizes.hidden_size}
    return {"primary": task, "auxiliary": helpers, "model": model}


def _helper(own: dict[str, Any], source: Path, text: Path, sizes: Sizes) -> dict[str, Any]:
    if own is LANGUAGE:
        return {**own, "data": str(text), "passes": sizes.language_passes}
    return {**own, "data": str(source / own["data"]), "passes": sizes.helper_passes}
