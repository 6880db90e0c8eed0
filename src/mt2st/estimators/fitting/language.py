"""Document vectors from text without labels."""

from __future__ import annotations

import numpy as np

from mt2st.embeddings import new_table, smooth_inverse_frequency
from mt2st.embeddings.documents import DocumentModel
from mt2st.estimators.fitting.fit_text import SMOOTHING
from mt2st.estimators.fitting.fitted import Vectors
from mt2st.estimators.fitting.joint import STEPS, Joint, all_documents, shared_features
from mt2st.estimators.fitting.passes import first_rate, planned_passes
from mt2st.estimators.inputs.fit_settings import FitSettings
from mt2st.estimators.inputs.strategy_choice import LANGUAGE
from mt2st.models.columns import TextColumns
from mt2st.models.columns.build import choose_columns
from mt2st.tasks import LanguageModel, Sampler, Workers
from mt2st.tasks.sampler import stream_key
from mt2st.training.settings.tasks import DEFAULTS_BY_KIND


def learn_vectors(texts: list[str], others: list[str], settings: FitSettings) -> tuple[TextColumns, Vectors]:
    """Train a language model on ``texts`` and ``others`` with a linearly falling rate; standardise on ``texts``."""
    chosen = choose_columns(
        texts,
        others,
        pairs=settings.pairs,
        ngrams=False,
        min_count=settings.min_count,
        shared=settings.pair_min_count,
    )
    features = shared_features(chosen)
    table = new_table(len(features), settings.vector_size, stream_key(settings.seed, "table"))
    documents = all_documents(chosen, len(features))
    model = DocumentModel(
        table,
        chosen.counts,
        documents,
        sample=DEFAULTS_BY_KIND["document"]["sample"],
        seed=stream_key(settings.seed, LANGUAGE),
        threads=settings.workers,
    )
    passes = planned_passes(settings.passes, int(chosen.counts.sum()), len(texts))
    sampler = Sampler(len(documents), passes, STEPS, settings.seed, LANGUAGE)
    words = documents.below(len(features.words))
    task = LanguageModel(LANGUAGE, model, words, sampler, first_rate(passes), Workers(settings.workers))
    for step in range(STEPS):
        task.learn(sampler.draw(), 1.0, 1 - step / STEPS)
    weights = smooth_inverse_frequency(features.frequencies, SMOOTHING)
    return chosen.columns, Vectors.of(Joint(np.asarray(table), weights, []), chosen.labelled)
