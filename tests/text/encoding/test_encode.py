import gzip
import lzma
import os
import random

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from mt2st.errors import ConfigError, DataError
from mt2st.text.encoding import EncodedCorpus, encode_corpus
from mt2st.text.encoding.merge import GrowingVocabulary

SMALL = 1 << 16  # blocks of 8 KiB
PARTS = ("ids.int32", "offsets.int64", "words.txt", "counts.int64")
PACK = {".gz": gzip.compress, ".xz": lzma.compress, ".zst": zstandard.compress, "": bytes}


def made_text(lines, seed=1, words=800):
    draw = random.Random(seed)
    known = [f"{'wörd' if i % 7 == 0 else 'w'}{i}{'-of-many-bytes' if i % 5 == 0 else ''}" for i in range(words)]
    rows = [" ".join(known[int(words * draw.random() ** 3)] for _ in range(draw.randrange(12))) for _ in range(lines)]
    return "".join(row + "\n" for row in rows)


TEXT = made_text(6000)


def split(text):
    return [line.split() for line in text.split("\n")]


def files_of(corpus):
    return [(corpus.folder / name).read_bytes() for name in PARTS]


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("suffix", PACK)
def test_a_file_is_encoded_alike_however_packed_and_by_however_many(write, tmp_path, check_corpus, suffix, workers):
    path = write("a.txt" + suffix, PACK[suffix](TEXT.encode()))
    corpus = encode_corpus(path, tmp_path / "c", min_count=3, workers=workers, memory=SMALL)
    assert len(corpus.shards) > 20
    check_corpus(corpus, split(TEXT), 3)
    assert sorted(path.name for path in corpus.folder.iterdir()) == sorted([*PARTS, "corpus.json"])


def test_files_do_not_depend_on_workers_and_sentences_not_on_memory(write, tmp_path):
    path = write("a.txt", TEXT)
    one = encode_corpus(path, tmp_path / "1", workers=1, memory=SMALL)
    two = encode_corpus(path, tmp_path / "2", workers=2, memory=SMALL)
    large = encode_corpus(path, tmp_path / "3", workers=2)
    assert files_of(one) == files_of(two)
    assert len(large.shards) == 1
    assert files_of(one)[0] == files_of(large)[0]
    assert files_of(one)[2:] == files_of(large)[2:]


WORDS = st.text(st.sampled_from("abB\u00c4\u03a3\u1e9e\u0130\u212a\u00e9.\u2028\u00a0"), min_size=1, max_size=12)


@settings(max_examples=20)
@given(st.lists(st.lists(WORDS, max_size=8), min_size=1, max_size=8).filter(any), st.booleans())
def test_any_token_lists(tmp_path_factory, check_corpus, token_lists, lower):
    folder = tmp_path_factory.mktemp("c")
    text = "\n".join(" ".join(tokens) for tokens in token_lists)
    (folder / "a.txt").write_bytes(text.encode())
    expected = [[token.lower() if lower else token for token in tokens] for tokens in token_lists]
    check_corpus(encode_corpus(folder / "a.txt", folder / "a", min_count=1, lower=lower), expected, 1)
    check_corpus(encode_corpus(iter(token_lists), folder / "b", min_count=1, lower=lower), expected, 1)


def test_tokens_may_hold_spaces(tmp_path, check_corpus):
    lists = [["New York", "\u00a0", "is\r", ""], [], ["\ufeffNew York"]]
    expected = [["New York", "\u00a0", "is\r"], [], ["\ufeffNew York"]]
    check_corpus(encode_corpus(lists, tmp_path, min_count=1), expected, 1)


def test_token_lists_fill_many_blocks(tmp_path, check_corpus):
    lists = split(TEXT)
    corpus = encode_corpus((iter(tokens) for tokens in lists), tmp_path, min_count=2, memory=SMALL, workers=2)
    assert len(corpus.shards) > 20
    check_corpus(corpus, lists, 2)


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        ("a text", "sentence 1 must be a list of strings .*a string found: split it"),
        (["a\nb"], r"sentence 1 must .*'a\\nb' found"),
        (["a\0b"], r"sentence 1 must .*'a\\x00b' found"),
        ([3], "sentence 1 must .*int found"),
        (["\ud800"], "sentence 1 must .*surrogates"),
    ],
)
def test_what_is_no_token_list(tmp_path, tokens, words):
    with pytest.raises(DataError, match=words):
        encode_corpus([["fine"], tokens], tmp_path)


def test_errors_of_an_iterable_are_its_own(tmp_path):
    def broken():
        yield ["a"]
        (tmp_path.parent / "none").open()

    with pytest.raises(FileNotFoundError):
        encode_corpus(broken(), tmp_path / "c")


def test_line_ends_marks_and_several_files(write, tmp_path, check_corpus):
    mark = b"\xef\xbb\xbf"
    files = [
        write("a.txt", mark + b"to be\r\nor\x0bnot\r\n\r\n" + mark + b"to\tbe"),
        write("b.txt", b""),
        write("c.txt", mark + b"that is"),
        write("d.txt", b"\n \n"),
    ]
    expected = [["to", "be"], ["or", "not"], ["to", "be"], ["that", "is"]]
    check_corpus(encode_corpus(files, tmp_path, min_count=1), expected, 1)


def test_many_small_files_share_blocks(write, tmp_path, check_corpus):
    texts = [made_text(3, seed, 20) for seed in range(300)]
    files = [write(f"{number}.txt", text[:-1]) for number, text in enumerate(texts)]
    corpus = encode_corpus(files, tmp_path, min_count=1, memory=SMALL)
    assert len(corpus.shards) < 10
    check_corpus(corpus, split("".join(texts)), 1)


def test_a_line_longer_than_a_block_is_cut_at_a_space(write, tmp_path, check_corpus):
    words = [f"w{number % 50}" for number in range(30_000)]
    corpus = encode_corpus(write("a.txt", " ".join(words)), tmp_path, memory=SMALL)
    assert corpus.sentences > 5
    joined = [word for shard in corpus.shards for word in shard.ids.tolist()]
    assert [corpus.vocabulary.words[at] for at in joined] == words


def test_a_word_longer_than_a_block(write, tmp_path):
    path = write("a.txt", b"a b\n" + b"x" * 20_000)
    with pytest.raises(DataError, match=r"a\.txt: a word of more than 8192 bytes: .*memory"):
        encode_corpus(path, tmp_path, memory=SMALL)


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        (b"na\xc3\xafve caf\xe9 x", "4001:10", "0xe9 is not UTF-8: .*iconv -f LATIN1"),
        (b"a\0b", "4001:2", r"NUL byte.*tr -d"),
        (b"\xc3 \xa9", "4001:1", "0xc3 is not UTF-8"),
        (b"\xed\xa0\x80", "4001:1", "not UTF-8"),
    ],
)
def test_bad_bytes_have_their_place(write, tmp_path, content, place, words):
    files = [write("good.txt", "good"), write("a.txt", b"fine\n" * 4000 + content)]
    with pytest.raises(DataError, match=rf"a\.txt:{place}: .*{words}"):
        encode_corpus(files, tmp_path, memory=SMALL, workers=2)


def test_utf16_is_recognised(write, tmp_path):
    with pytest.raises(DataError, match=r"a\.txt:1:1: .*iconv -f UTF-16 "):
        encode_corpus(write("a.txt", "to be".encode("utf-16")), tmp_path)


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".zst"])
def test_a_damaged_file(write, tmp_path, suffix):
    path = write("a.txt" + suffix, PACK[suffix](TEXT.encode())[:-30])
    with pytest.raises(DataError, match=r"a\.txt\..*: the compressed file is damaged or cut short .*again"):
        encode_corpus(path, tmp_path)


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("", "the text has no words"),
        ("\n \n", "the text has no words"),
        ("a b c", r"no word occurs min_count=2 times or more: lower it"),
    ],
)
def test_no_word_is_frequent_enough(write, tmp_path, content, rule):
    with pytest.raises(DataError, match=rule):
        encode_corpus(write("a.txt", content), tmp_path, min_count=2)


@pytest.mark.parametrize(
    "setting", [{"min_count": 0}, {"max_vocabulary": 0}, {"workers": 0}, {"memory": 1000}], ids=lambda s: next(iter(s))
)
def test_settings_out_of_bounds(write, tmp_path, setting):
    with pytest.raises(ConfigError, match=f"{next(iter(setting))} must be"):
        encode_corpus(write("a.txt", "a"), tmp_path, **setting)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_bounded_vocabulary_keeps_frequent_words_with_exact_counts(write, tmp_path, workers):
    rare = iter(range(100_000))
    lines = [f"the cat {'sat ' * (line % 3)}r{next(rare)} r{next(rare)}" for line in range(4000)]
    path = write("a.txt", "\n".join(lines))
    corpus = encode_corpus(path, tmp_path, min_count=1, max_vocabulary=100, workers=workers, memory=SMALL)
    assert len(corpus.vocabulary) <= 100
    assert corpus.vocabulary.words[:3] == ["cat", "the", "sat"]
    assert corpus.vocabulary.counts[:3].tolist() == [4000, 4000, 3999]
    assert corpus.words == 4000 * 4 + 3999
    assert corpus.tokens == corpus.vocabulary.counts.sum()
    assert set(corpus.vocabulary.counts[3:].tolist()) <= {1}


def test_what_a_bound_drops_depends_on_blocks_alone(write, tmp_path, monkeypatch):
    path, taken = write("a.txt", TEXT), []
    take = GrowingVocabulary.take
    monkeypatch.setattr(GrowingVocabulary, "take", lambda growing, table: taken.append(1) or take(growing, table))
    corpora = [
        encode_corpus(path, tmp_path / str(workers), max_vocabulary=300, workers=workers, memory=SMALL)
        for workers in (1, 2, 3)
    ]
    assert len(taken) == 3 * len(corpora[0].shards)
    assert files_of(corpora[0]) == files_of(corpora[1]) == files_of(corpora[2])


def test_a_bound_that_is_not_reached_changes_nothing(write, tmp_path, check_corpus):
    path = write("a.txt", TEXT)
    check_corpus(encode_corpus(path, tmp_path, min_count=1, max_vocabulary=800, memory=SMALL), split(TEXT), 1)


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_progress_ends_with_all_bytes(write, tmp_path, suffix):
    path, calls = write("a.txt" + suffix, PACK[suffix](TEXT.encode())), []
    encode_corpus([path, path], tmp_path, memory=SMALL, on_progress=lambda *call: calls.append(call))
    size = 2 * path.stat().st_size
    assert calls == sorted(calls)
    assert calls[-1] == (size, size)
    encode_corpus([["a"] * 5], tmp_path, on_progress=lambda *call: calls.append(call))
    assert calls[-1] == (10, None)


def test_a_folder_that_is_a_file(write, tmp_path):
    with pytest.raises(DataError, match=r"c: this is a file: pass another folder"):
        encode_corpus(write("a.txt", "a"), write("c", ""))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(write, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(DataError, match="no permission to write here"):
        encode_corpus(write("a.txt", "a"), tmp_path / "c")


def test_a_full_disk(write, tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    path = write("a.txt", TEXT)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(DataError, match=f"^{tmp_path}: the disk is full: free space"):
        encode_corpus(path, tmp_path)
    monkeypatch.undo()
    assert encode_corpus(path, tmp_path).words == len(TEXT.split())


def test_gensim_counts_the_same(write, tmp_path):
    word2vec = pytest.importorskip("gensim.models.word2vec")
    path = write("a.txt", TEXT)
    model = word2vec.Word2Vec(min_count=5)
    model.build_vocab(word2vec.LineSentence(str(path)))
    corpus = encode_corpus(path, tmp_path)
    assert dict(zip(corpus.vocabulary.words, corpus.vocabulary.counts.tolist(), strict=True)) == {
        word: model.wv.get_vecattr(word, "count") for word in model.wv.index_to_key
    }
    assert corpus.words == model.corpus_total_words
    assert EncodedCorpus.open(tmp_path).vocabulary == corpus.vocabulary
