"""``mt2st.autotune`` and the methods: what is found, the same twice, with a limit, with what may be wrong."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone

import mt2st
from mt2st import TextClassifier, TokenTagger
from mt2st.errors import ConfigError, DataError
from mt2st.estimators.fitting import fit_text as fitting
from mt2st.estimators.tuning import search
from mt2st.estimators.tuning.sizes import folder_bytes


@pytest.fixture(scope="module")
def data(topics):
    return topics(90, 3)


@pytest.fixture(params=["random", "optuna"])
def engine(request):
    if request.param == "optuna":
        pytest.importorskip("optuna")
    return request.param


def without_clock(model):
    found = model.tuning_.as_dict()
    for trial in found["trials"]:
        trial.pop("seconds")
    return found


def disturbed(clock, seed):
    """Return a clock that tells seconds too early or too late, as on a machine under load."""
    chance = np.random.default_rng(seed)
    return lambda: clock() + chance.uniform(-50, 50)


def test_the_same_seed_gives_the_same_search_and_the_same_model_under_load_too(topics, engine, monkeypatch):
    monkeypatch.setattr(fitting, "LEAST_TEXT", 100)  # so that vectors are learned, and their settings searched
    texts, labels = topics(90, 2)
    small = {"vector_size": [4, 8], "passes": [1.0, 2.0]}
    how = {"seconds": 1.5, "engine": engine, "seed": 5, "space": small}
    one = TextClassifier(vector_size=8, passes=1.0).autotune(texts, labels, **how)
    for seed, clock in enumerate(("process_time", "perf_counter")):
        monkeypatch.setattr(search, clock, disturbed(getattr(search, clock), seed))
    other = TextClassifier(vector_size=8, passes=1.0).autotune(texts, labels, **how)
    assert len(one.tuning_.trials) > 3
    assert one.tuning_.engine == engine
    assert without_clock(one) == without_clock(other)
    assert one.get_params() == other.get_params()
    np.testing.assert_array_equal(one.decision_function(texts), other.decision_function(texts))


def test_the_function_leaves_the_estimator_alone_and_the_method_does_not(data):
    texts, labels = data
    start = TextClassifier(random_state=3)
    found = mt2st.autotune(start, texts, labels, trials=2, engine="random")
    assert not hasattr(start, "fitted_") and not hasattr(start, "tuning_")
    assert start.autotune(texts, labels, trials=2, engine="random") is start
    np.testing.assert_array_equal(start.decision_function(texts), found.decision_function(texts))
    assert without_clock(start) == without_clock(found)


def test_the_winner_is_a_plain_fit_with_its_settings(data):
    texts, labels = data
    # "ngrams" in nonsense words of equal make-up: something loses here, so that another setting can win.
    found = TextClassifier(C=1e-4).autotune(texts, labels, trials=4, space={"C": [1e-4, 10.0]}, engine="random")
    plain = TextClassifier(**found.get_params()).fit(texts, labels)
    np.testing.assert_array_equal(plain.decision_function(texts), found.decision_function(texts))
    assert not hasattr(plain, "tuning_") and not hasattr(clone(found), "tuning_")
    assert hasattr(found, "tuning_") and not hasattr(found.fit(texts, labels), "tuning_")


def test_a_bad_start_is_left_behind(data):
    texts, labels = data
    wrong = dict.fromkeys(set(labels), 1.0) | {labels[0]: 1e-6}  # as good as never seen
    found = TextClassifier(class_weight=wrong).autotune(texts, labels, trials=6, space={"class_weight": [None]})
    assert found.tuning_.changed["class_weight"] is None and found.class_weight is None
    assert found.tuning_.best.score > found.tuning_.trials[0].score + 0.1


@pytest.mark.parametrize(
    ("space", "says"),
    [
        ({"C": [-1]}, r"space\['C'\]: C must be a number above 0, up to 1e\+12, -1 found"),
        ({"strategy": ["auto", "swich"]}, r"space\['strategy'\]: strategy must be a name"),
        ({"ngrams": ["yes"]}, r"space\['ngrams'\]: ngrams must be True, False or 'auto'"),
    ],
)
def test_values_out_of_bounds_are_told_before_a_trial(data, space, says):
    with pytest.raises(ConfigError, match=says):
        TextClassifier().autotune(*data, trials=1, space=space)


def test_values_of_a_tagger_out_of_bounds_are_told_before_a_trial():
    with pytest.raises(ConfigError, match=r"space\['dropout'\]: dropout must be a number from 0 to below 1, 2 found"):
        TokenTagger().autotune([["a", "b"]] * 20, [["A", "B"]] * 20, trials=1, space={"dropout": [2]})


@pytest.fixture
def seen(monkeypatch):
    """The texts of each fit, in order."""
    found, real = [], TextClassifier.fit

    def note(self, texts, *rest, **more):
        found.append(texts)
        return real(self, texts, *rest, **more)

    monkeypatch.setattr(TextClassifier, "fit", note)
    return found


def test_labels_and_texts_that_are_held_out_are_not_seen(data, seen):
    texts, labels = data
    TextClassifier().autotune(texts, labels, trials=1, engine="random")
    held = [set(texts) - set(each) for each in seen]
    assert [len(each) for each in held[:4]] == [len(set(texts)) - len(set(each)) for each in seen[:4]]
    assert set.union(*held[:4]) == set(texts) and sum(map(len, held[:4])) == len(set(texts))
    assert held[4:] == [set()]


def test_texts_to_validate_on_are_judged_and_not_trained_on(data):
    texts, labels = data
    held = (texts[60:] + texts[:5], labels[60:] + labels[:5])
    found = TextClassifier().autotune(texts[:60], labels[:60], validation=held, trials=2, engine="random")
    # The five that are trained on too are left out.
    assert [len(trial.judged.counts) for trial in found.tuning_.trials] == [30, 30]
    plain = TextClassifier().fit(texts[:60], labels[:60])
    assert found.tuning_.trials[0].score == pytest.approx(plain.score(texts[60:], labels[60:]))


def test_no_auxiliary_has_labels_of_texts_that_are_judged(topics, monkeypatch):
    (texts, labels), (held, kinds), (more, others) = (topics(60, 3, seed=seed) for seed in (1, 2, 3))
    given, fit = list[list[str]](), TextClassifier.fit

    def note(self, *data, auxiliary, **how):
        given.append(auxiliary["other"][0])
        return fit(self, *data, auxiliary=auxiliary, **how)

    monkeypatch.setattr(TextClassifier, "fit", note)
    auxiliary = {"other": (texts + held + more, labels + kinds + others)}
    how = {"auxiliary": auxiliary, "validation": (held, kinds), "trials": 1, "engine": "random"}
    TextClassifier(vector_size=4).autotune(texts, labels, **how)
    assert given == [more, held + more], "in the trial, and in the end"


def test_a_document_is_held_out_whole(data, seen):
    texts, labels = data
    documents = [None if place < 10 else f"d{place // 9}" for place in range(90)]
    TextClassifier().autotune(texts, labels, documents=documents, trials=1, engine="random")
    for trained in seen[:4]:
        within = {own for own, text in zip(documents, texts, strict=True) if text in set(trained) and own}
        without = {own for own, text in zip(documents, texts, strict=True) if text not in set(trained) and own}
        assert not within & without


def test_several_labels_a_text_and_the_mean_of_classes(topics):
    texts, labels = topics(80, 2)
    several = [[label, "long"] if len(text) > 60 else [label] for text, label in zip(texts, labels, strict=True)]
    found = TextClassifier().autotune(texts, several, trials=2, metric="macro_f1", engine="random")
    assert found.several_ and found.tuning_.metric == "macro_f1"
    assert found.predict(texts[:2]).shape == (2, 3)
    assert "class_weight" not in found.tuning_.trials[0].settings


def test_a_model_keeps_to_its_size_and_is_judged_as_it_is_saved(data, tmp_path):
    texts, labels = data
    TextClassifier().fit(texts, labels).save(tmp_path / "whole")
    TextClassifier().fit(texts, labels).save(tmp_path / "small", quantize=True)
    whole, small = (folder_bytes(tmp_path / name) for name in ("whole", "small"))
    limit = (whole + small) // 2
    found = TextClassifier().autotune(texts, labels, trials=1, model_size=limit, engine="random")
    assert found.tuning_.best.quantized and found.tuning_.best.size <= limit
    found.save(tmp_path / "found")
    assert folder_bytes(tmp_path / "found") == found.tuning_.best.size
    assert mt2st.load(tmp_path / "found").score(texts, labels) > 0.9
    found.save(tmp_path / "found", quantize=False)
    assert folder_bytes(tmp_path / "found") > limit
    free = TextClassifier().autotune(texts, labels, trials=1, model_size="1G", engine="random")
    assert not free.tuning_.best.quantized and free.tuning_.best.size == pytest.approx(whole, abs=100)


def test_a_size_that_nothing_reaches_is_told(data):
    with pytest.raises(ConfigError, match=r"no model of 2 fits into 100 bytes: the smallest has .* Raise model_size"):
        TextClassifier().autotune(*data, trials=2, model_size=100, engine="random")


TAGGED = [["Anna", "saw", "Rome"], ["we", "saw", "Anna", "Bell"], ["Rome", "is", "old"], ["Bell", "is", "here"]]
TAGS = [["B-PER", "O", "B-LOC"], ["O", "O", "B-PER", "I-PER"], ["B-LOC", "O", "O"], ["B-PER", "O", "O"]]


def test_a_tagger_too(tmp_path):
    sentences = [[*tokens, f"n{place}"] for place in range(6) for tokens in TAGGED]
    tags = [[*own, "O"] for _ in range(6) for own in TAGS]
    start = TokenTagger(vector_size=4, hidden_size=8)
    how = {"trials": 3, "engine": "random", "unlabelled": iter(["Anna is in Rome"] * 5)}
    one = mt2st.autotune(start, sentences, tags, **how)
    assert one.tuning_.metric == "f1" and len(one.tuning_.trials) == 3
    assert one.vector_size == 4 and "vector_size" not in one.tuning_.trials[0].settings
    other = TokenTagger(vector_size=4, hidden_size=8).autotune(
        sentences, tags, trials=3, engine="random", unlabelled=["Anna is in Rome"] * 5
    )
    assert without_clock(one) == without_clock(other)
    assert one.predict(sentences) == other.predict(sentences)
    one.save(tmp_path / "tagger")
    assert mt2st.load(tmp_path / "tagger").predict(sentences) == one.predict(sentences)


def test_a_tagger_keeps_to_its_size(tmp_path):
    sentences, tags = ([[*own, own[0]] for _ in range(6) for own in each] for each in (TAGGED, TAGS))
    found = TokenTagger(vector_size=4, hidden_size=8).autotune(
        sentences, tags, trials=1, model_size="200K", engine="random"
    )
    assert found.tuning_.best.quantized and found.tuning_.best.size <= 200_000
    found.save(tmp_path / "found")
    assert folder_bytes(tmp_path / "found") == found.tuning_.best.size
    found.save(tmp_path / "found", quantize=False)
    assert folder_bytes(tmp_path / "found") > 500_000


def test_a_taggers_score_is_that_of_its_own_report():
    sentences = [[*tokens, f"n{place}"] for place in range(6) for tokens in TAGGED]
    tags = [[*own, "O"] for _ in range(6) for own in TAGS]
    held = ([["Anna", "is", "Bell"], ["Rome", "saw", "us"]], [["B-PER", "O", "B-PER"], ["B-LOC", "O", "O"]])
    start = TokenTagger(vector_size=4, hidden_size=8, passes=2.0)
    found = mt2st.autotune(start, sentences, tags, validation=held, trials=1)
    assert found.tuning_.trials[0].score == pytest.approx(found.score(*held))


@pytest.mark.parametrize(
    ("how", "error", "says"),
    [
        ({"seconds": 0}, ConfigError, "seconds must be a finite number above 0, 0 found"),
        ({"seconds": "60"}, ConfigError, "seconds must be a finite number"),
        ({"trials": 0}, ConfigError, "trials must be a whole number, 1 or more, 0 found"),
        ({"seed": -1}, ConfigError, "seed must be a whole number, 0 or more"),
        ({"engine": "tpe"}, ConfigError, "engine 'tpe' is unknown"),
        ({"metric": "f2"}, ConfigError, "metric 'f2' is unknown"),
        ({"model_size": "2X"}, ConfigError, "model_size is a number of bytes"),
        ({"space": {"colour": [1]}}, ConfigError, "'colour' is no parameter"),
        ({"validation": ["a"]}, DataError, "validation must be a pair of texts and labels, list found"),
        (
            {"validation": (["new"], ["other"])},
            DataError,
            r"labels of validation\[0\]: 'other' is none of .*: leave it",
        ),
        ({"validation": (["new"], [["other"]])}, DataError, r"labels of validation\[0\]: 'other' is none of"),
        ({"auxiliary": [(["a"], ["b"])]}, ConfigError, "auxiliary must be a dictionary by name, list found"),
        ({"auxiliary": {"film": (["a"], ["b"])}}, DataError, r"labels of auxiliary\['film'\] have 1 class"),
        ({"space": [1]}, ConfigError, "space must be a dictionary of lists of values, list found"),
        ({"space": {"C": 1.0}}, ConfigError, r"space\['C'\] must be a list of values"),
        ({"space": {"C": []}}, ConfigError, r"space\['C'\] must be a list of values"),
        ({"documents": ["a"]}, DataError, "texts and documents must be as many, 90 and 1 found"),
        ({"unlabelled": [3]}, DataError, r"unlabelled\[0\] is int"),
    ],
)
def test_what_is_wrong_is_told_before_the_work(data, how, error, says):
    with pytest.raises(error, match=says):
        TextClassifier().autotune(*data, **how)


def test_validation_that_is_trained_on_is_none(data):
    texts, labels = data
    with pytest.raises(DataError, match="validation has no text that is not trained on"):
        TextClassifier().autotune(texts, labels, validation=(texts[:3], labels[:3]))


def test_what_cannot_be_tuned_is_told():
    with pytest.raises(ConfigError, match="a TextClassifier or a TokenTagger, str found"):
        mt2st.autotune("classifier", ["a"], ["b"])
    with pytest.raises(ConfigError, match="a TokenTagger takes no documents"):
        TokenTagger().autotune(TAGGED, TAGS, documents=[1, 2, 3, 4])
    with pytest.raises(ConfigError, match="leave metric out"):
        TokenTagger().autotune(TAGGED, TAGS, metric="accuracy")


def test_too_few_to_hold_any_out():
    with pytest.raises(ConfigError, match="too few labelled texts to hold any out: give more, or validation="):
        TextClassifier().autotune(["same", "same"], ["a", "b"], trials=1)
    with pytest.raises(ConfigError, match="too few labelled texts to hold any out"):
        TextClassifier().autotune(["one", "two"], ["a", "b"], trials=1)


def test_without_a_seed_of_its_own_it_takes_the_searchs(data):
    found = TextClassifier(random_state=None).autotune(*data, trials=1, seed=7)
    assert found.random_state == 7


def test_workers_are_the_users_again_at_the_end(data):
    assert TextClassifier(workers=2).autotune(*data, trials=1).workers == 2


def test_neither_torch_nor_optuna_is_needed(tmp_path):
    code = """
import sys
sys.modules["optuna"] = None
import mt2st
from mt2st.estimators.tuning import engines
engines.find_spec = lambda name: None
texts = ["good film", "bad film", "good plot", "bad plot"] * 5
found = mt2st.TextClassifier().autotune(texts, ["pos", "neg"] * 10, trials=2)
print(found.tuning_.engine, [name for name in sys.modules if name.split(".")[0] == "torch"])
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["random", "[]"]


def test_the_record_can_be_written_as_json(data):
    found = TextClassifier(strategy=mt2st.Diminish()).autotune(*data, trials=2, space={"strategy": [mt2st.Switch(0.3)]})
    again = json.loads(json.dumps(found.tuning_.as_dict()))
    assert again["trials"][0]["settings"]["strategy"]["strategy"] == "diminish"
    assert again["reproducible"] is True and again["seed"] == 0
