from __future__ import annotations

from itertools import pairwise

import numba
import numpy as np
import pytest

from mt2st.embeddings.kernels import sentences
from mt2st.embeddings.kernels.sentences import BEGIN, BLOCK, END, LONGEST, MOST_WORDS, PIECE, WORD
from mt2st.embeddings.lanes import LANES
from mt2st.text import Ragged


@numba.njit
def take_piece(ids, offsets, order, place, done, keep, key, piece):
    return sentences.take_piece(ids, offsets, order, place, done, keep, key, piece)


@numba.njit
def end_of_block(piece, start, count):
    return sentences.end_of_block(piece, start, count)


@numba.njit
def share_rows(output, own, hot, width):
    sentences.share_rows(output, own, hot, width)


@numba.njit
def list_targets(piece, count, together, negatives, drawn, targets, width, output, own, hot):
    sentences.list_targets(piece, count, together, negatives, drawn, targets, width, output, own, hot)


def pieces_of(lengths, order=None):
    """Return the words and sentence ends of each piece of sentences of these lengths; words count through."""
    starts = np.cumsum([0, *lengths])
    corpus = Ragged.from_lists([np.arange(a, b) for a, b in pairwise(starts)])
    order, keep = np.arange(len(lengths)) if order is None else np.array(order), np.ones(starts[-1] + 1, np.float32)
    found, place, done, piece = [], 0, 0, np.empty((MOST_WORDS + 1, 3), np.int64)
    while place < len(order):
        place, done, count, kept = take_piece(corpus.ids, corpus.offsets, order, place, done, keep, np.uint64(1), piece)
        found.append((piece[:count].copy(), kept))
    return found


def test_a_piece_is_of_whole_sentences_in_order_without_those_of_one_word():
    ((piece, kept),) = pieces_of([3, 1, 0, 2], order=[3, 2, 1, 0])
    assert piece[:, WORD].tolist() == [4, 5, 0, 1, 2]
    assert piece[:, BEGIN].tolist() == [0, 0, 2, 2, 2]
    assert piece[:, END].tolist() == [2, 2, 5, 5, 5]
    assert kept == 6


def test_a_piece_ends_with_the_sentence_that_fills_it():
    found = pieces_of([PIECE - 1, 40, 5])
    assert [len(piece) for piece, _ in found] == [PIECE + 39, 5]
    assert found[1][0][:, WORD].tolist() == list(range(PIECE + 39, PIECE + 44))


def test_long_sentences_are_cut_and_gone_on_with():
    found = pieces_of([PIECE - 1, 2 * LONGEST + 3, 7])
    assert [len(piece) for piece, _ in found] == [PIECE - 1 + LONGEST, LONGEST, 10]
    last = found[2][0]
    assert last[:, WORD].tolist() == list(range(PIECE - 1 + 2 * LONGEST, PIECE + 2 * LONGEST + 9))
    assert last[:, END].tolist() == [3] * 3 + [10] * 7


def blocks(lengths):
    (piece, _), *_ = pieces_of(lengths)
    ends, start = [], 0
    while start < len(piece):
        start = end_of_block(piece, start, len(piece))
        ends.append(start)
    return ends


@pytest.mark.parametrize(
    "lengths, expected",
    [
        ([10, 10, 10, 10], [30, 40]),
        ([BLOCK, 2], [BLOCK, BLOCK + 2]),
        ([BLOCK + 1], [BLOCK, BLOCK + 1]),
        ([100], [BLOCK, 2 * BLOCK, 3 * BLOCK, 100]),
        # Two words that share their negatives are not parted, whatever their sentences.
        ([BLOCK - 1, 20, 20], [BLOCK, BLOCK + 19 + 1, BLOCK + 39]),
        ([3], [3]),
    ],
)
def test_blocks_end_with_sentences_where_they_can(lengths, expected):
    assert blocks(lengths) == expected


@pytest.mark.parametrize("together", [1, 2])
def test_targets_are_listed_by_their_addresses(together):
    piece, negatives, drawn = (
        np.zeros((4, 3), np.int64),
        np.array([[5, 1, 0], [6, 0, 0], [1, 1, 1]]),
        np.array([2, 1, 0]),
    )
    piece[:3, WORD] = [2, 0, 7]
    targets = np.full((3, 6), -1)
    list_targets(piece, 3, together, negatives, drawn, targets, 64, 10_000, 500_000, 2)
    shared, own = (lambda word: 10_000 + 64 * word), (lambda word: 500_000 + 64 * word)
    # What fills up a list is a row that exists.
    if together == 1:
        assert targets[0].tolist() == [shared(2), shared(5), own(1), own(0), own(0), own(0)]
        assert targets[2].tolist() == [shared(7), *[own(0)] * 5]
    else:
        assert targets[0].tolist() == [own(0), shared(2), shared(5), own(1), own(0), own(0)]
        assert targets[1].tolist() == [shared(7), shared(7), shared(6), own(0), own(0), own(0)]
        assert (targets[2] == -1).all()


def test_own_rows_give_what_changed_and_take_what_others_did():
    output = np.array([[1.0], [10.0], [5.0]], np.float32).repeat(LANES, 1)
    own = np.zeros((4, LANES), np.float32)
    arguments = output.ctypes.data, own.ctypes.data, 2, 4 * LANES
    share_rows(*arguments)
    assert output[:, 0].tolist() == [1, 10, 5]
    assert own[:, 0].tolist() == [1, 10, 1, 10]
    own[0] += 3
    output[:2] += 100
    share_rows(*arguments)
    assert output[:, 0].tolist() == [104, 110, 5] and own[:, 0].tolist() == [104, 110, 104, 110]
