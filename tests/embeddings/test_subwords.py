import fasttext
import numpy as np
import pytest
from gensim.models.fasttext_inner import compute_ngrams_bytes, ft_hash_bytes
from hypothesis import given
from hypothesis import strategies as st

from mt2st.embeddings.subword_rows import SubwordRows
from mt2st.embeddings.subwords import SubwordIndex, compose_vectors, ngram_buckets
from mt2st.errors import ConfigError, DataError

WORDS = [
    "is",
    "his",
    "a",
    "",
    "é",
    "naïve",
    "дом",
    "日本語",
    "🦊fox",
    "e\u0301tude",
    "ß",
    "don't",
    "<",
    ">",
    "<>",
    "x" * 70,
    "a\x00b",
]
SETTINGS = [(3, 6, 2_000_000), (1, 3, 97), (0, 2, 7), (2, 2, 1), (1, 1, 50), (5, 30, 2**31 - 1), (3, 2, 10), (0, 0, 0)]
characters = st.characters(exclude_categories=["Cs"])


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    text = tmp_path_factory.mktemp("fasttext") / "text.txt"
    text.write_text("one two three\n" * 3)
    options = {"minCount": 1, "dim": 1, "epoch": 0, "verbose": 0, "thread": 1}
    return {
        (low, high, bucket): fasttext.train_unsupervised(str(text), minn=low, maxn=high, bucket=bucket, **options)
        for low, high, bucket in ((3, 6, 2000), (1, 3, 97))
    }


@given(st.text(characters, max_size=12))
def test_buckets_are_those_of_fasttext(models, word):
    for (low, high, bucket), model in models.items():
        if word in model.words:
            continue
        numbers = model.get_subwords(word)[1] - len(model.words)
        assert ngram_buckets(word, low, high, bucket).tolist() == numbers.tolist()


@pytest.mark.parametrize("word", [*WORDS, "zwei"])
def test_buckets_of_odd_words_are_those_of_fasttext(models, word):
    for (low, high, bucket), model in models.items():
        numbers = model.get_subwords(word)[1] - len(model.words)
        assert ngram_buckets(word, low, high, bucket).tolist() == numbers.tolist()


def test_a_known_word_has_the_same_buckets_after_its_own_row(models):
    for (low, high, bucket), model in models.items():
        own, *others = model.get_subwords("three")[1].tolist()
        assert own == model.get_word_id("three")
        assert ngram_buckets("three", low, high, bucket).tolist() == [other - len(model.words) for other in others]


# The end of a sentence is no word in fastText, see below, and one in gensim.
@given(st.text(characters, min_size=1, max_size=12).filter(lambda word: word != "</s>"))
def test_hash_is_that_of_gensim(word):
    ngrams = compute_ngrams_bytes(word, 3, 6)
    assert ngram_buckets(word, 3, 6, 2_000_000).tolist() == [ft_hash_bytes(ngram) % 2_000_000 for ngram in ngrams]


def test_the_end_of_a_sentence_has_no_ngrams_as_in_fasttext(models):
    assert models[3, 6, 2000].get_subwords("</s>")[0] == ["</s>"]
    assert ngram_buckets("</s>", 3, 6, 2000).size == 0
    assert SubwordIndex.of(["</s>"], 3, 6, 2000).rows.tolist() == [0]


def test_order_and_repeats_are_kept():
    # <aaa> has <a aa aa a>, by hand: the two aa are one bucket, twice.
    found = ngram_buckets("aaa", 2, 2, 1000).tolist()
    assert len(found) == 4
    assert found[1] == found[2]
    assert len({found[0], found[1], found[3]}) == 3


def test_first_character_comes_before_length():
    both, short, long = (ngram_buckets("ab", *lengths, 10**6).tolist() for lengths in ((2, 3), (2, 2), (3, 3)))
    assert both == [short[0], long[0], short[1], long[1], short[2]]


def test_marks_alone_are_no_ngrams():
    assert ngram_buckets("ab", 1, 1, 10**6).size == 2
    assert ngram_buckets("", 1, 1, 10**6).size == 0
    assert ngram_buckets("", 1, 2, 10**6).size == 1


@pytest.mark.parametrize(("low", "high", "bucket"), SETTINGS)
def test_index_holds_each_words_own_row_and_buckets(low, high, bucket):
    if bucket > 10**8:
        bucket = 10**6 + 3
    index = SubwordIndex.of([*WORDS, "</s>"], low, high, bucket)
    words = len(WORDS) + 1
    for at, word in enumerate([*WORDS, "</s>"]):
        own, *rows = index.rows[index.offsets[at] : index.offsets[at + 1]].tolist()
        assert own == at
        assert index.buckets[np.array(rows, int) - words].tolist() == ngram_buckets(word, low, high, bucket).tolist()
    assert (index.min_n, index.max_n, index.bucket) == (low, high, bucket)
    assert len(set(index.rows.tolist())) == words + len(index.buckets)


def test_index_stores_used_buckets_once_in_order_of_first_use():
    index = SubwordIndex.of(WORDS, 3, 6, 64)
    expected = list(dict.fromkeys(int(number) for word in WORDS for number in ngram_buckets(word, 3, 6, 64)))
    assert index.buckets.tolist() == expected
    assert len(expected) < len(index.rows) - len(WORDS)
    kinds = (index.offsets.dtype, index.rows.dtype, index.buckets.dtype)
    assert kinds == (np.dtype(np.int64), np.dtype(np.int32), np.dtype(np.int32))


def test_buckets_at_the_edges_of_a_block_of_64_are_ranked():
    words = [f"w{number}" for number in range(3000)]
    index = SubwordIndex.of(words, 3, 6, 640)
    assert sorted(index.buckets.tolist()) == list(range(640))
    assert index.rows.max() == 3000 + 639


def test_no_words_and_no_ngrams():
    assert SubwordIndex.of([]).offsets.tolist() == [0]
    index = SubwordIndex.of(["a", "b"], max_n=0)
    assert (index.rows.tolist(), index.offsets.tolist(), index.buckets.size) == ([0, 1], [0, 1, 2], 0)


@pytest.mark.parametrize(
    ("settings", "said"),
    [((-1, 6, 10), "min_n"), ((3, -1, 10), "max_n"), ((3, 6, 0), "bucket"), ((3, 6, 2**31), "bucket")],
)
def test_settings_out_of_bounds_are_refused(settings, said):
    for build in (lambda: ngram_buckets("a", *settings), lambda: SubwordIndex.of(["a"], *settings)):
        with pytest.raises(ConfigError, match=said):
            build()


def test_half_a_surrogate_pair_is_a_data_error():
    with pytest.raises(DataError, match=r"'\\ud800x'"):
        SubwordIndex.of(["fine", "\ud800x"])


def test_buckets_that_are_not_stored_count_as_zeros():
    # "is" has <is and is>, in the buckets 425 and 199 (or the other way round) of 1000; one of them is stored.
    own = np.array([[3.0, 6.0]], np.float32)
    stored = int(ngram_buckets("is", 3, 3, 1000).max())
    other = np.array([[6.0, 0.0], [90.0, 90.0]], np.float32)
    subwords = SubwordRows(3, 3, 1000, np.array([stored, 999], np.int32), other, own)
    assert compose_vectors(["is"], subwords).tolist() == [[3.0, 2.0]]
