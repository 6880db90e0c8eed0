"""The LSTM of own kernels against torch's; run as a script, this file writes what some sentences come to."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from functools import partial

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_sequence

from mt2st.models.kernels.lstm import make_plan
from mt2st.models.pytorch.first_values import draw_evenly
from mt2st.models.pytorch.lstm import PackedLSTM
from mt2st.models.pytorch.packed_words import PackedWords

# Sizes of no whole number of registers too; batches whose steps end in tiles of every size.
CASES = {
    "small": (5, 3, [4, 1, 7, 2, 7]),
    "registers": (16, 32, [9, 3, 5, 5, 11, 1, 2, 6]),
    "one token": (6, 8, [1]),
    "one sentence": (6, 16, [23]),
    "single words": (4, 20, [1] * 13),
    "one length": (7, 16, [3] * 17),
    "falling by one": (3, 40, list(range(1, 30))),
    "default": (64, 64, [30, 3, 5, 19, 11, 40, 22, 9] * 6 + [1, 1]),
}


def make(vector_size, hidden_size, lengths, scale=1.0):
    """A module and packed sentences."""
    lstm = PackedLSTM(vector_size, hidden_size)
    draw_evenly(lstm, scale * hidden_size**-0.5, seed=3)
    generator = torch.Generator().manual_seed(1)
    sentences = [torch.randn(length, vector_size, generator=generator) for length in lengths]
    return lstm, pack_sequence(sentences, enforce_sorted=False)


def run(outputs, parameters, packed, weights=None):
    """States and the gradients of a weighted sum of them: of the inputs, then of the parameters."""
    data = packed.data.clone().requires_grad_()
    states = outputs(packed._replace(data=data)).data
    if weights is None:
        weights = torch.randn(states.shape, generator=torch.Generator().manual_seed(2))
    (states * weights).sum().backward()
    found = [states.detach(), data.grad, *(parameter.grad for parameter in parameters)]
    for parameter in parameters:
        parameter.grad = None
    return found


def states_of(lstm, packed):
    """States by our kernels."""
    return lstm.outputs(PackedWords.of_tokens(packed))


def in_double(lstm, packed):
    """The same by torch's own LSTM in double precision: another computation, and exact to 1e-15."""
    double = torch.nn.LSTM(lstm.input_size, lstm.hidden_size, bidirectional=True, batch_first=True).double()
    double.load_state_dict(lstm.state_dict())
    return run(lambda given: double(given)[0], list(double.parameters()), packed._replace(data=packed.data.double()))


def assert_close(found, expected, tolerance=1e-5):
    """Within so much of the largest number of each array."""
    for ours, theirs in zip(found, expected, strict=True):
        assert ours.shape == theirs.shape
        off = float((ours.double() - theirs.double()).abs().max())
        assert off <= tolerance * max(1.0, float(theirs.abs().max())), (ours.shape, off)


@pytest.mark.parametrize("case", CASES)
def test_states_and_all_gradients_are_torchs(case):
    lstm, packed = make(*CASES[case])
    generator = torch.Generator().manual_seed(2)
    weights = torch.randn(len(packed.data), 2 * lstm.hidden_size, generator=generator)
    found = run(partial(states_of, lstm), list(lstm.parameters()), packed, weights)
    assert_close(found, run(lambda given: lstm(given)[0], list(lstm.parameters()), packed, weights))
    double = torch.nn.LSTM(lstm.input_size, lstm.hidden_size, bidirectional=True, batch_first=True).double()
    double.load_state_dict(lstm.state_dict())
    exact = packed._replace(data=packed.data.double())
    expected = run(lambda given: double(given)[0], list(double.parameters()), exact, weights.double())
    assert_close(found, expected, 2e-6)


@pytest.mark.parametrize("distinct", [1, 2, 7, 40])
@pytest.mark.parametrize("case", ["small", "one length", "falling by one", "default"])
def test_words_that_repeat_are_as_their_vectors_repeated(case, distinct):
    lstm, packed = make(*CASES[case])
    words = np.random.default_rng(distinct).integers(0, distinct, len(packed.data))
    vectors = torch.randn(distinct, lstm.input_size, generator=torch.Generator().manual_seed(5))
    double = torch.nn.LSTM(lstm.input_size, lstm.hidden_size, bidirectional=True, batch_first=True).double()
    double.load_state_dict(lstm.state_dict())
    found = run(
        lambda given: lstm.outputs(PackedWords(given.data, words, *packed[1:])),
        list(lstm.parameters()),
        packed._replace(data=vectors),
    )
    expected = run(
        lambda given: double(packed._replace(data=given.data[words]))[0],
        list(double.parameters()),
        packed._replace(data=vectors.double()),
    )
    assert_close(found, expected, 4e-6)


def test_one_unit_by_hand():
    lstm = PackedLSTM(1, 1)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.zero_()
        lstm.weight_ih_l0[:, 0] = torch.tensor([1.0, 2.0, 3.0, 4.0])
        lstm.weight_hh_l0[:, 0] = torch.tensor([0.5, 0.0, 0.0, -1.0])
        lstm.bias_ih_l0[:] = torch.tensor([0.0, 0.1, 0.0, 0.0])
        lstm.bias_hh_l0[:] = torch.tensor([0.0, 0.2, 0.0, 0.0])

    def sigma(value):
        return 1 / (1 + np.exp(-value))

    c1 = sigma(0.5) * np.tanh(1.5)
    h1 = sigma(2.0) * np.tanh(c1)
    c2 = sigma(-2 + 0.1 + 0.2) * c1 + sigma(-1 + 0.5 * h1) * np.tanh(-3)
    h2 = sigma(-4 - h1) * np.tanh(c2)
    states = states_of(lstm, pack_sequence([torch.tensor([[0.5], [-1.0]])])).data
    # Backwards in time all weights are zero: g = 0, so h = 0.
    np.testing.assert_allclose(states.detach().numpy(), [[h1, 0], [h2, 0]], rtol=1e-6)


def test_the_plan_knows_where_the_words_before_and_after_lie():
    # Sentences of 3, 2, 2 and 1 words.
    assert make_plan(np.array([4, 3, 1])).tolist() == [[0, 4, 0, 0, 4, 3], [4, 3, 0, 3, 7, 1], [7, 1, 4, 1, 8, 0]]


@pytest.mark.parametrize("scale", [0.0, 1e-4, 3.0, 30.0])
def test_weights_from_none_to_large(scale):
    lstm, packed = make(8, 24, [6, 4, 9], scale)
    parameters, exact = list(lstm.parameters()), in_double(lstm, packed)
    torchs = run(lambda given: lstm(given)[0], parameters, packed)
    for ours, theirs, wanted in zip(run(partial(states_of, lstm), parameters, packed), torchs, exact, strict=True):
        # Sums of large numbers are rounded coarsely by anyone.
        least = 2e-6 * max(1.0, float(wanted.abs().max()))
        assert float((ours - wanted).abs().max()) <= max(least, 2 * float((theirs - wanted).abs().max()))


def test_gates_are_exact_from_shut_to_open():
    lstm = PackedLSTM(4, 1)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.zero_()
        lstm.weight_ih_l0.copy_(torch.eye(4))
    values = np.concatenate((np.linspace(-200, 200, 401), np.linspace(-9.5, 9.5, 2000), [1e-6, -1e-30, 0, 3e38]))
    gates = torch.tensor(np.random.default_rng(0).permuted(np.tile(values, (4, 1)), axis=1).T).float()
    packed = pack_sequence([row[None] for row in gates])
    i, _, g, o = gates.double().T
    expected = o.sigmoid() * (i.sigmoid() * g.tanh()).tanh()
    found = states_of(lstm, packed).data[:, 0].detach().double()
    assert float((found - expected).abs().max()) < 3e-7
    # Small numbers too, as far as floats go.
    clear = expected.abs() > 1e-30
    assert float(((found - expected).abs() / expected.abs())[clear].max()) < 3e-6


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_shows(bad):
    lstm, packed = make(4, 5, [3, 2])
    packed.data[1, 2] = bad
    states = states_of(lstm, packed).data.detach()
    expected = lstm(packed)[0].data.detach()
    assert torch.equal(states.isnan(), expected.isnan())


def test_the_same_bits_again():
    lstm, packed = make(*CASES["default"])
    first, second = (run(partial(states_of, lstm), list(lstm.parameters()), packed) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_a_sentence_does_not_depend_on_its_batch():
    lstm, packed = make(*CASES["falling by one"])
    sentences = torch.nn.utils.rnn.unpack_sequence(states_of(lstm, packed))
    alone = torch.nn.utils.rnn.unpack_sequence(packed)
    for together, sentence in zip(sentences, alone, strict=True):
        assert torch.equal(together, states_of(lstm, pack_sequence([sentence])).data)


def test_frozen_parameters_and_inputs_get_no_gradient_and_others_the_same():
    lstm, packed = make(*CASES["registers"])
    names = [name for name, _ in lstm.named_parameters()]
    whole = dict(zip(names, run(partial(states_of, lstm), list(lstm.parameters()), packed)[2:], strict=True))
    for kept in names:
        for name, parameter in lstm.named_parameters():
            parameter.requires_grad_(name == kept)
        states = states_of(lstm, packed).data
        weights = torch.randn(states.shape, generator=torch.Generator().manual_seed(2))
        (states * weights).sum().backward()
        for name, parameter in lstm.named_parameters():
            assert (parameter.grad is None) == (name != kept)
        assert torch.equal(getattr(lstm, kept).grad, whole[kept])
        getattr(lstm, kept).grad = None


def test_a_graph_that_is_kept_gives_the_same_gradients_twice():
    lstm, packed = make(*CASES["small"])
    loss = states_of(lstm, packed).data.square().sum()
    first = torch.autograd.grad(loss, list(lstm.parameters()), retain_graph=True)
    states_of(lstm, packed).data.sum().backward()
    assert all(
        torch.equal(a, b) for a, b in zip(first, torch.autograd.grad(loss, list(lstm.parameters())), strict=True)
    )


def test_gradients_of_the_two_biases_share_no_memory():
    lstm, packed = make(*CASES["small"])
    states_of(lstm, packed).data.sum().backward()
    assert lstm.bias_ih_l0.grad.data_ptr() != lstm.bias_hh_l0.grad.data_ptr()


def test_double_precision_and_autocast_are_left_to_torch():
    lstm, packed = make(*CASES["small"])
    with torch.autocast("cpu", torch.bfloat16):
        coarse = states_of(lstm, packed).data
        assert torch.equal(coarse, lstm(packed)[0].data)
    assert not torch.allclose(coarse, states_of(lstm, packed).data, atol=1e-5)
    exact = states_of(lstm.double(), packed._replace(data=packed.data.double())).data
    assert exact.dtype == torch.float64


def test_names_and_shapes_are_torchs():
    theirs = torch.nn.LSTM(5, 3, bidirectional=True).state_dict()
    ours = PackedLSTM(5, 3).state_dict()
    assert {name: value.shape for name, value in ours.items()} == {name: value.shape for name, value in theirs.items()}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory, code_cache):
    """What some sentences come to in code for other processors: registers of 8 numbers, without and with FMA."""
    if platform.machine() not in ("x86_64", "AMD64"):
        pytest.skip(f"{platform.machine()} runs no code for haswell")
    folder, code = tmp_path_factory.mktemp("processors"), code_cache("models")
    names = ("generic", "haswell")
    running = [
        subprocess.Popen(
            [sys.executable, __file__, str(folder / f"{name}.npz")],
            env={**os.environ, "NUMBA_CPU_NAME": name, "NUMBA_CACHE_DIR": str(code / name)},
        )
        for name in names
    ]
    assert [process.wait() for process in running] == [0, 0]
    return {name: dict(np.load(folder / f"{name}.npz")) for name in names}


def come_to():
    """States and gradients of every case."""
    found = {}
    for case, given in CASES.items():
        lstm, packed = make(*given)
        for place, array in enumerate(run(partial(states_of, lstm), list(lstm.parameters()), packed)):
            found[f"{case} {place}"] = array.numpy()
    return found


@pytest.mark.parametrize("name", ["generic", "haswell"])
def test_other_processors_come_to_the_same(elsewhere, name):
    here = come_to()
    assert set(here) == set(elsewhere[name])
    for part, expected in here.items():
        np.testing.assert_allclose(
            elsewhere[name][part], expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max(), err_msg=part
        )


if __name__ == "__main__":
    np.savez(sys.argv[1], **come_to())
