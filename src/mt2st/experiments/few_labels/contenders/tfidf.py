"""TF-IDF of words and pairs, then logistic regression: the simple alternative, which uses only the labelled text."""

from __future__ import annotations

from sklearn.feature_extraction.text import TfidfVectorizer

from mt2st.experiments.few_labels.contenders.logistic import tune_logistic
from mt2st.experiments.few_labels.contenders.trained import Trained
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import Split
from mt2st.text import tokenize

COSTS = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)


def train_tfidf(split: Split, seed: int, sizes: Sizes) -> Trained:  # noqa: ARG001
    """Train on the labelled rows, C tuned."""
    vectorizer = TfidfVectorizer(
        tokenizer=tokenize, token_pattern=None, lowercase=False, ngram_range=(1, 2), sublinear_tf=True
    )
    model = tune_logistic(vectorizer.fit_transform(split.texts), split.labels, COSTS, seed)
    return Trained(lambda texts: list(map(str, model.predict(vectorizer.transform(texts)))), {"C": model.C})
