"""The gradient guard: tasks that do not move the shared parameters are refused, whenever they first run."""

import numpy as np
import pytest

from mt2st.embeddings import new_table
from mt2st.embeddings.glove import Glove
from mt2st.embeddings.pairs import PairModel
from mt2st.embeddings.subwords import SubwordIndex
from mt2st.errors import GradientPathError
from mt2st.models import NativeShared
from mt2st.strategies import PretrainThenFinetune, Switch
from mt2st.tasks import BagClassification, LabelledRows, LanguageModel, Outcome, Sampler
from mt2st.tasks.glove import CooccurrenceRecords, GloveTask
from mt2st.text import Ragged
from mt2st.training.guard import GradientGuard

ROWS = Ragged.from_lists([[0, 1], [2], [3, 4], []])
DATA = LabelledRows(ROWS, np.array([0, 1, 0, 1], np.int32), ("neg", "pos"))
BATCH = np.array([0, 1, 2])


SENTENCES = Ragged.from_lists([[0, 1, 2, 3, 4]] * 3)
SUBWORDS = SubwordIndex.of(["one", "two", "three", "four", "five"], 3, 3, 30)


@pytest.fixture
def shared():
    memory = new_table(5 + len(SUBWORDS.buckets), 4, seed=1)
    found = NativeShared(memory[:5], {"subwords": memory[5:]})
    found.memory = memory
    return found


def classifier(table, table_rate=0.5, name="film"):
    weights = np.ones(len(table), np.float32)
    return BagClassification(name, table, weights, DATA, Sampler(4, 1, 1, 1, name), 0.5, table_rate)


def language_model(table, rate=0.5, **settings):
    model = PairModel(table, np.full(5, 9, np.int64), sample=0.0, **settings)
    return LanguageModel("language", model, SENTENCES, Sampler(3, 1, 1, 1, "language"), rate)


def cbow(table, rate=0.5):
    return language_model(table, rate, method="cbow")


def skipgram_with_subwords(table, rate=0.5):
    return language_model(table, rate, subwords=SUBWORDS)


def cbow_with_subwords(table, rate=0.5):
    return language_model(table, rate, method="cbow", subwords=SUBWORDS)


def glove(table, rate=0.5):
    records = CooccurrenceRecords.count(SENTENCES, 5, window=2)
    return GloveTask("language", Glove(table, 5, 4), records, Sampler(len(records), 1, 1, 1, "language"), rate)


def copy_of(table):
    copied = new_table(*table.shape, seed=1)
    copied[:] = table
    return copied


EACH = [classifier, language_model, cbow, skipgram_with_subwords, cbow_with_subwords, glove]


@pytest.mark.parametrize("make", EACH)
def test_honest_tasks_pass_and_do_what_they_would_without_the_guard(shared, make):
    guarded, free = make(shared.memory), make(copy_of(shared.memory))
    guard = GradientGuard(shared)
    for _ in range(2):
        assert guard.learn(guarded, BATCH, 1.0, 1.0) == free.learn(BATCH, 1.0, 1.0)
    assert guarded.table.tobytes() == free.table.tobytes()


@pytest.mark.parametrize("make", EACH)
def test_a_copy_of_the_table_is_refused(shared, make):
    task = make(copy_of(shared.memory))
    with pytest.raises(GradientPathError, match=rf"the task '{task.name}' has trained on 3 .* wrong table: it"):
        GradientGuard(shared).learn(task, BATCH, 1.0, 1.0)


# GloVe takes a rate of zero for nothing to do, and says that it trained on nothing.
@pytest.mark.parametrize("make", EACH[:-1])
def test_a_table_rate_of_zero_is_refused(shared, make):
    with pytest.raises(GradientPathError, match="likely cause: frozen: its learning rate of the table is 0"):
        GradientGuard(shared).learn(make(shared.memory, 0.0), BATCH, 1.0, 1.0)


def test_one_honest_task_does_not_vouch_for_another(shared):
    guard = GradientGuard(shared)
    guard.learn(classifier(shared.memory, name="film"), BATCH, 1.0, 1.0)
    with pytest.raises(GradientPathError, match="the task 'tweets'"):
        guard.learn(classifier(copy_of(shared.memory), name="tweets"), BATCH, 1.0, 1.0)


def test_a_batch_without_known_words_says_nothing_and_the_next_is_judged(shared):
    guard, task = GradientGuard(shared), classifier(copy_of(shared.memory))
    assert guard.learn(task, np.array([3]), 1.0, 1.0).words == 0
    assert guard.learn(task, np.empty(0, np.int64), 1.0, 1.0).examples == 0
    with pytest.raises(GradientPathError):
        guard.learn(task, BATCH, 1.0, 1.0)


def test_the_smallest_change_is_seen(shared):
    before = shared.trace()
    shared.table[3, 1] = np.nextafter(shared.table[3, 1], np.float32(1))
    assert any(not np.array_equal(a, b) for a, b in zip(before, shared.trace(), strict=True))


def test_a_table_whose_rows_change_places_is_seen_to_change(shared):
    before = shared.trace()
    shared.table[[0, 1], 0] += np.float32([0.25, -0.125])
    assert any(not np.array_equal(a, b) for a, b in zip(before, shared.trace(), strict=True))


@pytest.mark.parametrize(
    ("strategy", "late", "steps_before"),
    [(PretrainThenFinetune(at=0.5), "p", 2), (Switch(at=2, time="steps"), "a", 0)],
)
def test_a_task_is_judged_at_its_own_first_step_however_late(fake_job, run_job, listener, strategy, late, steps_before):
    gradients = {"p": [1, 0], "a": [0, 1]} | {late: [0, 0]}
    job, _ = fake_job(strategy, gradients=gradients)
    with pytest.raises(GradientPathError, match=f"the task '{late}' has trained on"):
        run_job(job)
    assert len(listener.steps) == steps_before


def test_a_first_step_that_trained_on_nothing_does_not_let_a_task_pass(fake_job, run_job, listener):
    nothing = Outcome(0.0, 0, 7, 21, not_finite=1)
    job, _ = fake_job(Switch(at=1.0), gradients={"p": [1, 0], "a": [0, 0]}, a={"outcomes": {1: nothing}})
    with pytest.raises(GradientPathError, match="the task 'a'"):
        run_job(job)
    assert listener.steps == [1]


def test_the_guard_looks_once_a_task(fake_job, run_job):
    job, _ = fake_job(Switch(at=1.0), steps=8)
    looks = []
    trace = job.shared.trace
    job.shared.trace = lambda: looks.append(1) or trace()
    run_job(job)
    assert len(looks) == 4, "before and after the first step of each of two tasks"


class PaperCode:
    """Losses on a copy of the vectors, as in the paper's reference code."""

    @staticmethod
    def without_head(shared, torch):
        vectors = shared.encoder.embedding.weight.detach().clone()
        return lambda batch: -torch.cosine_similarity(vectors[batch], vectors[batch + 1]).mean(), None

    @staticmethod
    def with_head(shared, torch):
        vectors = shared.encoder.embedding.weight.detach().clone()
        head = shared.register(torch.nn.Linear(vectors.shape[1], 1))
        return lambda batch: head.module(vectors[batch]).square().mean(), head


@pytest.mark.parametrize("paper", [PaperCode.without_head, PaperCode.with_head])
@pytest.mark.parametrize("strategy", ["constant", "switch"])
def test_the_papers_own_code_is_refused(small_job, run_job, listener, paper, strategy):
    torch = pytest.importorskip("torch")
    from mt2st.tasks.pytorch.differentiable import DifferentiableTask

    job = small_job({"model.encoder": "bilstm", "strategy.name": strategy})
    loss, head = paper(job.shared, torch)
    sampler = job.tasks["film"].sampler
    job.tasks["film"] = DifferentiableTask("film", sampler, loss, job.shared.parameters(), head=head)
    with pytest.raises(GradientPathError, match=r"task 'film' .*likely cause: detached"):
        run_job(job)
    assert listener.steps == [], "at its first step"


def test_the_same_loss_on_the_table_itself_passes(small_job, run_job, listener):
    torch = pytest.importorskip("torch")
    from mt2st.tasks.pytorch.differentiable import DifferentiableTask

    job = small_job({"model.encoder": "bilstm", "strategy.name": "constant"})
    weight = job.shared.encoder.embedding.weight

    def loss(batch):
        return -torch.cosine_similarity(weight[batch], weight[batch + 1]).mean()

    job.tasks["film"] = DifferentiableTask("film", job.tasks["film"].sampler, loss, job.shared.parameters())
    assert run_job(job).step == 12
