"""The shared parameters in torch: the table, the encoder on top of it, and the optimiser of both."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from mt2st.models.pytorch.row_sparse import Adam, moving_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from mt2st.models.pytorch.subword_embedding import SubwordEmbedding
    from mt2st.models.pytorch.text_encoder import TextEncoder

DEFAULT_RATE = 1e-3


class Trained:
    """A module with the optimiser of its parameters; what `TorchShared.register` returns for a task's head.

    Parameters
    ----------
    module
        The module, its parameters on the CPU.
    rate
        Its learning rate.
    elsewhere
        Parameters of the module that others train and save.
    """

    def __init__(self, module: torch.nn.Module, rate: float, elsewhere: Collection[torch.nn.Parameter] = ()) -> None:
        self.module, self.rate = module, rate
        others = {id(parameter) for parameter in elsewhere}
        own = {name: each for name, each in module.named_parameters() if id(each) not in others}
        self.optimisers = {name: Adam(parameter) for name, parameter in own.items()}

    def parameters(self) -> list[torch.Tensor]:
        """Return the parameters that are trained here."""
        return [adam.parameter for adam in self.optimisers.values()]

    def step(self, rate: float) -> None:
        """Apply pending gradients, at ``rate`` times the module's own rate."""
        for adam in self.optimisers.values():
            adam.step(self.rate * rate)

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Return the live arrays of parameters and optimiser state, with ``prefix`` before each name."""
        return {
            key: value for name, adam in self.optimisers.items() for key, value in adam.arrays(prefix + name).items()
        }


class TorchShared:
    """The shared parameters of differentiable tasks, trained by Adam: encoder and heads as a whole, the table by row.

    Parameters
    ----------
    encoder
        The encoder over the shared table.
    rate
        Learning rate of the encoder, and of heads without their own. 0.001 is the paper's (and Adam's own) value.
    table_rate
        Learning rate of the table. Separate because a primary with few labels and many passes overfits the table first.
    beside
        Further rows that native language models train, which are saved with the others but not known to autograd.

    Notes
    -----
    All tasks of a step add to one gradient, and `finish_step` applies it once: the step of eq. 3's weighted sum. Only
    parameters with a gradient change. Native tasks change the same table immediately, in their own `learn`.

    The table's update differs from dense Adam's and from `torch.optim.SparseAdam`'s: a word that is not in the step's
    batches does not change, and has its own step count. See `mt2st.models.pytorch.row_sparse.Adam`.

    Examples
    --------
    >>> from mt2st.models.pytorch.encoders import make_encoder
    >>> table = np.zeros((4, 2), np.float32)
    >>> shared = TorchShared(make_encoder("bilstm", table, {"hidden_size": 3}), table_rate=0.5)
    >>> shared.encoder.embedding.weight[1].sum().backward()
    >>> shared.finish_step(rate=1.0)
    >>> table.tolist()
    [[0.0, 0.0], [-0.5, -0.5], [0.0, 0.0], [0.0, 0.0]]
    """

    def __init__(
        self,
        encoder: TextEncoder,
        rate: float = DEFAULT_RATE,
        table_rate: float = DEFAULT_RATE,
        beside: Mapping[str, NDArray[np.float32]] | None = None,
    ) -> None:
        self.encoder, self.table, self.rate, self.table_rate = encoder, encoder.table, rate, table_rate
        self.beside = dict(beside or {})
        self.rows = Adam(encoder.embedding.weight, by_row=True)
        self.layers = Trained(encoder.layers, rate)
        self.heads: list[Trained] = []

    @property
    def embedding(self) -> torch.nn.Embedding | SubwordEmbedding:
        """Return the embedding through which the encoder reads the table."""
        return self.encoder.embedding

    def register(self, head: torch.nn.Module, rate: float | None = None) -> Trained:
        """Train a task's head too, at its own rate or the encoder's; the task keeps and saves the returned object.

        A parameter that an earlier head also has is trained and saved with that one.
        """
        earlier = [parameter for each in self.heads for parameter in each.module.parameters()]
        trained = Trained(head, self.rate if rate is None else rate, earlier)
        self.heads.append(trained)
        return trained

    def parameters(self) -> list[torch.nn.Parameter]:
        """Return the shared parameters: the table, then those of the encoder."""
        return list(self.encoder.parameters())

    def pending(self) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """Return the parameters whose gradients `finish_step` applies: the table, and the others, heads last."""
        trained = (self.layers, *self.heads)
        return self.encoder.embedding.weight, [parameter for each in trained for parameter in each.parameters()]

    def begin_step(self, seed: int) -> None:
        """Seed the step's dropout."""
        self.encoder.begin_step(seed)

    def finish_step(self, rate: float) -> None:
        """Apply and drop the gradients of the step, every learning rate multiplied by ``rate``."""
        self.rows.step(self.table_rate * rate)
        for trained in (self.layers, *self.heads):
            trained.step(rate)

    def freeze(self, columns: NDArray[np.int64], layers: Collection[str] = ()) -> None:
        """Freeze these columns of the table, and these parameters of the encoder; none: train all again.

        Their moments do not change either. A frozen layer, or a table with all columns frozen, gets no gradient.
        """
        weight, size = self.encoder.embedding.weight, self.table.shape[1]
        weight.requires_grad_(len(columns) < size)
        active = torch.from_numpy(np.setdiff1d(np.arange(size), columns))
        self.rows.columns = active if 0 < len(columns) < size else None
        for name, parameter in self.encoder.layers.named_parameters():
            parameter.requires_grad_(name not in layers)

    def gradient_norm(self) -> float:
        """Return the norm of the pending gradients of shared parameters that are trained; NaN if there are none."""
        found = [parameter.grad for parameter in self.layers.module.parameters() if parameter.grad is not None]
        table = self.encoder.embedding.weight.grad
        if table is not None:
            columns = self.rows.columns
            rows = moving_rows(table)[1]
            found.append(rows if columns is None else rows[:, columns])
        if not found:
            return math.nan
        return math.sqrt(sum(float(gradient.double().square().sum()) for gradient in found))

    def settle(self) -> None:
        """Do nothing: the table is always up to date."""

    def trace(self) -> list[NDArray[np.generic]]:
        """Return copies of the shared parameters, then of the rows of their gradients that are not zero.

        A gradient of zeros, which changes nothing, looks like no gradient: an array without rows.
        """
        parameters = self.parameters()
        return [parameter.detach().numpy().copy() for parameter in parameters] + [_pending(each) for each in parameters]

    def layer(self) -> NDArray[np.float32]:
        """Return the pending gradient of the encoder's first weights, which multiply its input."""
        weights = (each for each in self.encoder.layers.parameters() if each.dim() > 1)
        weight = next(weights, self.embedding.weight)  # a body without weights: use the table
        gradient = torch.zeros_like(weight) if weight.grad is None else weight.grad.to_dense()
        found: NDArray[np.float32] = gradient.detach().flatten().numpy().copy()
        return found

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the live arrays ``table``, ``encoder.*``, and for each its ``.first``, ``.second`` and ``.steps``.

        Those of ``beside`` come last.
        """
        # Heads are saved by their tasks.
        return {**self.rows.arrays("table"), **self.layers.arrays("encoder."), **self.beside}


def _pending(parameter: torch.nn.Parameter) -> NDArray[np.generic]:
    if parameter.grad is None:
        return np.empty((0, *parameter.shape[1:]), np.float32)
    found: NDArray[np.generic] = moving_rows(parameter.grad)[1].numpy().copy()
    return found
