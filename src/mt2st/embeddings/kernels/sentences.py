"""What skip-gram's and CBOW's kernels share: text is read in pieces, with their draws, and trained in blocks.

A piece is some whole sentences. As its words and negatives are known in advance, their rows can be prefetched long
before they are used, across sentence boundaries.
"""

from __future__ import annotations

import numpy as np
from numba import int64, types, uint64, void

from mt2st.embeddings.kernels.draws import draw_negatives, subsample
from mt2st.embeddings.kernels.memory import (
    BEGIN,
    END,
    LONGEST,
    PIECE,
    PIECE_OF_TEXT,
    TABLES,
    TEXT,
    WORD,
    Piece,
    Tables,
    Text,
)
from mt2st.embeddings.kernels.rows import address, merge, prefetch
from mt2st.native import Places, kernel

# Number of words (at most one more) trained between gathering input vectors and adding their changes to the table.
BLOCK = 32
# Number of words ahead that rows are prefetched: output rows, and input rows, needed at the start of their block.
OUTPUTS_AHEAD, INPUTS_AHEAD = 16, 2 * BLOCK
FOUR = types.UniTuple(int64, 4)


@kernel(void(TABLES), inner=True)
def share_rows(tables: Tables) -> None:
    """Add a thread's changes to its own rows since the last call to the shared rows, and copy those of others.

    The own rows and their previous values start out equal. Without own copies, rows of frequent words would bounce
    between the caches of threads that train them all the time.
    """
    hot, width = tables.own.shape[0] // 2, tables.own.shape[1] * 4
    output, own = address(tables.output), address(tables.own)
    for row in range(hot):
        merge((output + row * width, own + row * width, own + (hot + row) * width), width)


@kernel(FOUR(TEXT, int64, int64, uint64, int64[:, ::1]), inner=True)
def take_sentences(text: Text, place: int, done: int, key: np.uint64, words: Places) -> tuple[int, int, int, int]:
    """Fill a piece from the sentences ``order[place:]``, the first from its word ``done`` on.

    Sentences with only one word kept are skipped. Returns the sentence and word to continue from, the number of words
    in the piece, and the number of words kept.
    """
    ids, offsets, order, keep, _ = text
    count, kept, read = 0, 0, 0
    while place < order.shape[0] and count < PIECE:
        first, last = offsets[order[place]] + done, offsets[order[place] + 1]
        stop = min(first + LONGEST, last)
        end = subsample(ids, first, stop, keep, key, read, words, count)
        read += stop - first
        kept += end - count
        done += LONGEST
        if stop == last:
            place, done = place + 1, 0
        if end - count > 1:
            for i in range(count, end):
                words[i, BEGIN], words[i, END] = count, end
            count = end
    return place, done, count, kept


@kernel(int64(int64[:, ::1], int64, int64), inner=True)
def end_of_block(words: Places, start: int, count: int) -> int:
    """Return the end of the block that begins at ``start``: after whole sentences, or within a long one.

    Two words that share their negatives are not separated.
    """
    stop = start
    while stop < count and words[stop, END] - start <= BLOCK:
        stop = words[stop, END]
    if stop == start:
        stop = start + BLOCK
    return min(stop + (stop & 1), count)


@kernel(void(TABLES, PIECE_OF_TEXT, int64, int64), inner=True)
def list_targets(tables: Tables, piece: Piece, count: int, together: int) -> None:
    """Write the addresses of the output rows of words that share negatives, in reverse, and of the negatives.

    The most frequent words' are those of the thread's own rows. The padding is addresses of a row too.
    """
    hot, width = tables.own.shape[0] // 2, tables.output.shape[1] * 4
    output, own = address(tables.output), address(tables.own)
    words, negatives, drawn, targets = piece
    for group in range((count + together - 1) // together):
        for i in range(targets.shape[1]):
            word = np.int64(0)
            if i < together:
                word = words[min(together * (group + 1) - 1 - i, count - 1), WORD]
            elif i < together + drawn[group]:
                word = negatives[group, i - together]
            targets[group, i] = (own if word < hot else output) + word * width


@kernel(void(int64[:, ::1], int64[::1], int64, int64, int64, int64), inner=True)
def prefetch_outputs(targets: Places, drawn: Places, together: int, start: int, stop: int, width: int) -> None:
    """Prefetch the output rows of some groups of words."""
    for group in range(start, stop):
        for i in range(together + drawn[group]):
            prefetch(targets[group, i], width)


@kernel(void(TABLES, PIECE_OF_TEXT, int64, int64, int64), inner=True)
def prefetch_inputs(tables: Tables, piece: Piece, count: int, start: int, stop: int) -> None:
    """Prefetch the input rows of the words ``start`` to ``stop``."""
    width, table = tables.table.shape[1] * 4, address(tables.table)
    words, row_offsets, rows = piece.words, tables.row_offsets, tables.rows
    for i in range(min(start, count), min(stop, count)):
        word = words[i, WORD]
        if row_offsets.shape[0] == 0:
            prefetch(table + word * width, width)
        else:
            for place in range(row_offsets[word], row_offsets[word + 1]):
                prefetch(table + rows[place] * width, width)


@kernel(FOUR(TABLES, TEXT, PIECE_OF_TEXT, int64, int64, int64, int64, uint64), inner=True)
def next_piece(
    tables: Tables, text: Text, piece: Piece, place: int, done: int, together: int, negative: int, key: np.uint64
) -> tuple[int, int, int, int]:
    """Read the next piece, draw its negatives, list addresses, and prefetch its first rows; see `take_sentences`."""
    place, done, count, kept = take_sentences(text, place, done, key, piece.words)
    draw_negatives(piece.words, count, together, text.alias, negative, key, piece.negatives, piece.drawn)
    list_targets(tables, piece, count, together)
    prefetch_inputs(tables, piece, count, 0, INPUTS_AHEAD)
    groups, width = (count + together - 1) // together, tables.output.shape[1] * 4
    prefetch_outputs(piece.targets, piece.drawn, together, 0, min(OUTPUTS_AHEAD // together, groups), width)
    return place, done, count, kept
