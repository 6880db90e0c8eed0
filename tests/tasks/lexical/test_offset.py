from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.errors import ConfigError  # noqa: E402
from mt2st.tasks.lexical.offset import OffsetTask, offset_loss  # noqa: E402

QUADRUPLES = np.array([[0, 1, 2, 3], [4, 5, 6, 7], [0, 1, 8, 9]])


def test_by_hand():
    # E2 - E1 + E3 = (1, 1) against (1, 0): 1 / sqrt 2; and (0, 2) against (0, -3): -1.
    vectors = torch.tensor([[[1.0, 1], [1, 2], [1, 0], [1, 0]], [[0.0, 0], [0, 1], [0, 1], [0, -3]]])
    assert float(offset_loss(vectors)) == pytest.approx(-(2**-0.5 - 1) / 2)


def test_finite_differences():
    vectors = torch.randn(3, 4, 5, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(offset_loss, vectors)


def test_zeros_give_no_nan():
    vectors = torch.zeros(2, 4, 3, requires_grad=True)
    loss = offset_loss(vectors)
    loss.backward()
    assert float(loss.detach()) == 0
    assert vectors.grad.isfinite().all()


def test_another_shape_is_named():
    with pytest.raises(ConfigError, match=r"vectors must have the shape \(quadruples, 4, dim\), \(2, 3, 5\) found"):
        offset_loss(torch.zeros(2, 3, 5))


def test_a_step_moves_the_rows_of_the_batch_alone(shared, whole, moved):
    assert moved(OffsetTask("offset", shared, QUADRUPLES, whole(3)), [0, 2]) == [0, 1, 2, 3, 8, 9]


def test_training_lowers_the_loss(shared, whole):
    task = OffsetTask("offset", shared, QUADRUPLES, whole(3))
    losses = []
    for _ in range(60):
        losses.append(task.learn(task.sampler.draw(), 1.0, 1.0).loss / 3)
        shared.finish_step(1.0)
    assert losses[-1] < losses[0] - 0.3


@pytest.mark.parametrize(
    ("places", "match"),
    [
        (np.empty((0, 4), np.int64), r"rows of 4 words are needed, at least one, the shape \(0, 4\) found"),
        (np.array([[0, 1, 2, 12]]), "the rows 0 to 12 are named, the table has 12"),
        (np.array([[-1, 1, 2, 3]]), "the rows -1 to 3 are named"),
        (np.array([[0, 1]]), r"rows of 4 words are needed, at least one, the shape \(1, 2\) found"),
    ],
)
def test_lists_that_do_not_fit_are_refused(shared, whole, places, match):
    with pytest.raises(ConfigError, match=f"offset: {match}"):
        OffsetTask("offset", shared, places, whole(1))
