import lzma

import fasttext
import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.models.fasttext import FastText as GensimFastText
from gensim.models.fasttext import load_facebook_model, load_facebook_vectors, save_facebook_model

from mt2st.embeddings.formats import detect_format, load_vectors, save_vectors
from mt2st.embeddings.words.vectors import WordVectors
from mt2st.errors import DataError

UNSEEN = ["unseen", "наши", "語本", "q", "wordy", "naïveté"]
NO_NGRAMS = {"minn": 0, "maxn": 0}


def close(left, right):
    return np.allclose(left, right, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("word2vec-text", {}),
        ("word2vec-binary", {"binary": True}),
        ("glove", {"no_header": True}),
        ("fasttext-text", {}),
    ],
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # without a header gensim leaves it open
def test_gensim_loads_ours(tmp_path, plain, name, options):
    # gensim takes off marks and no-break spaces around words.
    table = WordVectors(plain.index_to_key[:7], plain.vectors[:7])
    save_vectors(table, tmp_path / "a", format=name)
    found = KeyedVectors.load_word2vec_format(tmp_path / "a", **options)
    assert found.index_to_key == table.index_to_key
    assert np.array_equal(found.vectors, table.vectors)


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("header", [False, True])
def test_we_load_gensims(tmp_path, plain, binary, header):
    if binary and not header:
        pytest.skip("a binary file has a header")
    theirs = KeyedVectors(6)
    theirs.add_vectors(plain.index_to_key, plain.vectors)
    theirs.save_word2vec_format(tmp_path / "a", binary=binary, write_header=header)
    assert detect_format(tmp_path / "a") == ("word2vec-binary" if binary else "word2vec-text" if header else "glove")
    found = load_vectors(tmp_path / "a")
    assert found.index_to_key == plain.index_to_key
    assert np.array_equal(found.vectors, plain.vectors)


@pytest.mark.parametrize("name", ["a.kv", "a.vec"])
def test_gensims_pickles_are_told_with_the_way_out(tmp_path, plain, name):
    theirs = KeyedVectors(6)
    theirs.add_vectors(plain.index_to_key, plain.vectors)
    theirs.save(str(tmp_path / name))
    with pytest.raises(DataError, match=rf"{name}: this is a pickle of gensim's .* save_word2vec_format"):
        load_vectors(tmp_path / name)


def test_words_that_are_not_utf8_are_read_as_gensim_reads_them(tmp_path):
    text = tmp_path / "text"
    text.write_bytes(b"caf\xe9 au lait \xe9t\xe9 na\xc3\xafve\n" * 20)
    options = {"minCount": 1, "dim": 6, "bucket": 50, "epoch": 0, "thread": 1, "verbose": 0}
    model = fasttext.train_unsupervised(str(text), **options)
    # Rows of our choice, as it does not set its own in whole where they are few.
    shapes = model.get_input_matrix().shape, model.get_output_matrix().shape
    model.set_matrices(*(np.random.default_rng(1).normal(size=shape).astype(np.float32) for shape in shapes))
    model.save_model(str(tmp_path / "a.bin"))
    with pytest.warns(UserWarning, match=r"2 words not in UTF-8, the first is entry \d, '(caf|..e9t).*xe9'"):
        found = load_vectors(tmp_path / "a.bin")
    theirs = load_facebook_vectors(str(tmp_path / "a.bin"))
    assert sorted(found.index_to_key) == sorted(theirs.index_to_key)
    assert {"caf\\xe9", "\\xe9t\\xe9", "naïve"} <= set(found.index_to_key)
    for word in ("au", "lait", "naïve"):
        assert close(found[word], theirs[word])


@pytest.mark.parametrize(
    "options",
    [{"minn": 2, "maxn": 4, "bucket": 90}, {"minn": 3, "maxn": 6, "bucket": 500}, NO_NGRAMS, {"model": "cbow"}],
)
def test_we_load_what_fasttext_writes(tmp_path, fasttext_model, options):
    model = fasttext_model(**{"bucket": 200, **options})
    model.save_model(str(tmp_path / "a.bin"))
    assert detect_format(tmp_path / "a.bin") == "fasttext"
    found = load_vectors(tmp_path / "a.bin")
    assert found.index_to_key == model.words
    assert found.counts.tolist() == model.get_words(include_freq=True)[1].tolist()
    assert close(found.vectors, [model.get_word_vector(word) for word in model.words])
    assert np.array_equal(found.output, model.get_output_matrix())
    assert (found.subwords is None) == (options is NO_NGRAMS)
    if found.subwords:
        assert close([found[word] for word in UNSEEN if word in found], [model[w] for w in UNSEEN if w in found])


def test_we_load_the_words_of_a_model_with_labels(tmp_path, fasttext_model):
    for options in ({"minn": 2, "maxn": 3}, {"wordNgrams": 2}):
        model = fasttext_model("supervised", bucket=70, **options)
        model.save_model(str(tmp_path / "a.bin"))
        found = load_vectors(tmp_path / "a.bin")
        assert (found.index_to_key, found.output) == (model.words, None)
        assert close(found.vectors, [model.get_word_vector(word) for word in model.words])
        assert (found.subwords is None) == ("minn" not in options)


def test_fasttext_loads_ours(tmp_path, full):
    save_vectors(full, tmp_path / "a.bin")
    model = fasttext.load_model(str(tmp_path / "a.bin"))
    assert model.get_words(include_freq=True)[0] == full.index_to_key
    assert model.get_words(include_freq=True)[1].tolist() == full.counts.tolist()
    for word in [*full.index_to_key, *UNSEEN]:
        assert close(model.get_word_vector(word), full[word])
    assert np.array_equal(model.get_output_matrix(), full.output)
    inputs = model.get_input_matrix()
    assert inputs.shape == (len(full) + 300, 6)
    unused = np.setdiff1d(np.arange(300), full.subwords.buckets)
    assert len(unused)
    assert not inputs[len(full) + unused].any()


def test_fasttext_loads_ours_without_subwords(tmp_path, plain):
    save_vectors(plain, tmp_path / "a.bin", format="fasttext")
    model = fasttext.load_model(str(tmp_path / "a.bin"))
    assert [model.get_word_vector(word).tolist() for word in plain.index_to_key] == plain.vectors.tolist()
    assert not model.get_word_vector("unseen").any()
    assert model.get_words(include_freq=True)[1].tolist() == [1] * len(plain)
    assert not model.get_output_matrix().any()


def test_a_file_of_ours_goes_through_fasttext_byte_by_byte(tmp_path, full):
    save_vectors(full, tmp_path / "a.bin")
    fasttext.load_model(str(tmp_path / "a.bin")).save_model(str(tmp_path / "b.bin"))
    assert (tmp_path / "a.bin").read_bytes() == (tmp_path / "b.bin").read_bytes()


def test_gensim_loads_our_fasttext_file(tmp_path, full):
    save_vectors(full, tmp_path / "a.bin")
    found = load_facebook_vectors(tmp_path / "a.bin")
    for word in [*full.index_to_key, *UNSEEN]:
        assert close(found[word], full[word])
    model = load_facebook_model(tmp_path / "a.bin")
    assert np.array_equal(model.syn1neg, full.output)


@pytest.mark.parametrize(
    ("training", "expected"),
    [
        ({"method": "cbow", "window": 7, "epochs": 2, "min_count": 4, "negative": 9, "sample": 1e-3}, (0, 7, 2, 4, 9)),
        ({"method": "skipgram", "window": 3, "alpha": 0.1}, (1, 3, 5, 1, 5)),
        ({"method": "glove", "window": 15}, (1, 5, 5, 1, 5)),
        ({}, (1, 5, 5, 1, 5)),
        (None, (1, 5, 5, 1, 5)),
    ],
)
def test_gensim_goes_on_as_the_vectors_were_trained(tmp_path, full, training, expected):
    full.training = training
    save_vectors(full, tmp_path / "a.bin")
    found = load_facebook_model(str(tmp_path / "a.bin"))
    assert (found.sg, found.window, found.epochs, found.min_count, found.negative) == expected
    assert load_vectors(tmp_path / "a.bin").training["method"] == ("skipgram" if found.sg else "cbow")


@pytest.mark.parametrize(
    ("options", "method"), [({"model": "cbow", "ws": 9}, "cbow"), ({"ws": 9}, "skipgram"), ({"loss": "hs"}, None)]
)
def test_we_know_how_fasttexts_vectors_were_trained(tmp_path, fasttext_model, options, method):
    fasttext_model(bucket=50, **options).save_model(str(tmp_path / "a.bin"))
    found = load_vectors(tmp_path / "a.bin").training
    assert (found and (found["method"], found["window"])) == (method and (method, 9))


def test_we_load_gensims_fasttext_file(tmp_path):
    sentences = [["one", "zwei", "три"], ["naïve", "one", "three"]]
    model = GensimFastText(sentences, vector_size=4, min_count=1, bucket=60, epochs=2, workers=1, seed=3)
    save_facebook_model(model, str(tmp_path / "a.bin"))
    found = load_vectors(tmp_path / "a.bin")
    assert found.index_to_key == model.wv.index_to_key
    for word in [*found.index_to_key, *UNSEEN]:
        assert close(found[word], model.wv[word])


def test_real_glove_vectors(shared_data, tmp_path):
    path = shared_data / "glove" / "glove.6B.50d.10k.txt.xz"
    if not path.is_file():
        pytest.skip("no GloVe vectors among the real data")
    found = load_vectors(path, limit=2000)
    assert found.vectors.shape == (2000, 50)
    assert found.index_to_key[:3] == ["the", ",", "."]
    assert found["the"][:3].tolist() == np.array(["0.418", "0.24968", "-0.41242"], np.float32).tolist()
    save_vectors(found, tmp_path / "a.txt", format="glove")
    with lzma.open(path, "rt", encoding="utf-8") as file:
        theirs = [next(file).split(" ") for _ in range(2000)]
    ours = [line.split(" ") for line in (tmp_path / "a.txt").read_text(encoding="utf-8").splitlines()]
    assert [fields[0] for fields in ours] == [fields[0] for fields in theirs]
    # The digits come back too, but for zeros at the end.
    assert [[float(x) for x in fields[1:]] for fields in ours] == [[float(x) for x in fields[1:]] for fields in theirs]
