"""How well it does: metrics of classification, intervals and paired differences."""

from mt2st.evaluation.classification import ClassificationReport, confusion_matrix, evaluate_classification
from mt2st.evaluation.intervals import Interval, mean_interval, paired_difference

__all__ = [
    "ClassificationReport",
    "Interval",
    "confusion_matrix",
    "evaluate_classification",
    "mean_interval",
    "paired_difference",
]
