"""The data of the window tagger's kernels: parameters, sentences and work arrays, as named tuples of arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import float32, float64, int32, int64, types

from mt2st.native import Floats, Numbers, Places

_FLOATS, _DOUBLES, _NUMBERS = float32[:, ::1], float64[:, ::1], int32[:, ::1]


class Encoder(NamedTuple):
    """The parameters that all tasks share, or arrays of the same shapes, such as squared gradients.

    Attributes
    ----------
    table
        (words + 1, vector_size): a row for each word; row 0 is for all unknown words.
    looks
        (buckets, look_size): vectors of surface features; a word has the sum of several.
    weights, bias
        (window * (vector_size + look_size), hidden_size), with words from left to right, and (1, hidden_size).
    """

    table: Floats
    looks: Floats
    weights: Floats
    bias: Floats


class Head(NamedTuple):
    """A task's own parameters, or arrays of the same shapes, such as squared gradients.

    Attributes
    ----------
    emit
        (tags, hidden_size + 1); the last column is the bias.
    features
        (buckets, tags): a row for each bucket of hashed features.
    links
        (tags + 1, tags + 1): scores of transitions from the tag of the row to that of the column; the last row is the
        begin of a sentence, the last column its end.
    """

    emit: Floats
    features: Floats
    links: Floats


class Sentences(NamedTuple):
    """Sentences in the form that the kernels read.

    Attributes
    ----------
    kinds, offsets
        Sentence i has the tokens ``kinds[offsets[i]:offsets[i + 1]]``, numbers of different words; 0 is the boundary.
    words
        (words, 2): the row of the table and the count of each.
    surface
        (words, looks): rows of ``looks``.
    features
        (tokens, features): rows of ``features``, see `feature_rows`.
    tags
        (tokens,): tags, -1 if not known.
    """

    kinds: Numbers
    offsets: Places
    words: Numbers
    surface: Numbers
    features: Numbers
    tags: Numbers


class Sight(NamedTuple):
    """Work arrays of the hidden layer for one sentence, with the window's additional places at both ends.

    ``rows`` (places, 1 + looks): rows of the table, then of looks. ``vectors`` and their gradient ``pull``: (places,
    vector_size + look_size). ``hidden``, its derivative ``passed``, and its gradient ``slopes``: (tokens, hidden_size).
    """

    rows: Numbers
    vectors: Floats
    pull: Floats
    hidden: Floats
    passed: Floats
    slopes: Floats


class Chain(NamedTuple):
    """Work arrays for sums over sequences: (tokens, tags) each, and ``links`` (tags + 1, tags + 1)."""

    ahead: Floats
    behind: Floats
    weights: Floats
    links: Floats


class Scored(NamedTuple):
    """Work arrays: scores, those restricted to known tags, errors, (tokens, tags); factors of features, ``kept``."""

    scores: Floats
    known: Floats
    errors: Floats
    kept: Floats


class Room(NamedTuple):
    """All work arrays of a step, and its gradients: of weights, bias, emit and links."""

    sight: Sight
    chain: Chain
    scored: Scored
    weights: Floats
    bias: Floats
    emit: Floats
    links: Floats


ENCODER = types.NamedUniTuple(_FLOATS, 4, Encoder)
HEAD = types.NamedUniTuple(_FLOATS, 3, Head)
SENTENCES = types.NamedTuple((int32[::1], int64[::1], _NUMBERS, _NUMBERS, _NUMBERS, int32[::1]), Sentences)
SIGHT = types.NamedTuple((_NUMBERS, *[_FLOATS] * 5), Sight)
CHAIN = types.NamedUniTuple(_DOUBLES, 4, Chain)
SCORED = types.NamedUniTuple(_FLOATS, 4, Scored)
ROOM = types.NamedTuple((SIGHT, CHAIN, SCORED, *[_FLOATS] * 4), Room)


def window_of(encoder: Encoder) -> int:
    """Return the number of words in the window."""
    return len(encoder.weights) // (encoder.table.shape[1] + encoder.looks.shape[1])


def make_room(encoder: Encoder, head: Head, looks: int, features: int, tokens: int) -> Room:
    """Return work arrays for sentences of up to ``tokens`` tokens.

    Examples
    --------
    >>> shapes = Encoder(*(np.zeros(s, np.float32) for s in ((5, 4), (9, 2), (18, 3), (1, 3))))
    >>> head = Head(*(np.zeros(s, np.float32) for s in ((2, 4), (8, 2), (3, 3))))
    >>> room = make_room(shapes, head, looks=4, features=28, tokens=10)
    >>> room.sight.rows.shape, room.sight.hidden.shape, room.chain.ahead.shape
    ((12, 5), (10, 3), (10, 2))
    """
    places = tokens + window_of(encoder) - 1
    width, hidden = encoder.table.shape[1] + encoder.looks.shape[1], encoder.weights.shape[1]
    tags = len(head.emit)
    return Room(
        Sight(np.zeros((places, 1 + looks), np.int32), *_zeros((places, width), 2), *_zeros((tokens, hidden), 3)),
        Chain(*_zeros((tokens, tags), 3, np.float64), *_zeros((tags + 1, tags + 1), 1, np.float64)),
        Scored(*_zeros((tokens, tags), 3), *_zeros((tokens, features), 1)),
        *(np.zeros_like(array) for array in (encoder.weights, encoder.bias, head.emit, head.links)),
    )


def room_for(encoder: Encoder, head: Head, data: Sentences) -> Room:
    """Return work arrays for the longest of some sentences."""
    longest = int(np.diff(data.offsets).max(initial=1))
    return make_room(encoder, head, data.surface.shape[1], data.features.shape[1], longest)


def _zeros(shape: tuple[int, int], count: int, kind: Any = np.float32) -> list[Any]:
    return [np.zeros(shape, kind) for _ in range(count)]
