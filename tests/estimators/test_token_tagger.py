from __future__ import annotations

import json
import pickle
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.validation import check_is_fitted

import mt2st
from mt2st import TokenTagger
from mt2st.errors import ConfigError, DataError
from mt2st.evaluation import find_scheme
from mt2st.text.tagged import read_tagged

WORDS = {
    "DET": ["the", "a", "this", "every"],
    "NOUN": ["dog", "cat", "house", "tree", "bird", "river"],
    "VERB": ["runs", "sleeps", "sings", "waits"],
    "ADJ": ["small", "old", "happy", "green"],
}
FRAMES = (["DET", "NOUN", "VERB"], ["DET", "ADJ", "NOUN", "VERB"], ["NOUN", "VERB"], ["DET", "ADJ", "ADJ", "NOUN"])
SMALL = {"vector_size": 8, "hidden_size": 8}
NAMES = [["Anna", "Berg"], ["Bo"], ["Carl", "von", "Linden"]]


def make(count, seed=1):
    draw = np.random.default_rng(seed)
    tags = [FRAMES[draw.integers(len(FRAMES))] for _ in range(count)]
    return [[str(draw.choice(WORDS[tag])) for tag in row] for row in tags], [list(row) for row in tags]


def make_names(count, seed=1):
    draw = np.random.default_rng(seed)
    sentences, tags = [], []
    for _ in range(count):
        name = NAMES[draw.integers(3)]
        before = [str(word) for word in draw.choice(["then", "today", "so"], draw.integers(3))]
        sentences.append([*before, *name, "left", "."])
        tags.append([*"O" * len(before), "B-PER", *["I-PER"] * (len(name) - 1), "O", "O"])
    return sentences, tags


@pytest.fixture(scope="module")
def fitted():
    return TokenTagger(**SMALL).fit(*make(60))


def arrays_of(tagger):
    return (*tagger.model_.encoder, *tagger.model_.head)


def test_it_learns_and_says_how_sure_it_is(fitted):
    sentences, tags = make(40, seed=2)
    assert fitted.score(sentences, tags) > 0.97
    shares = fitted.predict_proba(sentences)
    assert [share.shape for share in shares] == [(len(row), 4) for row in sentences]
    np.testing.assert_allclose(np.concatenate(shares).sum(1), 1, rtol=1e-5)
    assert fitted.classes_.tolist() == ["ADJ", "DET", "NOUN", "VERB"]
    likeliest = [fitted.classes_[share.argmax(1)].tolist() for share in shares]
    assert np.mean([one == other for one, other in zip(likeliest, fitted.predict(sentences), strict=True)]) > 0.95


def test_score_is_accuracy_of_plain_tags_and_span_f1_of_spans(fitted):
    sentences, tags = make(20, seed=3)
    predicted = fitted.predict(sentences)
    right = [a == b for x, y in zip(tags, predicted, strict=True) for a, b in zip(x, y, strict=True)]
    assert fitted.scheme_ is None and fitted.score(sentences, tags) == np.mean(right)
    names = TokenTagger(**SMALL).fit(*make_names(60))
    assert names.scheme_ == "bio" and names.evaluate(*make_names(20, seed=2)).measure == "span_f1"
    assert names.score(*make_names(20, seed=2)) > 0.95
    assert names.score([["Bo", "left"]], [["O", "O"]]) == 0.0  # one span found, none there


def test_tags_that_the_scheme_forbids_cannot_come_out():
    draw = np.random.default_rng(1)
    sentences = [[str(word) for word in draw.choice(list("abcdef"), 6)] for _ in range(80)]
    noise = [[str(tag) for tag in draw.choice(["O", "B-X", "I-X", "B-Y", "I-Y"], 6)] for _ in sentences]
    tagger = TokenTagger(passes=2, **SMALL).fit(sentences, noise)
    scheme = find_scheme(tagger.scheme_)
    assert any(scheme.first_fault(tags) is not None for tags in noise)
    assert all(scheme.first_fault(tags) is None for tags in tagger.predict(sentences))
    first = [place for place, tag in enumerate(tagger.classes_) if not scheme.may_begin(tag)]
    assert first and all((share[0, first] == 0).all() for share in tagger.predict_proba(sentences))
    free = TokenTagger(scheme="none", passes=2, **SMALL).fit(sentences, noise)
    assert any(scheme.first_fault(tags) is not None for tags in free.predict(sentences))


def test_a_seed_gives_the_same_bits():
    text = [" ".join(words) for words in make(100, seed=9)[0]]
    one, same, other = (
        TokenTagger(seed=seed, **SMALL).fit(*make(30), unlabelled=text, auxiliary={"more": make(30, seed=4)})
        for seed in (1, 1, 2)
    )
    assert all(np.array_equal(*pair) for pair in zip(arrays_of(one), arrays_of(same), strict=True))
    assert not np.array_equal(one.model_.encoder.weights, other.model_.encoder.weights)


def test_unlabelled_text_gives_words_rows():
    sentences, tags = make(8)
    text = make(300, seed=5)[0]
    without = TokenTagger(**SMALL).fit(sentences, tags)
    with_text = TokenTagger(**SMALL).fit(sentences, tags, unlabelled=text)
    known = {word for words in WORDS.values() for word in words}
    assert set(with_text.model_.words) == known > set(without.model_.words)


def test_given_vectors_are_the_first_rows_and_not_learned_anew(tmp_path):
    draw = np.random.default_rng(1)
    vectors = mt2st.WordVectors(["Dog", "cat", "dog"], draw.normal(size=(3, 8)).astype(np.float32))
    vectors.save(tmp_path / "v.safetensors")
    sentences, tags = make(20)
    one = TokenTagger(vectors=vectors, **SMALL).fit(sentences, tags)
    other = TokenTagger(vectors=tmp_path / "v.safetensors", **SMALL).fit(sentences, tags)
    assert one.model_.words == ("dog", "cat")  # of those that differ in case the first
    assert np.array_equal(one.model_.encoder.table, other.model_.encoder.table)
    with pytest.raises(ConfigError, match="vectors leave no use for unlabelled text"):
        TokenTagger(vectors=vectors, **SMALL).fit(sentences, tags, unlabelled=["text"])
    assert TokenTagger(vectors=vectors, hidden_size=8).fit(sentences, tags).model_.encoder.table.shape[1] == 8
    with pytest.raises(ConfigError, match="vectors have 8 dimensions, vector_size is 16: set them alike"):
        TokenTagger(vectors=vectors, vector_size=16).fit(sentences, tags)


def test_an_auxiliary_teaches_the_shared_part():
    """Nonsense words whose classes only the auxiliary, of other tags, knows: nothing of their looks tells them."""
    draw = np.random.default_rng(1)
    words = {kind: [f"{'x' * 3}{draw.integers(10**6)}" for _ in range(30)] for kind in ("one", "two")}

    def lot(count, names, pool, seed):
        pick = np.random.default_rng(seed)
        kinds = pick.integers(2, size=(count, 6))
        return [[pool[k][pick.integers(len(pool[k]))] for k in row] for row in kinds], [
            [names[k] for k in row] for row in kinds
        ]

    whole = [words["one"], words["two"]]
    few = lot(8, "AB", [part[:6] for part in whole], seed=2)
    unseen = lot(40, "AB", [part[6:] for part in whole], seed=3)
    text = [[f"{kind}{draw.integers(3)}", word] for kind in words for word in words[kind] for _ in range(20)]
    much = lot(200, "CD", whole, seed=4)
    settings = {"vector_epochs": 1, "auxiliary_passes": 50, "seed": 3, **SMALL}
    alone = TokenTagger(**settings).fit(*few, unlabelled=[["y"]] * 5 + [[word] * 5 for p in whole for word in p])
    helped = TokenTagger(**settings).fit(
        *few, unlabelled=[["y"]] * 5 + [[word] * 5 for p in whole for word in p], auxiliary={"other": much}
    )
    assert text and helped.work_["other"]["ran"] == 40 and alone.work_.keys() == {"primary"}
    assert helped.score(*unseen) > alone.score(*unseen) + 0.15


STRATEGIES = ["single", "constant", mt2st.Switch(at="auto"), "feedback", mt2st.Diminish(rate=4.0)]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_strategies_say_when_auxiliaries_count(strategy):
    tagger = TokenTagger(strategy=strategy, **SMALL).fit(*make(40), auxiliary={"more": make(40, seed=4)})
    ran = tagger.work_["more"]["ran"]
    assert ran == 0 if strategy == "single" else ran > 0
    assert (ran == 200) == (strategy == "constant")
    assert tagger.work_["primary"]["examples"] >= 300 and tagger.score(*make(20, seed=3)) > 0.9


def test_without_auxiliaries_all_strategies_are_one():
    one, other = (TokenTagger(strategy=strategy, **SMALL).fit(*make(20)) for strategy in ("pretrain", "feedback"))
    assert all(np.array_equal(*pair) for pair in zip(arrays_of(one), arrays_of(other), strict=True))


def test_tags_not_known_are_learned_around():
    sentences, tags = make(80)
    hidden = [[tag if (n + t) % 2 else None for t, tag in enumerate(row)] for n, row in enumerate(tags)]
    tagger = TokenTagger(**SMALL).fit(sentences, hidden)
    assert tagger.score(*make(40, seed=2)) > 0.95
    assert tagger.evaluate(sentences, hidden).tokens == sum(tag is not None for row in hidden for tag in row)


def test_spans_are_judged_and_learned_where_tags_are_known():
    sentences, tags = make_names(60)
    hidden = [[None, *row[1:]] for row in tags]
    tagger = TokenTagger(**SMALL).fit(sentences, hidden)
    assert tagger.scheme_ == "bio"
    predicted = [[float("nan"), *row[1:]] for row in tagger.predict(sentences)]
    assert tagger.score(sentences, predicted) == 1.0
    assert cross_val_score(TokenTagger(scheme="bio", **SMALL), sentences, hidden, cv=3).min() > 0.9
    for unknown in ([], [[None] * len(row) for row in tags]):
        with pytest.raises(DataError, match="no token has a known tag"):
            tagger.score(sentences[: len(unknown)], unknown)


def test_a_stray_tag_and_a_wrong_scheme_are_named():
    sentences, tags = make_names(60)
    with pytest.raises(DataError, match=r"cannot follow .* in the scheme bioes; correct the tag, or set scheme='auto'"):
        TokenTagger(scheme="bioes", **SMALL).fit(sentences, tags)
    stray = [list(row) for row in tags]
    stray[7][0] = "E-PER"
    with pytest.raises(DataError, match=r"tags of sentences\[7\]\[0\]: 'E-PER' is not a tag of the scheme bio"):
        TokenTagger(**SMALL).fit(sentences, stray)


def test_saved_and_loaded_it_predicts_the_same_bits(fitted, tmp_path):
    fitted.save(tmp_path / "tagger")
    loaded = TokenTagger.load(tmp_path / "tagger")
    sentences, _ = make(20, seed=2)
    assert loaded.get_params() == fitted.get_params() and loaded.work_ == fitted.work_
    assert loaded.predict(sentences) == fitted.predict(sentences)
    assert all(map(np.array_equal, loaded.predict_proba(sentences), fitted.predict_proba(sentences)))
    names = ["README.md", "tagger.json", "tagger.safetensors", "words.json"]
    assert sorted(path.name for path in (tmp_path / "tagger").iterdir()) == names


def test_all_files_have_the_same_mode_and_a_card_says_what_they_are(fitted, tmp_path):
    fitted.save(tmp_path / "tagger")
    (tmp_path / "any").write_text("")
    modes = {path.stat().st_mode for path in (tmp_path / "tagger").iterdir()}
    assert modes == {(tmp_path / "any").stat().st_mode}
    card = (tmp_path / "tagger" / "README.md").read_text()
    assert "- token-classification\n" in card and "Tags each token as one of: ADJ, DET, NOUN, VERB.\n" in card


def test_settings_of_numpy_are_saved(tmp_path):
    sizes = {"vector_size": np.int64(8), "hidden_size": np.int16(8), "passes": np.float32(1.0), "seed": np.uint8(3)}
    tagger = TokenTagger(**{**SMALL, **sizes}).fit(*make(20))
    tagger.save(tmp_path / "tagger")
    assert mt2st.load(tmp_path / "tagger").get_params() == tagger.get_params()


def test_a_tagger_replaces_a_tagger_and_nothing_else(fitted, tmp_path):
    for _ in range(2):
        fitted.save(tmp_path / "tagger")
    (tmp_path / "tagger" / "notes.txt").write_text("mine")
    with pytest.raises(DataError, match=r"holds notes\.txt beside a tagger, and would lose it"):
        fitted.save(tmp_path / "tagger")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "tagger.json").write_text('{"kind": "brush"}')
    with pytest.raises(DataError, match=r"holds other files \(tagger.json\): give an empty folder"):
        fitted.save(tmp_path / "other")
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["tagger.json"]


@pytest.mark.parametrize("damage", ["missing", "cut", "words", "format", "shape"])
def test_a_damaged_folder_is_refused(fitted, tmp_path, damage):
    fitted.save(tmp_path)
    description = json.loads((tmp_path / "tagger.json").read_text())
    if damage == "missing":
        (tmp_path / "tagger.json").unlink()
    elif damage == "cut":
        (tmp_path / "tagger.safetensors").write_bytes((tmp_path / "tagger.safetensors").read_bytes()[:-9])
    elif damage == "words":
        (tmp_path / "words.json").write_text("[]")
    else:
        description |= {"format": 99} if damage == "format" else {"classes": ["A", "B"]}
        (tmp_path / "tagger.json").write_text(json.dumps(description))
    says = {"missing": "no tagger there", "format": "a tagger of format 99"}.get(damage, "the tagger is damaged")
    with pytest.raises(DataError, match=says):
        TokenTagger.load(tmp_path)


def test_a_pickled_tagger_predicts_alike(fitted):
    sentences, _ = make(5, seed=2)
    assert pickle.loads(pickle.dumps(fitted)).predict(sentences) == fitted.predict(sentences)


def test_settings_are_scikit_learns():
    tagger = TokenTagger(passes=3.0, strategy=mt2st.Switch(at=0.3))
    same = clone(tagger)
    assert same.get_params() == tagger.get_params() and same is not tagger
    assert tagger.set_params(passes=4.0).passes == 4.0
    assert repr(TokenTagger(seed=2)) == "TokenTagger(seed=2)"


def test_cross_validation_grid_search_and_pipelines():
    sentences, tags = make(60)
    scores = cross_val_score(TokenTagger(**SMALL), sentences, tags, cv=3)
    assert scores.shape == (3,) and scores.min() > 0.8
    grid = GridSearchCV(TokenTagger(**SMALL), {"passes": [0.1, 10.0]}, cv=2).fit(sentences, tags, unlabelled=["a dog"])
    assert grid.best_params_ == {"passes": 10.0} and grid.predict([["the", "dog"]]) == [["DET", "NOUN"]]

    class Lower(TransformerMixin, BaseEstimator):
        def fit(self, X, y=None):  # noqa: N803
            return self

        def transform(self, X):  # noqa: N803
            return [[token.lower() for token in tokens] for tokens in X]

        def __sklearn_is_fitted__(self):
            return True

    pipeline = make_pipeline(Lower(), TokenTagger(**SMALL)).fit(sentences, tags)
    assert pipeline.predict([["THE", "DOG"]]) == [["DET", "NOUN"]] and pipeline.score(sentences, tags) > 0.95


def test_a_file_is_read_and_tagged(tmp_path):
    path = tmp_path / "train.conll"
    lines = (map("\t".join, zip(*row, strict=True)) for row in zip(*make(60), strict=True))
    path.write_text("\n\n".join(map("\n".join, lines)))
    tagger = TokenTagger(**SMALL).fit(path)
    assert tagger.predict(path) == tagger.predict(read_tagged(path)) and tagger.score(path) > 0.95
    assert tagger.predict(str(path)) == tagger.predict(path)


def test_empty_sentences_have_no_tags(fitted):
    assert fitted.predict([]) == [] and fitted.predict([[], ["the", "dog"], []]) == [[], ["DET", "NOUN"], []]
    assert [share.shape for share in fitted.predict_proba([[], ["the"]])] == [(0, 4), (1, 4)]
    assert TokenTagger(**SMALL).fit([[], ["a", "dog"]], [[], ["DET", "NOUN"]]).predict([[]]) == [[]]


def test_lone_surrogates_and_spaces_are_words(tmp_path):
    sentences, tags = [["\ud800", "a b", "\0", "x"]] * 20, [["A", "B", "C", "D"]] * 20
    tagger = TokenTagger(**SMALL).fit(sentences, tags, unlabelled=[["\udfff", "x"], "\ud800 and x"])
    assert tagger.predict(sentences[:1]) == tags[:1]
    tagger.save(tmp_path)
    assert TokenTagger.load(tmp_path).predict(sentences[:1]) == tags[:1]


def test_a_tag_that_training_has_not_is_missed(fitted):
    assert fitted.score([["the", "dog"]], [["DET", "PROPN"]]) == 0.5
    names = TokenTagger(**SMALL).fit(*make_names(60))
    assert names.score([["Bo", "left"]], [["B-LOC", "O"]]) == 0.0
    with pytest.raises(DataError, match=r"tags of sentences\[0\]\[0\]: 'NOUN' is not a tag of a span"):
        names.score([["Bo"]], [["NOUN"]])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((None, [["A"]]), "sentences must be a list of lists of strings"),
        (([["a", None]], [["A", "B"]]), r"sentences\[0\]\[1\]: a token is a string"),
        (([["a", float("nan")]], [["A", "B"]]), r"sentences\[0\]\[1\]: a token is a string; float nan"),
        (([[1, 2]], [["A", "B"]]), r"sentences\[0\]\[0\]: a token is a string; int 1"),
        (([["a"], ["b", "c"]], [["A"], ["B"]]), r"sentences\[1\] \('b c'\) needs one tag per token, 1 for 2 found"),
        (([["a", "b"]], [["A", "A"]]), "tags of two kinds or more are needed to learn from, sentences have 'A'"),
        (([["a", "b"]], [[None, "_"]]), "sentences have none"),
        (([], []), "sentences have none"),
        (([["NOUN"]] * 12, [[f"word{k}"] for k in range(12)]), "12 different tags and 1 different tokens: the two"),
        (("nope.conll",), "sentences is one string, 'nope.conll', and no file is there"),
        (([["a", "x" * 100_000_000]], [["A", "B"]]), "100,000,000 characters"),
    ],
)
def test_what_cannot_be_learned_from_is_named(given, says):
    for learn in (TokenTagger(**SMALL).fit, TokenTagger(**SMALL).autotune):
        with pytest.raises(DataError, match=says):
            learn(*given)


def test_an_auxiliary_that_cannot_be_learned_from_is_named():
    with pytest.raises(DataError, match=r"auxiliary 'pos': sentences\[0\] \('a'\) needs one tag per token, 2 for 1"):
        TokenTagger(**SMALL).fit(*make(9), auxiliary={"pos": ([["a"]], [["A", "B"]])})
    with pytest.raises(DataError, match="auxiliary 'pos': sentences have 'A': give others"):
        TokenTagger(**SMALL).fit(*make(9), auxiliary={"pos": ([["a"]], [["A"]])})
    with pytest.raises(DataError, match="auxiliary 'pos' must be a pair of sentences and tags, a tuple of 3 found"):
        TokenTagger(**SMALL).fit(*make(9), auxiliary={"pos": (*make(9), [1.0] * 9)})
    with pytest.raises(ConfigError, match="auxiliary must be a dictionary by name, list found"):
        TokenTagger(**SMALL).fit(*make(9), auxiliary=[make(9)])
    with pytest.raises(DataError, match=r"unlabelled\[1\] must be a string or a list of strings, None found"):
        TokenTagger(**SMALL).fit(*make(9), unlabelled=["a", None])


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"encoder": "lstm"}, "encoder 'lstm' is unknown; did you mean 'bilstm'"),
        ({"passes": 0}, "passes must be a number from 1e-09 on, 0 found"),
        ({"passes": float("nan")}, "passes must be a number"),
        ({"vector_size": 2.5}, "vector_size must be a whole number from 1 to below 65537, 2.5 found"),
        ({"dropout": 1.0}, "dropout must be a number from 0 to below 1, 1.0 found"),
        ({"seed": -1}, "seed must be a whole number from 0"),
        ({"workers": True}, "workers must be a whole number"),
        ({"strategy": "pretain"}, "did you mean 'pretrain'"),
        ({"vectors": 5}, "vectors must be mt2st.WordVectors, a file of them or None, 5 found"),
        ({"scheme": "boi"}, "scheme 'boi' is unknown; did you mean 'bio'"),
    ],
)
def test_settings_out_of_bounds_are_named(settings, says):
    with pytest.raises((ConfigError, DataError), match=says):
        TokenTagger(**{**SMALL, **settings}).fit(*make(9), auxiliary={"more": make(9)})
    with pytest.raises((ConfigError, DataError), match=says):
        TokenTagger(**{**SMALL, **settings}).fit(*make(9))


def test_a_fit_that_fails_leaves_the_earlier_one_whole():
    names = make_names(40)
    tagger = TokenTagger(**SMALL).fit(*names)
    classes, tuning = tagger.classes_, object()
    tagger.tuning_ = tuning
    with pytest.raises(DataError, match="unlabelled"):
        tagger.fit(*make(40), unlabelled="a path?")
    assert (tagger.scheme_, tagger.classes_, tagger.tuning_) == ("bio", classes, tuning)
    assert {tag for row in tagger.predict(names[0]) for tag in row} <= set(classes.tolist())
    with pytest.raises(DataError, match="unlabelled"):
        (new := TokenTagger()).fit(*names, unlabelled="a path?")
    with pytest.raises(NotFittedError):
        check_is_fitted(new)


def test_it_must_be_fitted_first(tmp_path):
    for call in ("predict", "predict_proba", "score"):
        with pytest.raises(NotFittedError):
            getattr(TokenTagger(), call)([["a"]])
    with pytest.raises(NotFittedError):
        TokenTagger().save(tmp_path)


def test_the_native_tagger_imports_no_torch():
    code = (
        "import sys, mt2st; assert 'sklearn' not in sys.modules;"
        "tagger = mt2st.TokenTagger(vector_size=8, hidden_size=8);"
        "tagger.fit([['a', 'b']] * 9, [['A', 'B']] * 9).predict([['a']]); assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
