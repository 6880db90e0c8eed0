"""What skip-gram's and CBOW's kernels do alike: text is taken up in pieces, with their draws, and trained in blocks.

A piece is some whole sentences. As its words and negatives are known ahead, their rows can be asked for long before
they are used, across the ends of sentences.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mt2st.embeddings.kernels.blocks import TARGETS_PADDED_TO
from mt2st.embeddings.kernels.draws import Bits, draw_negatives, subsample
from mt2st.embeddings.kernels.rows import merge, prefetch
from mt2st.embeddings.lanes import LANES
from mt2st.embeddings.table import aligned_zeros
from mt2st.native import Floats, Numbers, Places, kernel

# Longer sentences are cut, as in word2vec; windows end at the cut.
LONGEST = 1000
# A piece ends with the sentence that gives it so many words.
PIECE = 250
MOST_WORDS = PIECE + LONGEST
# Words, at most one more, trained between gathering input vectors and adding their change to the table.
BLOCK = 32
# A word of a piece: its number, and where its sentence begins and ends.
WORD, BEGIN, END = 0, 1, 2
# How many words ahead rows are asked for: output rows, and input rows, which their block's start needs.
OUTPUTS_AHEAD, INPUTS_AHEAD = 16, 2 * BLOCK

Doubles = NDArray[np.float64]
Space = tuple[NDArray[Any], ...]


def targets_listed(negative: int) -> int:
    """Return how many addresses are listed at once: of one or two words, their negatives, and what fills up a list."""
    return 2 + negative + TARGETS_PADDED_TO


def piece_space(negative: int) -> Space:
    """Return the memory of a piece: products, words, negatives, how many of them, addresses."""
    return (
        aligned_zeros(LANES, kind=np.float64),
        aligned_zeros(MOST_WORDS + 1, 3, kind=np.int64),
        aligned_zeros(MOST_WORDS, negative + 1, kind=np.int64),
        aligned_zeros(MOST_WORDS, kind=np.int64),
        aligned_zeros(MOST_WORDS, targets_listed(negative), kind=np.int64),
    )


@kernel("void(int64, int64, int64, int64)", inner=True)
def share_rows(output: int, own: int, hot: int, width: int) -> None:
    """Add what a thread changed in its own rows since the last time to everybody's, and take up what others did.

    Between its own rows and what they were there is no difference to begin with. Rows of frequent words would
    otherwise go to and fro between the caches of threads that train them all the time.
    """
    for row in range(hot):
        merge((output + row * width, own + row * width, own + (hot + row) * width), width)


@kernel(
    "Tuple((int64, int64, int64, int64))(int32[::1], int64[::1], int64[::1], int64, int64, float32[::1], uint64,"
    " int64[:,::1])",
    inner=True,
)
def take_piece(
    ids: Numbers, offsets: Places, order: Places, place: int, done: int, keep: Floats, key: np.uint64, piece: Places
) -> tuple[int, int, int, int]:
    """Fill a piece from the sentences ``order[place:]``, of the first from its word ``done`` on.

    Sentences that keep only one word are left out. Returns the place and the word to go on from, the words of the
    piece, and how many words were kept.
    """
    count, kept, read = 0, 0, 0
    while place < order.shape[0] and count < PIECE:
        first, last = offsets[order[place]] + done, offsets[order[place] + 1]
        stop = min(first + LONGEST, last)
        end = subsample(ids, first, stop, keep, key, read, piece, count)
        read += stop - first
        kept += end - count
        done += LONGEST
        if stop == last:
            place, done = place + 1, 0
        if end - count > 1:
            for i in range(count, end):
                piece[i, BEGIN], piece[i, END] = count, end
            count = end
    return place, done, count, kept


@kernel("int64(int64[:,::1], int64, int64)", inner=True)
def end_of_block(piece: Places, start: int, count: int) -> int:
    """Return where the block that begins at ``start`` ends: after whole sentences, or within a long one.

    Two words that share their negatives are not parted.
    """
    stop = start
    while stop < count and piece[stop, END] - start <= BLOCK:
        stop = piece[stop, END]
    if stop == start:
        stop = start + BLOCK
    return min(stop + (stop & 1), count)


@kernel(
    "void(int64[:,::1], int64, int64, int64[:,::1], int64[::1], int64[:,::1], int64, int64, int64, int64)", inner=True
)
def list_targets(
    piece: Places,
    count: int,
    together: int,
    negatives: Places,
    drawn: Places,
    targets: Places,
    width: int,
    output: int,
    own: int,
    hot: int,
) -> None:
    """Write the addresses of the output rows of words that share negatives, the last first, and of the negatives.

    Those of words below ``hot`` are of the thread's own rows. What comes behind is a row too.
    """
    for group in range((count + together - 1) // together):
        for i in range(targets.shape[1]):
            word = np.int64(0)
            if i < together:
                word = piece[min(together * (group + 1) - 1 - i, count - 1), WORD]
            elif i < together + drawn[group]:
                word = negatives[group, i - together]
            targets[group, i] = (own if word < hot else output) + word * width


@kernel("void(int64[:,::1], int64[::1], int64, int64, int64, int64, int64)", inner=True)
def ask_for_outputs(
    targets: Places, drawn: Places, together: int, start: int, stop: int, count: int, width: int
) -> None:
    """Ask for the output rows that the words ``start`` to ``stop`` need, some time before they are trained."""
    groups = (count + together - 1) // together
    for group in range(min(start // together, groups), min(stop // together, groups)):
        for i in range(together + drawn[group]):
            prefetch(targets[group, i], width)


@kernel("void(int64[:,::1], int64, int64, int64, int64, int64[::1], int32[::1])", inner=True)
def ask_for_inputs(
    piece: Places, start: int, stop: int, width: int, table: int, row_offsets: Places, rows: Numbers
) -> None:
    """Ask for the input rows of some words, some time before their block begins."""
    for i in range(start, stop):
        word = piece[i, WORD]
        if row_offsets.shape[0] == 0:
            prefetch(table + word * width, width)
        else:
            for place in range(row_offsets[word], row_offsets[word + 1]):
                prefetch(table + rows[place] * width, width)


@kernel(
    "Tuple((int64, int64, int64, int64))(int32[::1], int64[::1], int64[::1], int64, int64, float32[::1], uint64,"
    " int64[:,::1], int64, uint64[::1], int64, int64[:,::1], int64[::1], int64[:,::1], int64, int64, int64, int64,"
    " int64, int64[::1], int32[::1])",
    inner=True,
)
def take_up(
    ids: Numbers,
    offsets: Places,
    order: Places,
    place: int,
    done: int,
    keep: Floats,
    key: np.uint64,
    piece: Places,
    together: int,
    alias: Bits,
    negative: int,
    negatives: Places,
    drawn: Places,
    targets: Places,
    width: int,
    output: int,
    own: int,
    hot: int,
    table: int,
    row_offsets: Places,
    rows: Numbers,
) -> tuple[int, int, int, int]:
    """Take up the next piece with its negatives and their addresses, and ask for its first rows; see `take_piece`."""
    place, done, count, kept = take_piece(ids, offsets, order, place, done, keep, key, piece)
    draw_negatives(piece, count, together, alias, negative, key, negatives, drawn)
    list_targets(piece, count, together, negatives, drawn, targets, width, output, own, hot)
    ask_for_inputs(piece, 0, min(INPUTS_AHEAD, count), width, table, row_offsets, rows)
    ask_for_outputs(targets, drawn, together, 0, OUTPUTS_AHEAD, count, width)
    return place, done, count, kept
