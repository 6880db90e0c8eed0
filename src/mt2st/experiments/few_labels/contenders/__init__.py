"""The contenders: functions of a split that tune themselves on its labelled rows, without its test labels.

A contender takes a `Split`, a seed and `Sizes`, and returns a `Trained`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mt2st.experiments.few_labels.contenders.fasttext_supervised import train_autotuned, train_fasttext
from mt2st.experiments.few_labels.contenders.means import train_means
from mt2st.experiments.few_labels.contenders.ours import train_alone, train_in_a_hurry, train_with_extra
from mt2st.experiments.few_labels.contenders.tfidf import train_tfidf
from mt2st.experiments.few_labels.contenders.trained import Trained
from mt2st.experiments.few_labels.sizes import Sizes
from mt2st.experiments.few_labels.splits import Split

Contender = Callable[[Split, int, Sizes], Trained]

OURS = ("mt2st", "mt2st, 2 passes", "mt2st, primary only")
WITH_EXTRA = OURS[:2]  # without extra data the same as primary only
AUTOTUNED = "fastText, autotuned"
CONTENDERS: Mapping[str, Contender] = {
    OURS[0]: train_with_extra,
    OURS[1]: train_in_a_hurry,
    OURS[2]: train_alone,
    "TF-IDF": train_tfidf,
    "skip-gram means": train_means,
    "fastText": train_fasttext,
    AUTOTUNED: train_autotuned,
}

__all__ = ["AUTOTUNED", "CONTENDERS", "OURS", "WITH_EXTRA", "Contender", "Trained"]
