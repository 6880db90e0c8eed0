"""Adam whose whole state is arrays, and which skips parameters, or single rows of them, without a gradient."""

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
        What to train. Its moments exist from the start, so that they can always be saved and loaded.
    by_row
        Treat each row as a parameter with its own moments and step count; a row whose gradient is zero is skipped. Only
        in float32 on the CPU.

    Attributes
    ----------
    columns
        The columns that are trained, if ``by_row``; None for all. The others and their moments do not change.

    Raises
    ------
    ConfigError
        If ``by_row`` is set for a parameter in another precision, or on a device.

    Notes
    -----
    *Dense Adam* on a table changes every row at every step: m stays nonzero long after a word last occurred, and the
    time is proportional to the vocabulary (10 ms for 30,000 x 100). By row, it is proportional to the batch's words.
    `torch.optim.SparseAdam` also changes only rows with a gradient, but corrects all of them by *one* step count: the
    new moments of a word that first occurs after thousands of steps count as old ones, so that the word changes by
    0.1 / sqrt(0.001) = 3.2 rates, where with its own count it changes by one. As labels are few here and most words
    rare, each row has its own count. (Dense Adam gives such a late word the same 3.2 rates.)

    If *every* row has a gradient at every step, all three give the same values, moments and counts except for rounding;
    otherwise dense Adam keeps changing rows without a gradient by momentum, and lets their moments decay.

    In float32 a step is one compiled pass over value, gradient and moments; a parameter that is trained as a whole on a
    device, or in another precision, is updated by torch.

    `torch.optim.Adam` is not used because constructing it imports ``torch._dynamo``, which takes seconds, and because
    its state is created at the first step, so that it cannot be loaded in place before.

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
        """Step with each row that has a gradient; a parameter trained as a whole counts as one row."""
        rows, values = _summed(gradient) if self.by_row else (np.zeros(1, np.int64), gradient.reshape(1, -1).numpy())
        size = values.shape[1]
        whole = self.parameter.detach()
        width = whole.stride(0) if self.by_row else size
        # A table's rows may be padded.
        memory = whole.as_strided(((self.steps.numel() - 1) * width + size,), (1,)).numpy()
        first, second = (part.view(-1, size).numpy() for part in (self.first, self.second))
        columns = np.empty(0, np.int64) if self.columns is None else self.columns.numpy()
        steps = self.steps.view(-1).numpy()
        values = np.ascontiguousarray(values)
        adam_rows(memory, width, rows, values, first, second, steps, columns, rate, self.by_row)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Return the live arrays of the parameter, as ``name``, and of its state."""
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
    """Return the indices of the rows whose gradient is not zero, and these rows.

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
    """Return the indices of the rows that have a gradient, and these rows, summed if repeated."""
    if not gradient.is_sparse:
        return np.arange(len(gradient)), gradient.numpy()
    return sums_by_row(gradient._indices()[0].numpy(), gradient._values().contiguous().numpy())


def _direction(gradient: torch.Tensor, first: torch.Tensor, second: torch.Tensor, steps: torch.Tensor) -> torch.Tensor:
    """Update the moments in place by the gradient, and return the step to subtract at rate 1."""
    steps += 1
    first.lerp_(gradient, 1 - BETA1)
    second.mul_(BETA2).addcmul_(gradient, gradient, value=1 - BETA2)
    # In double precision: 1 - 0.999 ** 1 loses half its digits in single.
    count = steps.double()
    scale = ((1 - BETA2**count).sqrt() / (1 - BETA1**count)).float()
    return scale * first / (second.sqrt() + EPSILON * (1 - BETA2**count).sqrt().float())
