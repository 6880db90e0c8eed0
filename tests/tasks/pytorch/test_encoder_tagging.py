from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.embeddings import new_table  # noqa: E402
from mt2st.evaluation import find_scheme  # noqa: E402
from mt2st.models.pytorch.encoders import make_encoder  # noqa: E402
from mt2st.models.pytorch.shared import TorchShared  # noqa: E402
from mt2st.tasks import Outcome, Sampler, TaggedRows  # noqa: E402
from mt2st.tasks.pytorch.encoder_tagging import EncoderTagging  # noqa: E402
from mt2st.text import Ragged  # noqa: E402
from mt2st.text.surface import surface_numbers  # noqa: E402

CLASSES = ("O", "B-a", "I-a", "B-b", "I-b")
STEPS, BUCKETS = 6, 40


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def toy(sentences=60, seed=1, missing=0.0, known=True):
    """Word 1 or 2 says the type of the name after it, of one to three capitals; an empty sentence now and then."""
    random = np.random.default_rng(seed)
    rows, tags, words = [], [], []
    for _ in range(sentences):
        row, tag, looks = [], [], []
        for _ in range(random.integers(0, 3)):
            kind, length = int(random.integers(1, 3)), int(random.integers(1, 4))
            row += [kind, *([0] * length)] if known else [kind, *([-1] * length)]
            tag += [0, 2 * kind - 1, *([2 * kind] * (length - 1))]
            looks += ["for", *(["Name"] * length)]
        rows.append(row)
        tags += tag
        words += looks
    tags = np.where(random.random(len(tags)) < missing, -1, tags).astype(np.int32)
    return TaggedRows(Ragged.from_lists(rows), tags, CLASSES, surface_numbers(words, BUCKETS), BUCKETS, "bio")


class Engine:
    def __init__(self, crf, dropout=0.3, steps=STEPS, data=None, **options):
        self.data = toy() if data is None else data
        self.shared = TorchShared(
            make_encoder("bilstm", new_table(4, 8, 1, scale=4.0), {"hidden_size": 8}, dropout), 0.01, 0.02
        )
        sampler = Sampler(len(self.data), 2, steps, seed=3, name="names")
        self.task = EncoderTagging("names", self.shared, self.data, sampler, 2, crf=crf, **options)

    def run(self, steps):
        for step in steps:
            self.shared.begin_step(100 + step)
            self.task.sampler.draws = step
            self.task.learn(self.task.sampler.draw(), 0.5, 1.0)
            self.shared.finish_step(1 - step / STEPS)

    def arrays(self):
        return {**self.shared.arrays(), **self.task.arrays()}


both = pytest.mark.parametrize("crf", [False, True])


@both
@pytest.mark.parametrize("cut", [1, 4])
def test_resumed_is_uninterrupted(crf, cut):
    whole, first, second = (Engine(crf, data=toy(missing=0.3)) for _ in range(3))
    whole.run(range(STEPS))
    first.run(range(cut))
    saved = {name: array.copy() for name, array in first.arrays().items()}
    for name, array in second.arrays().items():
        array[...] = saved[name]
    second.run(range(cut, STEPS))
    for name, array in whole.arrays().items():
        np.testing.assert_array_equal(array, second.arrays()[name], err_msg=name)
    assert ("head.crf.scores" in whole.arrays()) == crf


def test_loss_and_gradient_without_crf_are_torchs_own():
    engine = Engine(crf=False, dropout=0.0, data=toy(missing=0.3))
    data, task, encoder = engine.data, engine.task, engine.shared.encoder
    batch = np.random.default_rng(4).permutation(60)[:20]
    outcome = task.learn(batch, 0.5, 1.0)
    parameters = [*encoder.parameters(), *task.layer.parameters()]
    found = [each.grad.to_dense().clone() for each in parameters]
    for each in parameters:
        each.grad = None
    losses = []
    for sentence in batch:
        start, stop = data.rows.offsets[sentence : sentence + 2]
        if start == stop:
            continue
        looks = task.layer.surface[torch.from_numpy(data.surface[start:stop]).long()].mean(1)
        vectors = encoder.embedding.weight[torch.from_numpy(data.rows.ids[start:stop]).long()] + looks
        logits = task.layer.linear(torch.nn.LSTM.forward(encoder.body, vectors[None])[0][0])
        for at in range(stop - start):
            if (tag := int(data.tags[start + at])) >= 0:
                losses.append(-logits[at].log_softmax(0)[tag])
    loss = torch.stack(losses).mean()
    (0.5 * loss).backward()
    words = int(data.rows.lengths[batch].sum())
    assert outcome == Outcome(pytest.approx(loss.item() * len(losses), rel=1e-5), len(losses), 20, words)
    assert 0 < len(losses) < words
    for got, each in zip(found, parameters, strict=True):
        torch.testing.assert_close(got, each.grad.to_dense())


def test_loss_with_crf_is_its_likelihood_sentence_by_sentence():
    engine = Engine(crf=True, dropout=0.0, data=toy(missing=0.3))
    data, layer, encoder = engine.data, engine.task.layer, engine.shared.encoder
    batch = np.arange(60)
    total = 0.0
    for sentence in batch[data.rows.lengths > 0]:
        one = np.array([sentence])
        surface = torch.from_numpy(data.surface[data.rows.places(one)]).long()
        emissions = layer.emissions(encoder, data.rows, one, surface)
        tags = torch.from_numpy(data.tags[data.rows.places(one)]).long()
        total -= layer.crf.log_likelihood(emissions[None], tags[None], torch.tensor([len(tags)])).item()
    outcome = engine.task.learn(batch, 1.0, 1.0)
    assert outcome.terms == (data.tags >= 0).sum()
    assert outcome.loss == pytest.approx(total, rel=1e-4)


@both
def test_parts_of_a_batch_add_up_to_the_whole(crf):
    """As in two processes: gradients of both parts, by their labels, are the whole batch's; dropout too."""

    class Half:
        def __init__(self, rank):
            self.part = slice(rank, None, 2)

        def total(self, own):
            return own

    whole, halves = Engine(crf, data=toy(missing=0.5)), Engine(crf, data=toy(missing=0.5))
    batch = np.arange(9)
    whole.shared.begin_step(1)
    outcome, parts = whole.task.learn(batch, 0.5, 1.0), []
    for rank in (0, 1):
        halves.task.share = Half(rank)
        halves.shared.begin_step(1)
        parts.append(halves.task.learn(batch, 0.5, 1.0))
    assert sum(part.terms for part in parts) == outcome.terms
    assert sum(part.loss for part in parts) == pytest.approx(outcome.loss, rel=1e-5)
    for one, other in zip(
        [*whole.shared.encoder.parameters(), *whole.task.layer.parameters()],
        [*halves.shared.encoder.parameters(), *halves.task.layer.parameters()],
        strict=True,
    ):
        torch.testing.assert_close(one.grad.to_dense(), other.grad.to_dense())


@both
@pytest.mark.parametrize("known", [True, False])
def test_it_learns_names_of_words_it_knows_and_of_words_it_does_not(crf, known):
    unseen = toy(200, seed=9, known=known)
    engine = Engine(crf, dropout=0.1, data=toy(known=known), head_rate=0.02)
    for step in range(80):
        engine.shared.begin_step(step)
        for batch in np.split(np.random.default_rng(step).permutation(60), 3):
            engine.task.learn(batch, 1.0, 1.0)
            engine.shared.finish_step(1 - step / 80)
    found = engine.task.tag(unseen)
    right = [tag == other for k in range(200) for tag, other in zip(found[k], unseen.tags_of(k), strict=True)]
    assert np.mean(right) > 0.9  # a third is O


def test_the_crf_tags_by_the_scheme_from_the_start_and_softmax_does_not():
    data, scheme = toy(300), find_scheme("bio")

    def faults(crf):
        task = Engine(crf).task
        task.layer.linear.bias.data[CLASSES.index("I-b")] = 50
        return sum(scheme.first_fault(tags) is not None for tags in task.tag(data))

    assert faults(True) == 0
    assert faults(False) == (data.rows.lengths > 0).sum()


@both
def test_tagging_leaves_training_mode_and_empty_sentences_alone(crf):
    engine = Engine(crf)
    data = TaggedRows(
        Ragged.from_lists([[], [1], []]), np.zeros(1, np.int32), CLASSES, surface_numbers(["x"], BUCKETS), BUCKETS
    )
    assert [len(tags) for tags in engine.task.tag(data)] == [0, 1, 0]
    assert engine.shared.encoder.training


@both
def test_a_batch_of_empty_sentences_learns_nothing(crf):
    engine = Engine(crf)
    empty = np.flatnonzero(engine.data.rows.lengths == 0)[:2]
    assert engine.task.learn(empty, 1.0, 1.0) == Outcome(0.0, 0, 2, 0)
