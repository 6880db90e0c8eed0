import numpy as np
import pytest

from mt2st.errors import DataError

NAN = np.nan
STARS = "stars\ttext\n4.5\ta fine film\n\tno verdict\n-1\tdull\n2\theld out\n"


def test_ratings_are_read_and_missing_ones_kept(read, features_of):
    found, left_out, _ = read("regression", "a.tsv", STARS, held_out={"held out"})
    assert left_out == 1 and found.names == ("rating",)
    data = found.encode(features_of(found))
    np.testing.assert_array_equal(data.targets, np.array([[4.5], [NAN], [-1]], np.float32))
    assert data.rows.lengths.tolist() == [3, 2, 1] and data.counts.tolist() == [1, 0, 1]


def test_several_ratings_in_columns_of_their_own(read):
    content = "text,food,room\ngood,5,\nbad,,1\n"
    found, _, _ = read("regression", "a.csv", content, label_columns=["food", "room"])
    assert found.names == ("food", "room")
    np.testing.assert_array_equal(found.targets, np.array([[5, NAN], [NAN, 1]], np.float32))


@pytest.mark.parametrize(
    "content",
    ["text\ttoxic\trude\nyou\t1\t\nme\tfalse\tYes\nit\t0\t0\n", None],
    ids=["tsv", "jsonl"],
)
def test_labels_of_their_own_columns_are_one_zero_or_unknown(read, content):
    name = "a.tsv" if content else "a.jsonl"
    content = content or (
        '{"text": "you", "toxic": 1, "rude": null}\n{"text": "me", "toxic": false, "rude": true}\n'
        '{"text": "it", "toxic": 0, "rude": "no"}\n'
    )
    found, _, _ = read("multilabel", name, content, label_columns=["toxic", "rude"])
    np.testing.assert_array_equal(found.targets, np.array([[1, NAN], [0, 1], [0, 0]], np.float32))


@pytest.mark.parametrize(
    ("name", "content", "options"),
    [
        ("a.tsv", "labels\ttext\nspam, rude\tyou\n-\tme\n\tit\nrude\tus\n", {}),
        ("a.tsv", "spam|rude\tyou\n-\tme\n\tit\nrude\tus\n", {"label_separator": "|"}),
        (
            "a.jsonl",
            '{"tags": ["spam", "rude"], "text": "you"}\n{"tags": [], "text": "me"}\n{"tags": null, "text": "it"}\n'
            '{"tags": "rude", "text": "us"}\n',
            {},
        ),
    ],
)
def test_lists_of_labels(read, name, content, options):
    found, _, _ = read("multilabel", name, content, **options)
    assert found.names == ("rude", "spam") and found.texts == ["you", "me", "it", "us"]
    np.testing.assert_array_equal(found.targets, np.array([[1, 1], [0, 0], [NAN, NAN], [1, 0]], np.float32))


@pytest.mark.parametrize(
    ("kind", "content", "options", "message"),
    [
        (
            "regression",
            "stars\ttext\nfive\tgood\n",
            {},
            "a.tsv:2:1: the rating 'five' is not a number: write",
        ),
        ("regression", "stars\ttext\n4,5\tgood\n", {}, "a.tsv:2:1: the rating '4,5' is not a number"),
        ("regression", "stars\ttext\nnan\tgood\n", {}, "a.tsv:2:1: the rating 'nan' is not a number"),
        ("regression", "stars\ttext\n1e99\tgood\n", {}, "a.tsv:2:1: the rating '1e99' is not a number"),
        ("regression", "stars\ttext\n3\t \n", {}, "a.tsv:2:3: the text is empty: fill it in"),
        ("regression", "stars\ttext\n\tgood\n", {}, "a.tsv: 'rating' is not known of any text: fill some in"),
        ("regression", "grade\ttext\n3\tgood\n", {}, "a.tsv:1:1: the label is in none of grade, text by its name"),
        ("regression", "a\ttext\n3\tgood\n", {"label_columns": ["a", "b"]}, "label_column='b' is not one of the names"),
        ("multilabel", "a\ttext\n3\tgood\n", {"label_columns": ["a"]}, "a.tsv:2:1: '3' does not say whether the label"),
        ("multilabel", "label\ttext\na,,b\tgood\n", {}, "a.tsv:2:1: an empty label in 'a,,b': remove the surplus ','"),
        ("multilabel", "label\ttext\n['a']\tgood\n", {}, "a.tsv:2:1: not a JSON list (Expecting value): write it as"),
        ("multilabel", "label\ttext\n-\tgood\n", {}, "a.tsv: no text has a label: see label_column"),
    ],
)
def test_what_people_bring_is_answered(read, kind, content, options, message):
    with pytest.raises(DataError) as caught:
        read(kind, "a.tsv", content, **options)
    assert message in str(caught.value)


def test_bad_rows_are_counted_where_asked(read):
    found, _, skipped = read("regression", "a.tsv", "stars\ttext\nfive\tgood\n3\tfair\n", skip=True)
    assert found.texts == ["fair"] and skipped == {"not a number": 1}


def test_named_sets_have_ratings_or_are_refused(monkeypatch):
    from mt2st.datasets.rated import RatedSentence
    from mt2st.text.rows import Rows
    from mt2st.training.further import read_further, targets
    from mt2st.training.settings import Auxiliary

    rated = [RatedSentence("1", 2.5, "fine", 1), RatedSentence("2", 0.0, "so so", 2)]
    monkeypatch.setattr(targets, "load_rated", lambda name: rated)
    found, _ = read_further(Auxiliary(kind="regression", data="film"), Rows("film"), {"other"})
    assert found.targets.tolist() == [[2.5], [0.0]]
    with pytest.raises(DataError, match="'film' has one label per text: use kind = 'classification'"):
        read_further(Auxiliary(kind="multilabel", data="film"), Rows("film"), set())
    with pytest.raises(DataError, match="has no ratings: see mt2st data list"):
        read_further(Auxiliary(kind="regression", data="wordsim353"), Rows("wordsim353"), set())
