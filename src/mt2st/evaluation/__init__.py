"""How well it does: metrics of classification, intervals and paired differences, word similarity and analogies."""

from mt2st.evaluation.analogies import evaluate_analogies, solve_analogies
from mt2st.evaluation.analogy_questions import AnalogySection, read_analogies
from mt2st.evaluation.analogy_report import AnalogyReport
from mt2st.evaluation.classification import ClassificationReport, confusion_matrix, evaluate_classification
from mt2st.evaluation.dictionaries import read_dictionary
from mt2st.evaluation.intervals import Interval, mean_interval, paired_difference
from mt2st.evaluation.similarity import PairReport, evaluate_pairs
from mt2st.evaluation.translation import TranslationReport, evaluate_translation
from mt2st.evaluation.word_pairs import WordPair, read_word_pairs

__all__ = [
    "AnalogyReport",
    "AnalogySection",
    "ClassificationReport",
    "Interval",
    "PairReport",
    "TranslationReport",
    "WordPair",
    "confusion_matrix",
    "evaluate_analogies",
    "evaluate_classification",
    "evaluate_pairs",
    "evaluate_translation",
    "mean_interval",
    "paired_difference",
    "read_analogies",
    "read_dictionary",
    "read_word_pairs",
    "solve_analogies",
]
