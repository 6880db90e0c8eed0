"""Every query beside gensim's, on vectors whose words have neighbours."""

import numpy as np
import pytest

from mt2st.embeddings import WordVectors
from mt2st.errors import ConfigError, DataError, MissingWordError

ROOTS = [f"word{number}" for number in range(40)]
# Some words differ in case only; the first is the one that stands for both.
WORDS = [*ROOTS, *(f"{root}s" for root in ROOTS), *(root.upper() for root in ROOTS[:6]), "Zeros"]


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    roots, plural = rng.normal(size=(40, 12)), rng.normal(size=12)
    found = np.concatenate([roots, roots + plural + 0.5 * rng.normal(size=(40, 12)), rng.normal(size=(7, 12))])
    found *= rng.uniform(0.1, 5, size=(87, 1))
    return found.astype(np.float32)


@pytest.fixture(scope="module")
def theirs(rows):
    models = pytest.importorskip("gensim.models")
    vectors = models.KeyedVectors(12)
    vectors.add_vectors(WORDS, rows)
    return vectors


@pytest.fixture(scope="module")
def vectors(rows):
    return WordVectors(WORDS, rows)


@pytest.mark.parametrize(
    "asked",
    [
        {"positive": "word3"},
        {"positive": ["word3"], "topn": 3},
        {"positive": ["word3", "word5s"], "negative": ["word5"]},
        {"positive": ["word3", ("word4", 0.3)], "negative": [("word7", -2.0)]},
        {"negative": "word9"},
        {"negative": [("word9", 0.5)]},  # gensim takes a given weight as it is
        {"positive": ["word3", "word3"], "topn": 1000},
        {"positive": "word7s", "restrict_vocab": 30},
        {"positive": ["word5s"], "topn": 5, "restrict_vocab": 60},
    ],
)
def test_most_similar(vectors, theirs, asked):
    found, expected = vectors.most_similar(**asked), theirs.most_similar(**asked)
    assert [word for word, _ in found] == [word for word, _ in expected]
    assert [cosine for _, cosine in found] == pytest.approx([cosine for _, cosine in expected], abs=1e-6)
    assert all(type(cosine) is float for _, cosine in found)


def test_most_similar_of_vectors(vectors, theirs, rows):
    for asked in (rows[4] * 3, rows[4:6], [rows[4], (rows[8], 0.5), "word7"]):
        found, expected = vectors.most_similar(asked, topn=5), theirs.most_similar(asked, topn=5)
        assert [word for word, _ in found] == [word for word, _ in expected]
    assert vectors.similar_by_vector(rows[4], 3) == vectors.most_similar(rows[4], topn=3)
    assert vectors.similar_by_vector(rows[4], 1) == [("word4", pytest.approx(1, abs=1e-6))]
    assert vectors.similar_by_word("word4", 3, 20) == vectors.most_similar("word4", topn=3, restrict_vocab=20)


def test_all_similarities(vectors, theirs):
    found = vectors.most_similar(["word3"], ["word8"], topn=None)
    assert found == pytest.approx(theirs.most_similar(["word3"], ["word8"], topn=None), abs=1e-6)
    assert vectors.most_similar("word3", topn=None, restrict_vocab=10).shape == (10,)
    assert vectors.most_similar("word3", topn=None)[3] == pytest.approx(1)  # the word itself is there


def test_pairs_and_groups(vectors, theirs):
    assert vectors.similarity("word1", "word2s") == pytest.approx(theirs.similarity("word1", "word2s"), abs=1e-6)
    assert vectors.distance("word1", "word2s") == pytest.approx(theirs.distance("word1", "word2s"), abs=1e-6)
    first, second = ["word1", "word2", "unknown"], ["word3", "word9s", "word1"]
    assert vectors.n_similarity(first, second) == pytest.approx(theirs.n_similarity(first, second), abs=1e-6)


def test_doesnt_match(vectors, theirs):
    rng = np.random.default_rng(1)
    for _ in range(30):
        words = rng.choice(WORDS, 5, replace=False).tolist()
        assert vectors.doesnt_match([*words, "unknown"]) == theirs.doesnt_match(words)


def test_rank(vectors, theirs):
    rng = np.random.default_rng(2)
    for first, second in rng.choice(WORDS[:80], (50, 2)):
        assert vectors.rank(str(first), str(second)) == theirs.rank(first, second)


@pytest.mark.parametrize("options", [{}, {"restrict_vocab": 60}, {"case_insensitive": False}, {"dummy4unknown": True}])
def test_evaluate_word_analogies(vectors, theirs, tmp_path, options):
    rng = np.random.default_rng(3)
    pairs = rng.integers(0, 45, (150, 2)).tolist()
    lines = [f"Word{a} Word{a}s word{b} word{b}s" for a, b in pairs if a != b]
    path = tmp_path / "questions.txt"
    path.write_text("\n".join([": first", *lines[:70], "", ": gram2", *lines[70:], ": empty", ""]).lower())
    (score, sections), (expected, sections_expected) = (
        kind.evaluate_word_analogies(str(path), **options) for kind in (vectors, theirs)
    )
    assert 0.1 < score < (1 if "restrict_vocab" not in options else 1.01)
    assert score == pytest.approx(expected)
    for found, section in zip(sections, sections_expected, strict=True):
        assert found == section


@pytest.mark.parametrize("options", [{}, {"restrict_vocab": 60}, {"case_insensitive": False}, {"dummy4unknown": True}])
def test_evaluate_word_pairs(vectors, theirs, tmp_path, options):
    rng = np.random.default_rng(4)
    path = tmp_path / "pairs.tsv"
    pairs = rng.choice([*WORDS[:86], "none", "Word3"], (60, 2))
    path.write_text("# comment\n" + "".join(f"{a}\t{b}\t{rng.random():.2f}\n" for a, b in pairs))
    found, expected = (kind.evaluate_word_pairs(str(path), **options) for kind in (vectors, theirs))
    assert found[0] == pytest.approx(tuple(expected[0]), abs=1e-6)
    assert found[1] == pytest.approx(tuple(expected[1]), abs=1e-6)
    assert found[2] == pytest.approx(expected[2]) and found[2] > 0


def test_files_of_spaces_are_judged_where_the_delimiter_is_left_open(vectors, tmp_path):
    (tmp_path / "pairs.txt").write_text("word1 word2 1\nword3 word3s 9\n")
    assert vectors.evaluate_word_pairs(tmp_path / "pairs.txt", delimiter=None)[1][0] == pytest.approx(1)
    with pytest.raises(DataError, match=r"pairs\.txt:1: a line holds two words"):
        vectors.evaluate_word_pairs(tmp_path / "pairs.txt")


def test_a_set_without_known_words_is_told_by_its_file(vectors, tmp_path):
    (tmp_path / "pairs.tsv").write_text("le\tla\t1\nun\tune\t9\n")
    with pytest.raises(DataError, match=r"pairs\.tsv: a correlation needs two pairs that differ, 0 with vectors"):
        vectors.evaluate_word_pairs(tmp_path / "pairs.tsv")
    (tmp_path / "questions.txt").write_text(": x\nle la un une\n")
    score, sections = vectors.evaluate_word_analogies(tmp_path / "questions.txt")
    assert (score, sections[0]) == (0.0, {"section": "x", "correct": [], "incorrect": []})


def test_zeros_are_near_to_nothing(vectors):
    assert dict(vectors.most_similar("word1", topn=100))["Zeros"] != 0
    rows = np.array([[1, 0], [0, 0], [-1, 0]], np.float32)
    zeros = WordVectors(["a", "0", "b"], rows)
    assert zeros.most_similar("a") == [("0", 0.0), ("b", -1.0)]
    for asked in ({"positive": "0"}, {"positive": "a", "negative": "a"}):
        with pytest.raises(DataError, match="sum up to zeros"):
            zeros.most_similar(**asked)


def test_nan_is_told_by_its_row():
    broken = WordVectors(["a", "b"], np.array([[1, 2], [np.nan, 1]], np.float32))
    assert broken["a"].tolist() == [1, 2]
    for query in (lambda: broken.most_similar("a"), broken.get_normed_vectors, lambda: broken.similarity("a", "b")):
        with pytest.raises(DataError, match="holds NaN or infinity"):
            query()


@pytest.mark.parametrize(
    ("query", "error", "rule"),
    [
        (lambda v: v.most_similar("wrd1"), MissingWordError, "the word 'wrd1' .*; near it: word1"),
        (lambda v: v.most_similar("word1", topn=0), ConfigError, "topn must be a whole number from 1"),
        (lambda v: v.most_similar("word1", restrict_vocab=0), ConfigError, "restrict_vocab must be"),
        (lambda v: v.most_similar(), DataError, "nothing is asked for"),
        (lambda v: v.most_similar(np.ones(5)), DataError, "a vector of 12 numbers is needed"),
        (lambda v: v.similarity("word1", "none"), MissingWordError, "the word 'none'"),
        (lambda v: v.similarity("word1", 3), DataError, "a word is a string, 3 found"),
        (lambda v: v.n_similarity([], ["word1"]), DataError, "an empty one found"),
        (lambda v: v.n_similarity(["word1"], "word1"), DataError, "the string 'word1' found"),
        (lambda v: v.n_similarity(["word1"], ["x", "y"]), MissingWordError, "the word 'x'"),
        (lambda v: v.doesnt_match([]), DataError, "an empty one found"),
        (lambda v: v.doesnt_match(["x"]), MissingWordError, "the word 'x'"),
        (lambda v: v.rank("word1", "x"), MissingWordError, "the word 'x'"),
        (lambda v: v.evaluate_word_analogies("none.txt"), DataError, "there is no such file"),
        (lambda v: v.evaluate_word_pairs("x", restrict_vocab=0), ConfigError, "restrict_vocab must be"),
        (lambda v: v.evaluate_word_analogies("x", restrict_vocab=0), ConfigError, "restrict_vocab must be"),
    ],
)
def test_bad_input_is_a_typed_error(vectors, query, error, rule):
    with pytest.raises(error, match=rule):
        query(vectors)


def test_the_package_has_it_too():
    import mt2st

    assert mt2st.WordVectors is WordVectors
