"""One pass for several tasks: the same losses and gradients as a pass each, for one run of the encoder."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.models.pytorch.encoders import make_encoder  # noqa: E402
from mt2st.models.pytorch.shared import TorchShared  # noqa: E402
from mt2st.tasks import LabelledRows, Sampler, TaggedRows, TargetRows  # noqa: E402
from mt2st.tasks.pytorch.encoder_classification import EncoderClassification  # noqa: E402
from mt2st.tasks.pytorch.encoder_multilabel import EncoderMultiLabel  # noqa: E402
from mt2st.tasks.pytorch.encoder_regression import EncoderRegression  # noqa: E402
from mt2st.tasks.pytorch.encoder_tagging import EncoderTagging  # noqa: E402
from mt2st.tasks.pytorch.shared_pass import SharedPass  # noqa: E402
from mt2st.text import Ragged  # noqa: E402
from mt2st.text.surface import surface_numbers  # noqa: E402

LISTS = [[1, 2, 3], [], [4, 1], [5], [2, 6, 7, 3, 1], [], [3, 3]]
ROWS, SIZE = Ragged.from_lists(LISTS), len(LISTS)
SIZES = {"hidden_size": 3, "filters": 3, "widths": [2, 3], "layers": 1, "heads": 1}
BATCH, WEIGHTS = np.array([4, 1, 0, 6, 3]), (1.0, 0.25, 3.0)
NAN = np.nan


def shared_by(encoder="bilstm", dropout=0.4):
    table = np.random.default_rng(1).normal(size=(8, 5)).astype(np.float32)
    return TorchShared(make_encoder(encoder, table, SIZES, dropout, seed=2))


def text_tasks(shared):
    """A label for each text; ratings and several labels for some."""
    sampler = Sampler(SIZE, 1, 1, 1, "mood")
    labels = LabelledRows(ROWS, np.array([0, 1, 0, 1, 1, 0, 1], np.int32), ("a", "b"))
    ratings = TargetRows(ROWS, np.array([[1], [5], [NAN], [NAN], [2], [4], [3]], np.float32), ("stars",))
    several = TargetRows(ROWS, np.array([[1, 0], [NAN, 1]] * 3 + [[NAN, NAN]], np.float32), ("rude", "spam"))
    return [
        EncoderClassification("mood", shared, labels, sampler),
        EncoderRegression("stars", shared, ratings, sampler),
        EncoderMultiLabel("mail", shared, several, sampler),
    ]


def taggers(shared):
    """Two softmaxes and a CRF, on the surface vectors of the first."""
    words = ["Ann", "ran", "home", "so", "No", "3rd", "x-y", "it", "Is", "a", "b", "On", "no"]
    data = [TaggedRows(ROWS, tags, ("O", "B-X"), surface_numbers(words, 40), 40, "bio") for tags in tags_of_three()]
    sampler = Sampler(SIZE, 1, 1, 1, "pos")
    first = EncoderTagging("pos", shared, data[0], sampler)
    more = [
        EncoderTagging(name, shared, each, sampler, crf=name == "names", alike=first)
        for name, each in zip(("case", "names"), data[1:], strict=True)
    ]
    return [first, *more]


def tags_of_three():
    return np.random.default_rng(5).integers(-1, 2, (3, 13)).astype(np.int32)


def gradients(shared):
    table, dense = shared.pending()
    return [torch.zeros_like(each) if each.grad is None else each.grad.to_dense().clone() for each in (table, *dense)]


def drop(shared):
    for parameter in (shared.pending()[0], *shared.pending()[1]):
        parameter.grad = None


def apart(shared, tasks, batch=BATCH, seed=7):
    """Return outcomes and gradients of a pass each, all with the dropout of the same seed."""
    outcomes = []
    for task, weight in zip(tasks, WEIGHTS, strict=False):
        shared.begin_step(seed)
        outcomes.append(task.learn(batch, weight, 1.0))
    found = gradients(shared)
    drop(shared)
    return outcomes, found


def at_once(shared, tasks, batch=BATCH, seed=7):
    shared.begin_step(seed)
    one = SharedPass(tasks, batch)
    outcomes = [one.learn(task, weight) for task, weight in zip(tasks, WEIGHTS, strict=False)]
    one.finish()
    found = gradients(shared)
    drop(shared)
    return outcomes, found


def assert_alike(found, wanted, tolerance=2e-6):
    for one, other in zip(found[0], wanted[0], strict=True):
        assert replace(one, loss=0) == replace(other, loss=0)
        assert one.loss == pytest.approx(other.loss, rel=1e-5)
    for one, other in zip(found[1], wanted[1], strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=tolerance)


@pytest.mark.parametrize("make", [text_tasks, taggers])
@pytest.mark.parametrize("encoder", ["bilstm", "attention", "cnn", "transformer"])
@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_losses_and_gradients_are_those_of_a_pass_each(make, encoder, dropout):
    shared = shared_by(encoder, dropout)
    tasks = make(shared)
    wanted = apart(shared, tasks)
    assert_alike(at_once(shared, tasks), wanted)
    assert all(gradient.any() for gradient in wanted[1][:2])
    if dropout:
        with pytest.raises(AssertionError):
            assert_alike(at_once(shared, tasks, seed=8), wanted)


def test_gradients_are_those_of_the_weighted_sum_by_hand():
    shared = shared_by(dropout=0.0)
    mood, stars, _ = text_tasks(shared)
    vectors = shared.encoder(ROWS, BATCH)
    labels = torch.tensor([1, 1, 0, 1, 1])
    known = torch.tensor([0, 1, 2, 3])  # text 3 has no rating
    ratings = (torch.tensor([2.0, 5.0, 1.0, 3.0]) - 3) / 2**0.5  # of 1 to 5: mean 3, variance 2
    total = WEIGHTS[0] * torch.nn.functional.cross_entropy(mood.layer(vectors), labels)
    total = total + WEIGHTS[1] * (stars.layer(vectors)[known, 0] - ratings).square().mean() / 2
    total.backward()
    wanted = gradients(shared)
    drop(shared)
    for one, other in zip(at_once(shared, [mood, stars])[1], wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)


def test_the_encoder_runs_once_forwards_and_once_backwards():
    shared, runs = shared_by(), []
    tasks = text_tasks(shared)
    body = shared.encoder.body
    outputs = body.outputs
    body.outputs = lambda packed: runs.append("forwards") or outputs(packed)
    for each in body.parameters():
        each.register_hook(lambda _: runs.append("backwards"))
    at_once(shared, tasks)
    assert runs == ["forwards"] + ["backwards"] * len(list(body.parameters()))
    runs.clear()
    apart(shared, tasks)
    assert runs.count("forwards") == 3


def test_a_loss_that_is_not_finite_is_left_out_and_the_others_count():
    shared = shared_by()
    tasks = text_tasks(shared)
    with torch.no_grad():
        tasks[1].layer.weight[0, 0] = NAN
    outcomes, found = at_once(shared, tasks)
    assert (outcomes[1].not_finite, outcomes[1].terms) == (1, 0)
    own = shared_by()
    one, _, three = text_tasks(own)
    own.begin_step(7)
    wanted = [one.learn(BATCH, WEIGHTS[0], 1.0)]
    own.begin_step(7)
    wanted.append(three.learn(BATCH, WEIGHTS[2], 1.0))
    assert [outcome.loss for outcome in (outcomes[0], outcomes[2])] == pytest.approx([each.loss for each in wanted])
    for mine, theirs in zip(found, gradients(own), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=1e-6)


def test_texts_without_words_train_the_heads_alone():
    shared = shared_by()
    outcomes, found = at_once(shared, text_tasks(shared), np.array([1, 5]))
    assert [outcome.words for outcome in outcomes] == [0, 0, 0]
    assert not any(gradient.any() for gradient in found[:9]) and found[10].any()


class Part:
    """A share whose fellows have what this process has not; what they come to is not added here."""

    def __init__(self, rank, count):
        self.part = slice(rank, None, count)

    def total(self, own):
        return own


@pytest.mark.parametrize("make", [text_tasks, taggers])
@pytest.mark.parametrize("count", [2, 4, 6])
def test_parts_of_several_processes_add_up_to_the_whole(make, count):
    whole = shared_by()
    outcomes, wanted = at_once(whole, make(whole))
    sums, losses = [torch.zeros_like(each) for each in wanted], np.zeros(3)
    for rank in range(count):  # of six ranks one has no text, others none with a label
        shared = shared_by()
        tasks = make(shared)
        for task in tasks:
            task.share = Part(rank, count)
        found, own = at_once(shared, tasks)
        assert not any(outcome.not_finite for outcome in found), "no mean over no label is asked for"
        losses += [outcome.loss for outcome in found]
        sums = [total + each for total, each in zip(sums, own, strict=True)]
    assert losses == pytest.approx([outcome.loss for outcome in outcomes], rel=1e-5)
    for found, each in zip(sums, wanted, strict=True):
        torch.testing.assert_close(found, each, rtol=1e-5, atol=2e-6)


def test_taggers_that_share_train_one_set_of_surface_vectors_once():
    shared = shared_by(dropout=0.0)
    tasks = taggers(shared)
    surface = tasks[0].layer.surface
    assert all(task.layer.surface is surface for task in tasks)
    assert ["head.surface" in task.arrays() for task in tasks] == [True, False, False]
    before, moving = surface.detach().clone(), at_once(shared, tasks)[1]
    gradient = next(each for each in moving if each.shape == surface.shape)
    surface.grad = gradient.clone()
    shared.finish_step(1.0)
    # Adam's first step is its rate, whatever the gradient's size.
    wanted = torch.where(gradient != 0, gradient.sign() * shared.rate, 0)
    torch.testing.assert_close(before - surface.detach(), wanted, rtol=0, atol=1e-5)
    assert surface.grad is None
