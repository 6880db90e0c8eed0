"""Tasks of the torch encoders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mt2st.tasks import LabelledRows, TaggedRows, TargetRows, Task
from mt2st.tasks.sampler import stream_key
from mt2st.training.builders.builder import Builder
from mt2st.training.builders.common_texts import CommonTexts

if TYPE_CHECKING:
    from mt2st.models.pytorch.shared import TorchShared
    from mt2st.tasks import Sampler
    from mt2st.training.builders.common_texts import Own
    from mt2st.training.corpus import Corpus
    from mt2st.training.further import FurtherData
    from mt2st.training.settings import Settings


class EncoderBuilder(Builder):
    """Builds tasks on the states of an encoder over the shared table."""

    def __init__(self, corpus: Corpus, settings: Settings) -> None:
        super().__init__(corpus, settings)
        import torch  # an extra; mt2st.models.pytorch.encoders reports if it is missing

        from mt2st.models.pytorch.encoders import make_encoder
        from mt2st.models.pytorch.shared import TorchShared

        model, seed = settings.model, stream_key(self.seed, "encoder")
        torch.set_num_threads(settings.training.workers)
        encoder = make_encoder(model.encoder, self.table, model.sizes(), model.dropout, seed, corpus.words)
        encoder.embedding.weight.requires_grad_(not model.freeze_vectors)
        self.common = CommonTexts()
        self.shared: TorchShared = TorchShared(encoder, model.rate, model.table_rate, self.beside)

    def classification(self, name: str, data: LabelledRows) -> Task:
        """Return a task whose texts have one label each."""
        from mt2st.tasks.pytorch.encoder_classification import EncoderClassification

        is_primary = name == self.settings.primary.name
        data, sampler, first = self._joined(name, data)
        task = EncoderClassification(name, self.shared, data, sampler, self.seed, stop_at_bad=is_primary)
        return self._built(task, first)

    def tagging(self, name: str, data: TaggedRows) -> Task:
        """Return the primary task of tagging tokens."""
        from mt2st.tasks.pytorch.encoder_tagging import EncoderTagging

        crf = self.settings.primary.crf
        data, sampler, first = self._joined(name, data)
        task = EncoderTagging(name, self.shared, data, sampler, self.seed, crf=crf, stop_at_bad=True)
        return self._built(task, first)

    def further(self, name: str, data: FurtherData) -> Task:
        """Return the task of a labelled auxiliary that is not a classification."""
        from mt2st.training.further.encoder import encoder_task

        auxiliary = self.settings.auxiliary[name]
        if not isinstance(data, TargetRows | TaggedRows):  # pairs are read two texts at a time
            sampler = self.sampler(name, len(data), data.lengths)
            return encoder_task(name, auxiliary, self.shared, data, sampler=sampler, seed=self.seed)
        data, sampler, first = self._joined(name, data)
        task = encoder_task(name, auxiliary, self.shared, data, sampler=sampler, seed=self.seed, alike=first)
        return self._built(task, first)

    def _joined(self, name: str, data: Own) -> tuple[Own, Sampler, Any]:
        """Return the examples, the sampler of their batches, and the earlier task that shares these, or None."""
        sharing = self.settings.training.one_pass
        data, first = self.common.join(data, self.passes(name)) if sharing else (data, None)
        sampler = self.sampler(name, len(data), data.rows.lengths) if first is None else first.sampler
        return data, sampler, first

    def _built(self, task: Any, first: Any) -> Task:
        if first is None:
            self.common.add(task)
        built: Task = task
        return built
