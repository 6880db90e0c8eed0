"""Converting an LSTM's parameters to the order of its kernels, and gradients back to torch's.

torch has a row for each gate of each unit: all units' i, then f, g, o. The kernels' order is direction, block of
``LANES`` units, gate, unit of the block; units that pad the last block have weights of 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from mt2st.embeddings.lanes import LANES
from mt2st.models.kernels.lstm_code import GATES
from mt2st.models.kernels.lstm_weights import pack_backward, pack_forward

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Tensors = Sequence[torch.Tensor]


def blocks_of(hidden: int) -> int:
    """Return the number of blocks for ``hidden`` units."""
    return -(-hidden // LANES)


def padded(values: torch.Tensor, size: int) -> torch.Tensor:
    """Pad the last axis with zeros to ``size``."""
    missing = size - values.shape[-1]
    return torch.nn.functional.pad(values, (0, missing)) if missing else values


def forward_weights(parameters: Tensors) -> tuple[torch.Tensor, torch.Tensor]:
    """Return both directions' input and recurrent weights for the forward kernels, (2, blocks, columns, 4 * LANES)."""
    hidden = parameters[1].shape[1]
    columns = [each.shape[1] for each in parameters[:2]]
    packed = [_blank(hidden, 2, blocks_of(hidden), count, GATES * LANES) for count in columns]
    for way in range(2):
        for kind in range(2):
            pack_forward(_array(parameters[4 * way + kind]), packed[kind][way].numpy())
    return packed[0], packed[1]


def forward_biases(parameters: Tensors) -> torch.Tensor:
    """Return both directions' biases for the forward kernel, (2, blocks, 4 * LANES)."""
    hidden = parameters[1].shape[1]
    both = torch.stack((parameters[2] + parameters[3], parameters[6] + parameters[7])).detach()
    return _by_block(both.view(2, GATES, hidden), hidden).view(2, -1, GATES * LANES)


def backward_weights(parameters: Tensors) -> torch.Tensor:
    """Return both directions' recurrent weights for the backward kernel, (2, 4 * (blocks * LANES) ** 2)."""
    hidden = parameters[1].shape[1]
    packed = _blank(hidden, 2, GATES * (blocks_of(hidden) * LANES) ** 2)
    for way in range(2):
        pack_backward(_array(parameters[4 * way + 1]), packed[way].numpy())
    return packed


def input_weights(parameters: Tensors) -> torch.Tensor:
    """Return both directions' input weights as rows in the kernels' order, (2 * blocks * 4 * LANES, vector_size)."""
    hidden, size = parameters[1].shape[1], parameters[0].shape[1]
    both = torch.stack((parameters[0], parameters[4])).detach()
    return _by_block(both.view(2, GATES, hidden * size), hidden).view(-1, size)


def as_in_torch(rows: torch.Tensor, hidden: int) -> torch.Tensor:
    """Convert one direction's rows from the kernels' order to torch's: (4 * hidden_size, columns)."""
    columns = rows.shape[1]
    by_gate = rows.view(-1, GATES, LANES, columns).transpose(0, 1).reshape(GATES, -1, columns)
    return by_gate[:, :hidden].reshape(GATES * hidden, columns)


def _by_block(values: torch.Tensor, hidden: int) -> torch.Tensor:
    """Put (2, gates, hidden_size * columns) in the order direction, block, gate, unit, column."""
    columns = values.shape[2] // hidden
    blocks = blocks_of(hidden)
    filled = padded(values, blocks * LANES * columns).view(2, GATES, blocks, LANES * columns)
    return filled.transpose(1, 2).contiguous()


def _blank(hidden: int, *shape: int) -> torch.Tensor:
    return torch.zeros(shape) if hidden % LANES else torch.empty(shape)


def _array(values: torch.Tensor) -> NDArray[np.float32]:
    found: NDArray[np.float32] = values.detach().contiguous().numpy()
    return found
