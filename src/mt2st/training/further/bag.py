"""Tasks of the further labelled auxiliaries on the bag encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.errors import ConfigError
from mt2st.tasks import TargetRows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mt2st.tasks import Sampler, Task, Workers
    from mt2st.training.further import FurtherData
    from mt2st.training.settings import Auxiliary


def bag_task(
    name: str,
    auxiliary: Auxiliary,
    table: NDArray[np.float32],
    row_weights: NDArray[np.float32],
    data: FurtherData,
    *,
    sampler: Sampler,
    seed: int,
    workers: Workers,
) -> Task:
    """Return the task of an auxiliary with several labels per text, or with ratings.

    Raises
    ------
    ConfigError
        For kinds that a bag cannot learn: tagging and pairs of texts.
    """
    if not isinstance(data, TargetRows):
        raise ConfigError(f"{name}: {auxiliary.kind} cannot be learned by a bag: set model.encoder = 'bilstm'")
    from mt2st.tasks.bag_targets import BagTargets  # compiles, or loads, its kernels

    return BagTargets(
        name,
        table,
        row_weights,
        data,
        sampler,
        "logistic" if auxiliary.kind == "multilabel" else auxiliary.loss,
        auxiliary.head_rate,
        auxiliary.table_rate,
        head_seed=seed,
        workers=workers,
    )
