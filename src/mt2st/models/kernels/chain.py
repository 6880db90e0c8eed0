"""Sums over all sequences of tags: how likely each tag is, and each pair of neighbours, with their gradients."""

from __future__ import annotations

import numpy as np
from numba import float32, float64, int64, types

from mt2st.models.kernels.window_parts import CHAIN, Chain
from mt2st.native import Floats, kernel

# Scores are limited to this distance below the maximum: e to the power of twice this is still a normal float64.
REACH = 300.0
# Any score below this means that a transition or tag is forbidden.
FORBIDDEN = -1e30


@kernel(types.void(float32[:, ::1], float64[:, ::1]))
def weigh_links(links: Floats, weights: Floats) -> None:
    """Write e to the power of each score, 0 for forbidden transitions."""
    for i in range(links.shape[0]):
        for j in range(links.shape[1]):
            score = np.float64(links[i, j])
            weights[i, j] = 0.0 if score < FORBIDDEN else np.exp(min(max(score, -REACH), REACH))


@kernel(float64(float32[:, ::1], int64, float64[:, ::1]), inner=True)
def weigh_scores(scores: Floats, tokens: int, weights: Floats) -> float:
    """Write e to the power of each token's scores minus their maximum; return the sum of the maxima."""
    total = 0.0
    for t in range(tokens):
        greatest = scores[t, 0]
        for k in range(1, scores.shape[1]):
            greatest = max(greatest, scores[t, k])
        total += greatest
        for k in range(scores.shape[1]):
            weights[t, k] = np.exp(max(np.float64(scores[t, k] - greatest), -REACH))
    return total


@kernel(float64(CHAIN, int64), inner=True)
def sum_ahead(chain: Chain, tokens: int) -> float:
    """Write the forward sums, scaled to a total of 1 at each token; return log Z from the logs of the scales."""
    ahead, tags, total = chain.ahead, chain.ahead.shape[1], 0.0
    for t in range(tokens):
        for k in range(tags):
            ahead[t, k] = chain.links[tags, k] if t == 0 else 0.0
        if t > 0:
            for j in range(tags):
                before = ahead[t - 1, j]
                for k in range(tags):
                    ahead[t, k] += before * chain.links[j, k]
        mass = 0.0
        for k in range(tags):
            ahead[t, k] *= chain.weights[t, k]
            mass += ahead[t, k]
        for k in range(tags):
            ahead[t, k] /= mass
        total += np.log(mass)
    mass = 0.0
    for k in range(tags):
        mass += ahead[tokens - 1, k] * chain.links[k, tags]
    return total + np.log(mass)


@kernel(types.void(CHAIN, int64), inner=True)
def sum_behind(chain: Chain, tokens: int) -> None:
    """Write the backward sums, scaled to a total of 1 at each token."""
    behind, tags = chain.behind, chain.behind.shape[1]
    for k in range(tags):
        behind[tokens - 1, k] = chain.links[k, tags]
    for t in range(tokens - 2, -1, -1):
        mass = 0.0
        for j in range(tags):
            found = 0.0
            for k in range(tags):
                found += chain.links[j, k] * chain.weights[t + 1, k] * behind[t + 1, k]
            behind[t, j] = found
            mass += found
        for j in range(tags):
            behind[t, j] /= mass


@kernel(float64(float32[:, ::1], int64, CHAIN))
def chain_sums(scores: Floats, tokens: int, chain: Chain) -> float:
    """Fill the arrays of a chain by the forward-backward algorithm and return log Z.

    ``p(y) = exp(l[begin, y_1] + sum_t s[t, y_t] + sum_t>1 l[y_t-1, y_t] + l[y_n, end]) / Z``. The product of ``ahead``
    and ``behind``, normalised to a sum of 1, is the probability of each tag of a token.

    Parameters
    ----------
    scores
        (tokens or more, tags): s.
    tokens
        The number of tokens, at least 1.
    chain
        ``links`` from `weigh_links`; the rest is written.
    """
    total = weigh_scores(scores, tokens, chain.weights)
    total += sum_ahead(chain, tokens)
    sum_behind(chain, tokens)
    return total


@kernel(types.void(CHAIN, int64, float32, float32[:, ::1]))
def add_marginals(chain: Chain, tokens: int, times: np.float32, marginals: Floats) -> None:
    """Add ``times`` the probability of each tag of each token to ``marginals``, (tokens, tags)."""
    for t in range(tokens):
        mass = 0.0
        for k in range(marginals.shape[1]):
            mass += chain.ahead[t, k] * chain.behind[t, k]
        for k in range(marginals.shape[1]):
            marginals[t, k] += times * np.float32(chain.ahead[t, k] * chain.behind[t, k] / mass)


@kernel(types.void(CHAIN, int64, float32, float32[:, ::1]))
def add_pairwise_marginals(chain: Chain, tokens: int, times: np.float32, links: Floats) -> None:
    """Add ``times`` the expected number of each pair of neighbouring tags, without the ends, to ``links``."""
    tags = chain.ahead.shape[1]
    for t in range(1, tokens):
        scale = 0.0
        for j in range(tags):
            for k in range(tags):
                scale += chain.ahead[t - 1, j] * chain.links[j, k] * chain.weights[t, k] * chain.behind[t, k]
        for j in range(tags):
            before = chain.ahead[t - 1, j] / scale
            for k in range(tags):
                links[j, k] += times * np.float32(before * chain.links[j, k] * chain.weights[t, k] * chain.behind[t, k])
