from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from mt2st.errors import ConfigError, DataError
from mt2st.models import TextModel
from mt2st.text import Features, Ragged, Vocabulary, tokenize

TEXTS = ["Good", "bad, very BAD", "very good!", "", "unseen words", "not good"]


def make():
    """Words of weights 1/(1 + 3/10), 1/(1 + 1/10) and so on: with smoothing at 1, a / (a + frequency)."""
    words, pairs = Vocabulary(["good", "bad", "very"], [5, 4, 1]), Vocabulary(["very good"], [2])
    table = np.array([[1, 0], [0, 1], [0, 0], [3, -1]], np.float32)
    head = np.array([[2, 0, 0.5], [0, 2, 0], [-1, -1, 0]], np.float32)
    arrays = {"table": table, "head": head}
    return TextModel(Features(words, pairs), ("pos", "neg", "größer"), "bag", arrays, {"smoothing": 1.0})


def write(model, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in model.files().items():
        (folder / name).write_bytes(content)
    return folder


def softmax(logits):
    return np.exp(logits) / np.exp(logits).sum()


def test_probabilities_by_hand():
    found = make().predict_proba(["good", "very good", ""])
    head = np.array([[2, 0, 0.5], [0, 2, 0], [-1, -1, 0]])
    # "very good" is rows 2, 0 and the pair's 3, of weights 1/1.1, 1/1.5 and 1/1.2.
    weights = np.array([1 / 1.1, 1 / 1.5, 1 / 1.2])
    mean = (weights[1] * np.array([1, 0]) + weights[2] * np.array([3, -1])) / weights.sum()
    means = [[1, 0, 1], [*mean, 1], [0, 0, 1]]
    np.testing.assert_allclose(found, [softmax(head @ each) for each in means], rtol=1e-5)


def test_arrays_mapped_read_only_will_do():
    model, wanted = make(), make().predict_proba(TEXTS)
    for array in model.arrays.values():
        array.flags.writeable = False
    np.testing.assert_array_equal(model.predict_proba(TEXTS), wanted)


def test_probabilities_sum_to_one_and_the_likeliest_is_predicted():
    model = make()
    shares = model.predict_proba(TEXTS)
    assert shares.shape == (6, 3) and shares.dtype == np.float32
    np.testing.assert_allclose(shares.sum(1), 1, rtol=1e-6)
    assert model.predict(TEXTS) == ["pos", "neg", "pos", "pos", "pos", "pos"]
    assert model.predict(["bad"]) == [model.classes[shares[1].argmax()]] == ["neg"]


def test_large_logits_do_not_overflow():
    model = make()
    model.arrays["head"] *= np.float32(1e4)
    assert model.predict_proba(["good"]).tolist() == [[1, 0, 0]]


def test_no_texts_have_no_labels():
    assert make().predict([]) == []
    assert make().predict_proba(iter([])).shape == (0, 3)


@pytest.mark.parametrize("run_directory", [False, True])
@pytest.mark.parametrize("as_text", [False, True])
def test_a_model_that_is_saved_and_loaded_predicts_the_same(tmp_path, run_directory, as_text):
    model = make()
    write(model, tmp_path / "run" / "model")
    folder = tmp_path / "run" if run_directory else tmp_path / "run" / "model"
    found = TextModel.load(str(folder) if as_text else folder)
    np.testing.assert_array_equal(found.predict_proba(TEXTS), model.predict_proba(TEXTS))
    assert (found.classes, found.encoder, found.settings) == (model.classes, model.encoder, model.settings)
    assert found.features == model.features


def test_arrays_that_are_not_contiguous_are_saved_by_value(tmp_path):
    model = make()
    model.arrays["head"] = np.asfortranarray(model.arrays["head"])
    model.arrays["table"] = np.repeat(model.arrays["table"], 2, axis=0)[::2]
    found = TextModel.load(write(model, tmp_path))
    np.testing.assert_array_equal(found.arrays["head"], make().arrays["head"])
    np.testing.assert_array_equal(found.predict_proba(TEXTS), make().predict_proba(TEXTS))


def test_a_bilstm_is_rebuilt_from_its_arrays(tmp_path):
    pytest.importorskip("torch")
    from mt2st.models.pytorch.encoder_classifier import EncoderClassifier
    from mt2st.text import Ragged

    random = np.random.default_rng(1)
    shapes = {"head.weight": (3, 4), "head.bias": (3,)}
    for way in ("", "_reverse"):
        shapes |= {f"encoder.lstm.weight_{part}_l0{way}": (8, 2) for part in ("ih", "hh")}
        shapes |= {f"encoder.lstm.bias_{part}_l0{way}": (8,) for part in ("ih", "hh")}
    arrays = {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    bag = make()
    arrays["table"] = bag.arrays["table"]
    model = TextModel(bag.features, bag.classes, "bilstm", arrays, {"hidden_size": 2})
    found = TextModel.load(write(model, tmp_path))
    logits = EncoderClassifier("bilstm", arrays, {"hidden_size": 2}).logits(Ragged.from_lists([[0], [1, 2, 1]]))
    shares = found.predict_proba(["good", "bad very bad"])
    np.testing.assert_allclose(shares, [softmax(row) for row in logits], rtol=1e-5)


@pytest.mark.parametrize("folder", ["none", "."])
def test_a_folder_without_a_model_is_refused(tmp_path, folder):
    with pytest.raises(DataError, match=r"model\.json is missing\): give the folder of a finished run"):
        TextModel.load(tmp_path / folder)


@pytest.mark.parametrize("name", ["model.safetensors", "vocabulary.json"])
def test_a_missing_file_is_named(tmp_path, name):
    (write(make(), tmp_path) / name).unlink()
    with pytest.raises(DataError, match=rf"no model there \([^(]*{name} is missing\)") as caught:
        TextModel.load(tmp_path)
    assert caught.value.path == tmp_path


def test_a_file_in_a_folders_place_is_told(tmp_path):
    path = tmp_path / "texts.txt"
    path.touch()
    with pytest.raises(DataError, match="this is a file: give the folder of a finished run") as caught:
        TextModel.load(path)
    assert caught.value.path == path


@pytest.mark.parametrize("name", ["model.safetensors", "vocabulary.json", "model.json"])
@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe{}", b"[]", b"null", b"{}"])
def test_a_damaged_file_is_refused(tmp_path, name, damage):
    (write(make(), tmp_path) / name).write_bytes(damage)
    with pytest.raises(DataError, match=r"the model is damaged|with the vocabularies"):
        TextModel.load(tmp_path)


@pytest.mark.parametrize("name", ["model.safetensors", "vocabulary.json", "model.json"])
def test_a_file_that_is_cut_short_is_refused(tmp_path, name):
    path = write(make(), tmp_path) / name
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(DataError, match=r"the model is damaged .*: copy it again, or train it again"):
        TextModel.load(tmp_path)


@pytest.mark.parametrize("key", ["format", "encoder", "classes", "settings"])
def test_a_description_that_lacks_something_is_refused(tmp_path, key):
    path = write(make(), tmp_path) / "model.json"
    description = json.loads(path.read_text(encoding="utf-8"))
    del description[key]
    path.write_text(json.dumps(description))
    with pytest.raises(DataError, match=f"the model is damaged .*{key}"):
        TextModel.load(tmp_path)


def test_a_model_of_another_format_is_refused(tmp_path):
    path = write(make(), tmp_path) / "model.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"format": 1', '"format": 2'), encoding="utf-8")
    with pytest.raises(DataError, match="a model of format 2, this mt2st reads 1"):
        TextModel.load(tmp_path)


def test_another_models_vocabulary_is_refused(tmp_path):
    more = Features(Vocabulary(["good", "bad", "very", "fine"], [5, 4, 1, 1]), Vocabulary(["very good"], [2]))
    (write(make(), tmp_path) / "vocabulary.json").write_text(json.dumps(more.to_json()))
    with pytest.raises(
        DataError, match=r"do not belong together \(4 rows in the table for 5 words, pairs and n-grams\)"
    ):
        TextModel.load(tmp_path)


@pytest.mark.parametrize("text", ["very good film", "bad bad very good", "zzz", "", "Not VERY good!"])
@pytest.mark.parametrize("most", [None, 2])
def test_contributions_add_up_to_the_logits_less_the_bias(text, most):
    model = replace(make(), settings={"smoothing": 1.0, "max_words": most})
    found = model.contributions(text)
    tokens = tokenize(text)[:most]
    assert found.shape == (len(tokens), 3)
    logits = model.logits(Ragged.from_lists([model.features.encode(tokens)]))[0]
    np.testing.assert_allclose(found.sum(0), logits - model.arrays["head"][:, -1], atol=1e-5)
    assert not [word for word, row in zip(tokens, found, strict=True) if row.any() and word in ("film", "zzz", "!")]


def test_a_pair_is_shared_by_its_words():
    # Rows "very" (nothing), "good" (1, 0) and "very good" (3, -1), of weights 1/1.1, 1/1.5 and 1/1.2.
    weights = np.array([1 / 1.1, 1 / 1.5, 1 / 1.2]) / (1 / 1.1 + 1 / 1.5 + 1 / 1.2)
    pair = weights[2] * np.array([3 * 2, -1 * 2, -3 + 1]) / 2
    np.testing.assert_allclose(make().contributions("very good"), [pair, pair + weights[1] * np.array([2, 0, -1])])


def test_other_encoders_do_not_say():
    with pytest.raises(ConfigError, match="a bilstm encoder cannot tell what each word adds"):
        replace(make(), encoder="bilstm").contributions("good")
