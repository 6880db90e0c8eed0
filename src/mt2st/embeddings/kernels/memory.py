"""Arguments of skip-gram's and CBOW's kernels: tables, text, and working memory for a piece of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import float32, int32, int64, types, uint64

from mt2st.embeddings.kernels.blocks import TARGETS_PADDED_TO
from mt2st.embeddings.kernels.draws import Bits
from mt2st.embeddings.table import aligned_zeros
from mt2st.native import Floats, Numbers, Places

# Longer sentences are split, as in word2vec; windows end at the split.
LONGEST = 1000
# A piece ends with the sentence that brings it to this many words.
PIECE = 250
MOST_WORDS = PIECE + LONGEST
# Columns of a piece: a word's id, and the start and end of its sentence.
WORD, BEGIN, END = 0, 1, 2


class Tables(NamedTuple):
    """The rows to train.

    Attributes
    ----------
    table, output
        (rows, width) and (words, width): input and output rows. The width is a multiple of `LANES`; unused columns hold
        zeros and stay so.
    own
        (2 * hot, width): a thread's own copy of the first output rows, see `share_rows`; zeros before the first call,
        and empty if no other thread trains.
    row_offsets, rows
        Word w's vector is the mean of the table's rows ``rows[row_offsets[w]:row_offsets[w + 1]]``; if both are
        empty it is row w.
    """

    table: Floats
    output: Floats
    own: Floats
    row_offsets: Places
    rows: Numbers


class Text(NamedTuple):
    """Sentences, and the probabilities of random draws.

    Attributes
    ----------
    ids, offsets, order
        Sentence s is ``ids[offsets[s]:offsets[s + 1]]``; ``order`` lists those to train on.
    keep
        (words,): probability that an occurrence is kept, see `keep_probability`.
    alias
        The packed alias table that negatives are drawn from.
    """

    ids: Numbers
    offsets: Places
    order: Places
    keep: Floats
    alias: Bits


class Piece(NamedTuple):
    """Some whole sentences with their draws; its memory is reused for the next.

    Attributes
    ----------
    words
        (words, 3): `WORD`, `BEGIN` and `END` of each.
    negatives, drawn
        Those of group g of one or two words are ``negatives[g, :drawn[g]]``.
    targets
        Addresses of the output rows of a group's words, in reverse, of its negatives, and of any rows as padding.
    """

    words: Places
    negatives: Places
    drawn: Places
    targets: Places


TABLES = types.NamedTuple((float32[:, ::1], float32[:, ::1], float32[:, ::1], int64[::1], int32[::1]), Tables)
TEXT = types.NamedTuple((int32[::1], int64[::1], int64[::1], float32[::1], uint64[::1]), Text)
PIECE_OF_TEXT = types.NamedTuple((int64[:, ::1], int64[:, ::1], int64[::1], int64[:, ::1]), Piece)


def targets_listed(negative: int) -> int:
    """Return the length of a list of addresses: one or two words, their negatives, and padding."""
    return 2 + negative + TARGETS_PADDED_TO


def new_piece(negative: int) -> Piece:
    """Return the working memory of a piece."""
    return Piece(
        aligned_zeros(MOST_WORDS + 1, 3, kind=np.int64),
        aligned_zeros(MOST_WORDS, negative + 1, kind=np.int64),
        aligned_zeros(MOST_WORDS, kind=np.int64),
        aligned_zeros(MOST_WORDS, targets_listed(negative), kind=np.int64),
    )
