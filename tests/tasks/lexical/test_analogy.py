from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.evaluation import solve_analogies  # noqa: E402
from mt2st.tasks.lexical.analogy import AnalogyTask, Combination, analogy_loss, answer_shares  # noqa: E402

QUESTIONS = np.array([[0, 1, 2, 3], [4, 5, 6, 7], [0, 1, 8, 9]])


@pytest.fixture
def words():
    return torch.randn(30, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(5))


@pytest.fixture
def asked(words):
    """Return questions, of which some have the right answer for their last word."""
    questions = np.random.default_rng(1).permuted(np.tile(np.arange(30), (60, 1)), axis=1)[:, :4]
    right = solve_analogies(words.float().numpy(), questions[:, :3])
    questions[::2, 3] = right[::2]
    return questions


def test_shares_become_right_or_wrong_as_the_temperature_goes_to_0(words, asked):
    right = solve_analogies(words.float().numpy(), asked[:, :3]) == asked[:, 3]
    shares = answer_shares(words, torch.from_numpy(asked), 1e-6)
    assert 0 < right.sum() < len(right)
    np.testing.assert_allclose(shares, right, atol=1e-6)


def test_the_loss_becomes_the_accuracies_by_kind(words, asked):
    right = solve_analogies(words.float().numpy(), asked[:, :3]) == asked[:, 3]
    kinds = np.arange(60) % 3 == 0
    loss = analogy_loss(words, torch.from_numpy(asked), torch.from_numpy(kinds), 1e-6, Combination(1.0, 2.0, 5.0))
    expected = (right[~kinds].mean() + 2 * right[kinds].mean() + 5 * right.mean()) / 8
    assert float(loss) == pytest.approx(-expected, abs=1e-6)


def test_by_hand():
    # b - a + c = (0, 1): cosines with d = (0, 1) and e = (1, 0) are 1 and 0; a, b and c are masked.
    words = torch.tensor([[1.0, 0], [1, 0], [0, 1], [0, 1], [1, 0]])
    found = answer_shares(words, torch.tensor([[0, 1, 2, 3]]), 0.5)
    assert float(found) == pytest.approx(np.e**2 / (np.e**2 + 1))


@pytest.mark.parametrize("question", [[0, 1, 2, 2], [0, 0, 2, 2], [0, 1, 1, 0]])
def test_a_word_of_the_question_is_no_answer(words, question):
    words.requires_grad_()
    shares = answer_shares(words, torch.tensor([question]), 0.1)
    shares.sum().backward()
    assert shares.tolist() == [0]
    assert words.grad.isfinite().all()


def test_a_kind_without_questions_is_left_out(words):
    questions, none = torch.tensor([[0, 1, 2, 3]]), torch.tensor([False])
    share = float(answer_shares(words, questions, 0.1)[0])
    assert float(analogy_loss(words, questions, none, 0.1, Combination(1.0, 7.0, 2.0))) == pytest.approx(-share)
    with pytest.raises(ConfigError, match="no question is of a kind that counts"):
        analogy_loss(words, questions, none, 0.1, Combination(0.0, 1.0, 0.0))


def test_finite_differences(words):
    questions, kinds = torch.from_numpy(QUESTIONS), torch.tensor([True, False, True])
    words = words[:12].clone().requires_grad_()
    assert torch.autograd.gradcheck(lambda x: analogy_loss(x, questions, kinds, 0.2), words)


def test_zeros_give_no_nan():
    words = torch.zeros(6, 3, requires_grad=True)
    loss = analogy_loss(words, torch.tensor([[0, 1, 2, 3]]), torch.tensor([True]), 0.1)
    loss.backward()
    assert float(loss.detach()) == pytest.approx(-1 / 3)
    assert words.grad.isfinite().all()


def test_three_candidates_are_too_few():
    with pytest.raises(ConfigError, match="four candidates or more, 3 found"):
        answer_shares(torch.zeros(3, 2), torch.tensor([[0, 1, 2, 2]]), 0.1)


def test_a_step_moves_the_candidates_and_the_words_of_all_questions(shared, whole, moved):
    kinds = np.array([False, True, True])
    assert moved(AnalogyTask("asked", shared, QUESTIONS, kinds, whole(3), candidates=2, temperature=1.0), [0]) == [
        *range(10)
    ]
    questions = np.array([[11, 7, 5, 9]])
    task = AnalogyTask("asked", shared, questions, kinds[:1], whole(1), candidates=1, temperature=1.0)
    assert moved(task, [0]) == [0, 5, 7, 9, 11]


def test_a_tasks_loss_is_that_of_the_function(shared, whole):
    kinds = np.array([False, True, True])
    task = AnalogyTask("asked", shared, QUESTIONS, kinds, whole(3), candidates=99, temperature=0.3)
    expected = analogy_loss(
        torch.from_numpy(shared.table), torch.from_numpy(QUESTIONS[1:]), torch.from_numpy(kinds[1:]), 0.3
    )
    assert task.learn(np.array([1, 2]), 1.0, 1.0).loss / 2 == pytest.approx(float(expected), rel=1e-5)
