from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.models.pytorch.bodies.transformer import Transformer, sinusoids  # noqa: E402

LENGTHS = torch.tensor([7, 2, 4])
VECTORS = torch.randn(3, 7, 8, generator=torch.Generator().manual_seed(2))


def torchs_own(layer):
    """Return torch's layer with the same weights."""
    with torch.random.fork_rng():
        found = torch.nn.TransformerEncoderLayer(
            8, 2, 32, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
    pairs = [
        (found.self_attn.in_proj_weight, layer.projections.weight),
        (found.self_attn.in_proj_bias, layer.projections.bias),
        (found.self_attn.out_proj.weight, layer.merge.weight),
        (found.self_attn.out_proj.bias, layer.merge.bias),
        (found.linear1.weight, layer.inner.weight),
        (found.linear1.bias, layer.inner.bias),
        (found.linear2.weight, layer.outer.weight),
        (found.linear2.bias, layer.outer.bias),
    ]
    with torch.no_grad():
        for theirs, ours in pairs:
            theirs.copy_(ours)
    return found


def test_layers_are_torchs_own():
    body = Transformer(8, layers=2, heads=2, seed=1)
    beyond = torch.arange(7) >= LENGTHS[:, None]
    states = torch.nn.functional.layer_norm(VECTORS, (8,)) + 0.3 * sinusoids(7, 8)
    for layer in body.layers:
        states = torchs_own(layer)(states, src_key_padding_mask=beyond)
    wanted = torch.nn.functional.layer_norm(states, (8,))
    torch.testing.assert_close(body(VECTORS, LENGTHS)[~beyond], wanted[~beyond])


def test_a_sentence_is_the_same_alone_and_beside_longer_ones():
    body = Transformer(8, layers=2, heads=2, seed=1)
    for sentence, length in enumerate(LENGTHS.tolist()):
        alone = body(VECTORS[sentence : sentence + 1, :length], LENGTHS[sentence : sentence + 1])[0]
        torch.testing.assert_close(body(VECTORS, LENGTHS)[sentence, :length], alone)


def test_words_in_another_order_have_other_states():
    body = Transformer(8, layers=1, heads=2, seed=1)
    there, back = body(VECTORS[:1], LENGTHS[:1]), body(VECTORS[:1].flip(1), LENGTHS[:1]).flip(1)
    assert (there - back).abs().max() > 0.01
    body.position_scale.data.zero_()
    torch.testing.assert_close(body(VECTORS[:1], LENGTHS[:1]), body(VECTORS[:1].flip(1), LENGTHS[:1]).flip(1))


def test_positions_by_hand():
    found = sinusoids(3, 4)
    torch.testing.assert_close(found[2], torch.tensor([math.sin(2), math.sin(0.02), math.cos(2), math.cos(0.02)]))
    assert sinusoids(2, 3).shape == (2, 3)


@pytest.mark.parametrize(("size", "layers", "heads"), [(8, 1, 3), (8, 0, 2), (8, 1, 0)])
def test_bad_sizes_are_refused(size, layers, heads):
    with pytest.raises(ConfigError, match="heads that divide vector_size, found"):
        Transformer(size, layers, heads)
