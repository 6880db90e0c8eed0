"""Tagging judged by hand."""

import pytest

from mt2st.evaluation.tagging import evaluate_tagging

GOLD = [["B-PER", "I-PER", "O"], ["B-LOC", None, "O"], [], ["O", "B-LOC"]]
FOUND = [["B-PER", "I-PER", "O"], ["O", "O", "O"], [], ["B-LOC", "B-LOC"]]


def test_spans_are_of_whole_sentences_and_accuracy_of_known_tags():
    report = evaluate_tagging(GOLD, FOUND, spans=True)
    # Known tags: 3 + 2 + 2; wrong are B-LOC of the second and O of the last sentence.
    assert (report.correct, report.tokens) == (5, 7)
    # The second sentence is no part of it: 2 gold spans, 3 found, 2 of them right.
    assert report.score == pytest.approx(2 * (2 / 3) * 1 / (2 / 3 + 1))
    assert report.noise == pytest.approx((0.8 * 0.2 / 2) ** 0.5)
    assert list(report.scores().items()) == [("span_f1", report.score), ("accuracy", 5 / 7)]
    assert report.as_dict()["spans"]["micro"]["support"] == 2


def test_tags_that_are_no_spans_are_judged_by_accuracy():
    report = evaluate_tagging([["NOUN", "VERB"], [None]], [["NOUN", "NOUN"], ["VERB"]], spans=False)
    assert (report.measure, report.score, report.as_dict()) == ("accuracy", 0.5, {"examples": 2, "accuracy": 0.5})
    assert report.noise == pytest.approx((0.25 / 2) ** 0.5)


def test_nothing_to_judge_is_0():
    report = evaluate_tagging([[None]], [["O"]], spans=True)
    assert (report.score, report.accuracy, report.noise) == (0.0, 0.0, 0.0)
