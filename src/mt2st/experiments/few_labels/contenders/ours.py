"""`mt2st.TextClassifier` with its defaults, and with few passes."""

from __future__ import annotations

from mt2st.estimators.text_classifier import TextClassifier
from mt2st.experiments.few_labels.contenders.trained import Trained
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import Split

# The number of passes over all text in a hurry; the default is ten over little text, three over much.
FEW_PASSES = 2.0


def train_with_extra(split: Split, seed: int, sizes: Sizes) -> Trained:  # noqa: ARG001
    """Train on the labelled rows, unlabelled text and auxiliaries."""
    return _helped(TextClassifier(random_state=seed), split)


def train_in_a_hurry(split: Split, seed: int, sizes: Sizes) -> Trained:  # noqa: ARG001
    """Train on the same, with few passes over it."""
    return _helped(TextClassifier(random_state=seed, passes=FEW_PASSES), split)


def _helped(model: TextClassifier, split: Split) -> Trained:
    return _trained(
        model.fit(split.texts, split.labels, unlabelled=split.unlabelled or None, auxiliary=split.auxiliary)
    )


def train_alone(split: Split, seed: int, sizes: Sizes) -> Trained:  # noqa: ARG001
    """Train on the labelled rows only."""
    return _trained(TextClassifier(random_state=seed).fit(split.texts, split.labels))


def _trained(model: TextClassifier) -> Trained:
    head = model.fitted_.head
    chosen = {
        "C": head.cost,
        "share": head.share,
        "cross-validated": head.accuracy,
        "parts": model.fitted_.seconds,
    }
    return Trained(lambda texts: [str(label) for label in model.predict(texts)], chosen)
