from __future__ import annotations

from itertools import pairwise

import numba
import numpy as np
import pytest

from mt2st.embeddings.kernels import sentences
from mt2st.embeddings.kernels.memory import BEGIN, END, LONGEST, MOST_WORDS, PIECE, WORD, Piece, Tables, Text
from mt2st.embeddings.kernels.sentences import BLOCK
from mt2st.embeddings.lanes import LANES
from mt2st.text import Ragged


@numba.njit
def take_sentences(text, place, done, key, words):
    return sentences.take_sentences(text, place, done, key, words)


@numba.njit
def end_of_block(words, start, count):
    return sentences.end_of_block(words, start, count)


@numba.njit
def share_rows(tables):
    sentences.share_rows(tables)


@numba.njit
def list_targets(tables, piece, count, together):
    sentences.list_targets(tables, piece, count, together)


def tables_of(output, own):
    """Tables of which only output rows and a thread's own are looked at."""
    none = np.empty((0, output.shape[1]), np.float32)
    return Tables(none, output, own, np.empty(0, np.int64), np.empty(0, np.int32))


def pieces_of(lengths, order=None):
    """Return the words and sentence ends of each piece of sentences of these lengths; words count through."""
    starts = np.cumsum([0, *lengths])
    corpus = Ragged.from_lists([np.arange(a, b) for a, b in pairwise(starts)])
    order, keep = np.arange(len(lengths)) if order is None else np.array(order), np.ones(starts[-1] + 1, np.float32)
    text = Text(corpus.ids, corpus.offsets, order, keep, np.empty(0, np.uint64))
    found, place, done, words = [], 0, 0, np.empty((MOST_WORDS + 1, 3), np.int64)
    while place < len(order):
        place, done, count, kept = take_sentences(text, place, done, np.uint64(1), words)
        found.append((words[:count].copy(), kept))
    return found


def test_a_piece_is_of_whole_sentences_in_order_without_those_of_one_word():
    ((words, kept),) = pieces_of([3, 1, 0, 2], order=[3, 2, 1, 0])
    assert words[:, WORD].tolist() == [4, 5, 0, 1, 2]
    assert words[:, BEGIN].tolist() == [0, 0, 2, 2, 2]
    assert words[:, END].tolist() == [2, 2, 5, 5, 5]
    assert kept == 6


def test_a_piece_ends_with_the_sentence_that_fills_it():
    found = pieces_of([PIECE - 1, 40, 5])
    assert [len(words) for words, _ in found] == [PIECE + 39, 5]
    assert found[1][0][:, WORD].tolist() == list(range(PIECE + 39, PIECE + 44))


def test_long_sentences_are_cut_and_gone_on_with():
    found = pieces_of([PIECE - 1, 2 * LONGEST + 3, 7])
    assert [len(words) for words, _ in found] == [PIECE - 1 + LONGEST, LONGEST, 10]
    last = found[2][0]
    assert last[:, WORD].tolist() == list(range(PIECE - 1 + 2 * LONGEST, PIECE + 2 * LONGEST + 9))
    assert last[:, END].tolist() == [3] * 3 + [10] * 7


def blocks(lengths):
    (words, _), *_ = pieces_of(lengths)
    ends, start = [], 0
    while start < len(words):
        start = end_of_block(words, start, len(words))
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
    words, negatives, drawn = (
        np.zeros((4, 3), np.int64),
        np.array([[5, 1, 0], [6, 0, 0], [1, 1, 1]]),
        np.array([2, 1, 0]),
    )
    words[:3, WORD] = [2, 0, 7]
    targets = np.full((3, 6), -1)
    tables = tables_of(np.zeros((8, 16), np.float32), np.zeros((4, 16), np.float32))
    list_targets(tables, Piece(words, negatives, drawn, targets), 3, together)
    shared, own = (lambda word, rows=rows: rows.ctypes.data + 64 * word for rows in (tables.output, tables.own))
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
    tables = tables_of(output, own)
    share_rows(tables)
    assert output[:, 0].tolist() == [1, 10, 5]
    assert own[:, 0].tolist() == [1, 10, 1, 10]
    own[0] += 3
    output[:2] += 100
    share_rows(tables)
    assert output[:, 0].tolist() == [104, 110, 5] and own[:, 0].tolist() == [104, 110, 104, 110]
