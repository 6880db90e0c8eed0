"""Relevance of dimensions and parameters, worked by hand and against a loop over examples."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402 - after the check for torch
from mt2st.models.pytorch.relevance import relevance_of  # noqa: E402


def test_dimensions_worked_by_hand():
    embedding = torch.nn.Embedding.from_pretrained(torch.tensor([[1.0, -2.0], [3.0, 0.5]]), freeze=False)
    weights = torch.tensor([2.0, -1.0])

    def loss(*words):
        return lambda: (embedding(torch.tensor(words)) @ weights).sum()

    # Every gradient is (2, -1). Positions: word 0, word 1, and word 1 again: |2 * 1| + 2 * |2 * 3| = 14 over three.
    found, _ = relevance_of([loss(0, 1), loss(1)], embedding)
    np.testing.assert_allclose(found, [14 / 3, (2 + 0.5 + 0.5) / 3])


def test_parameters_worked_by_hand():
    first, second, other = (torch.nn.Parameter(torch.tensor(values)) for values in ([1.0, -2.0], [3.0], [1.0]))
    losses = [lambda: (first * torch.tensor([1.0, 2.0])).sum(), lambda: 2 * first.sum() + second.sum()]
    _, found = relevance_of(losses, None, {"first": first, "second": second, "other": other})
    # first: (|1 * 1| + |2 * -2|) / 2 = 2.5, then (2 + 4) / 2 = 3; second: 0, then 3; other is not reached.
    assert found == {"first": 2.75, "second": 1.5, "other": 0.0}


def test_a_batch_of_summed_losses_is_its_examples_one_by_one():
    torch.manual_seed(0)
    embedding, layer = torch.nn.Embedding(9, 5), torch.nn.Linear(5, 3)
    words, labels = torch.randint(0, 9, (6, 4)), torch.randint(0, 3, (6,))

    def loss(examples):
        logits = layer(torch.tanh(embedding(words[examples])).mean(1))
        return torch.nn.functional.cross_entropy(logits, labels[examples], reduction="sum")

    whole, _ = relevance_of([lambda: loss(slice(0, 6))], embedding)
    single, _ = relevance_of([lambda i=i: loss(slice(i, i + 1)) for i in range(6)], embedding)
    np.testing.assert_allclose(whole, single, rtol=1e-5)


def test_gradients_that_are_pending_are_left_alone_and_no_hook_stays():
    embedding = torch.nn.Embedding(3, 2)
    embedding.weight.grad = torch.ones(3, 2)
    relevance_of([lambda: embedding(torch.tensor([1])).sum()], embedding)
    assert embedding.weight.grad.tolist() == [[1.0, 1.0]] * 3 and not embedding._forward_hooks


def test_a_hook_does_not_outlive_an_error():
    embedding = torch.nn.Embedding(3, 2)
    with pytest.raises(ZeroDivisionError):
        relevance_of([lambda: 1 / 0], embedding)
    assert not embedding._forward_hooks


@pytest.mark.parametrize("losses", [[], [lambda: torch.ones((), requires_grad=True)]])
def test_without_a_loss_that_uses_the_embedding_it_is_refused(losses):
    with pytest.raises(ConfigError, match="needs at least one loss, computed with the embedding"):
        relevance_of(losses, torch.nn.Embedding(3, 2))
