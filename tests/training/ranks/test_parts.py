"""What ranks exchange, without other ranks: parts of batches, changed rows, packed rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from mt2st.models.pytorch.encoders import make_encoder  # noqa: E402
from mt2st.models.pytorch.shared import TorchShared  # noqa: E402
from mt2st.tasks import LabelledRows, Sampler  # noqa: E402
from mt2st.tasks.pytorch.encoder_classification import EncoderClassification  # noqa: E402
from mt2st.text import Ragged  # noqa: E402
from mt2st.training.ranks.changes import Changes  # noqa: E402
from mt2st.training.ranks.rows import Rows, _packed, _unpacked  # noqa: E402
from mt2st.training.ranks.stopping import AgreedStop  # noqa: E402

ROWS = Ragged.from_lists([[1, 2, 3], [], [4, 1], [5], [2, 6, 7, 3, 1], [], [3, 3]])


def encoder(dropout=0.4):
    table = np.random.default_rng(1).normal(size=(8, 5)).astype(np.float32)
    return make_encoder("bilstm", table, {"hidden_size": 3}, dropout, seed=2)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize("batch", [[0, 1, 2, 3, 4, 5, 6], [4, 0], [1, 5, 2], [1, 5]])
def test_parts_of_a_batch_are_encoded_as_in_the_whole_with_the_same_dropout(count, batch):
    batch, whole = np.array(batch), encoder()
    whole.begin_step(7)
    expected, after = whole(ROWS, batch).detach(), torch.rand(1, generator=whole.masks)
    for rank in range(count):
        whole.begin_step(7)
        part = slice(rank, None, count)
        found = whole(ROWS, batch, part).detach()
        torch.testing.assert_close(found, expected[part], rtol=0, atol=1e-6)
        assert torch.equal(torch.rand(1, generator=whole.masks), after), "the next task's dropout is the same too"


class Part:
    """A share whose fellows see what it does not."""

    def __init__(self, rank, count, others_bad=0):
        self.part, self.others_bad = slice(rank, None, count), others_bad

    def total(self, own):
        from dataclasses import replace

        return replace(own, not_finite=own.not_finite + self.others_bad)


def task_of(share=None):
    labels = np.array([0, 1, 0, 1, 1, 0, 1], np.int32)
    shared = TorchShared(encoder())
    task = EncoderClassification("film", shared, LabelledRows(ROWS, labels, ("a", "b")), Sampler(7, 1, 1, 1, "film"))
    if share is not None:
        task.share = share
    shared.begin_step(3)
    return task, shared


def gradients(shared, task):
    table, dense = shared.pending()
    found = [torch.zeros_like(each) if each.grad is None else each.grad.to_dense() for each in (table, *dense)]
    assert len(found) == 1 + 8 + 2
    return found


@pytest.mark.parametrize("count", [2, 4])
def test_gradients_and_outcomes_of_all_parts_add_up_to_the_whole_batch(count):
    batch = np.array([4, 1, 0])
    whole, shared = task_of()
    outcome, expected = whole.learn(batch, 0.5, 1.0), gradients(shared, whole)
    outcomes, sums = [], [torch.zeros_like(each) for each in expected]
    for rank in range(count):
        task, own = task_of(Part(rank, count))
        outcomes.append(task.learn(batch, 0.5, 1.0))
        sums = [total + each for total, each in zip(sums, gradients(own, task), strict=True)]
    for found, wanted in zip(sums, expected, strict=True):
        torch.testing.assert_close(found, wanted, rtol=0, atol=1e-6)
        assert wanted.any()
    assert sum(each.loss for each in outcomes) == pytest.approx(outcome.loss)
    assert [sum(getattr(e, name) for e in outcomes) for name in ("terms", "examples", "words")] == [3, 3, 8]


def test_a_batch_that_is_not_finite_elsewhere_leaves_no_gradient_here():
    task, shared = task_of(Part(0, 2, others_bad=2))
    outcome = task.learn(np.array([4, 1, 0]), 1.0, 1.0)
    assert (outcome.loss, outcome.terms, outcome.not_finite) == (0.0, 0, 1)
    assert not any(each.any() for each in gradients(shared, task))


@pytest.mark.parametrize("shape", [(6,), (6, 3)])
def test_changes_of_all_ranks_are_added_to_what_all_had(shape):
    start = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    ranks = [start.copy() for _ in range(3)]
    watched = [Changes(array) for array in ranks]
    ranks[0][[1, 4]] += 1
    ranks[1][4] += 2
    everyone = [changes.own() for changes in watched]
    assert [rows.numbers.tolist() for rows in everyone] == [[1, 4], [4], []]
    for changes in watched:
        changes.settle(everyone)
    expected = start.copy()
    expected[1] += 1
    expected[4] += 3
    for array in ranks:
        np.testing.assert_array_equal(array, expected)


def test_rows_of_a_view_with_padding_between_them_are_found_and_set():
    whole = np.zeros((4, 8), np.float32)
    changes = Changes(whole[:, 2:5])
    whole[3, 4] = whole[1, 7] = 1
    assert changes.own().numbers.tolist() == [3]
    changes.settle([Rows(np.array([0], np.int32), np.full((1, 3), 2, np.float32))])
    assert whole[0].tolist() == [0, 0, 2, 2, 2, 0, 0, 0]
    assert whole[1, 7] == 1


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4)), max_size=4), st.integers(0, 3))
def test_packed_rows_are_unpacked_bit_for_bit(shapes, padding):
    chance = np.random.default_rng(len(shapes))
    pieces = [
        Rows(
            chance.integers(0, 99, count, dtype=np.int32),
            chance.integers(-(2**31), 2**31, (count, width)).astype(np.int32).view(np.float32),
        )
        for count, width in shapes
    ]
    sizes = [count * (1 + width) for count, width in shapes]
    found = _unpacked(_packed(pieces, sum(sizes) + padding), sizes, [width for _, width in shapes])
    for one, other in zip(found, pieces, strict=True):
        assert one.numbers.tobytes() == other.numbers.tobytes()
        assert one.values.tobytes() == other.values.tobytes() and one.values.shape == other.values.shape


def test_a_stop_that_ranks_have_not_agreed_on_yet_does_not_stop_and_is_not_lost():
    stop = AgreedStop()
    stop.signal = 15
    stop.heed([0, 0])
    assert not stop and stop.asked() == [15, 0]
    stop.heed([15, 0])
    assert stop
    other = AgreedStop()
    other.heed([15, 0])
    assert other and other.signal == 15
    other = AgreedStop()
    other.limit(0.0)
    assert other.asked() == [0, 1]
    other.heed([0, 1])
    assert other and other.signal is None
