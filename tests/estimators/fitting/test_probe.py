"""The probe judges a table by examples that its regression was not fitted to, with the better of its penalties."""

from __future__ import annotations

import numpy as np
import pytest

from mt2st.estimators.fitting.probe import PENALTIES, Probe, scaled, scales
from mt2st.models.convex.ridge import left_out_scores
from mt2st.tasks import LabelledRows
from mt2st.text import Ragged


def labelled(labels, classes):
    """Return texts of one word each: that of their number."""
    rows = Ragged.from_lists([[number] for number in range(len(labels))])
    return LabelledRows(rows, np.asarray(labels), tuple(map(str, range(classes))))


@pytest.mark.parametrize("classes", [2, 60])
def test_a_thousand_examples_are_judged(classes):
    data = labelled(np.arange(1200) % classes, classes)
    table = np.random.default_rng(0).normal(size=(1200, 8)).astype(np.float32)
    found = Probe.of(data, np.ones(1200, np.float32), seed=0).judge(table)
    assert found.examples == 1000 and len(found.labels) == classes


@pytest.mark.parametrize(("classes", "seed", "better"), [(2, 0, 0), (2, 4, 1), (3, 2, 0), (3, 0, 1)])
def test_the_better_penalty_counts(classes, seed, better):
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, 40)
    table = (random.normal(size=(40, 6)) + 1.2 * (labels[:, None] == np.arange(6))).astype(np.float32)
    data, weights = labelled(labels, classes), np.ones(40, np.float32)
    rows = scaled(table, *scales(table))
    signs = np.where(labels[:, None] == np.arange(classes), 1.0, -1.0)
    shares = [float((scores.argmax(1) == labels).mean()) for scores in left_out_scores(rows, signs, PENALTIES)]
    assert shares[better] > shares[1 - better]
    assert Probe.of(data, weights, seed=0).judge(table).accuracy == shares[better]


def test_a_table_that_tells_classes_apart_scores_above_one_that_does_not():
    labels = np.arange(60) % 2
    random = np.random.default_rng(0)
    noise = random.normal(size=(60, 4)).astype(np.float32)
    told = noise + 3 * labels[:, None].astype(np.float32)
    probe = Probe.of(labelled(labels, 2), np.ones(60, np.float32), seed=0)
    assert probe.judge(told).accuracy > 0.95 > 0.7 > probe.judge(noise).accuracy


def test_what_varies_by_rounding_alone_says_nothing():
    words = np.random.default_rng(0).normal(size=(7, 50)).astype(np.float32)
    orders = [np.random.default_rng(seed).permutation(7) for seed in range(40)]
    same = np.array([np.add.reduce(words[order], 0) / 7 for order in orders])
    assert same.std(0).max() > 0
    assert not scales(same)[1].any()
    assert (scales(1e-3 * words)[1] > 0).all() and not scales(same[:1])[1].any()


def test_rows_behind_those_of_words_and_pairs_are_not_looked_at():
    random = np.random.default_rng(0)
    labels = np.arange(60) % 2
    told = (random.normal(size=(60, 4)) + 3 * labels[:, None]).astype(np.float32)
    longer = np.vstack([told, random.normal(size=(60, 4)).astype(np.float32)])
    probe = Probe.of(labelled(labels, 2), np.ones(60, np.float32), seed=0)
    assert probe.judge(longer).accuracy == probe.judge(told).accuracy > 0.95
