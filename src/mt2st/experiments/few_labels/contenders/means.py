"""gensim's skip-gram over all text, then logistic regression on the mean vector of each text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler

from mt2st.experiments.few_labels.contenders.logistic import tune_logistic
from mt2st.experiments.few_labels.contenders.trained import Trained
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import Split
from mt2st.text import tokenize

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

# Columns of unit variance need less than TF-IDF's.
COSTS = (0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)


def train_means(split: Split, seed: int, sizes: Sizes) -> Trained:  # noqa: ARG001
    """Train vectors on all text, with gensim's defaults (5 epochs, 100 dimensions), and a head with C tuned."""
    from gensim.models import Word2Vec

    helpers = chain.from_iterable(texts for texts, _ in split.auxiliary.values())
    text = [tokenize(each) for each in chain(split.texts, split.unlabelled, helpers)]
    vectors = Word2Vec(text, sg=1, workers=1, seed=seed).wv
    scaler = StandardScaler()
    model = tune_logistic(scaler.fit_transform(mean_vectors(vectors, split.texts)), split.labels, COSTS, seed)

    def predict(texts: list[str]) -> list[str]:
        return list(map(str, model.predict(scaler.transform(mean_vectors(vectors, texts)))))

    return Trained(predict, {"C": model.C})


def mean_vectors(vectors: KeyedVectors, texts: Sequence[str]) -> NDArray[np.float64]:
    """Return the mean vector of the known words of each text, (texts, vector_size); zeros if none is known."""
    found = np.zeros((len(texts), vectors.vector_size))
    for row, text in zip(found, texts, strict=True):
        places = [vectors.key_to_index[word] for word in tokenize(text) if word in vectors.key_to_index]
        if places:
            row[:] = vectors.vectors[places].mean(0)
    return found
