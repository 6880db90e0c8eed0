"""The probe judges a table by all examples it has; of many classes by those of one fold."""

from __future__ import annotations

import numpy as np
import pytest

from mt2st.estimators.fitting.probe import Probe
from mt2st.tasks import LabelledRows
from mt2st.text import Ragged


@pytest.mark.parametrize(("classes", "judged"), [(2, 1000), (50, 1000), (51, 200)])
def test_of_many_classes_one_fold_is_judged(classes, judged):
    labels = np.arange(1200) % classes
    rows = Ragged.from_lists([[label] for label in labels])
    data = LabelledRows(rows, labels, tuple(map(str, range(classes))))
    table = np.random.default_rng(0).normal(size=(classes, 8)).astype(np.float32)
    found = Probe.of(data, np.ones(classes, np.float32), seed=0).judge(table)
    assert found.examples == judged
