from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from mt2st.models.kernels.best_chain import best_chain
from mt2st.models.kernels.chain import add_marginals, add_pairwise_marginals, chain_sums, weigh_links
from mt2st.models.kernels.window_parts import Chain


def room(tokens, tags):
    sums = [np.zeros((tokens, tags)) for _ in range(3)]
    return Chain(*sums, np.zeros((tags + 1, tags + 1)))


def make(tokens, tags, seed, forbidden=()):
    draw = np.random.default_rng(seed)
    scores = draw.normal(0, 2, (tokens, tags)).astype(np.float32)
    links = draw.normal(0, 1, (tags + 1, tags + 1)).astype(np.float32)
    for pair in forbidden:
        links[pair] = -np.inf
    return scores, links


def all_sequences(scores, links):
    """Every sequence with its score, the long way."""
    tokens, tags = scores.shape
    found = {}
    for y in product(range(tags), repeat=tokens):
        score = links[tags, y[0]] + links[y[-1], tags]
        score += sum(scores[t, k] for t, k in enumerate(y))
        found[y] = score + sum(links[a, b] for a, b in pairwise(y))
    return found


CASES = [(1, 2, ()), (1, 3, ((3, 0),)), (4, 3, ()), (5, 2, ((0, 1), (2, 0))), (4, 3, ((2, 2), (3, 1), (0, 3)))]


@pytest.mark.parametrize(("tokens", "tags", "forbidden"), CASES)
def test_sums_are_those_over_all_sequences(tokens, tags, forbidden):
    scores, links = make(tokens, tags, seed=tokens, forbidden=forbidden)
    chain = room(tokens, tags)
    weigh_links(links, chain.links)
    log_z = chain_sums(scores, tokens, chain)
    whole = all_sequences(scores.astype(float), links.astype(float))
    masses = {y: np.exp(score) for y, score in whole.items()}
    z = sum(masses.values())
    assert log_z == pytest.approx(np.log(z), rel=1e-6)
    marginals, pairs = np.zeros((tokens, tags), np.float32), np.zeros((tags + 1, tags + 1), np.float32)
    add_marginals(chain, tokens, np.float32(1), marginals)
    add_pairwise_marginals(chain, tokens, np.float32(1), pairs)
    wanted, wanted_pairs = np.zeros((tokens, tags)), np.zeros((tags + 1, tags + 1))
    for y, mass in masses.items():
        for t, k in enumerate(y):
            wanted[t, k] += mass / z
        for a, b in pairwise(y):
            wanted_pairs[a, b] += mass / z
    np.testing.assert_allclose(marginals, wanted, atol=1e-6)
    np.testing.assert_allclose(pairs, wanted_pairs, atol=1e-6)


@pytest.mark.parametrize(("tokens", "tags", "forbidden"), CASES)
def test_the_best_sequence_is_the_best_of_all(tokens, tags, forbidden):
    scores, links = make(tokens, tags, seed=10 + tokens, forbidden=forbidden)
    whole = all_sequences(scores.astype(float), links.astype(float))
    found = np.zeros(tokens, np.int64)
    best_chain(scores, links, found)
    assert tuple(found.tolist()) == max(whole, key=whole.get)


def test_times_counts_and_takes_away():
    scores, links = make(3, 2, seed=1)
    chain, marginals = room(3, 2), np.zeros((3, 2), np.float32)
    weigh_links(links, chain.links)
    chain_sums(scores, 3, chain)
    add_marginals(chain, 3, np.float32(-2), marginals)
    np.testing.assert_allclose(marginals.sum(1), -2, rtol=1e-6)


def test_scores_far_apart_neither_overflow_nor_vanish():
    scores = np.array([[1e6, 0], [0, 1e6], [-1e6, 1e6]], np.float32)
    links = np.array([[-1e4, -1e4, 0], [-1e4, -1e4, 0], [0, 1e4, 0]], np.float32)
    chain, marginals = room(3, 2), np.zeros((3, 2), np.float32)
    weigh_links(links, chain.links)
    assert np.isfinite(chain_sums(scores, 3, chain))
    add_marginals(chain, 3, np.float32(1), marginals)
    np.testing.assert_allclose(marginals.sum(1), 1, rtol=1e-6)


def test_of_equal_sequences_the_first_tag_is_taken():
    found = np.full(3, 9)
    best_chain(np.zeros((3, 2), np.float32), np.zeros((3, 3), np.float32), found)
    assert found.tolist() == [0, 0, 0]
