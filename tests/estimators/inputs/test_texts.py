"""What people bring as texts, labels and weights: taken, or refused with a message that names place and fix."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.exceptions import DataConversionWarning, NotFittedError

import mt2st
from mt2st import TextClassifier, TextVectorizer
from mt2st.errors import ConfigError, DataError
from mt2st.estimators.inputs import texts as inputs
from mt2st.estimators.inputs.parameters import check_parameters
from mt2st.estimators.inputs.texts import check_labels, check_texts, check_weights


class Chunks:
    """As much of a chunked column of Arrow as is looked at: its values are no strings of Python's until asked for."""

    def __init__(self, values):
        self.values = values

    def __iter__(self):
        return iter([object() for _ in self.values])

    def to_pylist(self):
        return list(self.values)


class ArrowTable:
    """As much of a table of Arrow with one column as is looked at: it cannot be iterated over."""

    def __init__(self, values):
        self.values, self.shape = values, (len(values), 1)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, object)[:, None]


TABLES = [lambda texts: np.array(texts)[:, None], lambda texts: pd.DataFrame({"t": texts}), ArrowTable]
COLUMNS = [
    Chunks,
    list,
    tuple,
    iter,
    np.array,
    lambda values: np.array(values, object),
    pd.Series,
    lambda values: pd.Series(values, index=range(7, 7 + len(values)), dtype="string"),
    lambda values: pd.Series(values, dtype="category"),
    pl.Series,
    lambda values: pl.Series(values, dtype=pl.Categorical),
]


@pytest.mark.parametrize("column", COLUMNS)
def test_columns_of_any_library_are_the_same(texts, labels, column):
    plain = TextClassifier(C=1.0).fit(texts, labels)
    found = TextClassifier(C=1.0).fit(column(texts), column(labels))
    assert found.classes_.tolist() == ["neg", "pos"]
    np.testing.assert_array_equal(found.decision_function(column(texts)), plain.decision_function(texts))
    assert found.score(column(texts), column(labels)) == 1.0


@pytest.mark.parametrize("table", TABLES)
def test_a_table_of_one_column_is_texts_with_a_warning(texts, labels, table):
    found = TextClassifier(C=1.0).fit(texts, labels)
    with pytest.warns(DataConversionWarning, match="A column-vector texts was passed when a 1d array was expected"):
        assert found.predict(table(texts)).tolist() == found.predict(texts).tolist()


def test_labels_of_an_arrow_column_of_lists(texts):
    found = TextClassifier(C=1.0).fit(Chunks(texts), Chunks([["pos"], ["neg", "pos"]] * 3))
    assert found.several_ and found.classes_.tolist() == ["neg", "pos"]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a\0", "a"] * 3, r"labels\[0\] is 'a\\x00', of which NumPy makes 'a': write it as another string"),
        (["b", "a\0"] * 3, r"labels\[1\] is 'a\\x00'"),
        ([b"a\0", b"b"] * 3, r"labels\[0\] is b'a\\x00', of which NumPy makes b'a'"),
        ([-1, 2**63] * 3, r"labels\[1\] is 9223372036854775808, of which NumPy makes 9.22"),
        ([1.0, 2**53 + 1] * 3, r"labels\[1\] is 9007199254740993, of which NumPy makes 9007199254740992.0"),
    ],
)
def test_labels_that_numpy_would_change(texts, labels, message):
    with pytest.raises(DataError, match=message):
        TextClassifier().fit(texts, labels)


def test_a_users_list_is_left_as_it_was():
    texts = ["\ud800"]
    assert check_texts(texts) == ["\ufffd"] and texts == ["\ud800"]
    assert check_texts(["a\ud83d\ude00"]) == ["a\U0001f600"], "the halves of a pair are one sign"


WRONG = [
    ([None], r"texts\[1\] is None, not a string: leave the row out, or put '' there"),
    ([float("nan")], r"texts\[1\] is NaN, not a string: leave the row out"),
    ([pd.NA], r"texts\[1\] is NA, not a string: leave the row out"),
    ([3], r"texts\[1\] is int \(3\), not a string: use str\(\)"),
    ([b"so"], r"texts\[1\] is bytes \(b'so'\), not a string: decode it"),
    ([["a"]], r"texts\[1\] is list .*: join its words, ' '.join\(words\)"),
]


@pytest.mark.parametrize(("value", "message"), WRONG)
@pytest.mark.parametrize("kind", [list, lambda values: pd.Series(values, dtype=object)])
def test_what_is_no_string_is_named_with_its_place(value, message, kind):
    with pytest.raises(DataError, match=message):
        check_texts(kind(["a", *value]))


@pytest.mark.parametrize("column", [lambda v: pd.Series(v, dtype="string"), pl.Series, pd.Series])
def test_missing_texts_of_a_column(column):
    with pytest.raises(DataError, match=r"texts\[1\] is (None|NA|NaN), not a string: leave the row out"):
        check_texts(column(["a", None]))


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("abc", "a list of texts is expected, one str found: put it into a list"),
        (b"abc", "one bytes found"),
        (3, "int found"),
        (None, "NoneType found"),
        ({"a": 1}, "dict found"),
        ({"a", "b"}, "set found"),
        (np.array([["a", "b"]]), r"one column is expected, shape \(1, 2\) found: give one column"),
        (pd.DataFrame({"x": ["a"], "y": ["b"]}), r"one column is expected, shape \(1, 2\)"),
        (pl.DataFrame({"x": ["a"], "y": ["b"]}), r"one column is expected, shape \(1, 2\)"),
    ],
)
def test_what_is_no_column_of_texts(texts, message):
    with pytest.raises(DataError, match=message):
        check_texts(texts)


def test_a_text_may_be_long_but_not_without_end(monkeypatch):
    monkeypatch.setattr(inputs, "LONGEST", 10)
    assert check_texts(["a" * 10]) == ["a" * 10]
    with pytest.raises(DataError, match=r"texts\[1\] has 11 characters, over 10: cut it into parts"):
        check_texts(["", "a" * 11])


LONG = ["good " * 200_000, "bad " * 200_000]


def test_a_very_long_document_and_empty_ones(texts, labels):
    found = TextClassifier(C=1.0, vector_size=0).fit([*texts, LONG[0], ""], [*labels, "pos", "neg"])
    assert found.predict(LONG).tolist() == ["pos", "neg"]
    assert found.predict([]).shape == (0,) and found.predict_proba([]).shape == (0, 2)
    assert np.isfinite(found.decision_function(["", "\n", "unseen"])).all()


def test_vectors_beside_a_very_long_document(texts, labels):
    found = TextClassifier(C=1.0).fit([*texts, LONG[0], ""], [*labels, "pos", "neg"])
    assert found.predict(LONG).tolist() == ["pos", "neg"]


def test_texts_without_a_word(labels):
    for estimator in (TextClassifier(), TextVectorizer()):
        with pytest.raises(DataError, match="texts: none has a word"):
            estimator.fit([""] * 6, labels)
    with pytest.raises(DataError, match="texts: none found"):
        TextVectorizer().fit([])


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["a"] * 6, "labels have 1 class, two or more are needed"),
        ([], "0 class"),
        ([None, "a"], r"labels\[0\] is None: leave the row out, or give it to unlabelled"),
        ([1.0, float("nan")], r"labels\[1\] is NaN"),
        (pd.Series(["a", None], dtype="string"), r"labels\[1\] is NA"),
        ([0.5, 1.0], r"labels\[0\] is 0.5, a continuous number: make classes of them, or strings"),
        (np.array([["a", "b"]] * 6), "give one label of each text as one axis"),
        ([1, "a"], r"labels are of several kinds \(number, str\): make all of them strings"),
        ("ab", "a list of labels is expected, str found"),
        ({"a": 1}, "a list of labels is expected, dict found"),
        (None, "a list of labels is expected, NoneType found"),
        (["a", "b"] * 2, "texts and labels must be as many, 6 and 4 found"),
        (np.array([[2, 0], [0, 1]] * 3), "a matrix of labels holds 1 where one holds and 0 elsewhere"),
        (np.array([[1, 0]] * 6), "all texts have the same labels"),
        ([["a"]] * 6, "all texts have the same labels"),
        ([[]] * 6, "all texts have the same labels"),
        ([["a"], [None]] * 3, r"labels\[1\]\[0\] is None"),
    ],
)
def test_labels_that_cannot_be_learned(texts, labels, message):
    with pytest.raises(DataError, match=message):
        TextClassifier().fit(texts, labels)


def test_labels_of_one_kind_keep_it():
    assert check_labels([np.str_("a"), "b"]).tolist() == ["a", "b"]
    assert check_labels([np.int64(1), 2, True]).tolist() == [1, 2, 1]


def test_labels_that_scoring_meets_first(texts, labels):
    found = TextClassifier(C=1.0).fit(texts, labels)
    assert found.score(["good", "good", "bad"], ["pos", "unseen", "neg"]) == pytest.approx(2 / 3)
    assert found.score(["good", "good"], ["pos", "neg"], sample_weight=[3, 1]) == 0.75
    with pytest.raises(DataError, match=r"labels\[0\] is 1, of another kind than 'neg'"):
        found.score(["good"], [1])
    with pytest.raises(DataError, match="texts and labels must be as many, 2 and 1 found"):
        found.score(["good", "bad"], ["pos"])
    with pytest.raises(DataError, match=r"labels\[1\] is None"):
        found.score(["good", "bad"], ["pos", None])


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, 1], r"sample_weight needs 3 numbers, one for each text, shape \(2,\) found"),
        (1.0, r"shape \(\) found"),
        (["a"] * 3, "sample_weight: numbers are expected"),
        ([1, -1, 1], r"sample_weight\[1\] is -1; numbers from 0 to 1e\+09 are expected: give 0 for a text that"),
        ([1, 1, np.nan], r"sample_weight\[2\] is nan; .* give 0"),
        ([1e300, 1, 1], r"sample_weight\[0\] is 1e\+300; numbers from 0 to 1e\+09 are expected: scale them"),
        ([0, 0, 0], "sample_weight is all 0, no text counts"),
    ],
)
def test_weights(weights, message):
    with pytest.raises(DataError, match=message):
        check_weights(weights, 3)
    assert check_weights(None, 2).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"pos": -1}, "class_weight of 'pos' must be a finite number of 0 or more, -1 found"),
        ({"pos": float("nan")}, "class_weight of 'pos'"),
        ({"pos": 0, "neg": 0}, "leave no text that counts"),
        ({"pos": "2"}, "class_weight of 'pos' must be a finite number of 0 or more, '2' found"),
        (5, "class_weight is 'balanced', a dictionary or None, 5 found"),
        ({"pos": 1e10}, "a text counts 1e\\+10, over 1e\\+09: scale them"),
        ({"other": 1}, "class_weight names 'other', which no text has"),
        ("even", "class_weight is 'balanced', a dictionary or None, 'even' found"),
    ],
)
def test_weights_of_classes(texts, labels, weights, message):
    with pytest.raises(DataError, match=message):
        TextClassifier(class_weight=weights).fit(texts, labels)


PARAMETERS = [
    ({"passes": -1.0}, "passes must be a number from 0 on, -1.0 found; 'auto' goes by the amount of text"),
    ({"passes": float("nan")}, "passes must be a number from 0 on, nan found"),
    ({"vector_size": 1.5}, "vector_size must be a whole number from 0 to below 65537, 1.5 found"),
    ({"min_count": 0}, "min_count must be a whole number from 1 on, 0 found"),
    ({"pair_min_count": 0}, "pair_min_count"),
    ({"workers": 0}, "workers"),
    ({"random_state": "a"}, r"random_state must be a whole number from 0 to below 2\*\*63, or None, 'a' found"),
    ({"random_state": -1}, "random_state must be a whole number from 0"),
    ({"random_state": 2**63}, "random_state must be a whole number from 0"),
    ({"random_state": True}, "random_state must be a whole number from 0"),
    ({"passes": "x"}, "passes must be a number from 0 on, 'x' found"),
    ({"vector_size": True}, "vector_size must be a whole number"),
    ({"pairs": "no"}, "pairs must be True or False, 'no' found"),
    ({"pairs": 1}, "pairs must be True or False, 1 found"),
]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        *PARAMETERS,
        ({"C": 0}, "C must be a number above 0, up to 1e\\+12, 0 found; None finds it"),
        ({"C": float("inf")}, "C must be"),
        ({"C": "auto"}, "C must be a number above 0, up to 1e\\+12, 'auto' found"),
        ({"ngrams": "yes"}, "ngrams must be True, False or 'auto', 'yes' found"),
        ({"strategy": "swich"}, "strategy must be a name or one of mt2st's strategies, 'swich' found"),
        ({"strategy": -1}, "strategy is the share of the run with auxiliaries, from 0 to 1, -1 found"),
        ({"strategy": 7}, "strategy is the share of the run with auxiliaries, from 0 to 1, 7 found"),
        ({"strategy": float("nan")}, "strategy must be a name"),
        ({"strategy": True}, "strategy must be a name or one of mt2st's strategies, True found"),
        ({"strategy": {"name": "switch"}}, "strategy must be a name"),
    ],
)
def test_parameters_out_of_bounds(texts, labels, parameters, message):
    with pytest.raises(ConfigError, match=message):
        TextClassifier(**parameters).fit(texts, labels)


@pytest.mark.parametrize(
    ("parameters", "message"), [*PARAMETERS, ({"vector_size": 0}, "above 0"), ({"passes": 0.0}, "above 0")]
)
def test_parameters_of_vectors_out_of_bounds(texts, parameters, message):
    with pytest.raises(ConfigError, match=message):
        TextVectorizer(**parameters).fit(texts)


def test_texts_of_which_none_labelled_has_a_word(texts):
    with pytest.raises(DataError, match="texts: none has a word, and unlabelled ones alone teach nothing"):
        TextClassifier().fit(["", ""], [0, 1], unlabelled=texts)


def test_numbers_are_drawn_from_a_generator_at_each_fit(texts, labels):
    for kind in (np.random.RandomState, np.random.default_rng):
        one, two = check_parameters(TextClassifier(random_state=kind(3)).get_params()), kind(3)
        assert one.seed == (two.randint(2**31 - 1) if hasattr(two, "randint") else two.integers(2**31))
        assert TextClassifier(C=1.0, random_state=kind(0)).fit(texts, labels).score(texts, labels) == 1.0


def test_a_folder_is_named_and_parameters_are_right_when_it_is_written(texts, labels, tmp_path):
    found = TextClassifier(C=1.0).fit(texts, labels)
    for call in (found.save, mt2st.load):
        for folder in (None, "", 3):
            with pytest.raises(ConfigError, match=f"folder must be a path, {folder!r} found: name one"):
                call(folder)
    with pytest.raises(
        DataError, match="nope: there is no such folder: give the one that save, fit, train or tune wrote"
    ):
        mt2st.load(tmp_path / "nope")
    with pytest.raises(ConfigError, match="C must be a number above 0"):
        found.set_params(C="zz").save(tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_training_texts_are_those_of_a_fitted_one():
    with pytest.raises(NotFittedError):
        TextClassifier().training_texts()


def test_flags_of_saving(texts, labels, tmp_path):
    found = TextClassifier(C=1.0).fit(texts, labels)
    for flag in ({"quantize": "yes"}, {"texts": 1}):
        with pytest.raises(ConfigError, match=f"{next(iter(flag))} must be True or False"):
            found.save(tmp_path / "model", **flag)
    assert not (tmp_path / "model").exists()


def test_auxiliaries_are_named_in_errors(texts, labels):
    with pytest.raises(DataError, match=r"labels of auxiliary\['film'\] have 1 class, two or more"):
        TextClassifier().fit(texts, labels, auxiliary={"film": (texts, ["a"] * 6)})
    with pytest.raises(DataError, match=r"labels of auxiliary\['film'\]\[1\] is None"):
        TextClassifier().fit(texts, labels, auxiliary={"film": (["a", "b"], ["a", None])})
    with pytest.raises(DataError, match=r"auxiliary\['film'\] must be a pair of texts and labels, str found"):
        TextClassifier().fit(texts, labels, auxiliary={"film": "a"})
    with pytest.raises(DataError, match=r"auxiliary\['film'\] texts\[0\] is None"):
        TextClassifier().fit(texts, labels, auxiliary={"film": ([None, "a"], [1, 0])})
    with pytest.raises(DataError, match=r"texts and labels of auxiliary\['film'\] must be as many, 2 and 3 found"):
        TextClassifier().fit(texts, labels, auxiliary={"film": (["a", "b"], [1, 0, 1])})
    with pytest.raises(DataError, match=r"unlabelled\[0\] is int"):
        TextClassifier().fit(texts, labels, unlabelled=[3])
