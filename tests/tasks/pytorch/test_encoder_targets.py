"""Several labels, ratings and pairs on an encoder: one battery for all three."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.embeddings import new_table  # noqa: E402
from mt2st.models.pytorch.encoders import make_encoder  # noqa: E402
from mt2st.models.pytorch.masked_losses import logistic_loss, rating_loss  # noqa: E402
from mt2st.models.pytorch.shared import TorchShared  # noqa: E402
from mt2st.tasks import Outcome, Sampler, TargetRows, TextPairs  # noqa: E402
from mt2st.tasks.pytorch.encoder_multilabel import EncoderMultiLabel  # noqa: E402
from mt2st.tasks.pytorch.encoder_pairs import EncoderPairs  # noqa: E402
from mt2st.tasks.pytorch.encoder_regression import EncoderRegression  # noqa: E402
from mt2st.text import Ragged  # noqa: E402

KINDS = ("multilabel", "regression", "huber", "cosine", "mlp")
SIZES = {"hidden_size": 8, "filters": 8, "widths": [2, 3], "layers": 1, "heads": 2}
STEPS = 6


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def texts(random, count):
    """Words 1 and 2 each stand in half of the texts; 3 to 8 are fill."""
    truth = random.integers(0, 2, (count, 2))
    rows = [random.permutation([*np.flatnonzero(t) + 1, *random.integers(3, 9, 3)]) for t in truth]
    return truth, Ragged.from_lists(rows)


def toy(kind, count=60, seed=1, missing=0.0):
    random = np.random.default_rng(seed)
    truth, rows = texts(random, count)
    if kind in ("cosine", "mlp"):
        other, right = texts(random, count)
        scores = 5.0 * (truth[:, 0] == other[:, 0]).astype(np.float32)
        scores[random.random(count) < missing] = np.nan
        return TextPairs(rows, right, scores.astype(np.float32))
    targets = truth.astype(np.float32) if kind == "multilabel" else (50 + truth @ [10, 20])[:, None].astype(np.float32)
    targets[random.random(targets.shape) < missing] = np.nan
    return TargetRows(rows, targets, ("a", "b")[: targets.shape[1]])


class Engine:
    def __init__(self, kind, dropout=0.3, steps=STEPS, data=None, **options):
        self.kind, self.data = kind, toy(kind) if data is None else data
        self.shared = TorchShared(make_encoder("bilstm", new_table(9, 8, 1, scale=4.0), SIZES, dropout), 0.01, 0.02)
        sampler = Sampler(len(self.data), 2, steps, seed=3, name="t")
        made = {"multilabel": EncoderMultiLabel, "regression": EncoderRegression, "huber": EncoderRegression}
        options |= {"kind": "huber"} if kind == "huber" else {"head": kind} if kind in ("cosine", "mlp") else {}
        self.task = made.get(kind, EncoderPairs)("t", self.shared, self.data, sampler, 2, **options)

    def run(self, steps):
        for step in steps:
            self.shared.begin_step(100 + step)
            self.task.sampler.draws = step
            self.task.learn(self.task.sampler.draw(), 0.5, 1.0)
            self.shared.finish_step(1 - step / STEPS)

    def arrays(self):
        return {**self.shared.arrays(), **self.task.arrays()}

    def known_loss(self, batch):
        """The mean over known targets, example by example."""
        task, encoder, losses = self.task, self.shared.encoder, []
        for example in batch:
            one, target = np.array([example]), task.targets[example].reshape(-1)
            if self.kind in ("cosine", "mlp"):
                outputs = task.layer(encoder(self.data.left, one), encoder(self.data.right, one))
            else:
                outputs = task.layer(encoder(self.data.rows, one))[0]
            for output, wanted in zip(outputs, target, strict=True):
                if not wanted.isnan():
                    if self.kind == "multilabel":
                        losses.append(logistic_loss(output, wanted))
                    else:
                        losses.append(rating_loss(output, wanted, "huber" if self.kind == "huber" else "squared"))
        return torch.stack(losses)

    def gradients(self):
        parameters = [*self.shared.encoder.parameters(), *self.task.layer.parameters()]
        found = [each.grad.to_dense().clone() for each in parameters]
        for each in parameters:
            each.grad = None
        return found


every = pytest.mark.parametrize("kind", KINDS)


@every
@pytest.mark.parametrize("cut", [1, 4])
def test_resumed_is_uninterrupted(kind, cut):
    whole, first, second = (Engine(kind, data=toy(kind, missing=0.3)) for _ in range(3))
    whole.run(range(STEPS))
    first.run(range(cut))
    saved = {name: array.copy() for name, array in first.arrays().items()}
    for name, array in second.arrays().items():
        array[...] = saved[name]
    second.run(range(cut, STEPS))
    for name, array in whole.arrays().items():
        np.testing.assert_array_equal(array, second.arrays()[name], err_msg=name)


@every
def test_loss_and_gradient_are_those_of_the_known_targets_one_by_one(kind):
    engine = Engine(kind, dropout=0.0, data=toy(kind, missing=0.4))
    batch = np.random.default_rng(4).permutation(60)[:12]
    outcome, found = engine.task.learn(batch, 0.5, 1.0), engine.gradients()
    losses = engine.known_loss(batch)
    (0.5 * losses.mean()).backward()
    words, known = int(engine.task.lengths[batch].sum()), int(engine.data.counts[batch].sum())
    assert outcome == Outcome(pytest.approx(losses.sum().item(), rel=1e-5), known, 12, words)
    for got, wanted in zip(found, engine.gradients(), strict=True):
        torch.testing.assert_close(got, wanted)


@every
def test_parts_of_a_batch_add_up_to_the_whole(kind):
    class Half:
        def __init__(self, rank):
            self.part = slice(rank, None, 2)

        def total(self, own):
            return own

    whole, halves = (Engine(kind, data=toy(kind, missing=0.4)) for _ in range(2))
    batch = np.arange(9)
    whole.shared.begin_step(1)
    whole.task.learn(batch, 0.5, 1.0)
    for rank in (0, 1):
        halves.task.share = Half(rank)
        halves.shared.begin_step(1)
        halves.task.learn(batch, 0.5, 1.0)
    for one, other in zip(whole.gradients(), halves.gradients(), strict=True):
        torch.testing.assert_close(one, other)


@every
def test_a_batch_without_labels_is_read_and_changes_nothing(kind):
    data = toy(kind, missing=0.5)
    engine, empty = Engine(kind, data=data), np.flatnonzero(data.counts == 0)
    words = int(engine.task.lengths[empty].sum())
    assert engine.task.learn(empty, 1.0, 1.0) == Outcome(0.0, 0, len(empty), words)
    assert all(parameter.grad is None for parameter in engine.shared.parameters())


@every
def test_it_learns_in_the_unit_of_the_data(kind):
    engine, unseen = Engine(kind, dropout=0.1, data=toy(kind, 200, missing=0.2)), toy(kind, 300, seed=9)
    for step in range(30):
        engine.shared.begin_step(step)
        for batch in np.split(np.random.default_rng(step).permutation(200), 8):
            engine.task.learn(batch, 1.0, 1.0)
            engine.shared.finish_step(1 - step / 30)
    if kind == "multilabel":
        assert ((engine.task.probabilities(unseen.rows) > 0.5) == unseen.targets).mean() > 0.95
    elif kind in ("cosine", "mlp"):
        found = engine.task.scores(unseen)
        assert np.abs(found - unseen.scores).mean() < 1.5 and np.corrcoef(found, unseen.scores)[0, 1] > 0.8
    else:
        assert np.abs(engine.task.ratings(unseen.rows) - unseen.targets).mean() < 3
    assert engine.shared.encoder.training
