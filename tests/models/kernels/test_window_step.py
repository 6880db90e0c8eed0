from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from mt2st.models.kernels.window_parts import Encoder, Head, make_room, room_for
from mt2st.models.kernels.window_step import Drops, Rates, train_windows
from mt2st.models.window.model import best_tags, tag_probabilities
from mt2st.models.window.rows import WindowSizes, encode_windows
from mt2st.tasks.window_tagging import squares_of

CLASSES, SIZES = ("A", "B", "C"), WindowSizes(looks=11, features=400)
SENTENCES = [["The", "cat", "sat"], [], ["Sat"], ["cat", "The", "cat", "ran"]]
TAGS = [["A", "B", "C"], [], ["C"], ["B", None, "A", None]]
NO_DROPS = Drops(*[np.float32(0)] * 3)


def make(seed=1):
    draw = np.random.default_rng(seed)

    def array(*shape):
        return draw.normal(0, 0.5, shape).astype(np.float32)

    encoder = Encoder(array(3, 4), array(11, 2), array(18, 5), array(1, 5))
    head = Head(array(3, 6), array(400, 3), array(4, 4))
    return encoder, head, encode_windows(SENTENCES, TAGS, {"the": 1, "cat": 2}, CLASSES, SIZES)


def zeros(parameters):
    return type(parameters)(*(np.zeros_like(array) for array in parameters))


def step(encoder, head, data, order, rate=1e-3, drops=NO_DROPS, key=1, stop=False):
    squares, head_squares = squares_of(encoder), zeros(head)
    rates = Rates(*[np.float32(rate)] * 5)
    found = train_windows(
        encoder,
        squares,
        head,
        head_squares,
        data,
        np.array(order, np.int64),
        room_for(encoder, head, data),
        rates,
        drops,
        np.uint64(key),
        stop,
    )
    return found, squares, head_squares


def scores_of(encoder, head, data, sentence):
    """The scores of a sentence, from their definition."""
    start, stop = data.offsets[sentence], data.offsets[sentence + 1]
    table, looks, weights, bias = (array.astype(float) for array in encoder)
    kinds = [0, *data.kinds[start:stop], 0]
    vectors = [np.concatenate([table[data.words[k, 0]], looks[data.surface[k]].sum(0)]) for k in kinds]
    found = []
    for t in range(stop - start):
        hidden = np.maximum(np.concatenate(vectors[t : t + 3]) @ weights + bias[0], 0)
        features = head.features[data.features[start + t]].astype(float).sum(0)
        found.append(head.emit[:, :-1].astype(float) @ hidden + head.emit[:, -1] + features)
    return np.array(found)


def log_mass(scores, links, known):
    """The log of the sum over all sequences that have the known tags."""
    tags, total = scores.shape[1], 0.0
    for y in product(range(tags), repeat=len(scores)):
        if all(wanted in (-1, tag) for wanted, tag in zip(known, y, strict=True)):
            score = links[tags, y[0]] + links[y[-1], tags] + sum(scores[t, k] for t, k in enumerate(y))
            total += np.exp(score + sum(links[a, b] for a, b in pairwise(y)))
    return np.log(total)


def loss_of(encoder, head, data, sentence):
    scores, links = scores_of(encoder, head, data, sentence), head.links.astype(float)
    known = data.tags[data.offsets[sentence] : data.offsets[sentence + 1]]
    return log_mass(scores, links, [-1] * len(known)) - log_mass(scores, links, known)


@pytest.mark.parametrize("sentence", [0, 2, 3])
def test_the_loss_is_minus_the_log_chance_of_the_known_tags(sentence):
    encoder, head, data = make()
    wanted = loss_of(encoder, head, data, sentence)
    (loss, terms, bad), *_ = step(encoder, head, data, [sentence])
    assert loss == pytest.approx(wanted, rel=1e-5)
    assert (terms, bad) == (sum(tag is not None for tag in TAGS[sentence]), 0)


@pytest.mark.parametrize("sentence", [0, 3])
def test_every_parameter_moves_against_its_gradient(sentence):
    encoder, head, data = make()
    before = [array.copy() for array in (*encoder, *head)]
    _, squares, head_squares = step(encoder, head, data, [sentence])
    moved = [after - old for after, old in zip((*encoder, *head), before, strict=True)]
    gradients = [numeric(encoder, head, data, sentence, array, old) for array, old in pairs(encoder, head, before)]
    for name, gradient, move, square in zip(
        (*Encoder._fields, *Head._fields), gradients, moved, (*squares, *head_squares), strict=True
    ):
        assert np.abs(gradient).max() > 1e-3, name
        if square.shape[1] == 1 and name in ("table", "looks"):
            continue  # a row may stand at several places: checked as a direction below
        if name == "features":  # a row that two tokens have takes two steps
            rows = data.features[data.offsets[sentence] : data.offsets[sentence + 1]]
            once = np.flatnonzero(np.bincount(rows.ravel(), minlength=SIZES.features) == 1)
            gradient, move, square = gradient[once], move[once], square[once]
        np.testing.assert_allclose(np.sqrt(square), np.abs(gradient), atol=2e-3, err_msg=name)
        clear = np.abs(gradient) > 2e-2
        assert (np.sign(move[clear]) == -np.sign(gradient[clear])).mean() > 0.99, name


def pairs(encoder, head, before):
    """The arrays as they were, each live while it is looked at."""
    for array, old in zip((*encoder, *head), before, strict=True):
        array[...] = old
    return list(zip((*encoder, *head), before, strict=True))


def numeric(encoder, head, data, sentence, array, old):
    gradient = np.zeros(array.shape)
    for at in np.ndindex(array.shape):
        ends = []
        for change in (1e-3, -1e-3):
            array[at] = old[at] + np.float32(change)
            ends.append((loss_of(encoder, head, data, sentence), float(array[at])))
            array[at] = old[at]
        gradient[at] = (ends[0][0] - ends[1][0]) / (ends[0][1] - ends[1][1])
    return gradient


def test_words_move_against_their_gradients():
    encoder, head, data = make()
    before = [array.copy() for array in (*encoder, *head)]
    step(encoder, head, data, [2])
    moved = [encoder.table - before[0], encoder.looks - before[1]]
    pairs(encoder, head, before)
    for array, old, move in ((encoder.table, before[0], moved[0]), (encoder.looks, before[1], moved[1])):
        gradient = numeric(encoder, head, data, 2, array, old)
        cosine = -(gradient * move).sum() / np.linalg.norm(gradient) / np.linalg.norm(move)
        assert cosine > 0.9
        assert ((move != 0).any(1) == (np.abs(gradient) > 0).any(1)).all()


def test_a_sentence_without_known_tags_teaches_nothing():
    encoder, head, data = make()
    data = data._replace(tags=np.full_like(data.tags, -1))
    before = [array.copy() for array in (*encoder, *head)]
    (loss, terms, bad), *_ = step(encoder, head, data, [0, 1, 3])
    assert (loss, terms, bad) == (0, 0, 0)
    assert all(np.array_equal(*each) for each in zip(before, (*encoder, *head), strict=True))


@pytest.mark.parametrize("stop", [False, True])
def test_a_loss_that_is_not_finite_moves_nothing(stop):
    encoder, head, data = make()
    row = data.features[data.offsets[2], 0]
    head.features[row] = np.nan
    before = [array.copy() for array in (*encoder, *head)]
    (_, terms, bad), *_ = step(encoder, head, data, [2, 2], stop=stop)
    assert (terms, bad) == (0, 1 if stop else 2)
    assert all(np.array_equal(*each, equal_nan=True) for each in zip(before, (*encoder, *head), strict=True))


def test_dropout_leaves_out_the_share_and_depends_on_the_key_alone():
    encoder, head, data = make()
    drops = Drops(np.float32(0.5), np.float32(0.5), np.float32(0.5))
    found = []
    for key in (1, 1, 2):
        encoder, head, data = make()
        step(encoder, head, data, [0, 3], drops=drops, key=key)
        found.append(encoder.weights.copy())
    assert np.array_equal(found[0], found[1]) and not np.array_equal(found[0], found[2])


def test_rates_of_nothing_leave_their_part_alone():
    encoder, head, data = make()
    table = encoder.table.copy()
    rates = Rates(*map(np.float32, (0, 0.1, 0.1, 0.1, 0.1)))
    room = make_room(encoder, head, 4, data.features.shape[1], 4)
    args = (squares_of(encoder), head, zeros(head), data, np.array([0]), room, rates, NO_DROPS, np.uint64(1), False)
    train_windows(encoder, *args)
    assert np.array_equal(table, encoder.table)


def test_what_is_predicted_is_by_the_scores_and_whole_sequences():
    encoder, head, data = make()
    shares, tags = tag_probabilities(encoder, head, data), best_tags(encoder, head, data)
    for sentence in (0, 2, 3):
        scores, links = scores_of(encoder, head, data, sentence), head.links.astype(float)
        start, stop = data.offsets[sentence], data.offsets[sentence + 1]
        whole = log_mass(scores, links, [-1] * (stop - start))
        for t, k in product(range(stop - start), range(3)):
            known = [k if place == t else -1 for place in range(stop - start)]
            assert shares[start + t, k] == pytest.approx(np.exp(log_mass(scores, links, known) - whole), abs=1e-5)
        best = max(product(range(3), repeat=stop - start), key=lambda y: log_mass(scores, links, y))
        assert tuple(tags[start:stop].tolist()) == best
