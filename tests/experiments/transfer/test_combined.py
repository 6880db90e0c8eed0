"""Losses and gradients combined by TorchJD, against what they are by hand."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
scalarization = pytest.importorskip("torchjd.scalarization")

from mt2st.experiments.training import Curves  # noqa: E402
from mt2st.experiments.transfer.combined import (  # noqa: E402
    Aggregated,
    CombinedTrainer,
    Scalarised,
    make_combination,
)
from mt2st.training.corpus import load_corpus  # noqa: E402
from mt2st.training.job import make_job  # noqa: E402
from mt2st.training.settings import parse_settings  # noqa: E402
from mt2st.training.stopping import StopRequest  # noqa: E402


class Sum(torch.nn.Module):
    def forward(self, matrix):
        return matrix.sum(0)


class Keep(torch.nn.Module):
    """Keeps what it was given, and answers with the first row."""

    def forward(self, matrix):
        self.matrix = matrix
        return matrix[0]


@pytest.fixture
def small_job(job_values):
    def make(changes=None):
        settings = parse_settings(job_values(changes))
        return make_job(load_corpus(settings), settings)

    return make


@pytest.fixture
def make(small_job, job_values):
    film = {"film": job_values()["auxiliary"]["film"]}
    changes = {"model.encoder": "bilstm", "model.dropout": 0.0, "auxiliary": film, "strategy.name": "constant"}
    return lambda: small_job(changes)


def losses_of(job):
    batches = {name: np.arange(3) + 2 * place for place, name in enumerate(job.tasks)}
    return {name: task.own_loss(batches[name]) for name, task in job.tasks.items()}


def gradients(job):
    found = [parameter.grad for parameter in job.shared.parameters()]
    return [each.to_dense() if each.is_sparse else each for each in found]


def test_the_sum_of_gradients_is_the_gradient_of_the_sum(make):
    plain, combined = make(), make()
    sum(losses_of(plain).values()).backward()
    Aggregated(Sum(), combined.shared).backward(losses_of(combined), 1.0)
    for mine, theirs in zip(gradients(combined), gradients(plain), strict=True):
        torch.testing.assert_close(mine, theirs)
    heads = [job.tasks["film"].head.module.weight.grad for job in (plain, combined)]
    torch.testing.assert_close(*heads)


def test_a_row_is_a_task_s_own_gradient_and_the_answer_is_what_is_applied(make):
    job, alone = make(), make()
    keep = Keep()
    Aggregated(keep, job.shared).backward(losses_of(job), 1.0)
    losses_of(alone)["film"].backward()
    table, *layers = gradients(alone)
    rows = keep.matrix.shape[1] - sum(layer.numel() for layer in layers)
    expected = torch.cat([layer.flatten() for layer in layers])
    torch.testing.assert_close(keep.matrix[1, rows:], expected)
    assert keep.matrix[1, :rows].norm() == pytest.approx(float(table.norm()), rel=1e-5)
    torch.testing.assert_close(gradients(job)[1].flatten(), keep.matrix[0, rows : rows + layers[0].numel()])


def test_uncertainty_begins_as_half_the_sum_and_its_variances_train(make):
    plain, combined = make(), make()
    (0.5 * sum(losses_of(plain).values())).backward()
    way = make_combination("UW", combined, 2)
    before = way.module.log_var.detach().clone()
    way.backward(losses_of(combined), 1.0)
    for mine, theirs in zip(gradients(combined), gradients(plain), strict=True):
        torch.testing.assert_close(mine, theirs)
    assert not torch.equal(way.module.log_var, before)


def test_famo_hears_of_the_losses_after_the_step_and_dwa_of_its_epochs(make):
    job = make()
    famo = make_combination("FAMO", job, 2)
    before = famo.module._w.detach().clone()
    makers = {name: (lambda value=value: torch.tensor(value)) for name, value in (("p", 0.2), ("a", 0.6))}
    famo.backward({"p": torch.tensor(0.7, requires_grad=True), "a": torch.tensor(0.7, requires_grad=True)}, 1.0)
    famo.after(makers)
    moved = famo.module._w - before
    assert moved[0] * moved[1] < 0, "the loss that fell less gains weight"
    dwa = Scalarised(scalarization.DWA(), 0.1)
    for value in (0.5, 0.4):
        dwa.backward({"p": torch.tensor(value, requires_grad=True), "a": torch.tensor(0.5, requires_grad=True)}, 1.0)
        dwa.interval()
    assert len(dwa.module._previous_averages) == 2


@pytest.mark.parametrize("method", ["PCGrad", "CAGrad", "UPGrad", "UW", "DWA", "FAMO", "Random"])
def test_every_method_trains_and_twice_the_same(small_job, method):
    changes = {"model.encoder": "bilstm", "strategy.name": "constant", "model.dropout": 0.2}
    ends = []
    for _ in range(2):
        job = small_job(changes)
        before = [array.copy() for array in job.shared.arrays().values()]
        trainer = CombinedTrainer(job, method)
        trainer.run(Curves("reviews"), StopRequest())
        assert trainer.step == trainer.total and trainer.ledger.entries["film"].ran == trainer.total
        ends.append([array.tobytes() for array in job.shared.arrays().values()])
        assert any(not np.array_equal(a, b) for a, b in zip(before, job.shared.arrays().values(), strict=True))
    assert ends[0] == ends[1]


def test_a_bag_is_refused(small_job):
    with pytest.raises(TypeError, match="PCGrad combines gradients of a torch encoder, found NativeShared"):
        make_combination("PCGrad", small_job(), 2)
