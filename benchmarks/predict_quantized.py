"""Quantized models: their size as a share of the whole model's, and the accuracy that they lose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.stats import t

import mt2st
from mt2st import TextClassifier
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import make_split

# Sets and their numbers of labels, None for all.
CELLS = (("sst2", 2000), ("sst2", None), ("trec", None), ("subj", None), ("r8", None), ("cr", None), ("imdb", 5000))
SPLITS = 5


def quantized_rows(data: Path) -> Iterator[str]:
    """Yield a table's rows: labels, size, share of it and points of accuracy, the mean of paired differences."""
    for name, labels in CELLS:
        found = np.array([_one(data, name, labels, split) for split in range(1, SPLITS + 1)])
        wholes, smalls, before, after = found.T
        lost = 100 * (after - before)
        half = t.ppf(0.975, SPLITS - 1) * lost.std(ddof=1) / np.sqrt(SPLITS)
        share = f"{100 * (smalls / wholes).mean():.1f}% | {100 * (smalls / wholes).max():.1f}%"
        sizes = f"{wholes.mean() / 1e6:.2f} MB | {share}"
        yield f"| {name} {labels or 'all'} | {sizes} | {before.mean():.4f} | {lost.mean():+.2f} ±{half:.2f} |"


def _one(data: Path, name: str, labels: int | None, number: int) -> tuple[float, float, float, float]:
    split = make_split(data, Sizes(), name, labels, number)
    model = TextClassifier().fit(split.texts, split.labels)
    sizes, right = [], []
    with TemporaryDirectory() as folder:
        for small in (False, True):
            model.save(Path(folder, "model"), quantize=small)
            sizes.append(sum(file.stat().st_size for file in Path(folder, "model").iterdir()))
            right.append(mt2st.load(Path(folder, "model")).score(split.test_texts, split.test_labels))
    return sizes[0], sizes[1], right[0], right[1]
