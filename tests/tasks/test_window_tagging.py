from __future__ import annotations

import numpy as np
import pytest

from mt2st.errors import ConfigError, GradientPathError
from mt2st.models.window.encoder import WindowEncoder
from mt2st.models.window.rows import WindowSizes
from mt2st.tasks import Sampler, TaggedRows
from mt2st.tasks.window_rows import WindowRows
from mt2st.tasks.window_tagging import WindowRates, WindowTagging
from mt2st.text import Ragged
from mt2st.training.guard import GradientGuard

SIZES = WindowSizes(looks=50, features=1024)
SENTENCES = [["the", "dog", "runs"], ["a", "cat"], [], ["dog", "sleeps"]]
TAGS = [["DET", "NOUN", "VERB"], ["DET", None], [], ["NOUN", "VERB"]]
CLASSES = ("DET", "NOUN", "VERB")


def make(seed=1, rates=WindowRates(), passes=1.0, scheme=None, tags=TAGS, classes=CLASSES):  # noqa: B008
    table = np.random.default_rng(1).normal(0, 0.5, (4, 8)).astype(np.float32)
    encoder = WindowEncoder.new(table, window=1, looks=50, look_size=4, hidden_size=6, seed=1)
    data = WindowRows.of(SENTENCES, tags, {"the": 1, "dog": 2, "cat": 3}, classes, SIZES, scheme)
    return WindowTagging("tags", encoder, data, Sampler(4, passes, 1, seed, "tags"), 1024, rates, seed)


def test_a_step_says_what_it_came_to():
    task = make()
    outcome = task.learn(task.sampler.draw(), 1.0, 1.0)
    assert (outcome.terms, outcome.examples, outcome.words, outcome.not_finite) == (6, 4, 7, 0)
    assert 0.5 < outcome.loss / outcome.terms < 2.5


def test_it_learns():
    task = make(passes=60)
    task.learn(task.sampler.draw(), 1.0, 1.0)
    assert task.tag(task.data) == [["DET", "NOUN", "VERB"], ["DET", "NOUN"], [], ["NOUN", "VERB"]]


def test_a_seed_gives_the_same_bits_and_weight_is_a_factor_of_the_rates():
    arrays = []
    for seed, weight, rate in ((1, 1.0, 0.5), (1, 0.5, 1.0), (2, 1.0, 0.5)):
        task = make(seed)
        task.learn(np.array([0, 1, 2, 3]), weight, rate)
        arrays.append(task.encoder.arrays()["weights"].copy())
    assert np.array_equal(arrays[0], arrays[1]) and not np.array_equal(arrays[0], arrays[2])


def test_the_shared_part_is_reached_and_a_step_of_nothing_is_found_out():
    task = make()
    GradientGuard(task.encoder).learn(task, np.array([0]), 1.0, 1.0)
    frozen = make(rates=WindowRates(table_rate=0, hidden_rate=0))
    with pytest.raises(GradientPathError, match="without moving the shared parameters"):
        GradientGuard(frozen.encoder).learn(frozen, np.array([0]), 1.0, 1.0)


def test_tags_keep_to_the_scheme():
    tags = [["B-X", "I-X", "O"], ["O", "B-X"], [], ["I-X", "O"]]
    task = make(passes=40, scheme="bio", tags=tags, classes=("B-X", "I-X", "O"))
    task.learn(task.sampler.draw(), 1.0, 1.0)
    assert all(found[:1] != ["I-X"] for found in task.tag(task.data))


def test_sentences_without_features_are_refused():
    surface = np.zeros((1, 4), np.int32)
    plain = TaggedRows(Ragged.from_lists([[0]]), np.zeros(1, np.int32), CLASSES, surface, 50)
    with pytest.raises(ConfigError, match="tags: sentences without features of their tokens"):
        make().tag(plain)


def test_selected_sentences_are_those_sentences():
    data = make().data.select(np.array([3, 0]))
    assert [data.tags_of(k) for k in range(2)] == [["NOUN", "VERB"], ["DET", "NOUN", "VERB"]]
    whole = make()
    assert whole.tag(data) == [whole.tag(whole.data)[k] for k in (3, 0)]
    assert data.windows.offsets.tolist() == [0, 2, 5]
