"""Tagging judged by hand."""

import pytest

from mt2st.errors import DataError
from mt2st.evaluation.tagging import check_judgeable, evaluate_tagging

GOLD = [["B-PER", "I-PER", "O"], ["B-LOC", None, "O"], [], ["O", "B-LOC"]]
FOUND = [["B-PER", "I-PER", "O"], ["O", "O", "O"], [], ["B-LOC", "B-LOC"]]


def test_spans_are_of_known_stretches_and_accuracy_of_known_tags():
    report = evaluate_tagging(GOLD, FOUND, spans=True)
    # Known tags: 3 + 2 + 2; wrong are B-LOC of the second and O of the last sentence.
    assert (report.correct, report.tokens) == (5, 7)
    # B-LOC of the second sentence may go on at the next token: 2 gold spans, 3 found, 2 of them right.
    assert report.score == pytest.approx(2 * (2 / 3) * 1 / (2 / 3 + 1))
    assert report.noise == pytest.approx((0.8 * 0.2 / 2) ** 0.5)
    assert list(report.scores().items()) == [("span_f1", report.score), ("accuracy", 5 / 7)]
    assert report.as_dict()["spans"]["micro"]["support"] == 2
    assert report.as_dict()["majority"] == 3 / 7  # O


def test_tags_that_are_no_spans_are_judged_by_accuracy():
    report = evaluate_tagging([["NOUN", "VERB"], [None]], [["NOUN", "NOUN"], ["VERB"]], spans=False)
    assert (report.measure, report.score) == ("accuracy", 0.5)
    assert report.as_dict() == {"examples": 2, "accuracy": 0.5, "majority": 0.5}
    assert report.noise == pytest.approx((0.25 / 2) ** 0.5)


def test_nothing_to_judge_is_0():
    report = evaluate_tagging([[None]], [["O"]], spans=True)
    assert (report.score, report.accuracy, report.noise) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("gold", "found", "counts"),  # right, found, gold
    [
        # What begins in the unknown token is left out of both; LOC is whole.
        ([None, "I-PER", "O", "B-LOC"], ["B-PER", "I-PER", "O", "B-LOC"], (1, 1, 1)),
        # ORG beside the unknown token: left out where it is gold, and where it is found.
        (["B-ORG", None, "O", "B-LOC"], ["O", "O", "O", "B-LOC"], (1, 1, 1)),
        (["O", None, "O", "B-LOC"], ["B-ORG", "O", "B-ORG", "B-LOC"], (1, 1, 1)),
        # A found span that is known to be wrong counts, as does a gold one that is missed.
        (["B-PER", "O", "O", None], ["O", "B-ORG", "O", "O"], (0, 1, 1)),
        # A found span over an unknown token is left out, the gold span in it that it misses is not.
        ([None, "O", "B-LOC", "O"], ["B-PER", "I-PER", "I-PER", "O"], (0, 0, 1)),
    ],
)
def test_spans_that_hold_or_touch_an_unknown_tag_do_not_count(gold, found, counts):
    spans = evaluate_tagging([gold], [found], spans=True).spans
    assert tuple(map(sum, (spans.correct, spans.predicted, spans.gold))) == counts


def test_a_tagger_that_is_right_where_tags_are_known_has_an_f1_of_1():
    report = evaluate_tagging(
        [[None, "O", "B-PER"], [None, "B-LOC", "I-LOC", "O", "B-PER"]],
        [["B-LOC", "O", "B-PER"], ["O", "B-LOC", "I-LOC", "O", "B-PER"]],
        spans=True,
    )
    assert (report.score, report.spans.micro.support) == (1.0, 2)


@pytest.mark.parametrize(
    ("gold", "spans", "says"),
    [
        ([], False, "no token has a known tag: there is nothing to evaluate on"),
        ([[None, None], []], True, "x.conll: no token has a known tag"),
        ([[None, "B-PER"], ["O"]], True, "all spans hold or touch a token whose tag is not known"),
        ([[None, "B-PER"]], False, None),
        ([["O"]], True, None),
    ],
)
def test_what_leaves_nothing_to_judge_by_is_refused(gold, spans, says):
    if says is None:
        check_judgeable(gold, spans=spans)
        return
    with pytest.raises(DataError, match=says):
        check_judgeable(gold, spans=spans, path="x.conll")
