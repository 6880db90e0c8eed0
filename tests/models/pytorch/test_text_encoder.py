from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.models.pytorch.encoder_classifier import EncoderClassifier, predict  # noqa: E402
from mt2st.models.pytorch.encoders import make_encoder  # noqa: E402
from mt2st.models.pytorch.first_values import seeded, seeded_linear  # noqa: E402
from mt2st.text import Ragged  # noqa: E402

SENTENCES = Ragged.from_lists([[1, 2, 3], [], [4], [5, 1], [2] * 7])
SIZES = {"hidden_size": 5}
ALL = np.arange(len(SENTENCES))


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def make(pooling="max", dropout=0.0, seed=3):
    table = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
    return make_encoder("bilstm", table, {"hidden_size": 5, "pooling": pooling}, dropout, seed)


def lstm(encoder, vectors):
    """What torch's own LSTM makes of padded vectors."""
    return torch.nn.LSTM.forward(encoder.body, vectors)


def test_table_and_embedding_are_one_memory():
    encoder = make()
    assert encoder.embedding.weight.data_ptr() == encoder.table.ctypes.data
    before = encoder(SENTENCES, ALL)
    encoder.table[4] += 1
    changed = (encoder(SENTENCES, ALL) != before).any(1)
    assert changed.tolist() == [False, False, True, False, False]
    with torch.no_grad():
        encoder.embedding.weight[2] = 7
    assert (encoder.table[2] == 7).all()


@pytest.mark.parametrize("pooling", ["max", "mean"])
def test_batch_equals_each_sentence_alone_by_torch(pooling):
    encoder = make(pooling)
    found = encoder(SENTENCES, ALL)
    for i in ALL:
        ids = torch.from_numpy(SENTENCES.row(int(i)).astype(np.int64))
        if len(ids) == 0:
            assert (found[i] == 0).all()
            continue
        alone = lstm(encoder, encoder.embedding.weight[ids][None])[0][0]
        torch.testing.assert_close(found[i], alone.amax(0) if pooling == "max" else alone.mean(0))


def test_states_are_torchs_own_token_by_token():
    encoder = make()
    found = encoder.states(SENTENCES, ALL)
    alone = [
        lstm(encoder, encoder.embedding.weight[torch.from_numpy(SENTENCES.row(int(i)).astype(np.int64))][None])[0][0]
        for i in ALL
        if len(SENTENCES.row(int(i)))
    ]
    torch.testing.assert_close(found, torch.cat(alone))


@pytest.mark.parametrize("has_added", [True, False])
def test_states_of_a_part_are_those_of_the_whole_dropout_included(has_added):
    encoder, batch = make(dropout=0.4), np.array([4, 1, 0, 3, 2])
    added = torch.randn(13, 4, generator=torch.Generator().manual_seed(1))
    encoder.begin_step(9)
    states = encoder.states(SENTENCES, batch, added=added if has_added else None)
    whole = torch.split(states, SENTENCES.lengths[batch].tolist())
    by_sentence = torch.split(added, SENTENCES.lengths[batch].tolist())
    for part in (slice(0, None, 2), slice(1, None, 2), slice(1, 2), slice(2, 3), slice(5, None)):
        encoder.states(SENTENCES, batch)  # with other masks, in the same memory
        encoder.begin_step(9)
        own = torch.cat([torch.zeros(0, 4), *by_sentence[part]]) if has_added else None
        found = encoder.states(SENTENCES, batch, part, own)
        torch.testing.assert_close(found, torch.cat([torch.zeros(0, 10), *whole[part]]))


def test_a_word_without_a_row_is_zeros_and_what_is_added():
    encoder, rows = make(), Ragged.from_lists([[1, -1, 2], [-1]])
    added = torch.randn(4, 4, generator=torch.Generator().manual_seed(2))
    vectors = torch.stack([encoder.embedding.weight[1], torch.zeros(4), encoder.embedding.weight[2], torch.zeros(4)])
    inputs = vectors + added
    wanted = torch.cat([lstm(encoder, part[None])[0][0] for part in (inputs[:3], inputs[3:])])
    found = encoder.states(rows, np.arange(2), added=added)
    torch.testing.assert_close(found, wanted)
    found.sum().backward()
    moved = encoder.embedding.weight.grad.to_dense().abs().sum(1) > 0
    assert moved.tolist() == [False, True, True, False, False, False]


def test_no_tokens_have_no_states():
    assert make().states(SENTENCES, np.array([1, 1])).shape == (0, 10)
    assert make().states(SENTENCES, np.empty(0, np.int64)).shape == (0, 10)


def test_sentences_without_words_are_zeros():
    encoder = make()
    assert encoder(Ragged.from_lists([[], []]), np.arange(2)).tolist() == [[0.0] * 10] * 2
    assert encoder(SENTENCES, np.array([1])).tolist() == [[0.0] * 10]


def test_dropout_is_decided_by_the_steps_seed():
    encoder = make(dropout=0.5)
    encoder.begin_step(8)
    first, second = encoder(SENTENCES, ALL), encoder(SENTENCES, ALL)
    assert not torch.equal(first, second)
    encoder.begin_step(8)
    assert torch.equal(encoder(SENTENCES, ALL), first)
    encoder.begin_step(8 + (1 << 32))
    assert not torch.equal(encoder(SENTENCES, ALL), first)
    encoder.eval()
    assert torch.equal(encoder(SENTENCES, ALL), encoder(SENTENCES, ALL))


def test_dropout_keeps_the_mean():
    encoder = make(dropout=0.25)
    dropped = encoder._drop(torch.ones(200, 200), np.ones(200, bool))
    assert sorted(set(dropped.flatten().tolist())) == pytest.approx([0, 4 / 3])
    assert float(dropped.mean()) == pytest.approx(1, abs=0.02)


def test_a_word_loses_the_same_numbers_wherever_it_occurs_in_a_batch():
    encoder = make(dropout=0.5)
    sentences = Ragged.from_lists([[3, 1, 3], [1, 2, 3, 1]])
    packed = encoder._packed(sentences, np.arange(2), sentences.lengths, np.ones(2, bool))
    spread = torch.nn.utils.rnn.unpack_sequence(packed.spread())
    by_word = {}
    for sentence, vectors in zip(([3, 1, 3], [1, 2, 3, 1]), spread, strict=True):
        for word, vector in zip(sentence, vectors.detach().numpy(), strict=True):
            np.testing.assert_array_equal(by_word.setdefault(word, vector), vector)
            kept = vector != 0
            np.testing.assert_allclose(vector[kept], 2 * encoder.table[word][kept], rtol=1e-6)
    dropped = np.array([vector == 0 for vector in by_word.values()])
    assert dropped.any() and not dropped.all()
    assert len(packed.vectors) == 3


def test_seeds_decide_and_the_global_generator_rests():
    state = torch.get_rng_state()
    one, same, other = make(dropout=0.3), make(dropout=0.3), make(seed=4)
    one(SENTENCES, ALL)
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), same.parameters(), strict=True))
    assert not torch.equal(one.body.weight_hh_l0, other.body.weight_hh_l0)
    assert float(one.body.weight_hh_l0.detach().abs().max()) <= 5**-0.5


def test_all_bits_of_a_seed_count():
    draws = [
        torch.rand(1, generator=seeded(torch.Generator(), seed)).item() for seed in (1, 1 + (1 << 32), 1 + (1 << 63))
    ]
    assert len(set(draws)) == 3


def test_prediction_keeps_the_order_of_the_rows(monkeypatch):
    monkeypatch.setattr("mt2st.models.pytorch.encoder_classifier.PREDICTED_AT_ONCE", 2)
    encoder, head = make(dropout=0.5), seeded_linear(10, 3, seed=1)
    found = predict(encoder, head, SENTENCES)
    assert encoder.training and found.dtype == np.float32
    encoder.eval()
    np.testing.assert_allclose(found, head(encoder(SENTENCES, ALL)).detach().numpy(), rtol=1e-5, atol=1e-6)
    assert predict(encoder, head, Ragged.from_lists([])).shape == (0, 3)


def saved(encoder, head):
    layers = {f"encoder.{name}": value.detach().numpy() for name, value in encoder.layers.named_parameters()}
    return {
        "table": encoder.table,
        **layers,
        **{f"head.{name}": value.detach().numpy() for name, value in head.named_parameters()},
    }


def test_classifier_from_arrays_predicts_the_same():
    encoder, head = make("mean", dropout=0.5), seeded_linear(10, 3, seed=1)
    arrays = {name: array.copy() for name, array in saved(encoder, head).items()}
    arrays["table"].flags.writeable = False
    found = EncoderClassifier("bilstm", arrays, {**SIZES, "pooling": "mean"}).logits(SENTENCES)
    assert np.array_equal(found, predict(encoder, head, SENTENCES))


def test_classifier_names_what_is_missing_or_does_not_fit():
    arrays = saved(make(), seeded_linear(10, 3, seed=1))
    with pytest.raises(ConfigError, match=r"head\.weight"):
        EncoderClassifier("bilstm", {"table": arrays["table"]}, SIZES)
    with pytest.raises(ConfigError, match=r"encoder.lstm.bias_hh_l0 must have the shape \(20,\), none found"):
        arrays_without = {name: array for name, array in arrays.items() if name != "encoder.lstm.bias_hh_l0"}
        EncoderClassifier("bilstm", arrays_without, SIZES)
    with pytest.raises(ConfigError, match=r"weight_ih_l0 must have the shape \(24, 4\), \(20, 4\) found"):
        EncoderClassifier("bilstm", arrays, {"hidden_size": 6})


@pytest.mark.parametrize(
    ("table", "hidden_size", "pooling", "dropout"),
    [
        (np.ones((2, 2)), 1, "max", 0.0),
        (np.ones(2, np.float32), 1, "max", 0.0),
        (np.ones((2, 2), np.float32), 0, "max", 0.0),
        (np.ones((2, 2), np.float32), 1, "sum", 0.0),
        (np.ones((2, 2), np.float32), 1, "max", 1.0),
    ],
)
def test_bad_settings_are_refused(table, hidden_size, pooling, dropout):
    with pytest.raises(ConfigError, match="found"):
        make_encoder("bilstm", table, {"hidden_size": hidden_size, "pooling": pooling}, dropout)
