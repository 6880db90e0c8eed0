"""fastText's supervised mode, with its defaults and with settings from its own search."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mt2st.experiments.few_labels.contenders.native_calls import ended_search, silent_files, zeroed_memory
from mt2st.experiments.few_labels.contenders.trained import Trained
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import Split
from mt2st.text import tokenize
from mt2st.training.split import draw_labelled

SEARCHED = ("lr", "epoch", "wordNgrams", "minn", "maxn", "bucket")
# Otherwise the search may ask for tens of gigabytes: up to 1,000 dimensions of 10 million n-grams. With their number
# given instead it ends in a division by zero.
GIVEN = {"dim": 100}
PREFIX = "__label__"
# Seconds beyond its own limit after which a search is stopped: it checks the time every half second.
GRACE = 1.0


def train_fasttext(split: Split, seed: int, sizes: Sizes) -> Trained:  # noqa: ARG001
    """Train on the labelled rows with the defaults."""
    return _train(split, seed, {})


def train_autotuned(split: Split, seed: int, sizes: Sizes) -> Trained:
    """Let fastText search on a fifth of the labelled rows, and train on all of them with the settings found."""
    from fasttext import train_supervised

    # One row of each class stays in training, as fastText has no class that it was not trained on.
    training = draw_labelled(split.labels, max(len(split.labels) * 4 // 5, len(set(split.labels))), seed)
    kept = set(training)
    held_out = [place for place in range(len(split.labels)) if place not in kept]
    with TemporaryDirectory() as folder, silent_files(), zeroed_memory(), ended_search(sizes.autotune + GRACE):
        found = train_supervised(
            input=write_rows(Path(folder, "training"), split, training),
            autotuneValidationFile=write_rows(Path(folder, "held-out"), split, held_out),
            autotuneDuration=sizes.autotune,
            thread=1,
            seed=seed,
            **GIVEN,
        ).f.getArgs()
    return _train(split, seed, {**GIVEN, **{name: getattr(found, name) for name in SEARCHED}})


def _train(split: Split, seed: int, settings: dict[str, Any]) -> Trained:
    from fasttext import train_supervised

    with TemporaryDirectory() as folder, silent_files(), zeroed_memory():
        file = write_rows(Path(folder, "training"), split, range(len(split.texts)))
        model = train_supervised(input=file, thread=1, seed=seed, verbose=0, **settings)
    names = sorted(set(split.labels))

    def predict(texts: list[str]) -> list[str]:
        answers, _ = model.predict([" ".join(tokenize(text)) for text in texts])
        return [names[int(answer[0].removeprefix(PREFIX))] for answer in answers]

    return Trained(predict, settings)


def write_rows(path: Path, split: Split, places: Sequence[int]) -> str:
    """Write rows in fastText's format, classes as numbers, and return the path."""
    number = {label: place for place, label in enumerate(sorted(set(split.labels)))}
    rows = (f"{PREFIX}{number[split.labels[place]]} {' '.join(tokenize(split.texts[place]))}\n" for place in places)
    path.write_text("".join(rows), encoding="utf-8")
    return str(path)
