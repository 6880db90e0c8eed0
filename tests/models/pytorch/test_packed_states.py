import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import pack_sequence, unpack_sequence

from mt2st.models.pytorch.packed_states import end_to_end, max_over_packed

LENGTHS = [[2, 5, 1, 5, 3], [1], [4, 4], list(range(1, 20))]


def packed_of(lengths, size=7, dtype=torch.float32):
    generator = torch.Generator().manual_seed(4)
    sentences = [torch.randn(length, size, generator=generator).to(dtype) for length in lengths]
    return pack_sequence(sentences, enforce_sorted=False)


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_values_and_gradients_are_those_of_each_sentence_alone(lengths, dtype):
    packed = packed_of(lengths, dtype=dtype)
    data = packed.data.requires_grad_()
    found = max_over_packed(packed)
    expected = torch.stack([sentence.amax(0) for sentence in unpack_sequence(packed)])
    assert torch.equal(found, expected)
    weights = torch.randn(found.shape, generator=torch.Generator().manual_seed(5)).to(dtype)
    (ours,) = torch.autograd.grad((found * weights).sum(), data)
    (theirs,) = torch.autograd.grad((expected * weights).sum(), data)
    assert torch.equal(ours, theirs)


def test_sentences_that_were_sorted_already_stay_in_their_order():
    packed = pack_sequence([torch.tensor([[1.0, 9.0], [3.0, 2.0]]), torch.tensor([[2.0, 4.0]])])
    assert packed.sorted_indices is None
    assert max_over_packed(packed).tolist() == [[3.0, 9.0], [2.0, 4.0]]


def test_the_first_of_several_greatest_has_the_gradient():
    values = torch.tensor([[1.0], [2.0], [2.0]], requires_grad=True)
    max_over_packed(pack_sequence([values])).sum().backward()
    assert values.grad.tolist() == [[0.0], [1.0], [0.0]]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_is_no_number_shows(place):
    values = torch.tensor([[1.0], [-torch.inf], [torch.inf]])
    values[place] = torch.nan
    assert np.isnan(float(max_over_packed(pack_sequence([values]))))


def test_least_numbers_are_found_too():
    assert max_over_packed(pack_sequence([torch.full((2, 1), -torch.inf)])).tolist() == [[-torch.inf]]


@pytest.mark.parametrize("lengths", LENGTHS)
def test_states_end_to_end_are_the_sentences(lengths):
    packed = packed_of(lengths)
    data = packed.data.requires_grad_()
    expected = torch.cat(unpack_sequence(packed))
    assert torch.equal(end_to_end(packed), expected)
    weights = torch.randn(expected.shape, generator=torch.Generator().manual_seed(6))
    ours, theirs = (torch.autograd.grad((each * weights).sum(), data)[0] for each in (end_to_end(packed), expected))
    assert torch.equal(ours, theirs)


def test_sorted_sentences_end_to_end():
    packed = pack_sequence([torch.tensor([[1.0], [3.0]]), torch.tensor([[2.0]])])
    assert end_to_end(packed).tolist() == [[1.0], [3.0], [2.0]]
