"""Analogies as questions with one right answer among many words: UPDATE 2 of the paper, eq. 8."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch

from mt2st.errors import ConfigError
from mt2st.tasks.lexical.checks import check_above_0, check_mask, check_places, check_rows, check_shape
from mt2st.tasks.lexical.cosines import unit_rows
from mt2st.tasks.pytorch.differentiable import DifferentiableTask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from mt2st.models.pytorch.table import SharesTable
    from mt2st.tasks.sampler import Sampler


class Combination(NamedTuple):
    """The weight of each accuracy in the loss: alpha, beta and gamma of eq. 8."""

    semantic: float = 1.0
    syntactic: float = 1.0
    total: float = 1.0


EQUAL = Combination()


def answer_shares(candidates: torch.Tensor, questions: torch.Tensor, temperature: float) -> torch.Tensor:
    r"""Return for each question the softmax probability of the right answer.

    .. math:: p(d \mid a, b, c) = \frac{\exp(\cos(e_d, e_b - e_a + e_c) / T)}
              {\sum_{w \notin \{a, b, c\}} \exp(\cos(e_w, e_b - e_a + e_c) / T)}

    with e the unit vectors of the words: "3CosAdd", as `mt2st.evaluation.solve_analogies` answers.

    Parameters
    ----------
    candidates
        Vectors of all words that occur in questions or answers, (words, dim).
    questions
        a, b, c and d as rows of ``candidates``, (questions, 4).
    temperature
        T, in units of the cosine. As it goes to 0, the share goes to 1 for questions answered correctly and to 0 for
        others, so that its mean goes to the accuracy; at 0.05 a lead of 0.1 is a factor of 7.

    Returns
    -------
    Shares, (questions,); 0 if d is one of a, b, c, which cannot be answers.

    Raises
    ------
    ConfigError
        If shapes do not fit, there is no question, one has a row outside ``candidates``, there are fewer than four
        candidates, or T is not above 0.

    Examples
    --------
    >>> words = torch.tensor([[1.0, 0, 1], [1, 1, 1], [9, 0, 1], [9, 1, 1], [0, 0, 9]])
    >>> answer_shares(words, torch.tensor([[0, 1, 2, 3], [0, 1, 2, 4]]), temperature=0.5)
    tensor([0.8579, 0.1421])
    """
    check_shape("candidates", candidates, "(words, dim)", None, None)
    check_shape("questions", questions, "(questions, 4)", None, 4)
    check_rows("questions", questions, len(candidates))
    check_above_0("temperature", temperature)
    if len(candidates) < 4:
        raise ConfigError(f"an analogy needs four candidates or more, {len(candidates)} found: raise candidates")
    units = unit_rows(candidates)
    a, b, c, _ = units[questions].unbind(1)
    scores = unit_rows(b - a + c) @ units.T / temperature  # (questions, words)
    scores = scores.scatter(1, questions[:, :3], -torch.inf)
    return scores.softmax(1).gather(1, questions[:, 3:])[:, 0]


def analogy_loss(
    candidates: torch.Tensor,
    questions: torch.Tensor,
    syntactic: torch.Tensor,
    temperature: float = 0.05,
    combination: Combination = EQUAL,
) -> torch.Tensor:
    r"""Return minus the linear combination of soft semantic, syntactic and total accuracy (eq. 8).

    .. math:: L = -\frac{\alpha A_{sem} + \beta A_{syn} + \gamma A_{tot}}{\alpha + \beta + \gamma}

    where A is the mean of `answer_shares` over the questions of a kind.

    Parameters
    ----------
    candidates, questions, temperature
        As in `answer_shares`.
    syntactic
        Whether a question is about a form of a word, bool, (questions,).
    combination
        alpha, beta and gamma. A kind without questions is left out of numerator and denominator.

    Returns
    -------
    A scalar between -1 and 0.

    Raises
    ------
    ConfigError
        As `answer_shares`; also if ``syntactic`` is not bool, or all kinds with questions have weight 0.

    Examples
    --------
    >>> words = torch.tensor([[1.0, 0, 1], [1, 1, 1], [9, 0, 1], [9, 1, 1], [0, 0, 9]])
    >>> asked = torch.tensor([[0, 1, 2, 3], [0, 1, 2, 4]])
    >>> analogy_loss(words, asked, torch.tensor([False, True]), 0.5, Combination(semantic=2.0, syntactic=1.0))
    tensor(-0.5895)
    """
    shares = answer_shares(candidates, questions, temperature)
    check_mask("syntactic", syntactic, "(questions,)", len(questions))
    kinds = (~syntactic, syntactic, torch.ones_like(syntactic))
    found = [(weight, shares[kind].mean()) for weight, kind in zip(combination, kinds, strict=True) if kind.any()]
    whole = sum(weight for weight, _ in found)
    if min(combination) < 0 or not 0 < whole < float("inf"):
        raise ConfigError(
            f"no question is of a kind that counts: {combination} must be finite and above 0 where there are some"
        )
    return -torch.stack([weight * accuracy for weight, accuracy in found]).sum() / whole


class AnalogyTask(DifferentiableTask):
    """Learn to answer analogies; an example is a question.

    Parameters
    ----------
    name
        The task's name.
    shared
        Holds the shared table.
    questions
        Rows of the table, (questions, 4), as `mt2st.tasks.known_words.place_words` finds them.
    syntactic
        Whether each is about a form of a word, bool, (questions,).
    sampler
        Draws the batches.
    candidates
        Number of candidate answers: the first rows, which belong to the most frequent words; all words of the questions
        are candidates too. A step takes time in proportion, and changes the vectors of all candidates.
    temperature, combination
        As in `analogy_loss`.

    Raises
    ------
    ConfigError
        If there is no question, a row is outside the table, or ``syntactic`` is not bool, (questions,).

    Examples
    --------
    >>> import numpy as np
    >>> from mt2st.models.pytorch.table import TorchTable
    >>> from mt2st.tasks import Sampler
    >>> table = np.array([[1, 0, 1], [1, 1, 1], [9, 0, 1], [9, 1, 1], [0, 0, 9]], np.float32)
    >>> sampler = Sampler(1, 1, 1, seed=1, name="analogy")
    >>> questions, syntactic = np.array([[0, 1, 2, 4]]), np.array([False])
    >>> task = AnalogyTask("analogy", TorchTable(table), questions, syntactic, sampler, temperature=0.5)
    >>> round(task.learn(sampler.draw(), weight=1.0, rate=1.0).loss, 4)
    -0.1421
    """

    def __init__(
        self,
        name: str,
        shared: SharesTable,
        questions: NDArray[np.int64],
        syntactic: NDArray[np.bool_],
        sampler: Sampler,
        *,
        candidates: int = 2000,
        temperature: float = 0.05,
        combination: Combination = EQUAL,
    ) -> None:
        check_places(name, questions, 4, len(shared.table))
        check_above_0("temperature", temperature)
        first = np.arange(min(candidates, len(shared.table)))
        every, number = np.unique(np.concatenate([first, questions.ravel()]), return_inverse=True)
        rows, places = torch.from_numpy(every), torch.from_numpy(number[len(first) :]).view(-1, 4)
        kinds, embedding = torch.from_numpy(syntactic), shared.embedding
        check_mask("syntactic", kinds, "(questions,)", len(questions))

        def loss(batch: NDArray[np.int64]) -> torch.Tensor:
            chosen = torch.from_numpy(batch)
            return analogy_loss(embedding(rows), places[chosen], kinds[chosen], temperature, combination)

        super().__init__(name, sampler, loss, shared.parameters())
