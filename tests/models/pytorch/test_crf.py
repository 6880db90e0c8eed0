"""The CRF against enumeration of every sequence, in double precision."""

from itertools import pairwise, product

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.evaluation import find_scheme  # noqa: E402
from mt2st.models.pytorch.crf import LinearChainCRF, allowed_by  # noqa: E402

LENGTHS = torch.tensor([4, 1, 3, 2])
BIO = ["O", "B-a", "I-a", "I-b"]
BIOES = ["O", "B-a", "I-a", "E-a", "S-a"]


def make(tags=3, allowed=None, seed=1):
    crf = LinearChainCRF(tags, allowed, seed).double()
    with torch.no_grad():
        crf.scores.copy_(torch.randn(crf.scores.shape, generator=torch.Generator().manual_seed(seed)))
    emissions = torch.randn(4, 4, tags, generator=torch.Generator().manual_seed(seed + 1)).double()
    return crf, emissions


def every_score(crf, emissions, length):
    """Return each sequence of tags that is allowed, with its score."""
    scores, allowed, found = crf.scores.tolist(), crf.allowed.tolist(), {}
    for tags in product(range(crf.tags), repeat=length):
        steps = [(crf.tags, tags[0]), *pairwise(tags), (tags[-1], crf.tags)]
        if all(allowed[before][after] for before, after in steps):
            emitted = sum(float(emissions[at, tag]) for at, tag in enumerate(tags))
            found[tags] = emitted + sum(scores[before][after] for before, after in steps)
    return found


CASES = {
    "free": (3, None),
    "bio": (4, allowed_by(find_scheme("bio"), BIO)),
    "bioes": (5, allowed_by(find_scheme("bioes"), BIOES)),
}


@pytest.mark.parametrize("case", CASES)
def test_partition_scores_marginals_and_best_are_those_of_enumeration(case):
    crf, emissions = make(*CASES[case])
    whole = crf.log_partition(emissions, LENGTHS).detach()
    marginals, best = crf.marginals(emissions, LENGTHS), crf.decode(emissions, LENGTHS)
    for row, length in enumerate(LENGTHS.tolist()):
        scores = every_score(crf, emissions[row], length)
        shares = np.exp(np.array(list(scores.values())))
        assert float(whole[row]) == pytest.approx(np.log(shares.sum()), rel=1e-12)
        wanted = np.zeros((4, crf.tags))
        for tags, share in zip(scores, shares / shares.sum(), strict=True):
            wanted[np.arange(length), tags] += share
        np.testing.assert_allclose(marginals[row].numpy(), wanted, atol=1e-12)
        assert best[row].tolist() == [*max(scores, key=scores.get)] + [0] * (4 - length)


@pytest.mark.parametrize("case", CASES)
def test_likelihoods_of_all_sequences_sum_to_one_and_are_theirs(case):
    crf, emissions = make(*CASES[case])
    scores = every_score(crf, emissions[0], 4)
    every = torch.tensor(list(scores))
    count, lengths = len(every), torch.full((len(every),), 4)
    found = crf.log_likelihood(emissions[:1].expand(count, -1, -1), every, lengths).exp()
    shares = np.exp(np.array(list(scores.values())))
    np.testing.assert_allclose(found.detach().numpy(), shares / shares.sum(), rtol=1e-10)


@pytest.mark.parametrize("case", CASES)
def test_unknown_tags_are_summed_over(case):
    crf, emissions = make(*CASES[case])
    gold = torch.tensor([[-1, 1, -1, 0], [-1, 9, 9, 9], [0, -1, -1, 9], [1, 0, 9, 9]])
    if case == "bioes":
        gold[3, :2] = torch.tensor([1, 3])
    found = crf.log_likelihood(emissions, gold, LENGTHS).detach()
    for row, length in enumerate(LENGTHS.tolist()):
        scores = every_score(crf, emissions[row], length)
        fits = [
            tags for tags in scores if all(g in (-1, tag) for g, tag in zip(gold[row].tolist(), tags, strict=False))
        ]
        shares = {tags: np.exp(score) for tags, score in scores.items()}
        wanted = np.log(sum(shares[tags] for tags in fits) / sum(shares.values()))
        assert float(found[row]) == pytest.approx(wanted, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("known", [True, False])
def test_gradients_agree_with_finite_differences(case, known):
    crf, emissions = make(*CASES[case])
    gold = torch.zeros(4, 4, dtype=torch.long)
    if not known:
        gold[0, 1:3] = gold[2, 0] = -1
    emissions.requires_grad_()

    def value(emissions, scores):
        # The parameter itself is moved, as gradcheck moves its inputs in place.
        assert scores is crf.scores
        return crf.log_likelihood(emissions, gold, LENGTHS)

    assert torch.autograd.gradcheck(value, (emissions, crf.scores), eps=1e-6, atol=1e-7)


def test_the_gradient_by_hand_is_autograds():
    crf, emissions = make(4, CASES["bio"][1])
    emissions.requires_grad_()
    weights = torch.tensor([0.5, 2.0, -1.0, 1.0]).double()
    (crf.log_partition(emissions, LENGTHS) * weights).sum().backward()
    found = emissions.grad.clone(), crf.scores.grad.clone()
    crf.scores.grad = emissions.grad = None
    total = 0.0
    scores = crf.scores.masked_fill(~crf.allowed, -torch.inf)
    for row, length in enumerate(LENGTHS.tolist()):
        every = []
        for tags in every_score(crf, emissions[row].detach(), length):
            steps = [(crf.tags, tags[0]), *pairwise(tags), (tags[-1], crf.tags)]
            emitted = sum(emissions[row, at, tag] for at, tag in enumerate(tags))
            every.append(emitted + sum(scores[step] for step in steps))
        total = total + weights[row] * torch.stack(every).logsumexp(0)
    total.backward()
    torch.testing.assert_close(found[0], emissions.grad)
    torch.testing.assert_close(found[1], crf.scores.grad)


def test_what_lies_beyond_a_sentence_is_not_read():
    crf, emissions = make()
    gold = torch.ones(4, 4, dtype=torch.long)
    other, strange = emissions.clone(), gold.clone()
    for row, length in enumerate(LENGTHS.tolist()):
        other[row, length:], strange[row, length:] = 1e3, 7
    for name in ("log_partition", "marginals", "decode"):
        one, same = (getattr(crf, name)(each, LENGTHS) for each in (emissions, other))
        torch.testing.assert_close(one, same)
    torch.testing.assert_close(
        crf.log_likelihood(emissions, gold, LENGTHS), crf.log_likelihood(other, strange, LENGTHS)
    )


def test_forbidden_tags_are_never_decoded_and_never_learned():
    scheme = find_scheme("bioes")
    crf, _ = make(5, CASES["bioes"][1])
    crf = crf.float()
    emissions = 50 * torch.randn(200, 9, 5, generator=torch.Generator().manual_seed(5))
    lengths = torch.arange(200) % 9 + 1
    for tags, length in zip(crf.decode(emissions, lengths).tolist(), lengths.tolist(), strict=True):
        assert scheme.first_fault([BIOES[tag] for tag in tags[:length]]) is None
    crf.log_partition(emissions, lengths).sum().backward()
    assert torch.isfinite(crf.scores.grad).all()
    assert (crf.scores.grad[~crf.allowed] == 0).all()


@pytest.mark.parametrize("scale", [1.0, 1e3])
def test_single_precision_stays_near_double(scale):
    crf, emissions = make(5, CASES["bioes"][1])
    wanted = crf.log_partition(emissions * scale, LENGTHS)
    found = crf.float().log_partition(emissions.float() * scale, LENGTHS)
    torch.testing.assert_close(found.double(), wanted, rtol=1e-5, atol=1e-4)


def test_a_long_sentence_is_as_exact_as_a_short_one():
    crf, _ = make(4)
    emissions = 5 * torch.randn(2, 5000, 4, generator=torch.Generator().manual_seed(3))
    gold, lengths = torch.zeros(2, 5000, dtype=torch.long), torch.tensor([5000, 4000])
    found = []
    for dtype in (torch.float32, torch.float64):
        crf, given = crf.to(dtype), emissions.detach().to(dtype).requires_grad_()
        crf.scores.grad = None
        likelihood = crf.log_likelihood(given, gold, lengths)
        likelihood.sum().backward()
        found.append([likelihood, crf.marginals(given, lengths), given.grad, crf.scores.grad])
    (likelihood, marginals, *gradients), (exact, probabilities, *wanted) = found
    torch.testing.assert_close(likelihood.double(), exact, rtol=1e-6, atol=0)
    torch.testing.assert_close(marginals.double(), probabilities, rtol=0, atol=1e-5)
    torch.testing.assert_close(marginals[0].sum(1), torch.ones(5000))
    for one, other in zip(gradients, wanted, strict=True):
        torch.testing.assert_close(one.double(), other, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("lengths", [[4, 0, 3, 2], [4, 5, 3, 2], [4, 1, 3]])
def test_lengths_outside_the_emissions_are_refused(lengths):
    crf, emissions = make()
    for name in ("log_partition", "decode"):
        with pytest.raises(ConfigError, match="lengths must lie in 1 to 4, one a sentence of 4"):
            getattr(crf, name)(emissions, torch.tensor(lengths))


@pytest.mark.parametrize("method", ["log_partition", "marginals", "decode"])
def test_emissions_and_lengths_are_refused_by_all_that_read_them(method):
    crf, emissions = make()
    with pytest.raises(ConfigError, match=r"emissions must have the shape \(batch, longest, 3\), \(4, 4, 2\) found"):
        getattr(crf, method)(emissions[:, :, :2], LENGTHS)
    with pytest.raises(ConfigError, match=r"lengths must lie in 1 to 4"):
        getattr(crf, method)(emissions, LENGTHS + 1)


@pytest.mark.parametrize("bad", [3, -2, -100])
def test_what_is_no_tag_is_refused_within_a_sentence_and_not_read_beyond(bad):
    crf, emissions = make()
    tags = torch.zeros(4, 4, dtype=torch.int64)
    tags[1, 1] = bad  # the sentence has one token
    assert crf.log_likelihood(emissions, tags, LENGTHS).isfinite().all()
    tags[0, 1] = bad
    with pytest.raises(ConfigError, match=f"tags must lie in 0 to 2, or be -1 where unknown, {bad} found: where -100"):
        crf.log_likelihood(emissions, tags, LENGTHS)
    with pytest.raises(ConfigError, match=r"tags must have the shape \(4, 4\) of the emissions, \(4, 3\) found"):
        crf.log_likelihood(emissions, tags[:, :3], LENGTHS)


def test_allowed_of_another_shape_is_refused():
    with pytest.raises(ConfigError, match=r"allowed must have the shape \(4, 4\), \(3, 3\) found"):
        LinearChainCRF(3, torch.ones(3, 3))


def test_no_tag_is_refused():
    with pytest.raises(ConfigError, match="tags must be at least 1, 0 found"):
        LinearChainCRF(0)


def test_first_values_come_from_the_seed_alone():
    state = torch.random.get_rng_state()
    one, same, other = (LinearChainCRF(3, seed=seed).scores for seed in (1, 1, 2))
    assert torch.equal(one, same) and not torch.equal(one, other)
    assert torch.equal(torch.random.get_rng_state(), state)
