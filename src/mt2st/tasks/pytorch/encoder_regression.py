"""Ratings on the shared encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from mt2st.models.pytorch.masked_losses import RegressionLoss, rating_loss
from mt2st.tasks.pytorch.encoder_targets import EncoderTargets
from mt2st.tasks.targets import Scale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.models.pytorch.shared import TorchShared
    from mt2st.tasks.sampler import Sampler
    from mt2st.tasks.targets import TargetRows
    from mt2st.text import Ragged


class EncoderRegression(EncoderTargets):
    """A linear regression for each rating: the loss is the mean over the known ratings, standardised.

    With mean 0 and deviation 1, ratings of 1 to 5 and of 0 to 100 need the same learning rate, and have the same weight
    relative to other tasks. Parameters are those of `EncoderTargets`, except that the targets are those of ``data``, in
    any unit, and

    kind
        ``"squared"`` or ``"huber"``; see `mt2st.models.pytorch.masked_losses.rating_loss`.

    Examples
    --------
    >>> import numpy as np
    >>> from mt2st.models.pytorch.encoders import make_encoder
    >>> from mt2st.models.pytorch.shared import TorchShared
    >>> from mt2st.tasks import Sampler, TargetRows
    >>> from mt2st.text import Ragged
    >>> targets = np.array([[1.0], [5.0], [np.nan]], np.float32)
    >>> data = TargetRows(Ragged.from_lists([[1, 2], [3], [2]]), targets, ("stars",))
    >>> shared = TorchShared(make_encoder("bilstm", np.zeros((4, 3), np.float32), {"hidden_size": 2}))
    >>> task = EncoderRegression("stars", shared, data, Sampler(3, 1, 1, seed=1, name="stars"), kind="huber")
    >>> task.learn(task.sampler.draw(), weight=1.0, rate=1.0).terms
    2
    >>> task.ratings(data.rows).shape
    (3, 1)
    """

    def __init__(
        self,
        name: str,
        shared: TorchShared,
        data: TargetRows,
        sampler: Sampler,
        head_seed: int = 0,
        *,
        kind: RegressionLoss = "squared",
        head_rate: float | None = None,
        stop_at_bad: bool = False,
    ) -> None:
        self.kind, self.scale = kind, Scale.of(data.targets)
        targets = self.scale.standardise(data.targets)
        super().__init__(name, shared, data, targets, sampler, head_seed, head_rate=head_rate, stop_at_bad=stop_at_bad)

    def loss_of(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the mean loss of the known ratings, both (examples, names), standardised."""
        return rating_loss(outputs, targets, self.kind)

    def ratings(self, rows: Ragged) -> NDArray[np.float32]:
        """Return the ratings in the unit of the data, (rows, names), without dropout."""
        return self.scale.restore(self.outputs(rows))
