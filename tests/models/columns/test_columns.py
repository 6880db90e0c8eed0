"""TF-IDF against scikit-learn's, with the same words and pairs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfVectorizer

from mt2st.embeddings.subwords import ngram_buckets
from mt2st.models.columns import build
from mt2st.models.columns.build import choose_columns
from mt2st.models.columns.columns import weigh
from mt2st.models.columns.ngrams import LENGTHS
from mt2st.models.columns.pairs import FIRST
from mt2st.text.tokenizer import tokenize

TEXTS = [
    "A good good film, good!",
    "not good; not good",
    "",
    "bad",
    "The film was not bad?\nNot at all :-)",
    "the the the plot",
    "\u00c9t\u00e9 \u03a3\u03a3 it's so-so",
]
NEW = ["good unseen film", "unseen", "", "not not bad", "The plot! was good", "\u00e9t\u00e9", "THE FILM :-)"]
# As in fastText, <word> is cut into 3 to 6 characters.
CUT = {"min_n": LENGTHS["min_n"], "max_n": LENGTHS["max_n"], "bucket": LENGTHS["bucket"]}


def words_and_pairs(text):
    tokens = tokenize(text)
    return tokens + [" ".join(pair) for pair in pairwise(["<s>", *tokens])]


def choose(labelled=TEXTS, others=(), *, pairs=True, ngrams=True, min_count=1, shared=10**9):
    return choose_columns(labelled, others, pairs=pairs, ngrams=ngrams, min_count=min_count, shared=shared)


def names_of(columns):
    """Return the name of each column: of words and pairs."""
    words = list(columns.words)
    named = {FIRST: "<s>"} | dict(enumerate(words))
    return words + [f"{named[key >> 32]} {named[key & 0xFFFFFFFF]}" for key in columns.pairs.keys.tolist()]


def dense(weighed, size):
    return csr_array((weighed.values, weighed.columns.ids, weighed.columns.offsets), (len(weighed.columns), size))


@pytest.mark.parametrize("pairs", [True, False])
def test_words_and_pairs_weigh_what_scikit_learn_gives_them(pairs):
    columns = choose(pairs=pairs).columns
    analyser = words_and_pairs if pairs else tokenize
    theirs = TfidfVectorizer(analyzer=analyser, sublinear_tf=True).fit(TEXTS)
    names = names_of(columns)
    assert sorted(names) == sorted(theirs.vocabulary_)
    order = [theirs.vocabulary_[name] for name in names]
    np.testing.assert_allclose(columns.idf, theirs.idf_[order], rtol=1e-6)
    # Scikit-learn leaves unknown columns out before it scales, as is done here.
    for texts in (TEXTS, NEW):
        found = dense(weigh(columns.columns(columns.number(texts)), columns.idf), len(columns)).toarray()
        np.testing.assert_allclose(found, theirs.transform(texts).toarray()[:, order], rtol=1e-5, atol=1e-7)


def grams_of(text):
    return [int(bucket) for word in tokenize(text) for bucket in ngram_buckets(word, **CUT)]


def test_n_grams_weigh_what_scikit_learn_gives_them_unknown_words_included():
    columns = choose().columns
    theirs = TfidfVectorizer(analyzer=grams_of, sublinear_tf=True).fit(TEXTS)
    buckets = columns.ngrams.index.buckets.tolist()
    assert sorted(buckets) == sorted(theirs.vocabulary_)
    order = [theirs.vocabulary_[bucket] for bucket in buckets]
    np.testing.assert_allclose(columns.ngram_idf, theirs.idf_[order], rtol=1e-6)
    for texts in (TEXTS, NEW, ["unseen unheard unseen", "filmgood", "badly"]):
        found = dense(weigh(columns.ngram_columns(columns.number(texts)), columns.ngram_idf), len(columns.ngrams))
        np.testing.assert_allclose(found.toarray(), theirs.transform(texts).toarray()[:, order], rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("word", ["a", "is", "\u00e9t\u00e9", "it's", "!", ":-)", "abcdefghij", "\U0001d400\u4e00"])
def test_n_grams_of_a_word_alone(word):
    columns = choose([f"{word} {word}x", "other"]).columns
    buckets = columns.ngrams.index.buckets
    expected = [n for own in tokenize(word) for n in ngram_buckets(own, **CUT)]
    assert buckets[columns.ngram_columns(columns.number([word])).ids].tolist() == expected


def test_a_text_of_unknown_words_has_no_columns_but_n_grams():
    columns = choose().columns
    numbered = columns.number(["filmgood unseen", "zzz"])
    assert columns.columns(numbered).lengths.tolist() == [0, 0]
    assert columns.ngram_columns(numbered).lengths.tolist()[0] > 0


def test_there_is_an_error_where_there_are_no_n_grams():
    columns = choose(ngrams=False).columns
    with pytest.raises(ValueError, match="there are no n-grams"):
        columns.ngram_columns(columns.number(["a"]))


def test_labelled_texts_have_all_their_words_and_others_the_frequent_ones():
    chosen = choose(["red blue", "red"], ["green green blue", "grey green red"], min_count=3)
    assert list(chosen.columns.words) == ["green", "red", "blue"], "by falling count, then in alphabetical order"
    assert chosen.counts.tolist() == [3, 3, 2]
    assert chosen.labelled.texts.ids.ids.tolist() == [1, 2, 1] and chosen.labelled.texts.unknown == []
    assert chosen.others.texts.ids.ids.tolist() == [0, 0, 2, -1, 0, 1] and chosen.others.texts.unknown == ["grey"]
    assert names_of(chosen.columns)[3:] and "green green" not in names_of(chosen.columns)
    # Of four texts 2, 3 and 2 have them; as frequencies of the two labelled ones that is 1, 1.5 and 1.
    np.testing.assert_allclose(chosen.columns.idf[:3], 1 + np.log(3 / np.array([2, 2.5, 2])), rtol=1e-6)


def test_n_grams_are_as_frequent_as_in_so_few_texts_as_have_labels():
    few, more = choose(["red"], ["red", "red", "blue"], min_count=1), choose(["red", "red", "red", "blue"])
    assert names_of(few.columns)[0] == names_of(more.columns)[0] == "red"
    assert few.columns.idf[0] == pytest.approx(1 + np.log(2 / 1.75)), "3 of 4 texts; 3/4 of the one that is labelled"
    grams = few.columns.ngram_idf[few.columns.ngrams.columns(few.columns.number(["red"])).ids]
    assert grams == pytest.approx(1 + np.log(2 / 1.75))
    assert more.columns.idf[0] == pytest.approx(1 + np.log(5 / 4)), "all are labelled: as scikit-learn has it"


def test_pairs_that_are_frequent_anywhere_come_first():
    chosen = choose(["red blue", "red"], ["green green red blue", "green green", "green"], min_count=1, shared=2)
    names, words = names_of(chosen.columns), len(chosen.columns.words)
    counts = dict(zip(names[words:], chosen.pair_counts.tolist(), strict=False))
    assert counts == {"<s> green": 3, "<s> red": 2, "red blue": 2, "green green": 2}
    assert names[words] == "<s> green" and names[words + 4 :] == []
    rest = choose(["red blue", "red"], ["green red blue"], min_count=1, shared=3)
    assert len(rest.pair_counts) == 0
    assert sorted(names_of(rest.columns)[3:]) == ["<s> red", "red blue"], "the labelled texts', and no others"


@pytest.mark.parametrize("words, many, there", [(64, 0, True), (65, 0, False), (65, 130, True), (65, 129, False)])
def test_n_grams_are_for_texts_that_are_short_or_few(words, many, there, monkeypatch):
    monkeypatch.setattr(build, "FEW_WORDS", many)
    assert (choose(["a " * words] * 2, ngrams=None).columns.ngrams is not None) == there


def test_pairs_of_labelled_texts_alone_are_counted_as_beside_others():
    texts = ["a good film", "a good plot", "a bad plot"] * 3
    how = {"pairs": True, "ngrams": False, "min_count": 1, "shared": 6}
    alone, beside = choose_columns(texts, [], **how), choose_columns(texts, [""], **how)
    assert alone.pair_counts.tolist() == beside.pair_counts.tolist() == [9, 6]  # <s> a, a good
    np.testing.assert_array_equal(alone.columns.pairs.keys, beside.columns.pairs.keys)


def test_n_grams_are_counted_in_the_first_texts_and_words_alone(monkeypatch):
    def found(number):
        return np.sort(choose(others=["good film", "good plot", "bad film"][:number]).columns.ngram_idf)

    first, all_three = found(1), found(3)
    assert not np.array_equal(first, all_three)
    for name, most in (("COUNTED", 1), ("COUNTED_WORDS", 3)):
        with monkeypatch.context() as patched:
            patched.setattr(build, name, most)
            assert np.array_equal(found(3), first)
    monkeypatch.setattr(build, "COUNTED_WORDS", 6)
    assert np.array_equal(found(3), all_three)
