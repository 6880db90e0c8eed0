"""`TextClassifier.nearest`: against cosines computed otherwise, and through a folder."""

from __future__ import annotations

import numpy as np
import pytest

import mt2st
from mt2st import TextClassifier
from mt2st.errors import ConfigError, DataError
from mt2st.estimators.fitting import fit_text as fitting

TEXTS = ["red apple pie", "green apple pie", "fast red car", "slow green car", "red red apple", "old car"]
LABELS = ["food", "food", "car", "car", "food", "car"]


@pytest.fixture
def plain():
    return TextClassifier(C=1.0, pairs=False, ngrams=False).fit(TEXTS, LABELS)


@pytest.fixture
def learned(topics, monkeypatch):
    monkeypatch.setattr(fitting, "LEAST_TEXT", 100)
    texts, labels = topics(60)
    return TextClassifier(vector_size=8, passes=2.0, pair_min_count=2).fit(texts, labels), texts, labels


def test_without_vectors_by_tfidf_as_by_hand(plain):
    idf = {word: 1 + np.log(7 / (1 + sum(word in text.split() for text in TEXTS))) for word in " ".join(TEXTS).split()}

    def vector(text):
        words = text.split()
        found = np.array([(1 + np.log(words.count(word))) * own if word in words else 0 for word, own in idf.items()])
        return found / np.linalg.norm(found)

    found = plain.nearest("red apple", topn=6)
    expected = sorted(((vector("red apple") @ vector(text), text) for text in TEXTS), reverse=True)
    assert [each.cosine for each in found] == pytest.approx([cosine for cosine, _ in expected], abs=1e-6)
    assert [each.text for each in found][:4] == [text for _, text in expected][:4]
    assert [each.label for each in found][:2] == ["food", "food"]


def test_the_text_itself_comes_before_others_of_the_same_words():
    texts = ["a bad film", "bad film a", "a good film", "good film a"] * 2
    found = TextClassifier(C=1.0, pairs=False).fit(texts, [0, 0, 1, 1] * 2)
    for text in texts[:4]:
        near = found.nearest(text, topn=4)
        assert [each.text == text for each in near] == [True, True, False, False]
        assert all(each.cosine <= 1 for each in near)


def test_with_learned_vectors_by_their_cosines(learned):
    found, texts, labels = learned
    vectors, columns = found.fitted_.vectors, found.fitted_.model.columns
    rows = columns.columns(columns.number(texts))
    kept = [[row for row in rows.row(at).tolist() if row < len(vectors.table)] for at in range(len(texts))]
    own = np.array([np.average(vectors.table[ids], axis=0, weights=vectors.row_weights[ids]) for ids in kept])
    own = (own - vectors.mean) * vectors.scale
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    near = found.nearest(texts[7], topn=5)
    order = np.argsort(-(own @ own[7]), kind="stable")[:5]
    assert [each.text for each in near] == [texts[at] for at in order]
    assert [each.label for each in near] == [labels[at] for at in order]
    assert [each.cosine for each in near] == pytest.approx((own @ own[7])[order].tolist(), abs=1e-5)
    assert near[0].text == texts[7] and near[0].cosine == pytest.approx(1.0)
    # Without a known word a text has no direction, though the vectors' mean is not 0.
    assert [each.cosine for each in found.nearest(texts[7], among=["zzz", texts[7]])] == [pytest.approx(1.0), 0.0]
    with pytest.raises(DataError, match="no word of the text 'zzz' is known"):
        found.nearest("zzz")


def test_other_texts_have_no_labels(plain):
    found = plain.nearest("a red car", among=["", "apple", "the car", "zzz"], topn=9)
    assert [(text, label) for text, label, _ in found] == [
        ("the car", None),
        ("", None),
        ("apple", None),
        ("zzz", None),
    ]
    assert [cosine for *_, cosine in found[1:]] == [0.0, 0.0, 0.0]


def test_what_cannot_be_is_told(plain):
    with pytest.raises(DataError, match="no word of the text 'zzz' is known"):
        plain.nearest("zzz")
    with pytest.raises(DataError, match=r"text\[0\] is None, not a string"):
        plain.nearest(None)
    with pytest.raises(ConfigError, match=r"topn must be a whole number from 1 on, 2\.5 found"):
        plain.nearest("good", topn=2.5)
    with pytest.raises(ConfigError, match="topn must be a whole number from 1 on, 0 found"):
        plain.nearest("red", topn=0)
    with pytest.raises(DataError, match="among: a list of texts is expected, one str found"):
        plain.nearest("red", among="car")


def test_a_saved_classifier_has_its_texts_where_asked(plain, tmp_path):
    plain.save(tmp_path / "bare")
    plain.save(tmp_path / "whole", texts=True)
    bare, whole = mt2st.load(tmp_path / "bare"), mt2st.load(tmp_path / "whole")
    assert whole.nearest("red apple") == plain.nearest("red apple")
    assert bare.nearest("red apple", among=TEXTS)[0].text == "red red apple"
    assert not [path for path in (tmp_path / "bare").iterdir() if "texts" in path.name]
    for call in (lambda: bare.nearest("red"), lambda: bare.save(tmp_path / "more", texts=True)):
        with pytest.raises(DataError, match="has no training texts: save it with texts=True, or give others"):
            call()
    assert not (tmp_path / "more").exists()
    whole.save(tmp_path / "again", texts=True)
    assert mt2st.load(tmp_path / "again").nearest("red apple") == plain.nearest("red apple")


def test_a_quantized_one_goes_by_tfidf(learned, tmp_path):
    found, texts, _ = learned
    found.save(tmp_path / "small", quantize=True, texts=True)
    small = mt2st.load(tmp_path / "small")
    assert small.fitted_.vectors is None
    assert small.nearest(texts[3], topn=1)[0].text == texts[3]


def test_later_texts_are_found_too(plain):
    plain.nearest("red")
    plain.partial_fit(["the very old red car"], ["car"])
    assert plain.nearest("very old red car", topn=1)[0].text == "the very old red car"


def test_several_labels(tmp_path):
    found = TextClassifier(C=1.0).fit(TEXTS, [["food", "red"], ["food"], ["red"], [], ["food", "red"], []])
    assert found.nearest("red apple pie", topn=1)[0].label == ("food", "red")
    found.save(tmp_path / "several", texts=True)
    assert mt2st.load(tmp_path / "several").nearest("red apple pie", topn=1)[0].label == ("food", "red")
