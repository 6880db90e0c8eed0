"""Vectors of unseen words, beside gensim's, which has its own hashing."""

import numpy as np
import pytest

from mt2st.embeddings import SubwordRows, WordVectors
from mt2st.errors import MissingWordError

WORDS = ["where", "there", "is"]
UNSEEN = ["whereabouts", "this", "Ünïcode", "日本語", "q", "isis"]
BUCKET, SIZE = 500, 6


@pytest.fixture(scope="module")
def gensim_vectors():
    fasttext = pytest.importorskip("gensim.models.fasttext")
    rng = np.random.default_rng(0)
    vectors = fasttext.FastTextKeyedVectors(SIZE, min_n=3, max_n=6, bucket=BUCKET)
    vectors.add_vectors(WORDS, rng.normal(size=(3, SIZE)).astype(np.float32))
    vectors.vectors_ngrams = rng.normal(size=(BUCKET, SIZE)).astype(np.float32)
    return vectors


def ours(vectors, buckets, **given):
    rows = vectors.vectors_ngrams[buckets]
    subwords = SubwordRows(3, 6, BUCKET, np.asarray(buckets, np.int32), rows, vectors.vectors)
    return WordVectors(WORDS, vectors.vectors, subwords=subwords, **given)


@pytest.mark.parametrize("word", [*UNSEEN, *WORDS])
def test_agrees_with_gensim_where_every_bucket_is_stored(gensim_vectors, word):
    found = ours(gensim_vectors, np.arange(BUCKET))
    assert found.get_vector(word) == pytest.approx(gensim_vectors.get_vector(word), abs=1e-6)
    expected = gensim_vectors.get_vector(word) / np.linalg.norm(gensim_vectors.get_vector(word))
    assert found.get_vector(word, norm=True) == pytest.approx(expected, abs=1e-6)
    assert found.similarity(word, "where") == pytest.approx(gensim_vectors.similarity(word, "where"), abs=1e-6)
    assert word in found


def test_buckets_that_are_not_stored_count_as_zeros(gensim_vectors):
    stored = np.flatnonzero(np.random.default_rng(1).random(BUCKET) < 0.5)
    kept = np.zeros_like(gensim_vectors.vectors_ngrams)
    kept[stored] = gensim_vectors.vectors_ngrams[stored]
    whole = gensim_vectors.vectors_ngrams
    try:
        gensim_vectors.vectors_ngrams = kept
        expected = [gensim_vectors.get_vector(word) for word in UNSEEN]
        gensim_vectors.vectors_ngrams = whole
        found = ours(gensim_vectors, stored)
    finally:
        gensim_vectors.vectors_ngrams = whole
    for word, vector in zip(UNSEEN, expected, strict=True):
        assert found.get_vector(word) == pytest.approx(vector, abs=1e-6)


def test_no_stored_bucket_is_a_vector_of_zeros_near_to_nothing(gensim_vectors):
    found = ours(gensim_vectors, np.empty(0, np.int64))
    assert found.get_vector("this").tolist() == [0] * SIZE
    assert found.similarity("this", "is") == 0


def test_neighbours_of_unseen_words(gensim_vectors):
    found = ours(gensim_vectors, np.arange(BUCKET))
    expected = gensim_vectors.most_similar("this", topn=3)
    assert [word for word, _ in found.most_similar("this", topn=3)] == [word for word, _ in expected]
    assert dict(found.most_similar("this", topn=3)) == pytest.approx(dict(expected), abs=1e-6)


def test_a_word_without_ngrams_is_told(gensim_vectors):
    found = ours(gensim_vectors, np.arange(BUCKET))
    assert "" not in found
    with pytest.raises(MissingWordError, match="the word '' is not known and has no n-gram of 3 to 6 characters"):
        found.get_vector("")
    with pytest.raises(MissingWordError, match="'this' is not among the 3 words"):
        found.get_index("this")


def test_an_unseen_vector_cannot_be_written(gensim_vectors):
    with pytest.raises(ValueError, match="read-only"):
        ours(gensim_vectors, np.arange(BUCKET)).get_vector("this")[0] = 1


def test_repeats_count(gensim_vectors):
    found = ours(gensim_vectors, np.arange(BUCKET))
    ngrams = found.subwords.ngrams("aaaa")
    assert len(set(ngrams.tolist())) < len(ngrams)  # aaa twice
    assert found.get_vector("aaaa") == pytest.approx(gensim_vectors.vectors_ngrams[ngrams].mean(0), abs=1e-6)


def test_pairs_of_unseen_words_are_judged(gensim_vectors, tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("Where\tthere\t9\nThis\tis\t5\nwhere\tisis\t1\n")
    found = ours(gensim_vectors, np.arange(BUCKET))
    pearson, _, oov_ratio = found.evaluate_word_pairs(path)
    pairs = [("where", "there"), ("this", "is"), ("where", "isis")]
    expected = np.corrcoef([9, 5, 1], [gensim_vectors.similarity(*pair) for pair in pairs])[0, 1]
    assert pearson[0] == pytest.approx(expected, abs=1e-6)
    assert oov_ratio == 0
    # Words beyond the restriction keep their own vectors; case is kept where it is told apart.
    assert found.evaluate_word_pairs(path, restrict_vocab=1)[0][0] == pytest.approx(expected, abs=1e-6)
    cased = [gensim_vectors.similarity(*pair) for pair in [("Where", "there"), ("This", "is"), ("where", "isis")]]
    found_cased = found.evaluate_word_pairs(path, case_insensitive=False)[0][0]
    assert found_cased == pytest.approx(np.corrcoef([9, 5, 1], cased)[0, 1], abs=1e-6)


def test_buckets_in_any_order_are_put_in_rising_order():
    rows = np.arange(6, dtype=np.float32).reshape(3, 2)
    mixed = SubwordRows(3, 3, 1000, np.array([425, 7, 199], np.int32), rows, rows[:0])
    assert mixed.buckets.tolist() == [7, 199, 425]
    np.testing.assert_array_equal(mixed.rows, rows[[1, 2, 0]])
    np.testing.assert_array_equal(mixed.unseen("is"), (rows[2] + rows[0]) / 2)  # <is is>


def test_a_part_of_the_words_has_unseen_ones_too(gensim_vectors):
    theirs = gensim_vectors.vectors_for_all(["whereabouts", "is"])
    counted = ours(gensim_vectors, np.arange(BUCKET), counts=range(9, 9 - len(WORDS), -1))
    part = counted.vectors_for_all(["whereabouts", "is"])
    assert part.index_to_key == ["whereabouts", "is"]
    assert part.vectors == pytest.approx(np.stack([theirs[word] for word in part]), abs=1e-6)
    assert (part.subwords, part.counts.tolist()) == (None, [0, 9 - WORDS.index("is")])
