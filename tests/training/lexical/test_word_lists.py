"""Word lists among the words of a job: what is found, left out and refused."""

import numpy as np
import pytest

from mt2st.errors import ConfigError, DataError
from mt2st.training.lexical import read_word_list
from mt2st.training.settings import parse_settings

WORDS = ["good", "film", "bad", "films", "fine"]


@pytest.fixture
def read(tmp_path):
    """Write files and read them as one auxiliary; return what was found, and what was left out."""

    def run(kind, *contents, **options):
        paths = [tmp_path / f"list{number}.txt" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_text(content, encoding="utf-8")
        values = {"auxiliary": {"x": {"kind": kind, "data": [str(path) for path in paths], **options}}}
        left_out = []
        found = read_word_list(
            "x", parse_settings(values).auxiliary["x"], WORDS, 2, lambda *each: left_out.append(each[1:])
        )
        return found, [each for each in left_out if each[1]]

    return run


def test_pairs_of_several_files_keep_their_scores_and_their_file(read):
    first, second = "good fine 9\nGood zebu 3\nfilm bad 1\nfine bad 4\n", "Films film 70\ngood fine 50\n"
    found, left_out = read("similarity", first, second)
    assert found.places.tolist() == [[0, 4], [1, 2], [4, 2], [3, 1], [0, 4]]
    assert found.marks.tolist() == [9, 1, 4, 70, 50] and found.sets.tolist() == [0, 0, 0, 1, 1]
    assert left_out == [("with a word that has no vector", 1)]


@pytest.mark.parametrize("kind", ["analogy", "offset"])
def test_questions_know_whether_they_are_about_forms(read, kind):
    found, left_out = read(kind, ": gram8\nfilm films good fine\n: moods\ngood bad fine film\ngood bad fine film\n")
    assert found.places.tolist() == [[1, 3, 0, 4], [0, 2, 4, 1]] and found.marks.tolist() == [1, 0]
    assert left_out == [("with the words of an earlier one", 1)]


def test_translations_are_found_in_vectors_of_their_own(read, tmp_path):
    (tmp_path / "de.vec").write_text("3 2\nSchlecht 1 2\ngut 3 4\nFilm 5 6\n")
    lines = "good\tgut\nfilm\tFilm\nbad\tschlecht\nfine\tfein\n"
    found, left_out = read("alignment", lines, target_vectors=str(tmp_path / "de.vec"))
    assert found.places.tolist() == [[0, 1], [1, 2], [2, 0]] and left_out == [("with a word that has no vector", 1)]
    assert found.targets.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert len(found.arrays()) == 4


def test_target_vectors_must_fit(read, tmp_path):
    (tmp_path / "de.vec").write_text("1 3\ngut 3 4 5\n")
    with pytest.raises(DataError, match=r"de\.vec.*3 dimensions, those of the model 2: set model\.vector_size = 3"):
        read("alignment", "good\tgut\n", target_vectors=str(tmp_path / "de.vec"))


def test_too_few_known_words_are_an_error_that_names_the_list(read):
    with pytest.raises(DataError, match=r"list0\.txt.*x: the texts have all words of 2 entries, of 3 they must"):
        read("similarity", "good fine 9\nfilm bad 1\nzebu gnu 4\n")
    with pytest.raises(DataError, match=r"x: the texts have all words of 0 entries, of 1 they must"):
        read("offset", ": a\nzebu gnu good bad\n")


@pytest.mark.parametrize(
    ("lists", "over", "message"),
    [
        (["good fine 5\nfilm bad 5\nfine bad 5\n"], "pairs", "no file has 3 pairs with rows whose scores differ"),
        (["good fine 5\n", "film bad 1\n", "fine bad 3\n"], "pairs", "no file has 3 pairs with rows"),
        (["good fine 1\nfilm bad 0\nfine bad 1\n"], "elements", "no pair with rows has a score above the median"),
    ],
)
def test_scores_that_leave_nothing_to_learn_are_an_error(read, lists, over, message):
    with pytest.raises(DataError, match=rf"list0\.txt: x: {message}"):
        read("similarity", *lists, over=over)


def test_one_file_with_ranks_is_enough(read):
    found, _ = read("similarity", "good fine 5\n", "good fine 5\nfilm bad 1\nfine bad 1\n")
    assert len(found) == 4


def test_a_bad_line_is_named(read):
    with pytest.raises(DataError, match=r"list1\.txt:2"):
        read("similarity", "good fine 9\n", "film bad 1\nfilm bad\n")


@pytest.mark.parametrize(
    ("kind", "name", "fitting"),
    [
        ("similarity", "analogies", "wordsim353 or simlex999"),
        ("offset", "film", "analogies"),
        ("alignment", "film", "a"),
    ],
)
def test_a_named_set_must_be_of_the_kind(kind, name, fitting):
    auxiliary = parse_settings({"auxiliary": {"x": {"kind": kind, "data": name}}}).auxiliary["x"]
    with pytest.raises(DataError, match=f"'{name}' is no list for {kind}: name {fitting}"):
        read_word_list("x", auxiliary, WORDS, 2, lambda *_: None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "similarity", "data": []}, "a similarity auxiliary needs data"),
        ({"kind": "analogy", "data": "a", "ranks": "isotonic"}, "ranks is for similarity, not for analogy"),
        (
            {"kind": "offset", "data": "a", "temperature": 0.1},
            "temperature is for similarity and analogy and alignment",
        ),
        ({"kind": "offset", "data": "a", "passes": 3.0}, "passes is not for offset: set batch"),
        ({"kind": "glove", "batch": 3}, "batch is for similarity and analogy and offset and alignment, not for glove"),
        ({"kind": "skipgram", "mapping": True}, "mapping is for alignment, not for skipgram"),
        ({"kind": "analogy", "data": "a", "semantic": 0, "syntactic": 0, "total": 0}, "cannot all be 0"),
    ],
)
def test_options_must_fit_the_kind(options, message):
    with pytest.raises(ConfigError, match=message):
        parse_settings({"auxiliary": {"x": options}})


def test_each_kind_has_its_own_defaults():
    found = parse_settings(
        {
            "auxiliary": {kind: {"kind": kind, "data": "x"} for kind in ("similarity", "offset")},
            "model": {"encoder": "bilstm"},
        }
    ).auxiliary
    assert [each.table_rate for each in found.values()] == [0.03, 0.01]


def test_numbers_are_kept_as_they_are_needed(read):
    found, _ = read("similarity", "good fine 9\nfilm bad 1\nfilms bad 2.5\n")
    assert [array.dtype for array in found.arrays()] == [np.int64, np.float64, np.int64]
