"""torch's bidirectional LSTM with our own kernels for packed sentences on the CPU."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.autograd.function import once_differentiable

from mt2st.embeddings.lanes import LANES
from mt2st.models.kernels.lstm import lstm_backward, lstm_forward, make_plan, word_products
from mt2st.models.kernels.lstm_code import GATES, KEPT
from mt2st.models.kernels.lstm_weights import put_before
from mt2st.models.pytorch import lstm_order as order
from mt2st.models.pytorch.first_values import BlankLSTM
from mt2st.models.pytorch.lent_memory import Lent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from torch.nn.utils.rnn import PackedSequence

    from mt2st.models.pytorch.packed_words import PackedWords

    Places = NDArray[np.int64]

KINDS, WAYS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"), ("", "_reverse")
# Rows at distances of a multiple of 4096 bytes compete for the same L1 cache lines: one line more avoids that.
APART = 16


class PackedLSTM(BlankLSTM):
    """A bidirectional LSTM of one layer, without initial values, whose `outputs` are computed by our own kernels.

    Everything else, including names and shapes of parameters, is that of `torch.nn.LSTM`. Calling the module itself
    runs torch's computation.

    Parameters
    ----------
    vector_size
        Size of the input.
    hidden_size
        Units of each direction.

    Notes
    -----
    Torch takes some fifteen operations per word and direction for packed sentences; padded ones are computed by oneDNN,
    which treats every sentence as if it were as long as the longest. Here a step of several packed sentences and
    sixteen units (eight without AVX-512) is one piece of code that keeps its sums in registers. What depends on the
    word alone, W_ih x + b and its gradients, is computed once for each distinct word; the gradients of the weights are
    one product each. All in float32 and a fixed order: results are bit-equal at each run, and equal to torch's except
    for rounding.

    Examples
    --------
    >>> from mt2st.models.pytorch.packed_words import PackedWords
    >>> lstm = PackedLSTM(3, 2)
    >>> _ = [torch.nn.init.constant_(parameter, 0.1) for parameter in lstm.parameters()]
    >>> packed = torch.nn.utils.rnn.pack_sequence([torch.ones(2, 3), torch.ones(1, 3)])
    >>> torch.allclose(lstm.outputs(PackedWords.of_tokens(packed)).data, lstm(packed)[0].data)
    True
    """

    def __init__(self, vector_size: int, hidden_size: int) -> None:
        super().__init__(vector_size, hidden_size, bidirectional=True, batch_first=True)

    def outputs(self, packed: PackedWords) -> PackedSequence:
        """Return both directions' states of all tokens, concatenated, (tokens, 2 * hidden_size).

        On a device, in other precisions and under autocast, torch computes them. Differentiable once.
        """
        vectors = packed.vectors
        weights = [getattr(self, kind + way) for way in WAYS for kind in KINDS]
        plain = all(each.dtype == torch.float32 and each.device.type == "cpu" for each in (vectors, *weights))
        if not plain or torch.is_autocast_enabled(vectors.device.type):
            found: PackedSequence = self(packed.spread())[0]
            return found
        plan = make_plan(packed.batch_sizes.numpy())
        return packed.like(_Outputs.apply(vectors, packed.words, plan, *weights))  # type: ignore[no-untyped-call]


class _Outputs(torch.autograd.Function):
    """The states, from vectors (distinct, vector_size), words, a plan, and both directions' parameters as `KINDS`."""

    @staticmethod
    def forward(
        ctx: Any, vectors: torch.Tensor, words: Places, plan: Places, *parameters: torch.Tensor
    ) -> torch.Tensor:
        hidden, tokens = parameters[1].shape[1], len(words)
        blocks = order.blocks_of(hidden)
        inputs, recurrent = order.forward_weights(parameters)
        products = Lent(len(vectors), _width(hidden))
        arrays = (vectors.contiguous(), inputs, order.forward_biases(parameters), products.tensor)
        word_products(*(each.numpy() for each in arrays))
        kept, states = Lent(2, blocks, tokens, KEPT * LANES), torch.empty(tokens, 2, blocks * LANES)
        lstm_forward(products.tensor.numpy(), words, plan, *(each.numpy() for each in (recurrent, kept.tensor, states)))
        ctx.words, ctx.plan, ctx.kept = words, plan, kept
        ctx.save_for_backward(vectors, states, *parameters)
        return states[:, :, :hidden].reshape(tokens, 2 * hidden)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, changes: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        vectors, states, *parameters = ctx.saved_tensors
        wanted, hidden = ctx.needs_input_grad, parameters[1].shape[1]
        steps, totals = Lent(len(states), _width(hidden) + APART), Lent(len(vectors), _width(hidden))
        totals.tensor.zero_()
        _go_back(changes, ctx.words, ctx.plan, ctx.kept.tensor, parameters, steps.tensor, totals.tensor)
        to_vectors = totals.tensor @ order.input_weights(parameters) if wanted[0] else None
        before = Lent(*states.shape)
        put_before(states.numpy(), ctx.plan, before.tensor.numpy())
        found = [to_vectors, None, None]
        by_token, by_word = (each.t().chunk(2) for each in (steps.tensor[:, :-APART], totals.tensor))
        for way in range(2):
            wanted_here = wanted[3 + 4 * way : 7 + 4 * way]
            found += _way_changes(by_token[way], by_word[way], vectors, before.tensor[:, way], wanted_here, hidden)
        return tuple(found)


def _width(hidden: int) -> int:
    """Return the number of gates of both directions' units."""
    return 2 * order.blocks_of(hidden) * GATES * LANES


def _go_back(
    changes: torch.Tensor,
    words: Places,
    plan: Places,
    kept: torch.Tensor,
    parameters: Sequence[torch.Tensor],
    steps: torch.Tensor,
    totals: torch.Tensor,
) -> None:
    """Write the gradient of the gates' inputs z, (tokens, `_width` or more), and add it up by distinct word."""
    tokens, blocks = len(changes), kept.shape[1]
    changes = order.padded(changes.reshape(tokens, 2, -1), blocks * LANES).contiguous()
    weights = order.backward_weights(parameters)
    carried = torch.zeros(2, int(plan[0, 1]), blocks * LANES)
    memory = (each.numpy() for each in (weights, kept, carried, steps, totals))
    lstm_backward(changes.numpy(), words, plan, *memory)


def _way_changes(
    by_token: torch.Tensor,
    by_word: torch.Tensor,
    vectors: torch.Tensor,
    before: torch.Tensor,
    wanted: Sequence[bool],
    hidden: int,
) -> list[torch.Tensor | None]:
    """Return the gradients of one direction's parameters, in the order of `KINDS`, from those of z, (rows, tokens)."""
    bias = order.as_in_torch(by_word.sum(1, keepdim=True), hidden)[:, 0]
    return [
        order.as_in_torch(by_word @ vectors, hidden) if wanted[0] else None,
        order.as_in_torch(by_token @ before, hidden)[:, :hidden] if wanted[1] else None,
        bias if wanted[2] else None,
        bias if wanted[3] else None,
    ]
