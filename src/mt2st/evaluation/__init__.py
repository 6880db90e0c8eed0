"""Evaluation: classification and span metrics, intervals, paired differences, word similarity, analogies."""

from mt2st.evaluation.analogies import evaluate_analogies, solve_analogies
from mt2st.evaluation.analogy_questions import AnalogySection, read_analogies
from mt2st.evaluation.analogy_report import AnalogyReport
from mt2st.evaluation.calibration import CalibrationReport, calibration_error, evaluate_calibration
from mt2st.evaluation.classification import ClassificationReport, confusion_matrix, evaluate_classification
from mt2st.evaluation.confusions import label_confusions, tag_confusions, text_confusions
from mt2st.evaluation.dictionaries import read_dictionary
from mt2st.evaluation.intervals import Interval, mean_interval, paired_difference
from mt2st.evaluation.mistakes import Confusion, Mark, Mistake, Near
from mt2st.evaluation.several_labels import LabelsReport, evaluate_labels
from mt2st.evaluation.similarity import PairReport, evaluate_pairs
from mt2st.evaluation.span_report import SpanReport, SpanScore, evaluate_spans
from mt2st.evaluation.spans import Span, find_spans
from mt2st.evaluation.tag_schemes import SCHEMES, TagScheme, detect_scheme, find_scheme
from mt2st.evaluation.translation import TranslationReport, evaluate_translation
from mt2st.evaluation.word_pairs import WordPair, read_word_pairs

__all__ = [
    "SCHEMES",
    "AnalogyReport",
    "AnalogySection",
    "CalibrationReport",
    "ClassificationReport",
    "Confusion",
    "Interval",
    "LabelsReport",
    "Mark",
    "Mistake",
    "Near",
    "PairReport",
    "Span",
    "SpanReport",
    "SpanScore",
    "TagScheme",
    "TranslationReport",
    "WordPair",
    "calibration_error",
    "confusion_matrix",
    "detect_scheme",
    "evaluate_analogies",
    "evaluate_calibration",
    "evaluate_classification",
    "evaluate_labels",
    "evaluate_pairs",
    "evaluate_spans",
    "evaluate_translation",
    "find_scheme",
    "find_spans",
    "label_confusions",
    "mean_interval",
    "paired_difference",
    "read_analogies",
    "read_dictionary",
    "read_word_pairs",
    "solve_analogies",
    "tag_confusions",
    "text_confusions",
]
