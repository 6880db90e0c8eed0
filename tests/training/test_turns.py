"""Tasks on the same texts, in whole runs: one pass where several run, and all that watches single tasks."""

from copy import deepcopy
from itertools import cycle

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from mt2st.errors import GradientPathError
from mt2st.models.pytorch.text_encoder import TextEncoder
from mt2st.strategies import Every, Exact, Skip, plan
from mt2st.tasks.sampler import stream_key
from mt2st.training.checkpoint import load_checkpoint
from mt2st.training.loop import Trainer
from mt2st.training.metrics import read_metrics
from mt2st.training.stopping import StopRequest
from mt2st.training.turns import Turns, by_labels

STEPS = 12
# The three on the same texts.
WITHOUT_FILM = {"strategy.weight": {"film": 0.0, "stars": 1.0, "same": 1.0}}


@pytest.fixture
def both(tmp_path):
    """Return the changes that make a job of a label and a rating of the same texts, and a third task beside them."""
    known = cycle(["1", "", "", "2.5", "5"])  # so few that a batch of two may have none
    texts = [f"the film number{number} was {'fine' if number % 2 else 'dull'}" for number in range(40)]
    lines = [f"{('neg', 'pos')[number % 2]}\t{next(known)}\t{text}\n" for number, text in enumerate(texts)]
    path = tmp_path / "both.tsv"
    path.write_text("label\tstars\ttext\n" + "".join(lines))
    labelled = {"data": str(path), "label_column": "label", "passes": 5.0}
    return {
        "model.encoder": "bilstm",
        "model.dropout": 0.3,
        "primary": {"name": "mood", **labelled},
        "auxiliary": {
            "film": {"data": str(tmp_path / "film.tsv"), "passes": 3.0},
            "stars": {**labelled, "kind": "regression", "label_column": "stars"},
            "same": {**labelled},
        },
        "strategy.name": "constant",
        "training.work": "exact",
    }


@pytest.fixture
def encoded(monkeypatch):
    """Count runs of the encoder in training, by batches."""
    runs, forward = [], TextEncoder.forward

    def counted(self, rows, batch, part=slice(None)):
        if self.training:
            runs.append(tuple(batch.tolist()))
        return forward(self, rows, batch, part)

    monkeypatch.setattr(TextEncoder, "forward", counted)
    return runs


def arrays_of(trainer):
    return {name: array.copy() for name, array in trainer.arrays().items()}


def counts_of(trainer):
    fields = ("ran", "skipped", "examples", "examples_skipped", "words", "terms", "not_finite")
    return {name: [getattr(entry, field) for field in fields] for name, entry in trainer.ledger.entries.items()}


def test_a_run_ends_where_one_of_separate_passes_ends(small_job, run_job, both, encoded, monkeypatch):
    together = run_job(small_job(both))
    assert len(encoded) == 2 * STEPS, "one for film, one for the three on the same texts"
    encoded.clear()
    monkeypatch.setattr(Turns, "_together", Turns._apart)
    apart = run_job(small_job(both))
    # Of 24 texts in 12 steps, batches are of ten; some ratings are known in each.
    assert len(encoded) == 4 * STEPS
    for name, array in arrays_of(together).items():
        np.testing.assert_allclose(array, arrays_of(apart)[name], rtol=0, atol=1e-4, err_msg=name)
    assert counts_of(together) == counts_of(apart)
    losses = [[entry.loss for entry in trainer.ledger.entries.values()] for trainer in (together, apart)]
    assert losses[0] == pytest.approx(losses[1], abs=1e-4)


def test_in_the_step_itself_nothing_differs_but_rounding(small_job, both, monkeypatch):
    jobs, found = [small_job(both), small_job(both)], []
    for job in jobs:
        trainer = Trainer(job)
        monkeypatch.setattr(job.shared, "finish_step", lambda rate: None)
        trainer._step()
        table, dense = job.shared.pending()
        found.append([each.grad.to_dense() for each in (table, *dense)])
        monkeypatch.setattr(Turns, "_together", Turns._apart)
    assert len(found[0]) == 1 + 8 + 4 * 2
    for one, other in zip(*found, strict=True):
        assert one.any()
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-7)


def test_what_shares_is_told_once_at_the_beginning(train_in, stop_after, both):
    train_in("run", both, stop=stop_after(1))
    run, _ = train_in("run", both)
    events = [record for record in read_metrics(run.metrics) if "event" in record]
    told = "'mood', 'stars', 'same' have the same texts: in a step, one batch and one pass over the encoder"
    assert events == [{"step": 0, "event": "shared pass 'mood'", "text": told}]


def test_without_sharing_nothing_changes(small_job, both):
    job = small_job({**both, "auxiliary.stars.passes": 4.0, "auxiliary.same.passes": 3.0})
    turns = Trainer(job).turns
    assert turns.announcements() == []
    assert [[task.name for task in group] for group in turns.groups] == [["mood"], ["film"], ["stars"], ["same"]]
    assert turns.draw_groups == {name: name for name in job.tasks}


def test_a_task_of_weight_zero_costs_nothing(small_job, run_job, both, encoded):
    job = small_job({**both, "strategy.weight": {"film": 0.0, "stars": 0.0, "same": 1.0}})
    before = {name: array.copy() for name, array in job.tasks["stars"].arrays().items()}
    trainer = run_job(job)
    entry = trainer.ledger.entries["stars"]
    assert (entry.ran, entry.skipped, entry.words, entry.read, entry.seconds) == (0, STEPS, 0, 0, 0)
    assert entry.examples_skipped == trainer.ledger.entries["mood"].examples == 5 * 24
    for name, array in job.tasks["stars"].arrays().items():
        np.testing.assert_array_equal(array, before[name], err_msg=name)
    assert len(encoded) == STEPS
    alone = run_job(small_job({**both, "strategy.name": "single"}))
    assert alone.ledger.entries["mood"].read == trainer.ledger.entries["mood"].words


@pytest.mark.parametrize("work", [Exact(), Every(3), Skip()])
def test_only_tasks_that_run_in_a_step_share_and_all_see_its_batch(small_job, run_job, both, encoded, work):
    weights = {"film": 0.0, "stars": 0.5, "same": 0.25}
    job = small_job({**both, "strategy.weight": weights, "training.steps": 30})
    job.work = work
    trainer = run_job(job)
    batches = list(encoded)
    assert len(batches) == 30, "the primary's runs are all there are"
    job.tasks["mood"].sampler.draws = 0
    assert batches == [tuple(job.tasks["mood"].sampler.draw().tolist()) for _ in range(30)]
    seed, groups = job.settings.training.seed, trainer.turns.draw_groups
    todo = [plan({"mood": 1.0, **weights}, work, seed, step, "mood", groups) for step in range(30)]
    for name in ("stars", "same"):
        assert trainer.ledger.entries[name].ran == sum(name in each for each in todo)
    assert all("same" not in each or "stars" in each for each in todo), "the lighter runs where the other does"
    ran = trainer.ledger.entries["same"].ran
    assert ran == 30 if work == Exact() else 0 < ran < 30
    read = sum(entry.read for entry in trainer.ledger.entries.values())
    assert read == pytest.approx(trainer.ledger.entries["mood"].words), "each word is read once"


def test_batches_are_drawn_on_where_the_first_of_them_rests(small_job, run_job, both, encoded):
    job = small_job({**both, "strategy.name": "pretrain", "strategy.at": 0.5, **WITHOUT_FILM})
    trainer = run_job(job)
    assert len(encoded) == STEPS, "first the two auxiliaries, then the primary"
    job.tasks["mood"].sampler.draws = 0
    assert encoded == [tuple(job.tasks["mood"].sampler.draw().tolist()) for _ in range(STEPS)]
    assert [trainer.ledger.entries[name].ran for name in ("mood", "stars", "same")] == [6, 6, 6]
    assert trainer.state_dict()["draws"]["stars"] == STEPS


class Clock:
    """Tells seconds that pass only where somebody works."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def takes(self, seconds, what):
        def working(*given, **named):
            self.now += seconds
            return what(*given, **named)

        return working


def test_the_encoders_seconds_are_parted_evenly_and_heads_have_their_own(small_job, both):
    job, clock = small_job(both), Clock()
    mood, stars, same = (job.tasks[name] for name in ("mood", "stars", "same"))
    mood.encode = clock.takes(30.0, mood.encode)
    stars.encoded_loss = clock.takes(5.0, stars.encoded_loss)
    same.encoded_loss = clock.takes(7.0, same.encoded_loss)
    trainer = Trainer(job, clock=clock)
    trainer._step()
    seconds = [trainer.ledger.entries[name].seconds for name in ("mood", "stars", "same", "film")]
    assert seconds == [10.0, 15.0, 17.0, 0.0]
    entries = trainer.ledger.entries
    assert entries["mood"].read == entries["stars"].read == pytest.approx(entries["mood"].words / 3)
    assert entries["film"].read == entries["film"].words


def test_a_task_without_a_label_in_the_batch_does_not_pay_for_it(small_job, listener, both, encoded):
    weights = {"film": 0.0, "stars": 1.0, "same": 0.0}
    job, clock = small_job({**both, "training.steps": 60, "strategy.weight": weights}), Clock()
    mood, stars = job.tasks["mood"], job.tasks["stars"]
    mood.encode = clock.takes(8.0, mood.encode)
    trainer = Trainer(job, clock=clock)
    trainer.run(
        type("Nobody", (), dict.fromkeys(("on_step", "on_record", "on_interval"), lambda *_: None))(), StopRequest()
    )
    blank = sum(stars.labels_of(np.array(batch, int)) == 0 for batch in encoded)
    assert 0 < blank < 60 and len(encoded) == 60
    assert trainer.ledger.entries["stars"].seconds == 4.0 * (60 - blank)
    assert trainer.ledger.entries["mood"].seconds == 8.0 * 60 - 4.0 * (60 - blank)
    assert trainer.ledger.entries["stars"].ran == 60
    assert [[task.name for task in each] for each in by_labels([mood, stars], np.empty(0, int))] == [
        ["mood"],
        ["stars"],
    ]


def probing(both):
    feedback = {"feedback.base": "constant", "feedback.trial": 0.0, "feedback.probe": 3}
    return {**both, "strategy.name": "feedback", **feedback}


def gradients_of_a_step(job, step, monkeypatch):
    """Take one step but for the optimisers', and return trainer, gradients, and what dropout would be drawn next."""
    trainer = Trainer(job)
    trainer.step = step
    monkeypatch.setattr(job.shared, "finish_step", lambda rate: None)
    trainer._step()
    table, dense = job.shared.pending()
    found = [each.grad.to_dense().clone() for each in (table, *dense)]
    return trainer, found, torch.rand(1, generator=job.shared.encoder.masks)


def test_a_step_that_compares_gradients_takes_separate_passes_with_one_dropout(small_job, both, encoded, monkeypatch):
    job, step = small_job(probing(both)), 3
    assert job.strategy.probes(step) and not job.strategy.probes(step + 1)
    trainer, found, drawn = gradients_of_a_step(job, step, monkeypatch)
    assert len(encoded) == 4
    encoded.clear()
    # The same step by one pass, and each task's gradient by itself.
    monkeypatch.setattr(type(job.strategy), "probes", lambda self, step: False)
    _, wanted, also_drawn = gradients_of_a_step(small_job(probing(both)), step, monkeypatch)
    assert len(encoded) == 2
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-7)
    assert torch.equal(drawn, also_drawn), "of the whole step the same is left out"
    layers, cosines = {}, trainer.cosines.means.take()
    for name in ("mood", "stars", "same"):
        alone = small_job(both)
        alone.shared.begin_step(stream_key(alone.settings.training.seed, f"step {step}"))
        task = alone.tasks[name]
        task.learn(task.sampler.draw(), 1.0, 1.0)
        layers[name] = alone.shared.layer().astype(float)
    for name in ("stars", "same"):
        one, other = layers[name], layers["mood"]
        assert cosines[name] == pytest.approx(one @ other / np.linalg.norm(one) / np.linalg.norm(other), abs=1e-5)


@pytest.mark.parametrize("name", ["mood", "same"])
def test_a_task_of_several_whose_loss_is_detached_is_named(small_job, run_job, listener, both, name):
    job = small_job(both)
    task = job.tasks[name]
    loss = task.encoded_loss
    task.encoded_loss = lambda encoded, batch, part: loss(encoded.detach(), batch, part)
    role = rf"the task '{name}' has trained on 10 examples without moving the shared parameters; likely cause: detached"
    with pytest.raises(GradientPathError, match=role):
        run_job(job)
    assert listener.steps == []


def test_an_encoder_at_rest_is_told_from_a_loss_that_does_not_reach_it(small_job, run_job, both):
    job = small_job(both)
    job.shared.encoder.requires_grad_(False)
    with pytest.raises(GradientPathError, match=r"the task 'mood' .* likely cause: frozen"):
        run_job(job)


def test_a_pass_over_another_encoder_is_refused(small_job, run_job, both):
    job = small_job(both)
    task, other = job.tasks["mood"], deepcopy(job.shared.encoder)
    task.encode = lambda batch, part: other(task.data.rows, batch, part)
    with pytest.raises(GradientPathError, match=r"the task 'mood' .* likely cause: detached or wrong table"):
        run_job(job)


def test_strategies_that_watch_hear_what_was_read_not_what_was_learned_from(small_job, run_job, both):
    job, costs = small_job(both), []
    job.strategy.observe = lambda seen: costs.append(seen.cost) or []
    entries = run_job(job).ledger.entries
    assert entries["mood"].words == entries["stars"].words == entries["same"].words
    assert costs[-1] == pytest.approx(entries["mood"].words + entries["film"].words)
    assert costs[0] == pytest.approx(costs[-1] / 3, rel=0.1)


def test_the_guard_looks_at_a_shared_pass_once(small_job, run_job, both):
    job, looks = small_job({**both, **WITHOUT_FILM}), []
    trace = job.shared.trace
    job.shared.trace = lambda: looks.append(1) or trace()
    trainer = run_job(job)
    assert len(looks) == 2, "before and after the first pass back, for three tasks"
    assert trainer.guard._passed == {"mood", "stars", "same"}


def test_a_task_that_is_never_finite_is_dropped_and_the_others_go_on(small_job, run_job, both, encoded):
    job = small_job({**both, **WITHOUT_FILM})
    with torch.no_grad():
        job.tasks["stars"].layer.bias.fill_(torch.nan)
    trainer = run_job(job)
    entries = trainer.ledger.entries
    assert (entries["stars"].ran, entries["stars"].not_finite, entries["stars"].skipped) == (10, 10, 2)
    assert entries["mood"].ran == entries["same"].ran == len(encoded) == STEPS
    assert all(np.isfinite(array).all() for name, array in job.shared.arrays().items())
    assert "stars" in trainer.housekeeping.dropping.dropped


def end_of(run):
    arrays, state = load_checkpoint(run.checkpoints)
    state.pop("metrics_bytes")
    records = [{key: value for key, value in r.items() if key != "seconds"} for r in read_metrics(run.metrics)]
    return {name: array.tobytes() for name, array in arrays.items()}, state["draws"], records


STRATEGIES = {
    "switch": {"strategy.name": "switch", "strategy.at": 0.5},
    "diminish": {"strategy.name": "diminish", "strategy.rate": 2.0, "training.work": "skip"},
    "pretrain": {"strategy.name": "pretrain", "strategy.at": 0.5},
    "every": {"training.work": "every", "training.every": 2},
    "feedback": {"strategy.name": "feedback", "feedback.base": "diminish", "feedback.probe": 2, "training.interval": 3},
}


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_run_stopped_at_any_step_ends_as_one_that_was_not(train_in, stop_after, both, strategy):
    changes = {**both, "training.steps": 8, **STRATEGIES[strategy]}
    run, result = train_in("whole", changes)
    whole = end_of(run)
    for step in range(1, result["total_steps"]):
        train_in(f"stopped{step}", changes, stop=stop_after(step))
        again, _ = train_in(f"stopped{step}", changes)
        assert end_of(again) == whole, step


TAGS = "Anna\tN\tX\nsaw\tV\tX\nParis\tN\tY\n\nIt\tP\t_\nrained\tV\t_\n\nin\tP\tY\n\n"


def test_a_tagger_and_its_auxiliary_share_the_surface_vectors_and_go_on_bit_for_bit(
    train_in, stop_after, both, tmp_path, encoded
):
    path = tmp_path / "tags.tsv"
    path.write_text("".join(TAGS.replace("Anna", f"Anna{number}").replace("It", f"It{number}") for number in range(12)))
    tagger = {"data": str(path), "kind": "tagging", "format": "columns", "scheme": "none", "passes": 4.0}
    other = {"case": {**tagger, "label_column": 3}}
    more = {"strategy.name": "switch", "strategy.at": 0.5, "training.steps": 8}
    changes = {**both, **more, "primary": {"name": "pos", **tagger, "label_column": 2}, "auxiliary": other}
    run, result = train_in("whole", changes)
    whole = end_of(run)
    assert whole[1]["case"] == whole[1]["pos"] == 8
    assert "task/pos/head.surface" in whole[0] and "task/case/head.surface" not in whole[0]
    assert result["work"]["case"]["ran"] == 4
    for step in range(1, 8):
        train_in(f"stopped{step}", changes, stop=stop_after(step))
        again, _ = train_in(f"stopped{step}", changes)
        assert end_of(again) == whole, step
