"""The weights of an LSTM in the order in which `lstm` reads them."""

from __future__ import annotations

from numba import float32, int64, types

from mt2st.embeddings.lanes import LANES
from mt2st.models.kernels.lstm_code import ABREAST, GATES
from mt2st.native import Floats, Places, kernel


@kernel(types.void(float32[:, ::1], float32[:, :, ::1]), exact=True)
def pack_forward(weights: Floats, packed: Floats) -> None:
    """Write one direction's input or recurrent weights in the order of the forward kernels.

    Parameters
    ----------
    weights
        (4 * hidden_size, columns), in torch's order: gates i, f, g, o.
    packed
        Written, (blocks, columns, 4 * LANES), except for padding units.
    """
    hidden = weights.shape[0] // GATES
    for gate in range(GATES):
        for unit in range(hidden):
            block, column = unit // LANES, gate * LANES + unit % LANES
            for k in range(weights.shape[1]):
                packed[block, k, column] = weights[gate * hidden + unit, k]


@kernel(types.void(float32[:, ::1], float32[::1]), exact=True)
def pack_backward(recurrent: Floats, packed: Floats) -> None:
    """Write one direction's recurrent weights in the order of the backward kernel.

    ``packed``, (4 * (blocks * LANES) ** 2,), is written, with zeros for padding units. It consists of groups of
    `ABREAST` blocks of units, the last possibly of one; each group has a line for each gate of each unit, in the
    kernels' order, with its weights for the group's units.
    """
    hidden = recurrent.shape[1]
    blocks = (hidden + LANES - 1) // LANES
    lines, alone = GATES * blocks * LANES, blocks % ABREAST
    for gate in range(GATES):
        for unit in range(hidden):
            line = (unit // LANES * GATES + gate) * LANES + unit % LANES
            for first in range(0, hidden, ABREAST * LANES):
                width = LANES * (ABREAST if first // LANES + ABREAST <= blocks else alone)
                for k in range(first, min(first + width, hidden)):
                    packed[first * lines + line * width + k - first] = recurrent[gate * hidden + unit, k]


@kernel(types.void(float32[:, :, ::1], int64[:, ::1], float32[:, :, ::1]), exact=True)
def put_before(states: Floats, plan: Places, before: Floats) -> None:
    """Write the state before each token's step to ``before``, both (tokens, 2, units); zeros for first steps.

    ``plan`` is from `make_plan`.
    """
    for row in range(plan.shape[0]):
        begin, count, earlier, of_earlier, later, of_later = plan[row]
        for sentence in range(count):
            for way, place, going in ((0, earlier, of_earlier), (1, later, of_later)):
                here = before[begin + sentence, way]
                for unit in range(here.shape[0]):
                    here[unit] = states[place + sentence, way, unit] if sentence < going else 0
