from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.evaluation import evaluate_translation  # noqa: E402
from mt2st.models.pytorch.table import TorchTable  # noqa: E402
from mt2st.tasks import Sampler  # noqa: E402
from mt2st.tasks.lexical.alignment import AlignmentTask, LinearMap, alignment_loss, source_words  # noqa: E402

# Word 0 has two translations; 7 is the translation of two words.
PAIRS = np.array([[0, 6], [0, 7], [1, 7], [2, 8]])


@pytest.fixture
def languages():
    generator = torch.Generator().manual_seed(4)
    return [torch.randn(size, 3, dtype=torch.float64, generator=generator) for size in (5, 7)]


@pytest.fixture
def correct():
    return torch.rand(5, 7, generator=torch.Generator().manual_seed(1)) < 0.3


def test_the_loss_becomes_the_precision_as_the_temperature_goes_to_0(languages):
    table = torch.cat(languages).float().numpy()
    pairs = np.array([[0, 5], [0, 6], [1, 7], [2, 7], [3, 9], [4, 10]])
    judged = evaluate_translation(table, pairs, np.arange(5, 12), neighbours=2)
    mask = torch.zeros(5, 7, dtype=torch.bool)
    mask[pairs[:, 0], pairs[:, 1] - 5] = True
    loss = alignment_loss(*languages, mask, temperature=1e-5, gamma=0.5, neighbours=2)
    assert 0 < judged.precision < 1
    assert float(loss) == pytest.approx(0.5 * (1 - judged.precision) - judged.precision, abs=1e-6)


def test_by_hand():
    # k = 1, unit vectors: CSLS 0 against -1.8 and -0.6 against 0, see csls_scores.
    x, y = torch.tensor([[1.0, 0.0], [0.6, 0.8]]), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    first, second = 1 / (1 + np.exp(-1.8 / 0.6)), 1 / (1 + np.exp(-0.6 / 0.6))
    wrong = 2 - first - second
    loss = alignment_loss(x, y, torch.eye(2, dtype=torch.bool), temperature=0.6, gamma=3.0, neighbours=1)
    assert float(loss) == pytest.approx((3 * wrong - first - second) / 2, abs=1e-6)


@pytest.mark.parametrize("threshold", [None, -0.2])
def test_finite_differences(languages, correct, threshold):
    sides = tuple(side.clone().requires_grad_() for side in languages)

    def loss(sources, targets):
        return alignment_loss(
            sources, targets, correct, temperature=0.3, gamma=0.5, neighbours=2, threshold=threshold, among=sources
        )

    assert torch.autograd.gradcheck(loss, sides)


def test_gamma_changes_the_direction_where_words_may_stay_alone(languages, correct):
    directions = []
    for gamma in (0.0, 3.0):
        sources = languages[0].clone().requires_grad_()
        alignment_loss(sources, languages[1], correct, temperature=0.3, gamma=gamma, threshold=-0.2).backward()
        directions.append(sources.grad / sources.grad.norm())
    assert float((directions[0] * directions[1]).sum()) < 0.999


def test_zeros_give_no_nan():
    sources, targets = torch.zeros(2, 3, requires_grad=True), torch.zeros(4, 3, requires_grad=True)
    alignment_loss(sources, targets, torch.zeros(2, 4, dtype=torch.bool), temperature=0.1).backward()
    assert sources.grad.isfinite().all()
    assert targets.grad.isfinite().all()


@pytest.mark.parametrize("gamma", [-0.1, float("nan"), float("inf")])
def test_a_gamma_under_0_is_refused(languages, correct, gamma):
    with pytest.raises(ConfigError, match="gamma must be finite and at least 0"):
        alignment_loss(*languages, correct, gamma=gamma)


def test_a_word_is_right_with_any_of_its_translations(shared, whole):
    assert source_words(PAIRS) == 3
    task = AlignmentTask("words", shared, PAIRS, whole(3), targets=np.array([9, 6]))
    assert task.sources.tolist() == [0, 1, 2]
    assert task.targets.tolist() == [6, 7, 8, 9]
    assert task.correct.int().tolist() == [[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]


def test_neighbours_are_sought_among_all_source_words(shared, whole):
    task = AlignmentTask("words", shared, PAIRS, whole(3), neighbours=2, temperature=0.3)
    table = torch.from_numpy(shared.table)
    expected = alignment_loss(table[[1]], table[6:9], task.correct[[1]], temperature=0.3, neighbours=2, among=table[:3])
    assert task.learn(np.array([1]), 1.0, 1.0).loss == pytest.approx(expected.item(), rel=1e-5)


def test_a_step_moves_words_of_the_dictionary_alone(shared, whole, moved):
    task = AlignmentTask("words", shared, PAIRS, whole(3), targets=np.array([9]), neighbours=2, temperature=1.0)
    assert set(moved(task, [0])) <= {0, 1, 2, 6, 7, 8, 9}
    assert set(moved(task, [0])) >= {0, 6, 7}


def test_a_map_begins_as_the_identity_and_is_trained_and_saved(shared, whole):
    plain = AlignmentTask("words", shared, PAIRS, whole(3))
    task = AlignmentTask("words", shared, PAIRS, whole(3), mapping=True)
    batch = np.arange(3)
    assert task.learn(batch, 1.0, 1.0).loss == pytest.approx(plain.learn(batch, 1.0, 1.0).loss, abs=1e-6)
    shared.finish_step(1.0)
    assert not np.array_equal(task.arrays()["head.weight"], np.eye(5))
    assert set(task.arrays()) == {"head.weight", "head.weight.first", "head.weight.second", "head.weight.steps"}


def test_a_map_carries_over_to_words_it_never_saw():
    from mt2st.models.pytorch.table import TorchTable
    from mt2st.tasks import Sampler

    generator = np.random.default_rng(0)
    source = generator.normal(size=(60, 4))
    rotation, _ = np.linalg.qr(generator.normal(size=(4, 4)))
    table = np.concatenate([source, source @ rotation.T]).astype(np.float32)
    pairs = np.stack([np.arange(60), np.arange(60) + 60], 1)
    shared = TorchTable(table, rate=1e-4, head_rate=0.02)
    task = AlignmentTask("words", shared, pairs[:30], Sampler(30, 200, 200, 1, "words"), mapping=True, temperature=0.3)
    for _ in range(200):
        task.learn(task.sampler.draw(), 1.0, 1.0)
        shared.finish_step(1.0)
    mapped = np.concatenate([table[:60] @ task.map.weight.detach().numpy().T, table[60:]]).astype(np.float32)
    before = evaluate_translation(table, pairs[30:], np.arange(60, 120)).precision
    after = evaluate_translation(mapped, pairs[30:], np.arange(60, 120)).precision
    assert before < 0.4
    assert after > 0.8


def test_drawing_nothing_from_the_global_generator():
    state = torch.random.get_rng_state()
    LinearMap(3)
    assert torch.equal(state, torch.random.get_rng_state())


def test_an_empty_dictionary_is_refused(shared, whole):
    with pytest.raises(ConfigError, match="words: rows of 2 words are needed"):
        AlignmentTask("words", shared, PAIRS[:0], whole(1))


def test_vectors_of_the_other_language_rest_and_are_found_in_their_own_table():
    generator = np.random.default_rng(2)
    table, other = (generator.normal(size=(rows, 3)).astype(np.float32) for rows in (4, 9))
    together = np.concatenate([table, other])
    pairs = np.array([[0, 8], [1, 2], [3, 0]])
    losses, tables = [], []
    for words, given, resting in ((table, pairs, other), (together, pairs + np.array([0, 4]), None)):
        shared, sampler = TorchTable(words, rate=0.1), Sampler(3, 1, 1, seed=1, name="d")
        task = AlignmentTask("d", shared, given, sampler, target_vectors=resting, neighbours=2)
        losses.append(task.learn(np.arange(3), weight=1.0, rate=1.0).loss)
        before = other.copy()
        shared.finish_step(1.0)
        tables.append(words[:4])
        assert np.array_equal(other, before)
    assert losses[0] == pytest.approx(losses[1])
    np.testing.assert_allclose(*tables, atol=1e-5)
    with pytest.raises(ConfigError, match="the rows 0 to 8 are named, the table has 8"):
        AlignmentTask("d", shared, pairs, sampler, target_vectors=other[:8])
    with pytest.raises(ConfigError, match="the rows -1 to 8 are named, the table has 9"):
        AlignmentTask("d", shared, pairs, sampler, target_vectors=other[:9], targets=np.array([-1]))
