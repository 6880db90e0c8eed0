"""What the pure functions refuse alike: batches of nothing, masks of numbers, lengths that do not fit."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.models.pytorch.table import TorchTable  # noqa: E402
from mt2st.tasks import Sampler  # noqa: E402
from mt2st.tasks.lexical.alignment import alignment_loss  # noqa: E402
from mt2st.tasks.lexical.analogy import AnalogyTask, Combination, analogy_loss  # noqa: E402
from mt2st.tasks.lexical.csls import csls_scores  # noqa: E402
from mt2st.tasks.lexical.elements import elements_loss  # noqa: E402
from mt2st.tasks.lexical.offset import offset_loss  # noqa: E402
from mt2st.tasks.lexical.similarity import SimilarityTask, similarity_loss  # noqa: E402
from mt2st.tasks.lexical.soft_ranks.spearman import soft_ranks  # noqa: E402

WORDS, SAID = torch.eye(5), torch.arange(4.0)
QUESTIONS = torch.tensor([[0, 1, 2, 3], [0, 1, 2, 4]])
PAIRS = torch.randn(4, 2, 3, generator=torch.Generator().manual_seed(1))
BOTH = torch.tensor([True, False])
NAN, INFINITE = float("nan"), float("inf")


def empty(*shape):
    return torch.zeros(0, *shape)


@pytest.mark.parametrize(
    "loss",
    [
        lambda: offset_loss(empty(4, 3)),
        lambda: similarity_loss(empty(2, 3), empty()),
        lambda: elements_loss(empty(2, 3)),
        lambda: analogy_loss(WORDS, QUESTIONS[:0], BOTH[:0]),
        lambda: alignment_loss(empty(5), WORDS, empty(5).bool()),
        lambda: alignment_loss(WORDS, empty(5), torch.zeros(5, 0).bool()),
        lambda: csls_scores(WORDS, WORDS, among=empty(5)),
        lambda: soft_ranks(empty(), 0.1, "isotonic"),
        lambda: soft_ranks(empty(), 0.1, "pairwise"),
    ],
)
def test_there_is_no_loss_of_nothing(loss):
    with pytest.raises(ConfigError, match="must not be empty"):
        loss()


@pytest.mark.parametrize("dtype", [torch.int64, torch.float32])
def test_masks_of_numbers_are_refused(dtype):
    with pytest.raises(ConfigError, match=r"correct must be bool, .* found: pass correct\.bool"):
        alignment_loss(WORDS[:3], WORDS, torch.eye(3, 5, dtype=dtype))
    with pytest.raises(ConfigError, match=r"syntactic must be bool, .* found: pass syntactic\.bool"):
        analogy_loss(WORDS, QUESTIONS, BOTH.to(dtype))


@pytest.mark.parametrize(
    ("loss", "message"),
    [
        (lambda: analogy_loss(WORDS, QUESTIONS, BOTH[:1]), "syntactic must have the shape"),
        (lambda: analogy_loss(WORDS, QUESTIONS - 1, BOTH), "questions: the rows -1 to 3 are named, the table has 5"),
        (lambda: analogy_loss(WORDS, QUESTIONS + 2, BOTH), "questions: the rows 2 to 6 are named, the table has 5"),
        (lambda: analogy_loss(WORDS, QUESTIONS, BOTH, 0.1, Combination(total=INFINITE)), "must be finite"),
        (lambda: similarity_loss(PAIRS, SAID, torch.zeros(3)), "sets must have the shape"),
        (lambda: similarity_loss(PAIRS, torch.tensor([1.0, NAN, 2.0, 3.0])), "scores must be finite: leave out"),
        (lambda: csls_scores(WORDS, WORDS, among=PAIRS[0]), "among must have the shape"),
        (lambda: csls_scores(WORDS, WORDS, neighbours=1.5), "neighbours must be a whole number"),
        (lambda: alignment_loss(WORDS, WORDS, torch.eye(5) > 0, threshold=NAN), "threshold must be a finite number"),
    ],
)
def test_what_does_not_fit_is_named(loss, message):
    with pytest.raises(ConfigError, match=message):
        loss()


def test_tasks_refuse_it_before_a_step():
    shared, sampler = TorchTable(WORDS.numpy().copy()), Sampler(2, 1, 1, seed=1, name="words")
    for syntactic in (np.array([0, 1]), np.array([True])):
        with pytest.raises(ConfigError, match="syntactic must"):
            AnalogyTask("words", shared, QUESTIONS.numpy(), syntactic, sampler)
    pairs, said = np.array([[0, 1], [0, 2], [1, 2]]), np.arange(3.0)
    with pytest.raises(ConfigError, match="sets must have the shape"):
        SimilarityTask("words", shared, pairs, said, sampler, sets=np.zeros(2, np.int64))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: similarity_loss(PAIRS, SAID.numpy()), r"scores must be a tensor, ndarray found: pass torch"),
        (lambda: similarity_loss(PAIRS, SAID.tolist()), "scores must be a tensor, list found"),
        (lambda: offset_loss(np.zeros((2, 4, 3))), "vectors must be a tensor, ndarray found"),
        (lambda: analogy_loss(WORDS, QUESTIONS.float(), BOTH), "questions: rows must be whole numbers, torch.float32"),
    ],
)
def test_arrays_and_numbers_of_another_kind_are_refused(call, message):
    with pytest.raises(ConfigError, match=message):
        call()
