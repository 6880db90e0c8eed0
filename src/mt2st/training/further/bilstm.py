"""Tasks of the further labelled auxiliaries on the BiLSTM encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.tasks import TaggedRows, TargetRows, TextPairs
from mt2st.tasks.bilstm_multilabel import BiLSTMMultiLabel
from mt2st.tasks.bilstm_pairs import BiLSTMPairs
from mt2st.tasks.bilstm_regression import BiLSTMRegression
from mt2st.tasks.bilstm_tagging import BiLSTMTagging

if TYPE_CHECKING:
    from mt2st.models.torch_shared import TorchShared
    from mt2st.tasks import Sampler, Task
    from mt2st.training.further import FurtherData
    from mt2st.training.settings import Auxiliary


def bilstm_task(
    name: str, auxiliary: Auxiliary, shared: TorchShared, data: FurtherData, *, sampler: Sampler, seed: int
) -> Task:
    """Return the task of an auxiliary, of whatever kind its data is."""
    if isinstance(data, TaggedRows):
        return BiLSTMTagging(name, shared, data, sampler, seed, crf=auxiliary.crf)
    if isinstance(data, TextPairs):
        return BiLSTMPairs(name, shared, data, sampler, seed, head=auxiliary.head, kind=auxiliary.loss)
    if not isinstance(data, TargetRows):
        raise TypeError(f"{name}: examples of no known kind, {type(data).__name__}")
    if auxiliary.kind == "multilabel":
        return BiLSTMMultiLabel(name, shared, data, sampler, seed)
    return BiLSTMRegression(name, shared, data, sampler, seed, kind=auxiliary.loss)
