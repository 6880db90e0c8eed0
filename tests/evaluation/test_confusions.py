"""Confusions of texts, of labels and of tags, by hand."""

import numpy as np
import pytest

from mt2st.evaluation import Mark, Near, label_confusions, tag_confusions, text_confusions

TEXTS = ["dull film", "fine film", "So dull!"]


def explain(text):
    """Only "dull" and "fine" say anything, of the first and second label."""
    return np.array(
        [
            [2.0, 0.5] if word == "dull" else [0.0, 1.0] if word == "fine" else [0.0, 0.0]
            for word in text.lower().replace("!", " !").split()
        ]
    )


def test_texts_by_hand():
    probabilities = np.array([[0.9, 0.1, 0.0], [0.6, 0.4, 0.0], [0.7, 0.3, 0.0]])
    found = text_confusions(
        TEXTS, np.array([1, 1, 2]), probabilities, ["neg", "pos", "new"], explain, lambda _: [Near("t", "neg", 0.5)]
    )
    assert [(each.true, each.predicted, each.examples, each.of) for each in found] == [
        ("pos", "neg", 2, 2),
        ("new", "neg", 1, 1),
    ]
    surest, other = found[0].mistakes
    assert (surest.text, surest.probability, surest.true_probability) == ("dull film", 0.9, 0.1)
    assert surest.marks == (Mark(0, 4, 1.5), Mark(5, 9, 0.0)) and surest.near == (Near("t", "neg", 0.5),)
    assert other.marks[0] == Mark(0, 4, -1.0)
    # Nothing is known of a label that the model does not have: words speak for the other alone.
    assert found[1].mistakes[0].marks == (Mark(0, 2, 0.0), Mark(3, 7, 2.0), Mark(7, 8, 0.0))
    assert not text_confusions(TEXTS, np.array([0, 0, 0]), probabilities, ["neg", "pos", "new"])


def test_labels_that_are_missed_and_wrongly_given():
    gold = np.array([[1, 0], [1, 1], [0, 1]])
    probabilities = np.array([[0.2, 0.7], [0.4, 0.9], [0.1, 0.8]])
    found = label_confusions(TEXTS, gold, probabilities, ["bad", "good"], explain)
    assert [(each.true, each.predicted, each.examples, each.of) for each in found] == [
        ("bad", "not bad", 2, 2),
        ("not good", "good", 1, 1),
    ]
    missed = found[0].mistakes[0]
    assert (missed.text, missed.probability, missed.true_probability) == ("dull film", 0.8, pytest.approx(0.2))
    assert missed.marks[0] == Mark(0, 4, -2.0), "dull speaks for bad, which was missed"
    assert found[1].mistakes[0].marks[0] == Mark(0, 4, 0.5)


def test_tags_by_hand():
    sentences = [["Ann", "runs", "fast"], ["Ann", "runs", "fast"], ["it", "rains"]]
    gold = [["N", "V", "A"], ["N", "V", None], ["P", "V"]]
    told = [["N", "N", "N"], ["N", "N", "N"], ["P", "V"]]
    probabilities = [[0.9, 0.6, 0.7], [0.9, 0.8, 0.7], [1.0, 1.0]]
    found = tag_confusions(sentences, gold, told, probabilities)
    assert [(each.true, each.predicted, each.examples, each.of) for each in found] == [
        ("V", "N", 2, 3),
        ("A", "N", 1, 1),
    ]
    assert len(found[0].mistakes) == 1, "of equal sentences one is shown"
    mistake = found[0].mistakes[0]
    assert (mistake.text, mistake.probability, mistake.true_probability) == ("Ann runs fast", 0.8, None)
    assert mistake.marks == (Mark(4, 8, 1.0, "V, not N"),), "the token whose tag is not known is not marked"
    assert found[1].mistakes[0].marks == (Mark(4, 8, 0.5, "V, not N"), Mark(9, 13, 1.0, "A, not N"))
    assert tag_confusions(sentences, gold, told)[0].mistakes[0].probability is None


def test_of_a_very_long_text_the_beginning_is_kept():
    text = "dull " + "word " * 10_000 + "fine"
    found = text_confusions([text], np.array([1]), np.array([[0.9, 0.1]]), ["neg", "pos"], explain)[0].mistakes[0]
    assert len(found.text) <= 20_002 and found.text.startswith("dull word") and found.text.endswith("word \u2026")
    assert found.marks[0] == Mark(0, 4, 1.5) and found.marks[-1].stop <= 20_000
    for odd, begins in ((" " * 30_000, " \u2026"), ("x" * 30_000, "xxx")):
        assert (
            text_confusions([odd], np.array([1]), np.array([[0.9, 0.1]]), "ab")[0].mistakes[0].text.startswith(begins)
        )
