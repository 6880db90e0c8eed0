"""The weights of an LSTM in the order in which `lstm` reads them."""

from __future__ import annotations

from numba import float32, types

from mt2st.embeddings.lanes import LANES
from mt2st.models.kernels.lstm_code import GATES
from mt2st.native import Floats, kernel


@kernel(types.void(float32[:, ::1], float32[:, ::1], float32[:, :, ::1]), exact=True)
def pack_forward(inputs: Floats, recurrent: Floats, packed: Floats) -> None:
    """Put one direction's weights in the order of the forward kernel.

    Parameters
    ----------
    inputs, recurrent
        (4 * hidden_size, vector_size) and (4 * hidden_size, hidden_size), as torch has them: gates i, f, g, o.
    packed
        (blocks, vector_size + hidden_size, 4 * LANES), zeros where there is no unit. Written.
    """
    hidden, size = recurrent.shape[1], inputs.shape[1]
    for gate in range(GATES):
        for unit in range(hidden):
            block, column = unit // LANES, gate * LANES + unit % LANES
            for k in range(size):
                packed[block, k, column] = inputs[gate * hidden + unit, k]
            for k in range(hidden):
                packed[block, size + k, column] = recurrent[gate * hidden + unit, k]


@kernel(types.void(float32[:, ::1], float32[:, :, ::1]), exact=True)
def pack_backward(recurrent: Floats, packed: Floats) -> None:
    """Put one direction's recurrent weights in the order of the backward kernel.

    ``packed`` has the shape (blocks, blocks * 4 * LANES, LANES), zeros where there is no unit, and is written.
    """
    hidden = recurrent.shape[1]
    for gate in range(GATES):
        for unit in range(hidden):
            line = (unit // LANES * GATES + gate) * LANES + unit % LANES
            for k in range(hidden):
                packed[k // LANES, line, k % LANES] = recurrent[gate * hidden + unit, k]
