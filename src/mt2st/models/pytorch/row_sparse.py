"""Adam whose whole state is arrays, and which leaves parameters, or single rows of them, that got no gradient alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from mt2st.errors import ConfigError
from mt2st.models.kernels.adam import BETA1, BETA2, EPSILON, adam_rows, sums_by_row

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Adam:
    """Adam (Kingma and Ba, 2015) for one parameter, dense or row by row.

    With g the gradient and n the steps taken: m = 0.9 m + 0.1 g; v = 0.999 v + 0.001 g^2;
    value -= rate * (m / (1 - 0.9^n)) / (sqrt(v / (1 - 0.999^n)) + 1e-8).

    Parameters
    ----------
    parameter
        What to train. Its moments exist from the start, so that there is always something to save and to fill in.
    by_row
        Treat each row as a parameter with moments and a step count of its own; a row whose gradient is zero rests. In
        float32 on the CPU alone.

    Attributes
    ----------
    columns
        Those that train, where rows do; None for all. The others rest, and so do their moments.

    Raises
    ------
    ConfigError
        Where rows of a parameter in another precision, or on a device, are asked for.

    Notes
    -----
    *Dense Adam* on a table moves every row at every step: m stays above zero long after a word was last seen, and the
    step costs as much as the vocabulary is large (10 ms for 30,000 x 100). Row by row, the cost is the batch's words.
    `torch.optim.SparseAdam` also touches only rows with a gradient, but corrects all of them by *one* step count: a
    word first met after thousands of steps has fresh moments that count as old ones, and moves by
    0.1 / sqrt(0.001) = 3.2 rates where a row with a count of its own moves by one. Labels are few here and most words
    rare, so rows count for themselves. (Dense Adam gives such a late word the same 3.2 rates.)

    Where *every* row has a gradient at every step the maths of all three is the same, and so are values, moments and
    counts but for rounding; otherwise dense Adam moves rows at rest on, by momentum, and lets their moments fade.

    In float32 a step is one compiled pass over value, gradient and moments; what is trained whole on a device, or in
    another precision, is stepped by torch.

    `torch.optim.Adam` is not used because building one imports ``torch._dynamo``, which takes seconds, and because its
    state is made at the first step and so cannot be filled in before.

    Examples
    --------
    >>> value = torch.nn.Parameter(torch.zeros(3, 1))
    >>> adam = Adam(value, by_row=True)
    >>> value.grad = torch.tensor([[2.0], [0.0], [-4.0]])
    >>> adam.step(0.5)
    >>> value.flatten().tolist(), adam.steps.flatten().tolist()
    ([-0.5, 0.0, 0.5], [1, 0, 1])
    """

    def __init__(self, parameter: torch.Tensor, *, by_row: bool = False) -> None:
        self.parameter, self.by_row = parameter, by_row
        if by_row:
            _check_plain(parameter)
        self.compiled = by_row or (_is_plain(parameter) and parameter.is_contiguous())
        self.columns: torch.Tensor | None = None
        self.first = torch.zeros_like(parameter, requires_grad=False)
        self.second = torch.zeros_like(parameter, requires_grad=False)
        counts = (len(parameter), *[1] * (parameter.dim() - 1)) if by_row else (1,)
        self.steps = torch.zeros(counts, dtype=torch.int64)

    def step(self, rate: float) -> None:
        """Apply the pending gradient and drop it; without one, do nothing."""
        gradient = self.parameter.grad
        if gradient is None:
            return
        self.parameter.grad = None
        if self.by_row:
            _check_plain(self.parameter)  # a module's .double() comes later, and changes it in place
        if self.compiled:
            self._step_rows(gradient, rate)
            torch.autograd.graph.increment_version(self.parameter)
        else:
            with torch.no_grad():
                self.parameter.sub_(_direction(gradient, self.first, self.second, self.steps), alpha=rate)

    def _step_rows(self, gradient: torch.Tensor, rate: float) -> None:
        """Step with each row named; what is trained whole is one row."""
        rows, values = _summed(gradient) if self.by_row else (np.zeros(1, np.int64), gradient.reshape(1, -1).numpy())
        size = values.shape[1]
        whole = self.parameter.detach()
        width = whole.stride(0) if self.by_row else size
        # A table's rows may lie further apart than they are long.
        memory = whole.as_strided(((self.steps.numel() - 1) * width + size,), (1,)).numpy()
        first, second = (part.view(-1, size).numpy() for part in (self.first, self.second))
        columns = np.empty(0, np.int64) if self.columns is None else self.columns.numpy()
        steps = self.steps.view(-1).numpy()
        values = np.ascontiguousarray(values)
        adam_rows(memory, width, rows, values, first, second, steps, columns, rate, self.by_row)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Return the parameter as ``name`` and the state beside it: live arrays."""
        parts = {"": self.parameter.detach(), ".first": self.first, ".second": self.second, ".steps": self.steps}
        return {name + end: part.numpy() for end, part in parts.items()}


def _is_plain(parameter: torch.Tensor) -> bool:
    return parameter.dtype == torch.float32 and parameter.device.type == "cpu"


def _check_plain(parameter: torch.Tensor) -> None:
    if not _is_plain(parameter):
        raise ConfigError(
            f"rows train in float32 on the CPU, {parameter.dtype} on {parameter.device} found: leave the encoder as "
            "it was made, as the table's memory is shared with NumPy"
        )


def moving_rows(gradient: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the numbers of the rows whose gradient is not zero, and these rows.

    Examples
    --------
    >>> moving_rows(torch.tensor([[0.0, 0.0], [0.0, 3.0]]))
    (tensor([1]), tensor([[0., 3.]]))
    """
    if gradient.is_sparse:
        numbers, gradient = (torch.from_numpy(part) for part in _summed(gradient))
    else:
        numbers = torch.arange(len(gradient))
    moving = (gradient != 0).flatten(1).any(1) if gradient.dim() > 1 else gradient != 0
    return numbers[moving], gradient[moving]


def _summed(gradient: torch.Tensor) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the numbers of the rows that a gradient is given for, and these rows."""
    if not gradient.is_sparse:
        return np.arange(len(gradient)), gradient.numpy()
    return sums_by_row(gradient._indices()[0].numpy(), gradient._values().contiguous().numpy())


def _direction(gradient: torch.Tensor, first: torch.Tensor, second: torch.Tensor, steps: torch.Tensor) -> torch.Tensor:
    """Take the gradient into the moments, in place, and return what to go down by at rate 1."""
    steps += 1
    first.lerp_(gradient, 1 - BETA1)
    second.mul_(BETA2).addcmul_(gradient, gradient, value=1 - BETA2)
    # In double precision: 1 - 0.999 ** 1 loses half its digits in single.
    count = steps.double()
    scale = ((1 - BETA2**count).sqrt() / (1 - BETA1**count)).float()
    return scale * first / (second.sqrt() + EPSILON * (1 - BETA2**count).sqrt().float())
