import numpy as np
import pytest

from mt2st.errors import DataError

PAIRS = "score\tsentence1\tsentence2\n5\ta cat sat\ta cat\n\tno score\there\n0.5\ta dog\theld out\n"


def test_pairs_with_and_without_scores(read, features_of):
    found, left_out, _ = read("pairs", "a.tsv", PAIRS, held_out={"held out"})
    assert left_out == 1
    data = found.encode(features_of(found))
    np.testing.assert_array_equal(data.scores, np.array([5, np.nan], np.float32))
    assert (data.left.lengths.tolist(), data.right.lengths.tolist()) == ([3, 2], [2, 1])
    assert list(found.token_lists())[-1] == ["here"]


def test_first_and_second_name_the_two(read):
    found, _, _ = read("pairs", "a.tsv", "first\tsecond\tscore\na cat\ta dog\t5\n")
    assert (found.left, found.right, found.scores.tolist()) == (["a cat"], ["a dog"], [5.0])


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("score\ttext1\ttext2\n1\ta\t\n", {}, "a.tsv:2:5: the text is empty"),
        ("score\ttext1\ttext2\nalike\ta\tb\n", {}, "a.tsv:2:1: the rating 'alike' is not a number"),
        ("score\ttext1\ttext2\n\ta\tb\n", {}, "a.tsv: no score is known of 1 pair: see label_column"),
        ("score\ttext1\n1\ta\n", {}, "a.tsv:1:1: the second is in none of score, text1 by its name"),
        ("score\ttext1\n1\ta\n", {}, "by its name (usual names are text2, sentence2, question2, text_b,"),
        ("a cat\ta dog\t5\n", {}, "the rating 'a cat' is not a number: write it as 4.5, or leave it empty where it "),
        ("a cat\ta dog\t5\n", {}, "is not known; without a header it is the first column"),
    ],
)
def test_what_people_bring_is_answered(read, content, options, message):
    with pytest.raises(DataError) as caught:
        read("pairs", "a.tsv", content, **options)
    assert message in str(caught.value)
