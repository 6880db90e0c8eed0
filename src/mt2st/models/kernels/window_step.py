"""Training of the window tagger, one sentence after another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import boolean, float32, float64, int64, types, uint64

from mt2st.embeddings.kernels.draws import random_bits
from mt2st.embeddings.kernels.finite import is_finite
from mt2st.models.kernels.adagrad import step_all, step_words
from mt2st.models.kernels.chain import FORBIDDEN, add_marginals, add_pairwise_marginals, chain_sums, weigh_links
from mt2st.models.kernels.window import backward, drop_hidden, forward, see
from mt2st.models.kernels.window_parts import ENCODER, HEAD, ROOM, SENTENCES, Encoder, Head, Room, Sentences
from mt2st.models.kernels.window_scores import draw_kept, emit_backward, score_features, score_hidden, step_features
from mt2st.native import Floats, Places, kernel


class Rates(NamedTuple):
    """Learning rates of the table, the hidden layer, the head's weights, its features and its links."""

    table: np.float32
    hidden: np.float32
    emit: np.float32
    features: np.float32
    links: np.float32


class Drops(NamedTuple):
    """Dropout: shares of the hidden layer and of features, and of words as in `mt2st.models.kernels.window.see`."""

    hidden: np.float32
    features: np.float32
    words: np.float32


RATES = types.NamedUniTuple(float32, 5, Rates)
DROPS = types.NamedUniTuple(float32, 3, Drops)


@kernel(float64(HEAD, SENTENCES, int64, int64, ROOM), inner=True)
def find_errors(head: Head, data: Sentences, start: int, tokens: int, room: Room) -> float:
    """Write the gradient of the scores, add that of the links, and return minus the log probability of known tags.

    The latter is ``log Z - log Z'`` with Z' the sum over all sequences that have the known tags.
    """
    scored, tags = room.scored, head.emit.shape[0]
    for t in range(tokens):
        wanted = data.tags[start + t]
        for k in range(tags):
            scored.errors[t, k] = 0
            scored.known[t, k] = scored.scores[t, k] if wanted < 0 or wanted == k else np.float32(FORBIDDEN)
    weigh_links(head.links, room.chain.links)
    loss = 0.0
    for known in range(2):
        sign = np.float32(1 - 2 * known)
        loss += sign * chain_sums(scored.known if known else scored.scores, tokens, room.chain)
        add_marginals(room.chain, tokens, sign, scored.errors)
        add_pairwise_marginals(room.chain, tokens, sign, room.links)
    for k in range(tags):
        room.links[tags, k] += scored.errors[0, k]
        room.links[k, tags] += scored.errors[tokens - 1, k]
    return loss


@kernel(types.void(float32[:, ::1]), inner=True)
def clear(values: Floats) -> None:
    """Set all to 0."""
    for i in range(values.shape[0]):
        for j in range(values.shape[1]):
            values[i, j] = 0


@kernel(
    types.Tuple((float64, int64, int64))(
        ENCODER, ENCODER, HEAD, HEAD, SENTENCES, int64[::1], ROOM, RATES, DROPS, uint64, boolean
    )
)
def train_windows(
    encoder: Encoder,
    encoder_squares: Encoder,
    head: Head,
    head_squares: Head,
    data: Sentences,
    order: Places,
    room: Room,
    rates: Rates,
    drops: Drops,
    key: np.uint64,
    stop_at_bad: bool,
) -> tuple[float, int, int]:
    """Train on the sentences ``order``, one after the other, by AdaGrad.

    Parameters
    ----------
    encoder, head
        Changed in place, like their sums of squared gradients; those of the rows of words and looks are means,
        (rows, 1).
    data, order
        All sentences, and the indices of those to train on, in order.
    room
        Work arrays for the longest sentence, with gradients 0.
    rates, drops
        Learning rates, already multiplied by the task's weight, and dropout.
    key
        Seed of the dropout.
    stop_at_bad
        Return at the first loss that is not finite; otherwise such a sentence is left out and counted.

    Returns
    -------
    The sum of the losses, the number of known tags, and the number of sentences whose loss was not finite.
    """
    sight, scored = room.sight, room.scored
    reach2 = sight.rows.shape[0] - sight.hidden.shape[0]
    total, terms, bad = 0.0, 0, 0
    for place in range(order.shape[0]):
        start, stop = data.offsets[order[place]], data.offsets[order[place] + 1]
        tokens, own = stop - start, random_bits(key, place)
        known = 0
        for t in range(start, stop):
            known += np.int64(data.tags[t] >= 0)
        if known == 0:
            continue
        see(encoder, data, start, stop, drops.words, own, sight)
        forward(encoder, tokens, sight)
        drop_hidden(tokens, drops.hidden, own, sight)
        score_hidden(head, sight, tokens, scored.scores)
        draw_kept(tokens, drops.features, own, scored.kept)
        score_features(head, data, start, tokens, scored.kept, scored.scores)
        loss = find_errors(head, data, start, tokens, room)
        if not is_finite(loss):
            bad += 1
            clear(room.links)
            if stop_at_bad:
                break
            continue
        total += loss
        terms += known
        emit_backward(head, sight, tokens, scored.errors, room.emit)
        backward(encoder, tokens, sight, room.weights, room.bias)
        step_features(head, head_squares, data, start, tokens, scored.kept, scored.errors, rates.features)
        step_all(head.links, head_squares.links, room.links, rates.links)
        step_all(head.emit, head_squares.emit, room.emit, rates.emit)
        step_all(encoder.weights, encoder_squares.weights, room.weights, rates.hidden)
        step_all(encoder.bias, encoder_squares.bias, room.bias, rates.hidden)
        step_words(encoder, encoder_squares, tokens + reach2, sight, rates.table, rates.hidden)
    return total, terms, bad
