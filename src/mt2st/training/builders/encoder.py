"""Tasks of the torch encoders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mt2st.tasks import LabelledRows, TaggedRows, Task
from mt2st.tasks.sampler import stream_key
from mt2st.training.builders.builder import Builder

if TYPE_CHECKING:
    from mt2st.models.torch_shared import TorchShared
    from mt2st.training.corpus import Corpus
    from mt2st.training.further import FurtherData
    from mt2st.training.settings import Settings


class EncoderBuilder(Builder):
    """Makes tasks on the states of an encoder over the shared table."""

    def __init__(self, corpus: Corpus, settings: Settings) -> None:
        super().__init__(corpus, settings)
        import torch  # an extra; mt2st.models.encoders says so where it is missing

        from mt2st.models.encoders import make_encoder
        from mt2st.models.torch_shared import TorchShared

        model, seed = settings.model, stream_key(self.seed, "encoder")
        torch.set_num_threads(settings.training.workers)
        encoder = make_encoder(model.encoder, self.table, model.sizes(), model.dropout, seed, corpus.words)
        encoder.embedding.weight.requires_grad_(not model.freeze_vectors)
        self.shared: TorchShared = TorchShared(encoder, model.rate, model.table_rate, self.beside)

    def classification(self, name: str, data: LabelledRows) -> Task:
        """Return a task whose texts have one label each."""
        from mt2st.tasks.encoder_classification import EncoderClassification

        sampler, is_primary = self.sampler(name, len(data), data.rows.lengths), name == self.settings.primary.name
        return EncoderClassification(name, self.shared, data, sampler, self.seed, stop_at_bad=is_primary)

    def tagging(self, name: str, data: TaggedRows) -> Task:
        """Return the primary task whose sentences have a tag a token."""
        from mt2st.tasks.encoder_tagging import EncoderTagging

        crf, sampler = self.settings.primary.crf, self.sampler(name, len(data), data.lengths)
        return EncoderTagging(name, self.shared, data, sampler, self.seed, crf=crf, stop_at_bad=True)

    def further(self, name: str, data: FurtherData) -> Task:
        """Return the task of an auxiliary with other labels."""
        from mt2st.training.further.encoder import encoder_task

        auxiliary, sampler = self.settings.auxiliary[name], self.sampler(name, len(data), data.lengths)
        return encoder_task(name, auxiliary, self.shared, data, sampler=sampler, seed=self.seed)
