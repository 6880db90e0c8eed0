"""What is told of a fit as it goes."""

from __future__ import annotations

import mt2st
from mt2st.estimators.fitting.progress import progress_to

SENTENCES = [["the", "dog", "runs"], ["a", "cat", "sleeps"]] * 10
TAGS = [["DET", "NOUN", "VERB"]] * 20


def test_a_classifier_tells_its_stages_and_steps(reviews):
    labels, texts = zip(*reviews(40, 1), strict=True)
    told: list[str] = []
    classifier = mt2st.TextClassifier(strategy=0.3, vector_size=4, C=1.0)
    with progress_to(told.append):
        classifier.fit(texts, labels, auxiliary={"film": (["a b", "c d"], [0, 1])})
    steps = [f"training on all tasks: step {number} of 100" for number in range(1, 31)]
    assert told == ["choosing columns", *steps, "fitting the head"]
    assert [classifier.fitted_.records[-1][key] for key in ("step", "event")] == [30, "single-task"]
    classifier.fit(texts, labels)
    assert len(told) == 32  # nobody listens any more


def test_a_tagger_tells_its_vectors_and_steps():
    told: list[str] = []
    with progress_to(told.append):
        mt2st.TokenTagger(vector_size=4, hidden_size=4).fit(SENTENCES, TAGS)
    assert any(text.startswith("vectors: training, ") and text.endswith(" words") for text in told)
    assert told[-200:] == [f"training: step {number} of 200" for number in range(1, 201)]
