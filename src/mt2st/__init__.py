"""mt2st: train word vectors and small text models first on many tasks, then on one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.lazy import lazily

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors as WordVectors
    from mt2st.errors import Mt2stError as Mt2stError
    from mt2st.estimators.loading import load as load
    from mt2st.estimators.text_classifier import TextClassifier as TextClassifier
    from mt2st.estimators.text_vectorizer import TextVectorizer as TextVectorizer
    from mt2st.estimators.token_tagger import TokenTagger as TokenTagger
    from mt2st.estimators.tuning.autotune import autotune as autotune
    from mt2st.strategies import (
        Clock,
        Composed,
        Constant,
        Convergence,
        Cosine,
        Diminish,
        Every,
        Exact,
        Feedback,
        Linear,
        PretrainThenFinetune,
        Rates,
        SingleTask,
        Skip,
        Switch,
    )
    from mt2st.training.balance import Balance as Balance
    from mt2st.training.balance.freezer import Freezer as Freezer
    from mt2st.training.balance.phase_lr import PhaseLR as PhaseLR
    from mt2st.training.balance.ranks import mean_over_ranks as mean_over_ranks
    from mt2st.training.vectors import train_vectors as train_vectors

__version__ = "0.1.0"

# Names are imported when first used, so that `import mt2st` stays light.
_HOME = {
    "Mt2stError": "mt2st.errors",
    "Balance": "mt2st.training.balance",
    "Clock": "mt2st.strategies",
    "Composed": "mt2st.strategies",
    "Constant": "mt2st.strategies",
    "Convergence": "mt2st.strategies",
    "Cosine": "mt2st.strategies",
    "Diminish": "mt2st.strategies",
    "Every": "mt2st.strategies",
    "Exact": "mt2st.strategies",
    "Feedback": "mt2st.strategies",
    "Freezer": "mt2st.training.balance.freezer",
    "Linear": "mt2st.strategies",
    "PhaseLR": "mt2st.training.balance.phase_lr",
    "PretrainThenFinetune": "mt2st.strategies",
    "Rates": "mt2st.strategies",
    "SingleTask": "mt2st.strategies",
    "Skip": "mt2st.strategies",
    "Switch": "mt2st.strategies",
    "TextClassifier": "mt2st.estimators.text_classifier",
    "TextVectorizer": "mt2st.estimators.text_vectorizer",
    "TokenTagger": "mt2st.estimators.token_tagger",
    "WordVectors": "mt2st.embeddings",
    "autotune": "mt2st.estimators.tuning.autotune",
    "load": "mt2st.estimators.loading",
    "mean_over_ranks": "mt2st.training.balance.ranks",
    "train_vectors": "mt2st.training.vectors",
}

__all__ = [
    "Balance",
    "Clock",
    "Composed",
    "Constant",
    "Convergence",
    "Cosine",
    "Diminish",
    "Every",
    "Exact",
    "Feedback",
    "Freezer",
    "Linear",
    "Mt2stError",
    "PhaseLR",
    "PretrainThenFinetune",
    "Rates",
    "SingleTask",
    "Skip",
    "Switch",
    "TextClassifier",
    "TextVectorizer",
    "TokenTagger",
    "WordVectors",
    "autotune",
    "load",
    "mean_over_ranks",
    "train_vectors",
]

__getattr__ = lazily(__name__, _HOME)
