"""What holds for every encoder, those of one's own included."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.embeddings.subwords import SubwordIndex  # noqa: E402
from mt2st.embeddings.word_rows import WordRows  # noqa: E402
from mt2st.errors import ConfigError  # noqa: E402
from mt2st.models.pytorch.encoder_classifier import EncoderClassifier, predict  # noqa: E402
from mt2st.models.pytorch.encoders import BODIES, make_encoder  # noqa: E402
from mt2st.models.pytorch.first_values import seeded_linear  # noqa: E402
from mt2st.models.pytorch.shared import TorchShared  # noqa: E402
from mt2st.models.pytorch.text_encoder import TextEncoder  # noqa: E402
from mt2st.text import Ragged  # noqa: E402

SIZES = {"hidden_size": 3, "filters": 4, "widths": [2, 3], "layers": 2, "heads": 2}
SENTENCES = Ragged.from_lists([[1, 2, 3], [], [4], [5, 1], [2, 5, 4, 3, 1, 2, 3]])
ALL = np.arange(len(SENTENCES))
WORDS = ["of", "his", "this", "thistle", "hiss", "is"]


class Own(torch.nn.Module):
    """A module of the user's: reads padded vectors and lengths, and writes rubbish behind each sentence's end."""

    def __init__(self):
        super().__init__()
        self.linear = seeded_linear(4, 6, seed=1)

    def forward(self, vectors, lengths):
        beyond = torch.arange(vectors.shape[1]) >= lengths[:, None]
        return self.linear(vectors).masked_fill(beyond[..., None], 1e6)


@pytest.fixture(params=[*BODIES, "own", "subwords"])
def make(request):
    """Return a maker of an encoder; each has the same table."""
    table = np.random.default_rng(0).normal(size=(40, 4)).astype(np.float32)

    def made(dropout=0.0, seed=3, pooling=None):
        if request.param == "own":
            return TextEncoder(table.copy(), Own(), pooling, dropout, seed)
        if request.param == "subwords":
            words = WordRows(WORDS, SubwordIndex.of(WORDS, 3, 4, 1000))
            return make_encoder("attention", table[: words.size].copy(), SIZES, dropout, seed, words)
        return make_encoder(request.param, table.copy(), {**SIZES, "pooling": pooling}, dropout, seed)

    made.name = request.param
    return made


def test_a_batch_is_each_sentence_alone(make):
    encoder = make()
    found = encoder(SENTENCES, ALL)
    for sentence in ALL:
        torch.testing.assert_close(found[sentence], encoder(SENTENCES, ALL[sentence : sentence + 1])[0])
    assert (found[1] == 0).all() and found.shape == (5, encoder.output_size) and found.isfinite().all()


@pytest.mark.parametrize("pooling", ["max", "mean"])
def test_what_is_pooled_are_the_states(make, pooling):
    if make.name == "subwords":
        pytest.skip("its pooling is attention")
    encoder = make(pooling=pooling)
    states = torch.split(encoder.states(SENTENCES, ALL), SENTENCES.lengths.tolist())
    for sentence in (0, 2, 3, 4):
        wanted = states[sentence].amax(0) if pooling == "max" else states[sentence].mean(0)
        torch.testing.assert_close(encoder(SENTENCES, ALL)[sentence], wanted)


def test_parts_are_those_of_the_whole_dropout_included(make):
    encoder, batch = make(dropout=0.4), np.array([4, 1, 0, 3, 2])

    def seen(method, part):
        encoder.begin_step(9)
        return method(SENTENCES, batch, part)

    whole = seen(encoder, slice(None))
    tokens = torch.split(seen(encoder.states, slice(None)), SENTENCES.lengths[batch].tolist())
    for part in (slice(0, None, 2), slice(1, None, 2), slice(1, 2), slice(5, None)):
        torch.testing.assert_close(seen(encoder, part), whole[part])
        own = torch.cat([torch.zeros(0, encoder.output_size), *tokens[part]])
        torch.testing.assert_close(seen(encoder.states, part), own)


def test_gradients_of_a_batch_are_the_sum_of_its_sentences(make):
    encoder = make()
    direction = torch.linspace(-1, 1, encoder.output_size)

    def gradients(batches):
        encoder.zero_grad()
        for batch in batches:
            if SENTENCES.lengths[batch].any():
                (encoder(SENTENCES, batch) @ direction).sum().backward()
        return [each.grad.to_dense() for each in encoder.parameters()]

    for together, apart in zip(gradients([ALL]), gradients(np.split(ALL, len(ALL))), strict=True):
        torch.testing.assert_close(together, apart, atol=1e-5, rtol=1e-4)
        assert together.abs().sum() > 0


def test_the_tables_gradient_is_sparse_and_agrees_with_finite_differences(make):
    encoder = make(pooling="mean" if make.name != "attention" else None).double()
    weight = encoder.embedding.weight
    direction = torch.linspace(-1, 1, encoder.output_size, dtype=torch.float64)

    def value():
        return (encoder(SENTENCES, ALL) @ direction).sin().sum()

    value().backward()
    assert weight.grad.is_sparse
    with torch.no_grad():
        for place in [(1, 0), (2, 3), (5, 1), (len(weight) - 1, 2)]:
            weight[place] += 1e-6
            above = value()
            weight[place] -= 2e-6
            slope = (above - value()) / 2e-6
            weight[place] += 1e-6
            assert float(weight.grad.to_dense()[place]) == pytest.approx(float(slope), rel=1e-4, abs=1e-7)


def test_seeds_decide_and_torchs_generator_rests(make):
    state = torch.get_rng_state()
    one, same, other = make(dropout=0.3), make(dropout=0.3), make(seed=4)
    one(SENTENCES, ALL)
    assert torch.equal(torch.get_rng_state(), state)
    pairs = zip(one.layers.parameters(), same.layers.parameters(), strict=True)
    assert all(torch.equal(first, second) for first, second in pairs)
    if make.name != "own":
        drawn = zip(one.layers.parameters(), other.layers.parameters(), strict=True)
        assert any(not torch.equal(first, second) for first, second in drawn)


def test_the_first_weights_are_those_that_gradients_are_compared_on(make):
    shared = TorchShared(make())
    shared.encoder(SENTENCES, ALL).sum().backward()
    weights = [each for each in shared.encoder.layers.parameters() if each.dim() > 1]
    assert shared.layer().tolist() == weights[0].grad.flatten().tolist() and np.any(shared.layer())


def test_saved_arrays_predict_the_same(make):
    if make.name == "own":
        pytest.skip("the settings name no module of the user's")
    encoder, head = make(dropout=0.5), seeded_linear(make().output_size, 3, seed=1)
    arrays = {name: array.copy() for name, array in TorchShared(encoder).arrays().items()}
    arrays |= {f"head.{name}": value.detach().numpy() for name, value in head.named_parameters()}
    subwords = getattr(encoder.embedding, "words", None)
    name = "attention" if make.name == "subwords" else make.name
    found = EncoderClassifier(name, arrays, SIZES, subwords).logits(SENTENCES)
    assert np.array_equal(found, predict(encoder, head, SENTENCES))


def test_a_body_without_weights_is_judged_by_its_words():
    class Plain(torch.nn.Module):
        def forward(self, vectors, lengths):
            return vectors

    shared = TorchShared(TextEncoder(np.ones((6, 2), np.float32), Plain()))
    shared.encoder(SENTENCES, ALL).sum().backward()
    assert shared.layer().shape == (12,) and shared.layer().any()


@pytest.mark.parametrize("given", [lambda v: v[:, 0], lambda v: v.mean(1, keepdim=True)[0], lambda v: "states"])
def test_a_body_that_gives_no_states_is_refused(given):
    class Wrong(torch.nn.Module):
        def forward(self, vectors, lengths):
            return given(vectors)

    with pytest.raises(ConfigError, match=r"Wrong gave .* for \(1, 1, 2\)"):
        TextEncoder(np.ones((6, 2), np.float32), Wrong())


@pytest.mark.parametrize(
    "body", [torch.nn.Identity(), torch.nn.Linear(2, 4), torch.nn.GRU(2, 4, batch_first=True), torch.nn.LSTM(2, 4)]
)
def test_a_body_that_takes_no_lengths_is_told_what_a_body_takes(body):
    name = type(body).__name__
    with pytest.raises(ConfigError, match=rf"vectors .* and lengths .*; {name} failed on .*: .* wrap it in a module"):
        TextEncoder(np.ones((6, 2), np.float32), body)
    assert body.training


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
@pytest.mark.parametrize("pooling", ["max", "mean", "attention"])
def test_a_body_that_casts_gives_the_tables_precision(dtype, pooling):
    class Cast(torch.nn.Module):
        def forward(self, vectors, lengths):
            return 2 * vectors.to(dtype)

    encoder = TextEncoder(np.ones((6, 2), np.float32), Cast(), pooling=pooling)
    for found in (encoder(SENTENCES, ALL), encoder.states(SENTENCES, ALL)):
        assert found.dtype == torch.float32 and found.unique().tolist() in ([0.0, 2.0], [2.0])
        found.sum().backward()
    assert encoder.embedding.weight.grad.to_dense()[1:].all()


def test_a_body_may_not_have_the_name_of_the_attention():
    class Named(Own):
        name = "attention"

    table = np.ones((6, 4), np.float32)
    TextEncoder(table, Named())
    with pytest.raises(ConfigError, match="attention is the name of the pooling's layer: give the body another name"):
        TextEncoder(table, Named(), pooling="attention")


@pytest.mark.parametrize("name", ["my.encoder", "", "keys", "type", None, 3])
def test_a_name_that_no_layer_can_have_is_refused(name):
    body = Own()
    body.name = name
    with pytest.raises(ConfigError, match=f"the attribute name of a body .* without a dot.* {name!r} found"):
        TextEncoder(np.ones((6, 4), np.float32), body)


@pytest.mark.parametrize(("body", "remedy"), [(Own, r"write Own\(\.\.\.\)"), (None, "put it"), (max, "put it")])
def test_a_body_that_is_no_module_is_refused(body, remedy):
    with pytest.raises(ConfigError, match=f"a body is an instance of torch.nn.Module, .* found: {remedy}"):
        TextEncoder(np.ones((6, 4), np.float32), body)


def test_errors_name_what_is_wrong():
    table = np.ones((6, 2), np.float32)
    with pytest.raises(
        ConfigError, match="a torch encoder is one of bilstm, attention, cnn, transformer, found 'lstm'"
    ):
        make_encoder("lstm", table, SIZES)
    with pytest.raises(ConfigError, match="the encoder cnn needs filters, found hidden_size"):
        make_encoder("cnn", table, {"hidden_size": 3})
    with pytest.raises(ConfigError, match="a pooling of max, mean, attention and"):
        make_encoder("cnn", table, {**SIZES, "pooling": "sum"})
