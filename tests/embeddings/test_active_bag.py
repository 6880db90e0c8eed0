"""Relevance and training of some columns, against NumPy in double precision written from the definitions."""

from __future__ import annotations

import numpy as np
import pytest

from mt2st.embeddings import aligned_zeros
from mt2st.embeddings.kernels.active_bag import (
    active_bag_update,
    bag_means,
    bag_relevance,
    bag_shares,
    put_columns,
    take_columns,
)
from mt2st.embeddings.kernels.bag import bag_update
from mt2st.embeddings.table import padded
from mt2st.text import Ragged

ROWS, SIZE, CLASSES = 7, 5, 3
TEXTS = [[0, 3, 5], [2, 2, 4], [1], [], [5, 2, 0, 2, 1, 2]]
LABELS = np.array([1, 0, 2, 2, 1], np.int32)
ORDER = np.array([4, 0, 3, 1, 1, 2], np.int64)
RATES = np.float32(0.5), np.float32(0.25)


class Model:
    def __init__(self):
        random = np.random.default_rng(7)
        self.rows = Ragged.from_lists(TEXTS)
        self.table = random.normal(size=(ROWS, SIZE)).astype(np.float32)
        self.head = random.normal(size=(CLASSES, SIZE + 1)).astype(np.float32)
        self.weights = random.uniform(0.1, 1, ROWS).astype(np.float32)
        self.data = self.rows.ids, self.rows.offsets, LABELS


def gradients(table, head, weights, text, label):
    """Return the gradient of each word of a text by itself, (words, SIZE)."""
    shares = weights[text] / weights[text].sum()
    scores = head[:, :-1] @ (shares @ table[text]) + head[:, -1]
    errors = np.exp(scores - scores.max())
    errors /= errors.sum()
    errors[label] -= 1
    return np.outer(shares, errors @ head[:, :-1])


def frozen_update(model, frozen, order=ORDER):
    """Train ``model`` with columns frozen, as the task does, and return what the kernel returns."""
    active, every = np.setdiff1d(np.arange(SIZE), frozen).astype(np.uint32), np.arange(ROWS, dtype=np.uint32)
    own, still = (aligned_zeros(ROWS, padded(len(columns))) for columns in (active, frozen))
    take_columns(model.table, every, active, own)
    take_columns(model.table, every, frozen.astype(np.uint32), still)
    ids, offsets, labels = model.data
    shares, means = np.empty(len(ids), np.float32), aligned_zeros(len(TEXTS), padded(len(frozen)))
    bag_shares(model.weights, ids, offsets, shares)
    bag_means(still, shares, ids, offsets, means)
    columns = np.concatenate([active, frozen, [SIZE]]).astype(np.uint32)
    data = ids, offsets, labels, order
    found = active_bag_update(own, shares, model.head, columns, len(active), means, *data, *RATES, False)
    put_columns(own, every, active, model.table)
    assert not own[:, len(active) :].any(), "what fills up a row stays zero"
    return found


def test_relevance_worked_by_hand():
    # One text of two words of equal weight; two classes; the head's rows are +-(1, 2), the mean is (1, 0).
    table = np.array([[2, 0], [0, 0]], np.float32)
    head = np.array([[1, 2, 0], [-1, -2, 0]], np.float32)
    rows = Ragged.from_lists([[0, 1]])
    found = bag_relevance(table, np.ones(2, np.float32), head, rows.ids, rows.offsets, np.zeros(1, np.int32))
    # p(other) = 1 / (1 + e^2) = 0.1192; gradient of the mean = 0.1192 * (-2, -4), of each word half of it; word 0 is
    # worth |-0.1192 * 2| in the first dimension; the other three products are 0. Over two words: 0.1192.
    np.testing.assert_allclose(found, [0.11920292, 0.0], rtol=1e-6)


def test_relevance_is_that_of_its_definition():
    model = Model()
    table, head, weights = (array.astype(np.float64) for array in (model.table, model.head, model.weights))
    parts = [
        np.abs(gradients(table, head, weights, text, label) * table[text])
        for text, label in zip(TEXTS, LABELS, strict=True)
        if text
    ]
    expected = np.concatenate(parts).mean(0)
    found = bag_relevance(model.table, model.weights, model.head, *model.data)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_relevance_changes_nothing():
    model, before = Model(), Model()
    bag_relevance(model.table, model.weights, model.head, *model.data)
    assert model.table.tobytes() == before.table.tobytes() and model.head.tobytes() == before.head.tobytes()


def test_relevance_without_any_word_is_zero():
    model, rows = Model(), Ragged.from_lists([[], []])
    found = bag_relevance(model.table, model.weights, model.head, rows.ids, rows.offsets, LABELS[:2])
    assert found.tolist() == [0.0] * SIZE


@pytest.mark.parametrize("frozen", [[1], [0, 3], [0, 1, 2, 4], [0, 1, 2, 3, 4]])
def test_frozen_columns_rest_and_others_train_as_the_definition_says(frozen):
    model, start = Model(), Model()
    frozen = np.array(frozen)
    active = np.setdiff1d(np.arange(SIZE), frozen)
    loss, examples, bad = frozen_update(model, frozen)
    table, head, weights = (array.astype(np.float64) for array in (start.table, start.head, start.weights))
    total = 0.0
    for example in ORDER:
        text, label = TEXTS[example], LABELS[example]
        shares = weights[text] / weights[text].sum() if text else np.zeros(0)
        mean = shares @ table[text] if text else np.zeros(SIZE)
        scores = head[:, :-1] @ mean + head[:, -1]
        total += np.log(np.exp(scores).sum()) - scores[label]
        errors = np.exp(scores) / np.exp(scores).sum() - np.eye(CLASSES)[label]
        step = errors @ head[:, :-1]
        head -= RATES[0] * np.outer(errors, np.append(mean, 1.0))
        for word, share in zip(text, shares, strict=True):
            table[word, active] -= RATES[1] * share * step[active]
    assert model.table[:, frozen].tobytes() == start.table[:, frozen].tobytes()
    np.testing.assert_allclose(model.table, table, rtol=2e-4, atol=1e-6)
    np.testing.assert_allclose(model.head, head, rtol=2e-4, atol=1e-6)
    assert (loss, examples, bad) == (pytest.approx(total, rel=1e-5), len(ORDER), 0)


def test_the_first_step_moves_active_columns_as_it_does_without_freezing():
    frozen, active = np.array([0, 3]), np.array([1, 2, 4])
    one, model, plain = ORDER[:1], Model(), Model()
    frozen_update(model, frozen, one)
    bag_update(plain.table, plain.weights, plain.head, *plain.data, one, *RATES, False)
    np.testing.assert_allclose(model.table[:, active], plain.table[:, active], rtol=1e-6)
    np.testing.assert_allclose(model.head, plain.head, rtol=1e-6, atol=1e-6)
    assert np.abs(plain.table - Model().table)[:, frozen].max() > 0.01, "while these would have moved"


def test_a_loss_that_is_not_finite_is_left_out_or_stops():
    model = Model()
    model.head[0, SIZE] = np.inf
    assert frozen_update(model, np.array([2]))[1:] == (0, len(ORDER))


def test_words_that_weigh_nothing_are_like_no_words():
    model = Model()
    model.weights[[0, 3, 5]] = 0  # all of the first text
    before = model.table.copy()
    assert frozen_update(model, np.array([2]), ORDER[1:2])[1:] == (1, 0)
    assert model.table.tobytes() == before.tobytes()
