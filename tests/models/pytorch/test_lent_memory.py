import numpy as np
import torch

from mt2st.models.pytorch import lent_memory
from mt2st.models.pytorch.first_values import draw_evenly
from mt2st.models.pytorch.lent_memory import MOST_KEPT, Lent
from mt2st.models.pytorch.lstm import PackedLSTM
from mt2st.models.pytorch.packed_words import PackedWords


def test_what_is_still_held_is_not_lent_again():
    lent_memory._free.clear()
    held = [Lent(100) for _ in range(3)]
    for number, each in enumerate(held):
        each.tensor.fill_(number)
    place = held.pop(1).tensor.data_ptr()
    new = Lent(10, 9)
    assert new.tensor.data_ptr() == place
    new.tensor.fill_(9)
    assert [each.tensor.unique().tolist() for each in held] == [[0.0], [2.0]]


def test_the_smallest_block_that_fits_is_lent_and_few_are_kept():
    lent_memory._free.clear()
    sizes = [400, 100, 200, 300, 50, 20]
    held = [Lent(size) for size in sizes]
    while held:
        held.pop()
    assert sorted(len(block) for block in lent_memory._free) == [125, 250, 375, 500]
    assert len(lent_memory._free) == MOST_KEPT
    assert len(Lent(126)._block) == 250


def test_several_graphs_at_once_do_not_write_into_each_other():
    lstm = PackedLSTM(4, 8)
    draw_evenly(lstm, 0.5, seed=1)
    sentences = [[torch.randn(5, 4), torch.randn(3, 4)] for _ in range(3)]
    batches = [PackedWords.of_tokens(torch.nn.utils.rnn.pack_sequence(each)) for each in sentences]

    def gradients(states):
        return [gradient.numpy() for gradient in torch.autograd.grad(states.data.square().sum(), [*lstm.parameters()])]

    alone = [gradients(lstm.outputs(batch)) for batch in batches]
    together = [lstm.outputs(batch) for batch in batches]
    for expected, states in zip(alone, together, strict=True):
        for one, other in zip(expected, gradients(states), strict=True):
            np.testing.assert_array_equal(one, other)
