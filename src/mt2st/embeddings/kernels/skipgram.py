"""Skip-gram with negative sampling in plain loops: the readable reference."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mt2st.native import Floats, Numbers, Places, is_finite, kernel

State = NDArray[np.uint64]

# Under this a sigmoid's logarithm is cut off, so that the product of one pair's stays above 0.
LEAST = np.float32(1e-7)


@kernel("uint64(uint64[::1])", inline="always")
def next_random(state: State) -> np.uint64:
    """Return 32 random bits from a 64-bit linear congruential generator (Knuth's MMIX constants)."""
    state[0] = state[0] * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
    return state[0] >> np.uint64(32)


@kernel("int64(uint64[::1], int64)", inline="always")
def below(state: State, limit: int) -> np.int64:
    """Return a random whole number of [0, limit)."""
    return np.int64((next_random(state) * np.uint64(limit)) >> np.uint64(32))


@kernel("float32(uint64[::1])", inline="always")
def unit(state: State) -> np.float32:
    """Return a random float32 of [0, 1)."""
    return np.float32(next_random(state) >> np.uint64(8)) * np.float32(2.0**-24)


@kernel("int64(uint64[::1], float32[::1], int32[::1])", inline="always")
def draw_negative(state: State, threshold: Floats, alias: Numbers) -> np.int64:
    """Draw a row from an alias table."""
    column = below(state, threshold.shape[0])
    return column if unit(state) < threshold[column] else np.int64(alias[column])


@kernel("int64(int32[::1], int64, int64, float32[::1], uint64[::1], int32[::1])")
def subsample(ids: Numbers, start: int, stop: int, keep: Floats, state: State, sentence: Numbers) -> int:
    """Copy the words of one sentence that chance keeps and return how many."""
    kept = 0
    for i in range(start, stop):
        if unit(state) < keep[ids[i]]:
            sentence[kept] = ids[i]
            kept += 1
    return kept


@kernel("float32(float32[::1], float32[::1], float32, float32, float32[::1])", inline="always")
def target_step(vector: Floats, context: Floats, label: np.float32, rate: np.float32, gradient: Floats) -> np.float32:
    """Move one output row and gather the input row's gradient; return the probability given to the label.

    Where the score is not finite nothing moves and the result is not finite either.
    """
    score = np.float32(0)
    for d in range(gradient.shape[0]):
        score += vector[d] * context[d]
    if not is_finite(score):
        return score
    probability = np.float32(1) / (np.float32(1) + np.exp(-score))
    step = (label - probability) * rate
    for d in range(gradient.shape[0]):
        gradient[d] += step * context[d]
        context[d] += step * vector[d]
    return probability if label > 0 else np.float32(1) - probability


@kernel(
    "float64(float32[:,::1], float32[:,::1], int64, int64, float32[::1], int32[::1], int64, float32, uint64[::1],"
    " float32[::1])",
)
def pair_step(
    vectors: Floats,
    contexts: Floats,
    word: int,
    target: int,
    threshold: Floats,
    alias: Numbers,
    negative: int,
    rate: np.float32,
    state: State,
    gradient: Floats,
) -> float:
    """Train one pair with its negatives and return its loss, which is not finite where a score was not.

    Then the word's vector stays; only context rows drawn beside the bad one may have moved, by finite steps.
    """
    gradient[:] = 0
    vector = vectors[word]
    first = target_step(vector, contexts[target], np.float32(1), rate, gradient)
    if not is_finite(first):
        return np.float64(np.nan)
    product = np.float64(max(first, LEAST))
    loss = np.float64(0)
    for _ in range(negative):
        other = draw_negative(state, threshold, alias)
        if other != target:
            share = target_step(vector, contexts[other], np.float32(0), rate, gradient)
            product *= np.float64(share) if share > LEAST or not is_finite(share) else np.float64(LEAST)
            if product < 1e-200:
                loss -= np.log(product)
                product = np.float64(1)
    loss -= np.log(product)
    if is_finite(loss):
        for d in range(gradient.shape[0]):
            vector[d] += gradient[d]
    return loss


@kernel(
    "Tuple((float64, int64, int64, int64))(float32[:,::1], float32[:,::1], int32[::1], int64[::1], int64[::1],"
    " float32[::1], float32[::1], int32[::1], int64, int64, float32, uint64)",
)
def skipgram_update(
    vectors: Floats,
    contexts: Floats,
    ids: Numbers,
    offsets: Places,
    order: Places,
    keep: Floats,
    threshold: Floats,
    alias: Numbers,
    window: int,
    negative: int,
    rate: np.float32,
    seed: np.uint64,
) -> tuple[float, int, int, int]:
    """Train on the sentences ``order``: each word's vector is to tell the words around it from random ones.

    Parameters
    ----------
    vectors, contexts
        (words or more, vector_size) and (words, vector_size): input and output rows, changed in place.
    ids, offsets, order
        Sentence s is ``ids[offsets[s]:offsets[s + 1]]``; which sentences, in which order.
    keep
        (words,): probability that an occurrence is kept, see `keep_probability`.
    threshold, alias
        The alias table that negatives are drawn from.
    window, negative
        Words to either side at most (each centre draws its own reach evenly from 1 to this), negatives a pair.
    rate
        Learning rate, the task's weight already multiplied in.
    seed
        Of all random draws of this call.

    Returns
    -------
    The sum of the losses, the pairs it is over, the words kept, and the pairs left out as not finite.

    Notes
    -----
    T. Mikolov et al., "Distributed representations of words and phrases and their compositionality", 2013.
    """
    longest = 0
    for s in order:
        longest = max(longest, int(offsets[s + 1] - offsets[s]))
    sentence, gradient = np.empty(longest, np.int32), np.empty(vectors.shape[1], np.float32)
    state = np.empty(1, np.uint64)
    state[0] = seed
    total, pairs, words, bad = 0.0, 0, 0, 0
    for s in order:
        kept = subsample(ids, offsets[s], offsets[s + 1], keep, state, sentence)
        words += kept
        for centre in range(kept):
            reach = int(1 + below(state, window))
            for other in range(max(0, centre - reach), min(kept, centre + reach + 1)):
                if other == centre:
                    continue
                loss = pair_step(
                    vectors,
                    contexts,
                    sentence[other],
                    sentence[centre],
                    threshold,
                    alias,
                    negative,
                    rate,
                    state,
                    gradient,
                )
                if is_finite(loss):
                    total += loss
                    pairs += 1
                else:
                    bad += 1
    return total, pairs, words, bad
