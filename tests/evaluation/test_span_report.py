"""Span-level measures: seqeval's published figures, and seqeval itself on random sentences."""

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mt2st.errors import DataError
from mt2st.evaluation import evaluate_spans

A, B, C = ["B-A", "B-B", "O", "B-A"], ["O", "B-B", "B-C", "B-A"], "bio"


def rounded(score):
    return [round(value, 2) for value in score]


def test_seqevals_published_scores():
    """Source: seqeval 1.2.2, tests/test_v1.py, test_scores and test_average_scores."""
    report = evaluate_spans([A], [B], "bio")
    assert {kind: rounded(score) for kind, score in report.by_type.items()} == {
        "A": [1.0, 0.5, 0.67, 2],
        "B": [1.0, 1.0, 1.0, 1],
        "C": [0.0, 0.0, 0.0, 0],
    }
    assert rounded(report.micro) == [0.67, 0.67, 0.67, 3]
    assert rounded(report.macro) == [0.67, 0.5, 0.56, 3]
    assert rounded(report.weighted) == [1.0, 0.67, 0.78, 3]


def test_seqevals_readme():
    """Source: the README of seqeval 1.2.2: 0.50, by default and by IOB2."""
    gold = [["O", "O", "O", "B-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"]]
    predicted = [["O", "O", "B-MISC", "I-MISC", "I-MISC", "I-MISC", "O"], ["B-PER", "I-PER", "O"]]
    for scheme in (None, "bio"):
        report = evaluate_spans(gold, predicted, scheme)
        assert report.micro == report.macro == report.weighted == (0.5, 0.5, 0.5, 2)


def test_strict_and_lenient_differ_as_in_seqeval():
    """Source: tests/test_metrics.py of seqeval 1.2.2, test_conll_f1score and test_strict_f1score."""
    gold, predicted = [["B-ORG", "I-ORG"]], [["I-ORG", "I-ORG"]]
    assert evaluate_spans(gold, predicted).micro.f1 == 1.0
    assert evaluate_spans(gold, predicted, "bio").micro.f1 == 0.0


@pytest.mark.parametrize("sentences", [[], [[]], [["O", "O"]]])
def test_nothing_to_find_is_zero_and_no_error(sentences):
    report = evaluate_spans(sentences, sentences)
    assert report.micro == report.macro == report.weighted == (0.0, 0.0, 0.0, 0)


def test_the_same_place_in_another_sentence_is_another_span():
    assert evaluate_spans([["B-a"], ["O"]], [["O"], ["B-a"]]).micro == (0.0, 0.0, 0.0, 1)


def pairs(tags):
    token = st.tuples(st.sampled_from(tags), st.sampled_from(tags))
    return st.lists(st.lists(token, min_size=1, max_size=6), min_size=1, max_size=4)


TAGS = ["O", "B-a", "I-a", "B-b", "I-b", "B-c", "I-c"]


@pytest.mark.parametrize(("scheme", "theirs"), [(None, None), ("bio", "IOB2")])
@settings(max_examples=200)
@given(sentences=pairs(TAGS))
def test_means_agree_with_seqeval_on_random_sentences(scheme, theirs, sentences):
    v1, lenient = pytest.importorskip("seqeval.metrics.v1"), pytest.importorskip("seqeval.metrics.sequence_labeling")
    import seqeval.scheme

    gold, predicted = ([[pair[side] for pair in sentence] for sentence in sentences] for side in (0, 1))
    report = evaluate_spans(gold, predicted, scheme)
    for mean in ("micro", "macro", "weighted"):
        if not report.types:
            continue  # a mean of nothing, which seqeval divides by
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if theirs is None:
                wanted = lenient.precision_recall_fscore_support(gold, predicted, average=mean)
            else:
                chosen = getattr(seqeval.scheme, theirs)
                wanted = v1.precision_recall_fscore_support(gold, predicted, average=mean, scheme=chosen)
        assert getattr(report, mean) == pytest.approx(wanted), mean


def test_as_dict_is_plain():
    found = evaluate_spans([A], [B]).as_dict()
    assert found["micro"]["support"] == 3 and found["types"]["B"]["f1"] == 1.0


def test_unlike_lengths_are_refused():
    with pytest.raises(DataError, match="2 gold sentences but 1 predicted"):
        evaluate_spans([["O"], ["O"]], [["O"]])
    with pytest.raises(DataError, match="sentence 1: 2 gold tags but 1 predicted"):
        evaluate_spans([["O"], ["O", "O"]], [["O"], ["O"]])
