"""Adam whose whole state is arrays, and which leaves parameters, or single rows of them, that got no gradient alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.errors import MissingExtraError

try:
    import torch
except ImportError as error:
    raise MissingExtraError("a torch encoder", extra="torch") from error

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


class Adam:
    """Adam (Kingma and Ba, 2015) for one parameter, dense or row by row.

    With g the gradient and n the steps taken: m = 0.9 m + 0.1 g; v = 0.999 v + 0.001 g^2;
    value -= rate * (m / (1 - 0.9^n)) / (sqrt(v / (1 - 0.999^n)) + 1e-8).

    Parameters
    ----------
    parameter
        What to train. Its moments exist from the start, so that there is always something to save and to fill in.
    by_row
        Treat each row as a parameter with moments and a step count of its own; a row whose gradient is zero rests.

    Attributes
    ----------
    columns
        Those that train, where rows do; None for all. The others rest, and so do their moments.

    Notes
    -----
    *Dense Adam* on a table moves every row at every step: m stays above zero long after a word was last seen, and the
    step costs as much as the vocabulary is large (10 ms for 30,000 x 100). Row by row, the cost is the batch's words.
    `torch.optim.SparseAdam` also touches only rows with a gradient, but corrects all of them by *one* step count: a
    word first met after thousands of steps has fresh moments that count as old ones, and moves by
    0.1 / sqrt(0.001) = 3.2 rates where a row with a count of its own moves by one. Labels are few here and most words
    rare, so rows count for themselves. (Dense Adam gives such a late word the same 3.2 rates.)

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
        with torch.no_grad():
            if self.by_row and self.columns is not None:
                self._step_columns(*moving_rows(_columns_of(gradient, self.columns)), self.columns, rate)
            elif self.by_row:
                self._step_rows(*moving_rows(gradient), rate)
            else:
                self.parameter.sub_(_direction(gradient, self.first, self.second, self.steps), alpha=rate)
        self.parameter.grad = None

    def _step_rows(self, rows: torch.Tensor, gradient: torch.Tensor, rate: float) -> None:
        kept = self.first, self.second, self.steps
        state = [part[rows] for part in kept]
        self.parameter.index_add_(0, rows, _direction(gradient, *state), alpha=-rate)
        for part, changed in zip(kept, state, strict=True):
            part[rows] = changed

    def _step_columns(self, rows: torch.Tensor, gradient: torch.Tensor, columns: torch.Tensor, rate: float) -> None:
        # Whole rows are taken and put back: indexing by rows and columns at once takes twice as long.
        value, *moments = wholes = [part[rows] for part in (self.parameter, self.first, self.second)]
        steps = self.steps[rows]
        active = [whole.index_select(1, columns) for whole in moments]
        value.index_add_(1, columns, _direction(gradient, active[0], active[1], steps), alpha=-rate)
        for whole, changed in zip(moments, active, strict=True):
            whole.index_copy_(1, columns, changed)
        for part, whole in zip((self.parameter, self.first, self.second), wholes, strict=True):
            part.index_copy_(0, rows, whole)
        self.steps.index_copy_(0, rows, steps)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Return the parameter as ``name`` and the state beside it: live arrays."""
        parts = {"": self.parameter.detach(), ".first": self.first, ".second": self.second, ".steps": self.steps}
        return {name + end: part.numpy() for end, part in parts.items()}


def _columns_of(gradient: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    if not gradient.is_sparse:
        return gradient[:, columns]
    size = (gradient.shape[0], len(columns))
    return torch.sparse_coo_tensor(gradient._indices(), gradient._values()[:, columns], size, check_invariants=False)


def moving_rows(gradient: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the numbers of the rows whose gradient is not zero, and these rows.

    Examples
    --------
    >>> moving_rows(torch.tensor([[0.0, 0.0], [0.0, 3.0]]))
    (tensor([1]), tensor([[0., 3.]]))
    """
    numbers = None
    if gradient.is_sparse:
        gradient = gradient.coalesce()
        numbers, gradient = gradient.indices()[0], gradient.values()
    moving = (gradient != 0).flatten(1).any(1) if gradient.dim() > 1 else gradient != 0
    places = moving.nonzero()[:, 0]
    return (places if numbers is None else numbers[places]), gradient[places]


def _direction(gradient: torch.Tensor, first: torch.Tensor, second: torch.Tensor, steps: torch.Tensor) -> torch.Tensor:
    """Take the gradient into the moments, in place, and return what to go down by at rate 1."""
    steps += 1
    first.lerp_(gradient, 1 - BETA1)
    second.mul_(BETA2).addcmul_(gradient, gradient, value=1 - BETA2)
    # In double precision: 1 - 0.999 ** 1 loses half its digits in single.
    count = steps.double()
    scale = ((1 - BETA2**count).sqrt() / (1 - BETA1**count)).float()
    return scale * first / (second.sqrt() + EPSILON * (1 - BETA2**count).sqrt().float())
