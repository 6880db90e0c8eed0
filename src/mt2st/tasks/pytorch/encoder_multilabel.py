"""Classification with several labels per text on the shared encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from mt2st.models.pytorch.masked_losses import logistic_loss
from mt2st.tasks.pytorch.encoder_targets import EncoderTargets
from mt2st.tasks.targets import check_labels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.models.pytorch.shared import TorchShared
    from mt2st.tasks.sampler import Sampler
    from mt2st.tasks.targets import TargetRows
    from mt2st.text import Ragged


class EncoderMultiLabel(EncoderTargets):
    """A logistic regression for each label: the loss is the mean binary cross-entropy over the known labels.

    Parameters are those of `EncoderTargets`, except that the targets are those of ``data``: 1, 0, or NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from mt2st.models.pytorch.encoders import make_encoder
    >>> from mt2st.models.pytorch.shared import TorchShared
    >>> from mt2st.tasks import Sampler, TargetRows
    >>> from mt2st.text import Ragged
    >>> targets = np.array([[1, 0], [np.nan, 1]], np.float32)
    >>> data = TargetRows(Ragged.from_lists([[1, 2], [3]]), targets, ("rude", "spam"))
    >>> shared = TorchShared(make_encoder("bilstm", np.zeros((4, 3), np.float32), {"hidden_size": 2}))
    >>> task = EncoderMultiLabel("mail", shared, data, Sampler(2, 1, 1, seed=1, name="mail"))
    >>> task.learn(task.sampler.draw(), weight=1.0, rate=1.0).terms
    3
    >>> task.probabilities(data.rows).shape
    (2, 2)
    """

    def __init__(
        self,
        name: str,
        shared: TorchShared,
        data: TargetRows,
        sampler: Sampler,
        head_seed: int = 0,
        *,
        head_rate: float | None = None,
        stop_at_bad: bool = False,
    ) -> None:
        check_labels(data)
        super().__init__(
            name, shared, data, data.targets, sampler, head_seed, head_rate=head_rate, stop_at_bad=stop_at_bad
        )

    def loss_of(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the mean binary cross-entropy of the known labels, both (examples, names)."""
        return logistic_loss(outputs, targets)

    def probabilities(self, rows: Ragged) -> NDArray[np.float32]:
        """Return the probability of each label, (rows, names), without dropout."""
        found: NDArray[np.float32] = torch.from_numpy(self.outputs(rows)).sigmoid().numpy()
        return found
