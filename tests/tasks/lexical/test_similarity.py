from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.tasks.lexical.similarity import SimilarityTask, similarity_loss, soft_rho  # noqa: E402

PAIRS = np.array([[0, 1], [2, 3], [4, 5], [0, 3], [6, 6]])
SCORES = np.array([9.0, 5.0, 5.0, 1.0, 10.0])


@pytest.fixture
def vectors():
    return torch.randn(40, 2, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(3))


@pytest.fixture
def scores():
    """Return scores with many ties."""
    return torch.from_numpy(np.random.default_rng(3).integers(0, 8, size=40)).double()


def cosines(vectors):
    first, second = vectors[:, 0].numpy(), vectors[:, 1].numpy()
    return (first * second).sum(1) / np.linalg.norm(first, axis=1) / np.linalg.norm(second, axis=1)


@pytest.mark.parametrize(("ranks", "temperature"), [("pairwise", 1e-5), ("isotonic", 1e-5)])
def test_it_becomes_scipys_rho_as_the_temperature_goes_to_0(vectors, scores, ranks, temperature):
    found = similarity_loss(vectors, scores, temperature=temperature, ranks=ranks)
    assert float(found) == pytest.approx(-spearmanr(cosines(vectors), scores)[0], abs=1e-5)


def test_sets_are_ranked_apart_and_count_by_their_pairs(vectors, scores):
    sets = torch.tensor([0] * 25 + [1] * 13 + [2] * 2)
    found = similarity_loss(vectors, scores * (1 + 9 * sets), sets, temperature=1e-5)
    rho = [spearmanr(cosines(vectors)[part], scores[part])[0] for part in (slice(0, 25), slice(25, 38))]
    # The last two pairs are too few for ranks.
    assert float(found) == pytest.approx(-(25 * rho[0] + 13 * rho[1]) / 40, abs=1e-5)


@pytest.mark.parametrize("ranks", ["pairwise", "isotonic"])
def test_finite_differences(vectors, scores, ranks):
    few = vectors[:8].clone().requires_grad_()
    sets = torch.tensor([0, 1] * 4)
    assert torch.autograd.gradcheck(lambda x: similarity_loss(x, scores[:8], sets, temperature=0.3, ranks=ranks), few)


@pytest.mark.parametrize(("said", "count"), [([1.0, 2.0], 2), ([4.0, 4.0, 4.0, 4.0], 4)], ids=["two", "all tie"])
def test_what_has_no_order_has_no_gradient(vectors, said, count):
    chosen = vectors[:count].clone().requires_grad_()
    loss = similarity_loss(chosen, torch.tensor(said, dtype=torch.float64))
    loss.backward()
    assert float(loss.detach()) == 0
    assert not chosen.grad.any()


def test_zeros_and_equal_words_give_no_nan(scores):
    same = torch.ones(5, 2, 3, requires_grad=True)
    none = torch.zeros(5, 2, 3, requires_grad=True)
    for vectors in (same, none):
        similarity_loss(vectors, scores[:5].float()).backward()
        assert vectors.grad.isfinite().all()


def test_rho_of_values_and_scores():
    # Ranks 1, 2, 3 against 1.5, 1.5, 3: 1.5 / sqrt(2 * 1.5).
    assert float(soft_rho(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([5.0, 5.0, 9.0]), 1e-4)) == pytest.approx(
        0.75**0.5
    )


@pytest.mark.parametrize("over", ["pairs", "elements"])
def test_a_step_moves_the_rows_of_the_batch_alone(shared, whole, moved, over):
    task = SimilarityTask("words", shared, PAIRS, SCORES, whole(5), over=over, temperature=0.5)
    assert moved(task, [0, 1, 3]) == [0, 1, 2, 3]


@pytest.mark.parametrize("over", ["pairs", "elements"])
@pytest.mark.parametrize(("ranks", "temperature"), [("pairwise", 0.3), ("isotonic", 1.0)])
def test_training_lowers_the_loss(shared, whole, over, ranks, temperature):
    task = SimilarityTask("words", shared, PAIRS, SCORES, whole(5), over=over, ranks=ranks, temperature=temperature)
    losses = []
    for _ in range(60):
        losses.append(task.learn(task.sampler.draw(), 1.0, 1.0).loss / 5)
        shared.finish_step(1.0)
    assert losses[-1] < losses[0] - 0.2


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"pairs": PAIRS[:2], "scores": SCORES[:2]}, "ranks need 3 pairs or more, 2 with vectors found"),
        ({"scores": np.array([1, 2, 3, 4, np.nan])}, "a finite score for each of the 5 pairs is needed"),
        ({"scores": SCORES[:4]}, "a finite score for each of the 5 pairs is needed"),
        ({"over": "words"}, "over must be 'pairs' or 'elements', 'words' found"),
        ({"temperature": -1.0}, "temperature must be above 0"),
    ],
)
def test_what_does_not_fit_is_refused(shared, whole, changes, match):
    given = {"pairs": PAIRS, "scores": SCORES, "sampler": whole(5), **changes}
    with pytest.raises(ConfigError, match=match):
        SimilarityTask("words", shared, **given)
