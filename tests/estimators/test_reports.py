"""What estimators find out about themselves on labelled texts, and the page of it."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.metrics import accuracy_score, f1_score, log_loss

import mt2st
from mt2st import TextClassifier, TokenTagger
from mt2st.errors import DataError
from mt2st.evaluation import evaluate_calibration
from mt2st.text import token_spans


@pytest.fixture(scope="module")
def fitted(topics):
    texts, labels = topics(60, 3)
    new, truth = topics(90, 3, seed=1)
    # Of other topics' words, so that some are told wrong.
    truth[:15] = [f"topic{(int(label[-1]) + 1) % 3}" for label in truth[:15]]
    return TextClassifier(C=1.0).fit(texts, labels), new, truth


def test_measures_as_scikit_learn_has_them(fitted):
    found, texts, labels = fitted
    judged = found.evaluate(texts, labels)
    predicted = found.predict(texts)
    assert judged.report.accuracy == accuracy_score(labels, predicted) == found.score(texts, labels) < 1
    assert judged.report.macro_f1 == pytest.approx(f1_score(labels, predicted, average="macro"))
    assert judged.calibration.log_loss == pytest.approx(log_loss(labels, found.predict_proba(texts)))
    assert judged.as_dict()["calibration"]["ece"] == judged.calibration.ece


def test_what_is_shown_of_measures_is_short(fitted):
    found, texts, labels = fitted
    shown = repr(found.evaluate(texts, labels))
    assert "accuracy=" in shown and "ece=" in shown and texts[0] not in shown and len(shown) < 1000


def test_a_label_that_training_has_not_had_is_told_wrong(fitted):
    found, texts, labels = fitted
    judged = found.evaluate(texts, ["other", *labels[1:]])
    assert judged.report.labels == ("topic0", "topic1", "topic2", "other")
    assert judged.report.accuracy == found.score(texts, ["other", *labels[1:]])
    assert judged.probabilities.shape == (90, 4) and not judged.probabilities[:, 3].any()
    confusions = found.findings(texts, ["other", *labels[1:]]).confusions
    assert [each.mistakes[0].before for each in confusions if each.true == "other"] == [None]


def test_marks_are_what_explain_says_over_the_temperature(fitted):
    found, texts, labels = fitted
    confusion = found.findings(texts, labels).confusions[0]
    mistake = confusion.mistakes[0]
    assert labels[texts.index(mistake.text)] == confusion.true
    told = found.explain(mistake.text)
    expected = [(said[confusion.predicted] - said[confusion.true]) / found.fitted_.head.temperature for _, said in told]
    assert [mark.value for mark in mistake.marks] == pytest.approx(expected)
    assert [(mark.start, mark.stop) for mark in mistake.marks] == token_spans(mistake.text)
    probabilities = found.predict_proba([mistake.text])[0]
    bias = dict(zip(found.classes_.tolist(), found.fitted_.model.bias / found.fitted_.head.temperature, strict=True))
    assert mistake.before == pytest.approx(bias[confusion.predicted] - bias[confusion.true], abs=1e-5)
    assert mistake.probability == pytest.approx(probabilities.max()) and probabilities.max() > mistake.true_probability
    assert [near.text for near in mistake.near] == [near.text for near in found.nearest(mistake.text, 3)]


def test_of_two_classes_the_first_is_the_other_side(texts, labels):
    found = TextClassifier(C=1.0).fit(texts, labels)
    for confusion in found.findings(texts, labels[1:] + labels[:1]).confusions:
        side = 1 if confusion.predicted == "pos" else -1
        mistake = confusion.mistakes[0]
        expected = [side * said["pos"] / found.fitted_.head.temperature for _, said in found.explain(mistake.text)]
        assert [mark.value for mark in mistake.marks] == pytest.approx(expected)
        bias = side * found.fitted_.model.bias[0] / found.fitted_.head.temperature
        assert mistake.before == pytest.approx(bias, abs=1e-5)


def test_the_page_of_a_classifier(fitted, tmp_path):
    found, texts, labels = fitted
    path = found.report(texts, labels, tmp_path / "page.html", title="Topics")
    page = path.read_text(encoding="utf-8")
    assert "<h1>Topics</h1>" in page and "fitted to 60 labelled texts, judged on 90 texts" in page
    assert "Training texts most like it" in page and "Unknown words" in page
    found.save(tmp_path / "model")
    again = mt2st.load(tmp_path / "model")
    bare = again.report(texts, labels, tmp_path / "bare.html").read_text(encoding="utf-8")
    assert "texts that are not kept with it" in bare and "Training texts most like it" not in bare
    with pytest.raises(DataError, match="cannot write the report"):
        found.report(texts, labels, tmp_path / "none" / "page.html")


def test_a_page_tells_of_texts_that_were_trained_on(texts, labels):
    found = TextClassifier(C=1.0).fit(texts, labels)
    told = "of them among those that it was fitted to, which flatters it."
    assert found.findings(["unlike any", f" {texts[0].upper()}", texts[1]], labels[:3]).about.endswith(f", 2 {told}")
    assert found.findings(["unlike any"], labels[:1]).about.endswith("judged on 1 text.")


def test_several_labels(tmp_path):
    texts = ["red apple", "green apple", "red car", "green car"] * 10
    lists = [[colour, kind] for colour, kind in (text.split() for text in texts)]
    found = TextClassifier(C=1.0).fit(texts, lists)
    judged = found.evaluate([*texts, "red apple"], [*lists, ["car"]])
    truth = judged.gold
    assert judged.report.exact == 40 and judged.report.labels == ("apple", "car", "green", "red")
    assert judged.calibration == evaluate_calibration(found.predict_proba([*texts, "red apple"]), truth, several=True)
    confusions = found.findings([*texts, "red apple"], [*lists, ["car"]]).confusions
    assert {(each.true, each.predicted) for each in confusions} == {
        ("not apple", "apple"),
        ("car", "not car"),
        ("not red", "red"),
    }
    given = next(each for each in confusions if each.predicted == "apple").mistakes[0]
    values = dict(zip(["red", "apple"], [mark.value for mark in given.marks], strict=True))
    said = dict(found.explain("red apple"))["apple"]["apple"]
    assert values["apple"] == pytest.approx(said / found.fitted_.head.temperature) and values["apple"] > values["red"]
    assert {near.label for near in given.near} == {"apple, red"}
    assert "not apple" in found.report(texts[:1], [["car"]], tmp_path / "page.html").read_text(encoding="utf-8")


def test_texts_as_people_bring_them(fitted, tmp_path):
    found, _, _ = fitted
    texts = ["", "\ud800 lone", "a\x00b word0x1", "x" * 100_000, "<b>word1x1</b> & \u202e abc", "\n \t"]
    path = found.report(texts, ["topic0", "topic1"] * 3, tmp_path / "page.html")
    page = path.read_text(encoding="utf-8")
    assert "&lt;b&gt;" in page or "<b>word1x1" not in page
    assert len(page) < 200_000
    for call, said in (
        (lambda: found.report([], [], tmp_path / "p.html"), "texts: none found"),
        (
            lambda: found.report(["a"], ["topic0", "topic1"], tmp_path / "p.html"),
            "texts and labels must be as many, 1 and 2 found",
        ),
        (lambda: found.evaluate([None], ["topic0"]), "is None, not a string"),
    ):
        with pytest.raises(DataError, match=said):
            call()
    with pytest.raises(NotFittedError):
        TextClassifier().report(["a"], ["b"])


SENTENCES = [["Ann", "sees", "Rome"], ["Bob", "left"], ["it", "rains"]] * 10
TAGS = [["B-PER", "O", "B-LOC"], ["B-PER", "O"], ["O", "O"]] * 10


def test_the_page_of_a_tagger(tmp_path):
    tagger = TokenTagger(vector_size=8, hidden_size=8).fit(SENTENCES, TAGS)
    wrong = [["B-LOC", "O", None], ["B-PER", "B-NEW"], ["O", "O"]]
    path = tagger.report(SENTENCES[:3], wrong, tmp_path / "page.html", title="Names")
    page = path.read_text(encoding="utf-8")
    for piece in (
        "<h1>Names</h1>",
        "B-LOC, not B-PER",
        "B-NEW, not O",
        "Span F1",
        "judged on 3 sentences",
        "A filled token",
    ):
        assert piece in page, piece
    assert tagger.evaluate(SENTENCES[:3], wrong).accuracy == pytest.approx(4 / 6) and "0.667" in page
    with pytest.raises(DataError, match="no token has a known tag"):
        tagger.report([["a"]], [[None]], tmp_path / "p.html")


def test_a_tagger_whose_tags_are_no_spans(tmp_path):
    tags = [["N", "V", "N"], ["N", "V"], ["P", "V"]] * 10
    tagger = TokenTagger(vector_size=8, hidden_size=8).fit(SENTENCES, tags)
    page = tagger.report(SENTENCES[:2], [["N", "N", "N"], ["N", "V"]], tmp_path / "page.html").read_text(
        encoding="utf-8"
    )
    assert "N, not V" in page and "Macro F1" in page and "Span F1" not in page
    probabilities = np.concatenate(tagger.predict_proba(SENTENCES[:2]))
    gold = np.array([tagger.classes_.tolist().index(tag) for tag in ["N", "N", "N", "N", "V"]])
    assert f"{evaluate_calibration(probabilities.astype(float).clip(0, 1), gold).ece:.3f}" in page
