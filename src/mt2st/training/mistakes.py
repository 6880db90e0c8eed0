"""Mistakes of a finished model on the primary's test part, for the run's page."""

from __future__ import annotations

from typing import Any

import numpy as np

from mt2st.evaluation import Confusion, evaluate_calibration, tag_confusions, text_confusions
from mt2st.models import TaggingModel, TextModel
from mt2st.tasks import LabelledRows, TaggedRows
from mt2st.training.corpus import Corpus


def find_mistakes(model: TextModel | TaggingModel, corpus: Corpus) -> dict[str, Any]:
    """Return the most frequent confusions, and the calibration of the probabilities, as JSON values.

    Parameters
    ----------
    model
        The finished model. A bag also gives the contribution of each word.
    corpus
        Must have the texts of the test part; without them the result is empty.
    """
    confusions, calibration = list[Confusion](), None
    if isinstance(model, TaggingModel) and isinstance(corpus.test, TaggedRows) and corpus.test_texts:
        gold = [corpus.test.tags_of(place) for place in range(len(corpus.test))]
        confusions = tag_confusions(corpus.test_texts, gold, model.predict(corpus.test_texts))
    elif isinstance(model, TextModel) and isinstance(corpus.test, LabelledRows) and corpus.test_texts:
        gold_numbers = corpus.test.labels.astype(np.int64)
        probabilities = np.asarray(model.predict_proba(corpus.test_texts), np.float64).clip(0, 1)
        explain = model.contributions if model.encoder == "bag" else None
        confusions = text_confusions(corpus.test_texts, gold_numbers, probabilities, model.classes, explain)
        calibration = evaluate_calibration(probabilities, gold_numbers).as_dict()
    return {"confusions": [each.as_dict() for each in confusions], "calibration": calibration}
