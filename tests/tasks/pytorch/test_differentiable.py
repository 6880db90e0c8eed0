from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.embeddings import new_table  # noqa: E402
from mt2st.errors import ConfigError, GradientPathError  # noqa: E402
from mt2st.models.pytorch.encoders import make_encoder  # noqa: E402
from mt2st.models.pytorch.shared import TorchShared  # noqa: E402
from mt2st.tasks import Outcome, Sampler  # noqa: E402
from mt2st.tasks.pytorch.differentiable import DifferentiableTask  # noqa: E402

BATCH = np.array([1, 3])


@pytest.fixture
def shared():
    return TorchShared(make_encoder("bilstm", new_table(5, 3, seed=1), {"hidden_size": 2}), table_rate=0.1)


def make(shared, loss, **settings):
    sampler = Sampler(5, 1, 2, seed=1, name="offset")
    return DifferentiableTask("offset", sampler, loss, shared.parameters(), **settings)


def norm(shared):
    return lambda batch: shared.encoder.embedding.weight[batch].square().sum(1).mean()


def test_weight_scales_the_gradient_of_the_mean(shared):
    task = make(shared, norm(shared), lengths=np.array([9, 2, 9, 4, 9]))
    outcome = task.learn(BATCH, 0.25, 1.0)
    # The derivative of mean(x^2) over two rows is x.
    by_hand = np.where(np.isin(np.arange(5), BATCH)[:, None], 0.25 * shared.table, 0)
    np.testing.assert_allclose(shared.encoder.embedding.weight.grad.numpy(), by_hand, rtol=1e-6)
    assert outcome == Outcome(pytest.approx((shared.table[BATCH] ** 2).sum(), rel=1e-6), 2, 2, 6)


def test_gradients_of_tasks_add_up_until_the_step_ends(shared):
    task = make(shared, norm(shared))
    task.learn(BATCH, 0.5, 1.0)
    task.learn(np.array([1, 2]), 2.0, 1.0)
    weights = np.array([0, 2.5, 2, 0.5, 0])[:, None]
    np.testing.assert_allclose(shared.encoder.embedding.weight.grad.numpy(), weights * shared.table, rtol=1e-6)


def test_it_trains_the_shared_table(shared):
    task, before = make(shared, norm(shared)), (shared.table**2).sum(1)
    for _ in range(3):
        task.learn(BATCH, 1.0, 1.0)
        shared.finish_step(0.1)
    assert ((shared.table**2).sum(1) < before).tolist() == [False, True, False, True, False]


def test_an_empty_batch_costs_nothing(shared):
    def loss(batch):
        raise AssertionError("an empty batch has no loss to compute")

    assert make(shared, loss).learn(np.empty(0, np.int64), 1.0, 1.0) == Outcome(0.0, 0, 0, 0)


def paper_code(shared):
    """UPDATE 0 as the paper's code has it: on a NumPy copy of the vectors."""
    vectors = shared.encoder.embedding.weight.detach().cpu().numpy()
    return lambda batch: torch.tensor(-float(vectors[batch[0]] @ vectors[batch[1]]))


def under_no_grad(shared):
    def loss(batch):
        with torch.no_grad():
            return norm(shared)(batch)

    return loss


@pytest.mark.parametrize(
    "detached",
    [
        paper_code,
        under_no_grad,
        lambda shared: lambda batch: norm(shared)(batch).detach(),
        lambda shared: lambda batch: norm(shared)(batch).item(),
    ],
)
def test_a_detached_loss_is_refused(shared, detached):
    task = make(shared, detached(shared))
    with pytest.raises(GradientPathError, match=r"auxiliary task 'offset' has no gradient; likely cause: detached"):
        task.learn(BATCH, 1.0, 1.0)


def test_frozen_parameters_are_named_as_the_cause(shared):
    shared.encoder.requires_grad_(False)
    task = make(shared, norm(shared), primary=True)
    with pytest.raises(GradientPathError, match=r"primary task 'offset' has no gradient; likely cause: frozen"):
        task.learn(BATCH, 1.0, 1.0)


@pytest.mark.parametrize("reaches", [False, True])
def test_a_loss_on_another_table_is_seen_in_the_trace(shared, reaches):
    copy = torch.nn.Parameter(shared.encoder.embedding.weight.detach().clone())
    table = shared.encoder.embedding.weight if reaches else copy
    task, before = make(shared, lambda batch: table[batch].sum()), shared.trace()
    task.learn(BATCH, 1.0, 1.0)
    same = all(np.array_equal(a, b) for a, b in zip(before, shared.trace(), strict=True))
    assert same is not reaches
    assert task.path_fault().startswith("detached or wrong table")


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_loss_that_is_not_finite_leaves_all_gradients(shared, bad):
    norm_task = make(shared, norm(shared))
    norm_task.learn(BATCH, 1.0, 1.0)
    before = shared.trace()
    task = make(shared, lambda batch: norm(shared)(batch) * bad, lengths=np.ones(5, np.int64))
    assert task.learn(BATCH, 1.0, 1.0) == Outcome(0.0, 0, 2, 2, not_finite=1)
    assert all(np.array_equal(a, b) for a, b in zip(before, shared.trace(), strict=True))


def test_a_loss_for_each_example_is_refused(shared):
    task = make(shared, lambda batch: shared.encoder.embedding.weight[batch].sum(1))
    with pytest.raises(ConfigError, match=r"must be one number, the batch's mean, found the shape \(2,\)"):
        task.learn(BATCH, 1.0, 1.0)


def test_arrays_are_the_heads(shared):
    head = shared.register(torch.nn.Linear(3, 1, bias=False))
    assert make(shared, norm(shared)).arrays() == {}
    task = make(shared, lambda batch: head.module(shared.encoder.embedding.weight[batch]).mean(), head=head)
    task.learn(BATCH, 1.0, 1.0)
    shared.finish_step(1.0)
    assert set(task.arrays()) == {"head.weight", "head.weight.first", "head.weight.second", "head.weight.steps"}
    assert task.arrays()["head.weight.steps"].tolist() == [1]


def test_labels_are_counted_where_examples_have_several_or_none(shared):
    task = make(shared, norm(shared), lengths=np.array([1, 2, 3, 4, 5]), counts=np.array([0, 3, 0, 2, 0]))
    outcome = task.learn(BATCH, 1.0, 1.0)
    mean = (shared.table[BATCH] ** 2).sum(1).mean()
    assert outcome == Outcome(pytest.approx(5 * mean, rel=1e-6), 5, 2, 6)


def test_a_batch_without_labels_is_read_and_not_computed(shared):
    def loss(batch):
        raise AssertionError("there is no label to compute a loss from")

    task = make(shared, loss, lengths=np.array([1, 2, 3, 4, 5]), counts=np.array([1, 0, 1, 0, 1]))
    assert task.learn(BATCH, 1.0, 1.0) == Outcome(0.0, 0, 2, 6)
    assert shared.encoder.embedding.weight.grad is None
