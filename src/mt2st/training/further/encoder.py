"""Tasks of the further labelled auxiliaries on a torch encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.tasks import TaggedRows, TargetRows, TextPairs
from mt2st.tasks.pytorch.encoder_multilabel import EncoderMultiLabel
from mt2st.tasks.pytorch.encoder_pairs import EncoderPairs
from mt2st.tasks.pytorch.encoder_regression import EncoderRegression
from mt2st.tasks.pytorch.encoder_tagging import EncoderTagging

if TYPE_CHECKING:
    from mt2st.models.pytorch.shared import TorchShared
    from mt2st.tasks import Sampler, Task
    from mt2st.training.further import FurtherData
    from mt2st.training.settings import Auxiliary


def encoder_task(
    name: str,
    auxiliary: Auxiliary,
    shared: TorchShared,
    data: FurtherData,
    *,
    sampler: Sampler,
    seed: int,
    alike: EncoderTagging | None = None,
) -> Task:
    """Return the task of an auxiliary by the kind of its data; ``alike`` is a tagger that has the same sentences."""
    if isinstance(data, TaggedRows):
        return EncoderTagging(name, shared, data, sampler, seed, crf=auxiliary.crf, alike=alike)
    if isinstance(data, TextPairs):
        return EncoderPairs(name, shared, data, sampler, seed, head=auxiliary.head, kind=auxiliary.loss)
    if not isinstance(data, TargetRows):
        raise TypeError(f"{name}: examples of no known kind, {type(data).__name__}")
    if auxiliary.kind == "multilabel":
        return EncoderMultiLabel(name, shared, data, sampler, seed)
    return EncoderRegression(name, shared, data, sampler, seed, kind=auxiliary.loss)
