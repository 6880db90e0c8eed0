"""Every query beside gensim's, on vectors whose words have neighbours."""

import itertools

import numpy as np
import pytest

from mt2st.embeddings import WordVectors
from mt2st.embeddings.words.habits import HABITS
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
    assert vectors.similar_by_vector(rows[4].tolist(), 3) == vectors.most_similar(rows[4], topn=3)
    for kind in (str, object):
        words = np.array(["word4", "word7"], dtype=kind)
        assert vectors.most_similar(words) == vectors.most_similar(["word4", "word7"])
    assert vectors.similar_by_word("word4", 3, 20) == vectors.most_similar("word4", topn=3, restrict_vocab=20)


@pytest.mark.parametrize("clip", [(0, 40), (30, None), (20, 60), (3, 4), (50, 50)])
@pytest.mark.parametrize("topn", [3, 100, None, 0])
def test_a_part_of_the_words_is_searched(vectors, theirs, clip, topn):
    asked = {"positive": ["word3", "word5s"], "topn": topn, "clip_start": clip[0], "clip_end": clip[1]}
    assert_same(vectors.most_similar(**asked), theirs.most_similar(**asked))


@pytest.mark.filterwarnings("ignore:Call to deprecated `init_sims`")  # gensim's own call
@pytest.mark.parametrize(
    "asked",
    [
        {"positive": "word3"},
        {"positive": ["word3", "word5s"], "negative": ["word5"]},
        {"positive": ["word3", "word5s", "word3"], "negative": ["word5", "word9"], "topn": 100},
        {"positive": ["word3"], "negative": "word9", "topn": None},
        {"positive": ["word3"], "topn": 0},
    ],
)
def test_most_similar_by_products(vectors, theirs, rows, asked):
    assert_same(vectors.most_similar_cosmul(**asked), theirs.most_similar_cosmul(**asked))
    unit = rows[9] / np.linalg.norm(rows[9])
    found = vectors.most_similar_cosmul(["word3", rows[9]], topn=5)
    assert_same(found, theirs.most_similar_cosmul(["word3", unit], topn=5))
    near = [found for found in theirs.most_similar_cosmul("word3", topn=86) if WORDS.index(found[0]) < 20]
    assert_same(vectors.most_similar_cosmul("word3", topn=5, restrict_vocab=20), near[:5])  # gensim passes it over


def assert_same(found, expected):
    if isinstance(expected, np.ndarray):
        assert found == pytest.approx(expected, abs=1e-6)
    else:
        assert [word for word, _ in found] == [word for word, _ in expected]
        assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-6)


def test_distances(vectors, theirs, rows):
    for asked in ("word3", rows[5] * 3):
        near = ["word1", "word9s", "word1"]
        assert vectors.distances(asked, near) == pytest.approx(theirs.distances(asked, near), abs=1e-6)
        assert vectors.distances(asked) == pytest.approx(theirs.distances(asked), abs=1e-6)


@pytest.mark.parametrize("normed", [*itertools.product([True, False], [True, False])])
def test_mean_vectors(vectors, theirs, rows, normed):
    options = dict(zip(("pre_normalize", "post_normalize"), normed, strict=True))
    for keys, weights in (
        (["word1", "word2s", "unknown", "word3"], None),
        (["word1", rows[4], "unknown", "word3"], [1, -0.5, 9, 0]),
        (["word1"], np.array([0])),
    ):
        expected = theirs.get_mean_vector(keys, None if weights is None else np.asarray(weights, float), **options)
        assert vectors.get_mean_vector(keys, weights, **options) == pytest.approx(expected, abs=1e-5)


def test_a_part_of_the_words_alone(rows):
    counted = WordVectors(WORDS, rows, counts=np.arange(87, 0, -1))
    part = counted.vectors_for_all(word for word in ["word7", "none", "Zeros", "word7"])
    assert (part.index_to_key, part.counts.tolist()) == (["word7", "Zeros"], [80, 1])
    assert np.array_equal(part.vectors, rows[[7, 86]])
    assert WordVectors(WORDS, rows).vectors_for_all(["word7"]).counts is None
    with pytest.raises(DataError, match=r"write \['word7'\]"):
        counted.vectors_for_all("word7")
    with pytest.raises(MissingWordError, match="the word 'none'"):
        counted.vectors_for_all(["none"])


def test_other_names(vectors, theirs, rows):
    assert vectors.similar_by_key("word4", 3, 20) == vectors.most_similar("word4", topn=3, restrict_vocab=20)
    assert_same(vectors.similar_by_vector(rows[4] * 2, 7), theirs.similar_by_vector(rows[4] * 2, 7))
    assert [vectors.has_index_for(key) for key in ("word4", "none", 4, ["word4"])] == [True, False, False, False]
    theirs.set_vecattr("word4", "count", 17)
    counted = WordVectors(WORDS, rows, counts=np.where(np.arange(87) == 4, 17, 1))
    assert counted.get_vecattr("word4", "count") == theirs.get_vecattr("word4", "count") == 17
    with pytest.raises(MissingWordError, match="the word 'none'"):
        counted.get_vecattr("none", "count")
    with pytest.raises(DataError, match="these vectors have no counts"):
        vectors.get_vecattr("word4", "count")


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
        assert vectors.closer_than(str(first), str(second)) == theirs.closer_than(first, second)


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
        (lambda v: v.most_similar("word1", topn=-1), ConfigError, "topn must be a whole number from 0"),
        (lambda v: v.most_similar("word1", clip_start=-1), ConfigError, "clip_start must be a whole number from 0"),
        (lambda v: v.most_similar("word1", clip_end=2.0), ConfigError, "clip_end must be a whole number from 1"),
        (
            lambda v: v.most_similar_cosmul(["a", ("b", 0.5)]),
            DataError,
            "without weights, at least one of them positive",
        ),
        (lambda v: v.most_similar_cosmul(negative=["word1"]), DataError, "at least one of them positive"),
        (lambda v: v.distances("none"), MissingWordError, "the word 'none'"),
        (lambda v: v.distances("word1", "word2"), DataError, "the string 'word2' found"),
        (lambda v: v.distances(3), DataError, "a word is a string, 3 found"),
        (lambda v: v.closer_than("word1", "none"), MissingWordError, "the word 'none'"),
        (lambda v: v.get_mean_vector([]), DataError, "an empty one found"),
        (lambda v: v.get_mean_vector(["none"]), MissingWordError, "the word 'none'"),
        (lambda v: v.get_mean_vector(["word1", "none"], ignore_missing=False), MissingWordError, "the word 'none'"),
        (
            lambda v: v.get_mean_vector(["word1"], [1, 2]),
            DataError,
            r"weights must be as many as keys, 1.* \(2,\) found",
        ),
        (lambda v: v.get_vecattr("word1", "sample_int"), ConfigError, "attr must be 'count'"),
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
        (lambda v: v.doesnt_match("word1 word2"), DataError, r"write 'word1 word2'\.split\(\)"),
        (lambda v: v.most_similar([[0.5] * 12]), DataError, r"a vector is a NumPy array: .*0.5, \.\.\.\] found"),
        (lambda v: v.rank("word1", "x"), MissingWordError, "the word 'x'"),
        (lambda v: v.evaluate_word_analogies("none.txt"), DataError, "there is no such file"),
        (lambda v: v.evaluate_word_pairs("x", restrict_vocab=0), ConfigError, "restrict_vocab must be"),
        (lambda v: v.evaluate_word_analogies("x", restrict_vocab=0), ConfigError, "restrict_vocab must be"),
    ],
)
def test_bad_input_is_a_typed_error(vectors, query, error, rule):
    with pytest.raises(error, match=rule):
        query(vectors)


@pytest.mark.parametrize(
    "name, instead",
    [
        ("wv", "these are the vectors already, leave .wv out"),
        ("save_word2vec_format", r'write save\("name.vec"\)'),
        ("get_nearest_neighbors", r"write most_similar\(word\)"),
        ("accuracy", r"write evaluate_word_analogies\(file\)"),
        ("index2word", "write index_to_key"),
        ("norms", "write lengths"),
        ("window", r"write training\['window'\]"),
    ],
)
def test_a_name_of_gensims_or_fasttexts_is_answered_with_ours(vectors, name, instead):
    with pytest.raises(AttributeError, match=f"'WordVectors' has no attribute '{name}': {instead}"):
        getattr(vectors, name)


def test_a_constructor_of_gensims_is_answered_on_the_class_too():
    hint = r"type object 'WordVectors' has no attribute 'load_word2vec_format': write WordVectors\.load\(file\)"
    with pytest.raises(AttributeError, match=hint):
        WordVectors.load_word2vec_format("vectors.bin")
    with pytest.raises(AttributeError, match=r"type object 'WordVectors' has no attribute 'nothing'$"):
        WordVectors.nothing  # noqa: B018


def test_the_hint_for_centrality_gives_gensims_numbers(vectors, theirs):
    words = vectors.index_to_key[:5]
    ours = 1 - vectors.distances(vectors.get_mean_vector(words), words)
    ranked = sorted(zip(ours.tolist(), words, strict=True), reverse=True)
    assert ranked == [(pytest.approx(centrality), word) for centrality, word in theirs.rank_by_centrality(words)]


def test_no_name_of_gensims_that_is_there_has_a_hint(vectors):
    assert not [name for name in HABITS if hasattr(vectors, name)]


def test_an_unknown_name_is_an_attribute_error_without_a_hint(vectors):
    with pytest.raises(AttributeError, match=r"'WordVectors' has no attribute 'nothing'$"):
        vectors.nothing  # noqa: B018


def test_the_package_has_it_too():
    import mt2st

    assert mt2st.WordVectors is WordVectors
