from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.embeddings import new_table  # noqa: E402
from mt2st.embeddings.pairs import PairModel  # noqa: E402
from mt2st.models.pytorch.encoder_classifier import EncoderClassifier  # noqa: E402
from mt2st.models.pytorch.encoders import make_encoder  # noqa: E402
from mt2st.models.pytorch.shared import TorchShared  # noqa: E402
from mt2st.tasks import Classifies, LabelledRows, LanguageModel, Outcome, Sampler  # noqa: E402
from mt2st.tasks.pytorch.encoder_classification import EncoderClassification  # noqa: E402
from mt2st.text import Ragged  # noqa: E402

STEPS = 6
SIZES = {"hidden_size": 8, "filters": 8, "widths": [2, 3], "layers": 1, "heads": 2}
# A filter of three words does not see two that lie further apart.
LEARNED = {"bilstm": 0.95, "attention": 0.95, "cnn": 0.75, "transformer": 0.75}


@pytest.fixture(params=LEARNED)
def encoder(request):
    return request.param


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def toy(examples=60, seed=1):
    """Which of the words 1 and 2 comes first decides: no bag of words can tell."""
    random = np.random.default_rng(seed)
    rows, labels = [], random.integers(0, 2, examples).astype(np.int32)
    for label in labels:
        fill = [list(random.integers(3, 10, random.integers(0, 3))) for _ in range(3)]
        first, second = (1, 2) if label else (2, 1)
        rows.append([*fill[0], first, *fill[1], second, *fill[2]])
    return LabelledRows(Ragged.from_lists(rows), labels, ("no", "yes"))


class Engine:
    """A primary, an auxiliary with a head of its own that rests every third step, and a native one."""

    def __init__(self, encoder="bilstm", dropout=0.3, steps=STEPS):
        self.shared = TorchShared(
            make_encoder(encoder, new_table(10, 8, seed=1, scale=4.0), SIZES, dropout), rate=0.01, table_rate=0.02
        )
        self.data = toy()
        self.tasks = {name: self.classification(name, steps) for name in ("film", "tweets")}
        sampler = Sampler(60, 1, steps, seed=3, name="text")
        model = PairModel(self.shared.table, np.full(10, 6))
        self.tasks["text"] = LanguageModel("text", model, self.data.rows, sampler, rate=0.05)

    def classification(self, name, steps):
        sampler = Sampler(60, 1 + len(name) / 4, steps, seed=3, name=name)
        return EncoderClassification(name, self.shared, self.data, sampler, head_seed=2, stop_at_bad=name == "film")

    def run(self, steps):
        for step in steps:
            self.shared.begin_step(100 + step)
            for name, task in self.tasks.items():
                task.sampler.draws = step
                if name != "tweets" or step % 3:
                    task.learn(task.sampler.draw(), 0.5, 1.0)
            self.shared.finish_step(1 - step / STEPS)

    def arrays(self):
        own = {f"{name}/{key}": array for name, task in self.tasks.items() for key, array in task.arrays().items()}
        return {**self.shared.arrays(), **own}

    def assert_same(self, other):
        assert self.arrays().keys() == other.arrays().keys()
        for name, array in self.arrays().items():
            np.testing.assert_array_equal(array, other.arrays()[name], err_msg=name)


def test_the_same_run_twice_is_bit_equal(encoder):
    one, same = Engine(encoder), Engine(encoder)
    one.run(range(STEPS))
    same.run(range(STEPS))
    one.assert_same(same)


@pytest.mark.parametrize("cut", [1, 4])
def test_resumed_is_uninterrupted(cut, encoder):
    whole, first, second = (Engine(encoder) for _ in range(3))
    whole.run(range(STEPS))
    first.run(range(cut))
    saved = {name: array.copy() for name, array in first.arrays().items()}
    for name, array in second.arrays().items():
        array[...] = saved[name]
    second.run(range(cut, STEPS))
    whole.assert_same(second)


def test_loss_and_gradient_are_torchs_own(encoder):
    engine = Engine(encoder, dropout=0.0)
    task, batch = engine.tasks["film"], np.random.default_rng(4).permutation(60)[:10]
    encoder, labels = engine.shared.encoder, torch.from_numpy(engine.data.labels[batch]).long()
    outcome = task.learn(batch, 0.5, 1.0)
    found = [each.grad.to_dense().clone() for each in [*encoder.parameters(), *task.layer.parameters()]]
    encoder.zero_grad()
    task.layer.zero_grad()
    loss = torch.nn.functional.cross_entropy(task.layer(encoder(engine.data.rows, batch)), labels, reduction="sum")
    loss.backward()
    words = int(engine.data.rows.lengths[batch].sum())
    assert outcome == Outcome(pytest.approx(float(loss.detach()), rel=1e-6), 10, 10, words)
    for got, each in zip(found, [*encoder.parameters(), *task.layer.parameters()], strict=True):
        torch.testing.assert_close(got, each.grad.to_dense() / 10 * 0.5)


def test_a_task_at_rest_is_not_touched():
    engine = Engine()
    before = {name: array.copy() for name, array in engine.tasks["tweets"].arrays().items()}
    engine.run([0])
    for name, array in engine.tasks["tweets"].arrays().items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)
    assert engine.tasks["film"].arrays()["head.weight.steps"].tolist() == [1]


def test_heads_differ_by_name():
    tasks = Engine().tasks
    assert not np.array_equal(tasks["film"].arrays()["head.weight"], tasks["tweets"].arrays()["head.weight"])


def test_it_learns_what_no_bag_can(encoder):
    engine = Engine(encoder, dropout=0.1, steps=60)
    task, unseen = engine.tasks["film"], toy(200, seed=9)
    for step in range(60):
        engine.shared.begin_step(step)
        for batch in np.split(np.random.default_rng(step).permutation(60), 3):
            task.learn(batch, 1.0, 1.0)
            engine.shared.finish_step(1 - step / 60)
    assert (task.logits(unseen.rows).argmax(1) == unseen.labels).mean() > LEARNED[encoder]


def test_the_saved_arrays_predict_alone(encoder):
    engine = Engine(encoder)
    engine.run(range(2))
    task = engine.tasks["film"]
    assert isinstance(task, Classifies) and task.classes == ("no", "yes")
    saved = {name: array.copy() for name, array in {**engine.shared.arrays(), **task.arrays()}.items()}
    logits = task.logits(engine.data.rows)
    assert logits.dtype == np.float32 and logits.shape == (60, 2)
    assert np.array_equal(EncoderClassifier(encoder, saved, SIZES).logits(engine.data.rows), logits)


def test_texts_without_known_words_are_learned_and_predicted():
    data = LabelledRows(Ragged.from_lists([[], []]), np.array([0, 1], np.int32), ("no", "yes"))
    shared = TorchShared(make_encoder("bilstm", new_table(3, 2, seed=1), {"hidden_size": 2}))
    task = EncoderClassification("film", shared, data, Sampler(2, 1, 1, seed=1, name="film"))
    assert task.learn(task.sampler.draw(), 1.0, 1.0).words == 0
    shared.finish_step(1.0)
    assert np.isfinite(task.logits(data.rows)).all()


PACKAGES = ["models.pytorch.encoders", "tasks.pytorch.encoder_classification", "tasks.lexical.similarity"]


def test_packages_do_not_import_torch_and_without_it_the_extra_is_named():
    code = (
        "import sys, importlib, mt2st, mt2st.tasks, mt2st.models\n"
        "if 'torch' in sys.modules: sys.exit('torch is imported too soon')\n"
        "sys.modules['torch'] = None\n"
        "from mt2st.errors import MissingExtraError\n"
        f"for name in {PACKAGES}:\n"
        "    try: importlib.import_module('mt2st.' + name)\n"
        "    except MissingExtraError as error: assert 'mt2st[torch]' in str(error)\n"
        "    else: sys.exit(name)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
