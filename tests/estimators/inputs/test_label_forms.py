"""One label each, lists of labels, matrices: `fit`, `score` and `evaluate` read each form as what it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.sparse import csr_array, csr_matrix
from sklearn.exceptions import DataConversionWarning

from mt2st import TextClassifier
from mt2st.errors import DataError
from mt2st.estimators.fitting import convex_end
from mt2st.estimators.inputs.label_forms import label_form
from mt2st.estimators.inputs.targets import Targets

MATRIX = np.array([[1, 0], [1, 1], [0, 0]] * 2)
COLUMNS = [
    lambda labels: np.array(labels)[:, None],
    lambda labels: pd.DataFrame({"label": labels}),
    lambda labels: pl.DataFrame({"label": labels}),
    lambda labels: np.array(labels, object)[:, None],
]


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("kinds", [("neg", "pos"), (0, 1)])
def test_a_column_is_one_label_each_with_a_warning(texts, column, kinds):
    labels = [kinds[1], kinds[0]] * 3
    plain = TextClassifier(C=1.0).fit(texts, labels)
    with pytest.warns(DataConversionWarning, match="A column-vector y was passed when a 1d array was expected"):
        found = TextClassifier(C=1.0).fit(texts, column(labels))
    assert not found.several_ and found.classes_.tolist() == list(kinds)
    np.testing.assert_array_equal(found.decision_function(texts), plain.decision_function(texts))
    with pytest.warns(DataConversionWarning):
        assert found.score(texts, column(labels)) == 1.0
    with pytest.warns(DataConversionWarning):
        assert found.evaluate(texts, column(labels)).report.accuracy == 1.0


KINDS = [
    csr_matrix,
    csr_array,
    pd.DataFrame,
    lambda matrix: matrix.astype(bool),
    lambda matrix: pd.DataFrame({0: matrix[:, 0], 1: matrix[:, 1].astype(bool)}),
    lambda matrix: pd.DataFrame(matrix, dtype="Int64"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_a_matrix_of_any_kind_is_several_labels(texts, kind):
    plain = TextClassifier(C=1.0).fit(texts, MATRIX)
    found = TextClassifier(C=1.0).fit(texts, kind(MATRIX))
    assert found.several_ and found.classes_.tolist() == [0, 1]
    np.testing.assert_array_equal(found.decision_function(texts), plain.decision_function(texts))
    assert (
        found.score(texts, kind(MATRIX)) == plain.score(texts, MATRIX) == plain.evaluate(texts, MATRIX).report.accuracy
    )


@pytest.mark.parametrize(
    "rows",
    [
        MATRIX.tolist(),
        list(MATRIX),
        [tuple(row) for row in MATRIX.tolist()],
        [[1.0, 1.0], [0, 1]],
        [[1, 0], [0, 1]] * 3,
    ],
)
def test_a_matrix_written_as_lists_is_refused(texts, rows):
    with pytest.raises(DataError, match=r"labels are rows of ones and zeros in lists: give .* np.array\(labels\)"):
        TextClassifier().fit(texts, rows)


def test_lists_of_ones_and_zeros_that_are_labels():
    for lists in ([[0, 1], [1], []], [{0, 1}, {1, 0}], [{0}, {1}], [["1", "1"], ["0", "1"]]):
        assert label_form(lists) == [list(each) for each in lists]
    assert label_form(pd.Series([np.array([0, 1]), np.array([1])])) == [[0, 1], [1]]


def test_several_labels_of_one_kind_are_judged_by_their_matrix(texts):
    found = TextClassifier(C=1.0).fit(texts, [["good"], []] * 3)
    truth = np.array([[1], [0]] * 3)
    assert found.several_ and found.predict(texts).tolist() == truth.tolist()
    assert found.score(texts, truth) == found.score(texts, [["good"], []] * 3) == 1.0
    assert found.partial_fit(texts, truth).score(texts, truth) == 1.0
    tuned = TextClassifier(C=1.0).autotune(texts * 5, [["good"], []] * 15, trials=1)
    assert tuned.several_ and tuned.score(texts, truth) == 1.0


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (np.zeros((6, 2, 2)), r"labels have shape \(6, 2, 2\): give a label of each text, or a matrix"),
        (np.array(1), r"labels have shape \(\)"),
        (pd.DataFrame({"a": [1, 2] * 3, "b": [0, 1] * 3}, dtype="Int64"), "a matrix"),
        ([{"a": 1}] * 6, r"labels\[0\] is dict .*: give one label of each text, or of every text a list"),
        (["a", ["b"]] * 3, r"labels\[1\] is list .*: give one label of each text"),
        (["a", np.array(["b", "c"])] * 3, r"labels\[1\] is ndarray"),
        ([["a"], "bc"] * 3, r"labels\[1\] is 'bc', labels\[0\] a list of labels: give one for every text"),
        ([["a"], ["b"], None] * 2, r"labels\[2\] is None, labels\[0\] a list of labels: .*or leave the text out"),
        (pd.Series([["a"], float("nan")] * 3), r"labels\[1\] is nan"),
    ],
)
def test_what_is_no_form_of_labels(texts, labels, says):
    for call in (TextClassifier().fit, *(getattr(fitted(texts), name) for name in ("score", "evaluate"))):
        with pytest.raises(DataError, match=says):
            call(texts, labels)


def test_labels_without_order(texts):
    with pytest.raises(DataError, match=r"labels are of a kind that has no order \(object\): make all of them strings"):
        TextClassifier().fit(texts, [object() for _ in texts])


def fitted(texts):
    return TextClassifier(C=1.0).fit(texts, ["pos", "neg"] * 3)


@pytest.mark.parametrize("name", ["score", "evaluate"])
def test_judging_says_what_is_wrong(texts, name):
    call = getattr(fitted(texts), name)
    with pytest.raises(DataError, match="texts: none found, there is nothing to judge by"):
        call([], [])
    with pytest.raises(DataError, match="one label of each text is expected, a matrix found"):
        call(texts, MATRIX)
    with pytest.raises(DataError, match=r"labels\[0\] is list .*: give one label of each text"):
        call(texts, [["pos"], ["neg", "pos"]] * 3)
    with pytest.raises(DataError, match=r"labels\[0\] is 1, of another kind than 'neg'"):
        call(texts, [1, 0] * 3)
    several = getattr(TextClassifier(C=1.0).fit(texts, [["pos"], ["neg"]] * 3), name)
    with pytest.raises(DataError, match="a label is 3, of another kind than 'neg'"):
        several(texts[:2], [[], [3]])
    with pytest.raises(DataError, match="labels: none is known of any text"):
        several(texts[:1], np.array([[np.nan, np.nan]]))


def test_one_of_several_labels_that_training_had_not_is_told_wrong(texts):
    found = TextClassifier(C=100.0).fit(texts, [["pos"], ["neg"]] * 3)
    truth = [["pos", "new"], ["neg"], ["pos"], ["neg"], [], []]
    report = found.evaluate(texts[:4], truth[:4]).report
    assert report.labels == ("neg", "pos", "new") and (report.gold, report.predicted) == ((2, 2, 1), (2, 2, 0))
    assert report.accuracy == found.score(texts[:4], truth[:4]) == 0.75
    assert "not new" in [each.predicted for each in found.findings(texts[:4], truth[:4]).confusions]


UNKNOWN = [
    lambda table: table,
    pd.DataFrame,
    pl.DataFrame,
    lambda table: pd.DataFrame(table).astype("Int64"),
    lambda table: np.where(np.isnan(table), None, table),
]


@pytest.mark.parametrize("form", UNKNOWN)
def test_a_label_that_is_not_known_is_left_out(texts, form):
    full, known = np.array([[1, 0], [1, 1], [0, 1]] * 4), np.array([True, True, False] * 3 + [True] * 3)
    texts = [f"{text} {k}" for k, text in enumerate(texts * 2)]
    partly = np.where(np.stack([np.ones(12, bool), known], 1), full, np.nan)
    found = TextClassifier(C=1.0).fit(texts, form(partly))
    first, second = (
        TextClassifier(C=1.0).fit(texts, full, sample_weight=own).decision_function(texts) for own in (None, known)
    )
    np.testing.assert_allclose(found.decision_function(texts), np.stack([first[:, 0], second[:, 1]], 1), rtol=1e-5)
    told = found.predict(texts)
    wrong = np.where(known, full[:, 1], 1 - told[:, 1])
    whole = np.stack([full[:, 0], wrong], 1)
    assert found.score(texts, form(partly)) > found.score(texts, whole)
    right = ((told == full) | np.isnan(partly)).all(1)
    assert found.score(texts, form(partly)) == found.evaluate(texts, form(partly)).report.accuracy == right.mean()


def test_probabilities_are_calibrated_by_what_is_known(texts, monkeypatch):
    seen = []
    monkeypatch.setattr(convex_end, "fit_temperature", lambda scores, truth, *_, **__: seen.append(truth) or 1.0)
    labels = np.array([[1, np.nan], [0, 1], [1, 0]] * 2)
    TextClassifier(C=1.0).fit(texts, labels)
    np.testing.assert_array_equal(np.isnan(seen[0]), np.isnan(labels))


def test_texts_of_which_no_label_is_known_teach_no_more_than_their_words(texts):
    labels = np.array([[1, 0], [0, 1]] * 3)
    found = TextClassifier(C=1.0).fit([*texts, "unheard of"], np.vstack([labels, [np.nan, np.nan]]))
    assert found.evaluate([*texts, "x"], np.vstack([labels, [np.nan, np.nan]])).report.examples == 6
    assert found.score([*texts, "x"], np.vstack([1 - labels, [np.nan, np.nan]])) == found.score(texts, 1 - labels) < 0.1


def test_what_is_not_known_counts_nothing():
    targets = Targets.of(np.array([[1, 0], [0, np.nan], [0, 1], [0, 1], [np.nan, np.nan]]))
    assert targets.sample_weight(np.full(5, 2.0), None).tolist() == [[2, 2], [2, 0], [2, 2], [2, 2], [0, 0]]
    balanced = targets.sample_weight(np.ones(5), "balanced")
    np.testing.assert_allclose(balanced, [[2, 1.5], [2 / 3, 0], [2 / 3, 0.75], [2 / 3, 0.75], [0, 0]])


def test_tuning_holds_out_no_label_s_only_text_that_has_it_not():
    labels = np.array([[0.0, 0.0]] + [[1.0, 0.0], [np.nan, 0.0]] * 10)
    texts = [f"good film {k}" for k in range(21)]
    found = TextClassifier().autotune(texts, labels, trials=1, engine="random")
    assert len(found.tuning_.trials) == 1


def test_a_label_must_be_known_of_some_text_and_something_to_tell(texts):
    with pytest.raises(DataError, match="labels: 'rude' is not known of any text: leave its column out"):
        TextClassifier().fit(texts, pd.DataFrame({"spam": [1, 0] * 3, "rude": [None] * 6}))
    with pytest.raises(DataError, match="all texts have the same labels"):
        TextClassifier().fit(texts, np.array([[1, np.nan], [np.nan, 0]] * 3))


def test_labels_have_the_name_they_are_given():
    for labels, says in (
        (["a", "a"], "own have 1 class"),
        ([["a"], ["a"]], "own: all texts have the same labels"),
        (np.array([[2, 0], [0, 1]]), "own: a matrix of labels holds 1"),
        ([["a"], ["b", "a", None]], r"own\[1\]\[2\] is None"),
        ([["a"], ["b"], [3, 4, 5]], r"own are of several kinds \(number, str\)"),
        ([[1, 1], [0, 1]], r"own are rows of ones and zeros in lists: .* np.array\(own\)"),
    ):
        with pytest.raises(DataError, match=says):
            Targets.of(labels, what="own")


class ArrowTable:
    """As much of a table of Arrow as is looked at: ``columns`` are not the names there."""

    def __init__(self, frame):
        self.frame, self.shape, self.column_names, self.columns = frame, frame.shape, list(frame), [object()]

    def __array__(self, dtype=None, copy=None):
        return self.frame.to_numpy(dtype)


SPORT = pd.DataFrame({"sport": [True, True, False] * 2, "news": [False, True, False] * 2})


@pytest.mark.parametrize("table", [lambda frame: frame, pl.from_pandas, ArrowTable])
def test_names_of_columns_are_classes_and_their_order_is_none_of_the_labels(texts, table):
    found = TextClassifier(C=100.0).fit(texts, table(SPORT))
    assert found.classes_.tolist() == ["sport", "news"]
    right = found.score(texts, SPORT.to_numpy())
    assert right > 0.5 and found.score(texts, table(SPORT)) == right
    assert found.score(texts, table(SPORT[["news", "sport"]])) == right
    assert found.evaluate(texts, table(SPORT[["news", "sport"]])).report.accuracy == right
    again = TextClassifier(C=100.0).fit(texts, table(SPORT)).partial_fit(texts, table(SPORT[["news", "sport"]]))
    assert again.training_texts()[1][:6] == again.training_texts()[1][6:]
    assert again.partial_fit(texts, table(SPORT), classes=["sport", "news"]).classes_.tolist() == ["sport", "news"]


def test_names_of_columns_that_do_not_fit(texts):
    found = TextClassifier(C=1.0).fit(texts, SPORT)
    says = "columns of labels and classes differ in 'film', 'news': name a column for each class"
    for call in (found.score, found.evaluate, found.partial_fit):
        with pytest.raises(DataError, match=says):
            call(texts, SPORT.rename(columns={"news": "film"}))
    with pytest.raises(DataError, match="labels have two columns 'a': rename one"):
        found.fit(texts, SPORT.set_axis(["a", "a"], axis=1))
    with pytest.raises(DataError, match="columns of labels are of several kinds"):
        found.fit(texts, SPORT.set_axis(["a", 1], axis=1))


def test_tuning_keeps_the_names_of_several_labels(texts):
    for labels in (pd.concat([SPORT] * 5), [["sport"], ["sport", "news"], []] * 10):
        found = TextClassifier(C=1.0).autotune(texts * 5, labels, trials=1)
        assert sorted(found.classes_.tolist()) == ["news", "sport"]
