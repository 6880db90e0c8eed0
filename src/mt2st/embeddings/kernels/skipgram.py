"""Skip-gram with negative sampling in plain loops: the readable reference."""

from __future__ import annotations

import numba as nb
import numpy as np

from mt2st.embeddings.kernels import FASTMATH

OPTIONS = {"fastmath": FASTMATH, "nogil": True, "cache": True, "error_model": "numpy"}
# Under this a sigmoid's logarithm is cut off, so that the product of one pair's stays above 0.
LEAST = np.float32(1e-7)


@nb.njit("uint64(uint64[::1])", inline="always", **OPTIONS)
def next_random(state):
    """Return 32 random bits from a 64-bit linear congruential generator (Knuth's MMIX constants)."""
    state[0] = state[0] * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
    return state[0] >> np.uint64(32)


@nb.njit("int64(uint64[::1], int64)", inline="always", **OPTIONS)
def below(state, limit):
    """Return a random whole number of [0, limit)."""
    return np.int64((next_random(state) * np.uint64(limit)) >> np.uint64(32))


@nb.njit("float32(uint64[::1])", inline="always", **OPTIONS)
def unit(state):
    """Return a random float32 of [0, 1)."""
    return np.float32(next_random(state) >> np.uint64(8)) * np.float32(2.0**-24)


@nb.njit("int64(uint64[::1], float32[::1], int32[::1])", inline="always", **OPTIONS)
def draw_negative(state, threshold, alias):
    """Draw a row from an alias table."""
    column = below(state, threshold.shape[0])
    return column if unit(state) < threshold[column] else np.int64(alias[column])


@nb.njit("int64(int32[::1], int64, int64, float32[::1], uint64[::1], int32[::1])", **OPTIONS)
def subsample(ids, start, stop, keep, state, sentence):
    """Copy the words of one sentence that chance keeps and return how many."""
    kept = 0
    for i in range(start, stop):
        if unit(state) < keep[ids[i]]:
            sentence[kept] = ids[i]
            kept += 1
    return kept


@nb.njit(
    "float32(float32[::1], float32[::1], float32, float32, float32[::1])", inline="always", **OPTIONS
)
def target_step(vector, context, label, rate, gradient):
    """Move one output row and gather the input row's gradient; return the probability given to the label.

    Where the score is not finite nothing moves and the result is not finite either.
    """
    score = np.float32(0)
    for d in range(gradient.shape[0]):
        score += vector[d] * context[d]
    if not np.isfinite(score):
        return score
    probability = np.float32(1) / (np.float32(1) + np.exp(-score))
    step = (label - probability) * rate
    for d in range(gradient.shape[0]):
        gradient[d] += step * context[d]
        context[d] += step * vector[d]
    return probability if label > 0 else np.float32(1) - probability


@nb.njit(
    "float64(float32[:,::1], float32[:,::1], int64, int64, float32[::1], int32[::1], int64, float32, uint64[::1],"
    " float32[::1])",
    **OPTIONS,
)
def pair_step(vectors, contexts, word, target, threshold, alias, negative, rate, state, gradient):
    """Train one pair with its negatives and return its loss, which is not finite where a score was not."""
    gradient[:] = 0
    vector = vectors[word]
    product = np.float64(max(target_step(vector, contexts[target], np.float32(1), rate, gradient), LEAST))
    loss = 0.0
    for _ in range(negative):
        other = draw_negative(state, threshold, alias)
        if other != target:
            share = target_step(vector, contexts[other], np.float32(0), rate, gradient)
            product *= np.float64(share) if share > LEAST or not np.isfinite(share) else np.float64(LEAST)
            if product < 1e-200:
                loss -= np.log(product)
                product = 1.0
    loss -= np.log(product)
    if np.isfinite(loss):
        for d in range(gradient.shape[0]):
            vector[d] += gradient[d]
    return loss


@nb.njit(
    "Tuple((float64, int64, int64, int64))(float32[:,::1], float32[:,::1], int32[::1], int64[::1], int64[::1],"
    " float32[::1], float32[::1], int32[::1], int64, int64, float32, uint64)",
    **OPTIONS,
)
def skipgram_update(vectors, contexts, ids, offsets, order, keep, threshold, alias, window, negative, rate, seed):
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
        longest = max(longest, offsets[s + 1] - offsets[s])
    sentence, gradient = np.empty(longest, np.int32), np.empty(vectors.shape[1], np.float32)
    state = np.empty(1, np.uint64)
    state[0] = seed
    total, pairs, words, bad = 0.0, 0, 0, 0
    for s in order:
        kept = subsample(ids, offsets[s], offsets[s + 1], keep, state, sentence)
        words += kept
        for centre in range(kept):
            reach = 1 + below(state, window)
            for other in range(max(0, centre - reach), min(kept, centre + reach + 1)):
                if other == centre:
                    continue
                loss = pair_step(
                    vectors, contexts, sentence[other], sentence[centre], threshold, alias, negative, rate, state, gradient
                )
                if np.isfinite(loss):
                    total += loss
                    pairs += 1
                else:
                    bad += 1
    return total, pairs, words, bad
