"""Lexical objectives and soft ranks: values and gradients on a GPU are those on the processor."""

import pytest

torch = pytest.importorskip("torch")

from mt2st.models.pytorch.masked_losses import logistic_loss, rating_loss  # noqa: E402
from mt2st.tasks.lexical.alignment import alignment_loss  # noqa: E402
from mt2st.tasks.lexical.analogy import analogy_loss  # noqa: E402
from mt2st.tasks.lexical.elements import elements_loss  # noqa: E402
from mt2st.tasks.lexical.offset import offset_loss  # noqa: E402
from mt2st.tasks.lexical.similarity import similarity_loss  # noqa: E402

QUESTIONS, SYNTACTIC = torch.tensor([[0, 1, 2, 3], [4, 5, 6, 7]]), torch.tensor([True, False])
CORRECT = torch.eye(6, 12, dtype=torch.bool)
SCORES, SETS = torch.tensor([9.0, 2.0, 6.0, 3.0, 3.0, 1.0]), torch.tensor([0, 0, 0, 1, 1, 1])
TARGETS = torch.tensor([1.0, 0.0, float("nan"), 1.0])
LOSSES = {
    "offset": lambda v, at: offset_loss(v.view(3, 4, -1)),
    "analogy": lambda v, at: analogy_loss(v, QUESTIONS.to(at), SYNTACTIC.to(at)),
    "alignment": lambda v, at: alignment_loss(v[:6], v, CORRECT.to(at), neighbours=3, threshold=0.1, among=v),
    "similarity": lambda v, at: similarity_loss(v.view(6, 2, -1), SCORES.to(at), SETS.to(at)),
    "similarity, isotonic": lambda v, at: similarity_loss(v.view(6, 2, -1), SCORES.to(at), ranks="isotonic"),
    "elements": lambda v, at: elements_loss(v.view(6, 2, -1)),
    "elements, isotonic": lambda v, at: elements_loss(v.view(6, 2, -1), ranks="isotonic"),
    "labels": lambda v, at: logistic_loss(v[:4, 0], TARGETS.to(at)),
    "ratings": lambda v, at: rating_loss(v[:4, 0], TARGETS.to(at), "huber"),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_and_its_gradient_are_the_same(name, device, alike):
    values = torch.randn(12, 5, generator=torch.Generator().manual_seed(1))
    found = []
    for where in (device, torch.device("cpu")):
        vectors = values.to(where).requires_grad_()
        loss = LOSSES[name](vectors, where)
        loss.backward()
        found.append((loss.detach(), vectors.grad))
    alike(found[0][0], found[1][0])
    alike(found[0][1], found[1][1])
