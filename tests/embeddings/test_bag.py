from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from mt2st.embeddings.kernels.bag import bag_logits, bag_mean, bag_update
from mt2st.text import Ragged

ROWS, SIZE, CLASSES = 6, 3, 4
TEXTS = [[0, 3, 5], [2, 2, 4], [1], [], [5, 2, 0, 2, 1, 2]]
LABELS = np.array([1, 0, 3, 2, 1], np.int32)


class Model:
    """Everything that `bag_update` trains, drawn at random."""

    def __init__(self, texts=TEXTS, labels=LABELS, seed=0):
        random = np.random.default_rng(seed)
        self.rows, self.labels = Ragged.from_lists(texts), np.asarray(labels, np.int32)
        self.table = random.normal(size=(ROWS, SIZE)).astype(np.float32)
        self.head = random.normal(size=(CLASSES, SIZE + 1)).astype(np.float32)
        self.weights = random.uniform(0.1, 1, ROWS).astype(np.float32)

    def update(self, order, head_rate=0.5, table_rate=0.25, stop_at_bad=False):
        return bag_update(
            self.table,
            self.weights,
            self.head,
            self.rows.ids,
            self.rows.offsets,
            self.labels,
            np.array(order, np.int64),
            np.float32(head_rate),
            np.float32(table_rate),
            stop_at_bad,
        )

    def logits(self):
        return bag_logits(self.table, self.weights, self.head, self.rows.ids, self.rows.offsets)

    def doubles(self):
        return self.table.astype(np.float64), self.head.astype(np.float64)


def mean_of(table, weights, text):
    return np.average(table[text], axis=0, weights=weights[text]) if text else np.zeros(table.shape[1])


def loss_of(table, head, weights, text, label):
    """Minus the logarithm of the label's softmax, in float64."""
    logits = head @ np.append(mean_of(table, weights, text), 1.0)
    return np.log(np.exp(logits).sum()) - logits[label]


def slope(function, at, step=1e-6):
    """Central differences of a function of one array."""
    found = np.empty_like(at)
    for place in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[place] += step
        down[place] -= step
        found[place] = (function(up) - function(down)) / (2 * step)
    return found


@pytest.mark.parametrize("text", [[3], [0, 1, 5], [4, 4, 2, 4]])
def test_mean_is_numpys_weighted_mean(text):
    model, mean = Model(), np.full(SIZE, 9, np.float32)
    ids = np.array([1, *text, 2], np.int32)
    total = bag_mean(model.table, model.weights, ids, 1, len(ids) - 1, mean)
    np.testing.assert_allclose(mean, mean_of(model.table.astype(np.float64), model.weights, text), rtol=1e-5)
    assert total == pytest.approx(float(model.weights[text].sum()), rel=1e-6)


def test_mean_of_nothing_is_zero():
    mean = np.full(SIZE, 9, np.float32)
    assert bag_mean(Model().table, Model().weights, np.empty(0, np.int32), 0, 0, mean) == 0
    assert not mean.any()


@pytest.mark.parametrize("example", range(len(TEXTS)))
def test_one_step_is_the_gradient_by_finite_differences(example):
    model, text, label = Model(), TEXTS[example], LABELS[example]
    table, head = model.doubles()
    total, examples, bad = model.update([example])
    assert (examples, bad) == (1, 0)
    assert total == pytest.approx(loss_of(table, head, model.weights, text, label), rel=1e-6)
    # Both at the values from before the step: a table that moved by the new head would be off by half of it.
    by_table = slope(lambda moved: loss_of(moved, head, model.weights, text, label), table)
    by_head = slope(lambda moved: loss_of(table, moved, model.weights, text, label), head)
    np.testing.assert_allclose(model.table - table, -0.25 * by_table, atol=2e-7, rtol=1e-5)
    np.testing.assert_allclose(model.head - head, -0.5 * by_head, atol=2e-7, rtol=1e-5)


def test_a_word_that_is_repeated_is_moved_for_each_time():
    # Weights of 1, a head of 1 and -1, a mean of 0: both classes at 1/2, and the mean's gradient is 1.
    model = Model([[2, 2, 0]], [0])
    model.table, model.weights = np.zeros((ROWS, 1), np.float32), np.ones(ROWS, np.float32)
    model.head = np.array([[1, 0], [-1, 0]], np.float32)
    model.update([0], table_rate=0.3)
    np.testing.assert_allclose(model.table[:, 0], [0.1, 0, 0.2, 0, 0, 0], rtol=1e-6)


def test_examples_are_trained_one_after_the_other_in_the_order_given():
    model, order = Model(), [4, 0, 3, 1, 4]
    table, head = model.doubles()
    losses = 0.0
    for example in order:
        text, label = TEXTS[example], LABELS[example]
        losses += loss_of(table, head, model.weights, text, label)
        mean = mean_of(table, model.weights, text)
        exponents = np.exp(head @ np.append(mean, 1.0))
        error = np.eye(CLASSES)[label] - exponents / exponents.sum()
        gradient = error @ head[:, :-1]
        head += 0.5 * np.outer(error, np.append(mean, 1.0))
        for word in text:
            table[word] += 0.25 * model.weights[word] / model.weights[text].sum() * gradient
    total, examples, bad = model.update(order)
    assert (total, examples, bad) == (pytest.approx(losses, rel=1e-5), 5, 0)
    np.testing.assert_allclose(model.table, table, atol=2e-6)
    np.testing.assert_allclose(model.head, head, atol=2e-6)


@pytest.mark.parametrize("which", ["table", "head"])
def test_twice_the_rate_is_twice_the_step(which):
    steps = []
    for factor in (1, 2):
        model = Model()
        before = getattr(model, which).copy()
        model.update([4], **{f"{which}_rate": 0.25 * factor})
        steps.append(getattr(model, which) - before)
    assert abs(steps[0]).max() > 0.01
    np.testing.assert_allclose(steps[1], 2 * steps[0], atol=5e-7)


def test_an_example_without_words_trains_the_bias_alone():
    model = Model()
    table, head = model.doubles()
    model.update([3], head_rate=0.5)
    shares = np.exp(head[:, -1]) / np.exp(head[:, -1]).sum()
    np.testing.assert_array_equal(model.table, table)
    np.testing.assert_array_equal(model.head[:, :-1], head[:, :-1])
    np.testing.assert_allclose(model.head[:, -1], head[:, -1] + 0.5 * (np.eye(CLASSES)[2] - shares), rtol=1e-5)


def test_words_that_weigh_nothing_are_like_no_words():
    model, like = Model(), Model([[], *TEXTS[1:]])
    model.weights[TEXTS[0]] = 0
    assert model.update([0]) == like.update([0])
    np.testing.assert_array_equal(model.table, like.table)
    np.testing.assert_array_equal(model.head, like.head)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("stop_at_bad", [False, True])
def test_an_example_that_is_not_finite_is_left_out(value, stop_at_bad):
    # Row 3 is in text 0 alone.
    model, without = Model(), Model()
    model.table[3, 1] = without.table[3, 1] = value
    total, examples, bad = model.update([1, 0, 4, 2], stop_at_bad=stop_at_bad)
    expected = without.update([1] if stop_at_bad else [1, 4, 2])
    assert (total, examples, bad) == (expected[0], 1 if stop_at_bad else 3, 1)
    np.testing.assert_array_equal(model.table, without.table)
    np.testing.assert_array_equal(model.head, without.head)
    assert np.isfinite(np.delete(model.table, 3, 0)).all() and np.isfinite(model.head).all()


def test_scores_too_large_for_exp_still_have_a_loss():
    model = Model([[0]], [1])
    model.table, model.weights = np.full((ROWS, 1), 1, np.float32), np.ones(ROWS, np.float32)
    model.head = np.array([[500, 0], [-500, 0]], np.float32)
    assert model.update([0]) == (1000.0, 1, 0)


def test_logits_are_numpys():
    model = Model()
    table, head = model.doubles()
    by_hand = [head @ np.append(mean_of(table, model.weights, text), 1.0) for text in TEXTS]
    np.testing.assert_allclose(model.logits(), by_hand, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(model.logits()[3], model.head[:, -1])


def test_it_comes_to_what_logistic_regression_comes_to():
    random = np.random.default_rng(5)
    labels = random.integers(0, 3, 900)
    # Each class has its own words, but a third of the words of a text are any.
    texts = [[*random.choice(10, 2) + 10 * label, *random.choice(30, 1)] for label in labels]
    model = Model(texts, labels)
    model.table, model.weights = random.normal(size=(30, 8)).astype(np.float32), np.ones(30, np.float32)
    model.head, fixed = np.zeros((3, 9), np.float32), model.table.copy()
    for step in range(100):
        model.update(random.permutation(600), head_rate=0.5 / (1 + step / 4), table_rate=0)
    np.testing.assert_array_equal(model.table, fixed)
    means = np.array([model.table[text].mean(0) for text in texts])
    judge = LogisticRegression(C=np.inf, max_iter=1000).fit(means[:600], labels[:600])
    found = model.logits().argmax(1)
    accuracies = [(guess[600:] == labels[600:]).mean() for guess in (found, judge.predict(means))]
    assert 0.7 < accuracies[1] < 0.95
    assert accuracies[0] == pytest.approx(accuracies[1], abs=0.01)
    assert (found == judge.predict(means)).mean() > 0.97
