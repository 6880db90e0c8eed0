"""Loops as people write them: precision, accumulation, clipping, compilation, several optimisers, resuming."""

import copy
import itertools
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

import mt2st

torch = pytest.importorskip("torch")

TASKS = ("sentiment", "pos", "ner")
TOTAL = 12


def balance_of(strategy, model, optimizers=(), **kwargs):
    shared = model.encoder.parameters()
    return mt2st.Balance("sentiment", ["pos", "ner"], strategy, TOTAL, shared=shared, optimizers=optimizers, **kwargs)


def gamma(step, rate=3.0):
    return math.exp(-rate * step / TOTAL)


def test_bfloat16_autocast(make_model, closures):
    ours, theirs = make_model(), make_model()
    balance = balance_of(mt2st.Diminish(rate=3.0), ours)
    for step in range(3):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            assert ours.heads["pos"](ours.encoder(torch.ones(1, 6))).dtype == torch.bfloat16
            loss = balance(**closures(ours, step))
            each = {task: closure() for task, closure in closures(theirs, step).items()}
            by_hand = each["sentiment"] + gamma(step) * (each["pos"] + each["ner"])
        loss.backward()
        by_hand.backward()
        balance.step()
        assert loss.dtype == torch.float32
        assert loss.item() == pytest.approx(by_hand.item(), rel=1e-6)
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad, rtol=2e-2, atol=1e-4)


@pytest.mark.parametrize("reentrant", [True, False])
def test_a_checkpointed_encoder_is_reached(make_model, batch, reentrant):
    ours, theirs = make_model(), make_model()
    balance = balance_of(mt2st.Constant(), ours)

    def loss(task):
        x, y = batch(0, task)
        hidden = torch.utils.checkpoint.checkpoint(ours.encoder, x.requires_grad_(), use_reentrant=reentrant)
        return torch.nn.functional.cross_entropy(ours.heads[task](hidden), y)

    balance(**{task: lambda task=task: loss(task) for task in TASKS}).backward()
    sum(theirs.loss(task, batch(0, task)) for task in TASKS).backward()
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad)


def test_a_gradient_scaler_passes_over_a_batch_without_any_label(model, closures, bits):
    """As the guide has it: there is no gradient that it could check."""
    optimizer, scaler = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9), torch.amp.GradScaler("cpu")
    balance, seen = balance_of(mt2st.Constant(), model), [bits(model)]
    for step in range(3):
        made = dict.fromkeys(TASKS, lambda: None) if step == 1 else closures(model, step)
        loss = balance(**made)
        if not loss.is_leaf:
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
        optimizer.zero_grad()
        balance.step()
        seen.append(bits(model))
    assert [one == other for one, other in itertools.pairwise(seen)] == [False, True, False]


def test_a_gradient_scaler_steps_the_optimisers_of_the_tasks_that_ran(make_model, closures, bits):
    """As the guide has it: an optimiser of a head alone has no gradient at other steps, and the scaler refuses it."""
    models, scaler = [make_model(), make_model()], torch.amp.GradScaler("cpu", init_scale=2.0**10)
    for model, scaled in zip(models, (True, False), strict=True):
        optimizers = [torch.optim.Adam(part.parameters()) for part in (model.encoder, *model.heads.values())]
        balance = balance_of(mt2st.Switch(at=0.5), model, work=mt2st.Every(2))
        for step in range(balance.strategy.total_steps):
            loss = balance(**closures(model, step))
            (scaler.scale(loss) if scaled else loss).backward()
            for optimizer in optimizers:
                if not scaled:
                    optimizer.step()
                elif any(each.grad is not None for group in optimizer.param_groups for each in group["params"]):
                    scaler.step(optimizer)
            if scaled:
                scaler.update()
            for optimizer in optimizers:
                optimizer.zero_grad()
            balance.step()
    assert bits(models[0]) == bits(models[1])


def test_losses_of_different_precision_add_up():
    w = torch.nn.Parameter(torch.tensor(1.5))
    balance = mt2st.Balance("p", ["a"], mt2st.Constant(0.25), 10, shared=[w])
    loss = balance(p=lambda: (w * 2).bfloat16(), a=lambda: w * 1.001)
    assert (loss.dtype, loss.item()) == (torch.float32, pytest.approx(3.0 + 0.25 * 1.5015, rel=1e-6))


def test_a_gradient_scaler_scales_the_sum_and_skips_steps_that_overflow(make_model, closures, bits):
    """With float16's scale; an overflow leaves the parameters alone while time goes on."""
    ours, theirs = make_model(), make_model()
    optimizers = [torch.optim.SGD(model.parameters(), lr=0.1) for model in (ours, theirs)]
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**10, growth_interval=1000)
    balance = balance_of(mt2st.Diminish(rate=3.0), ours)
    for step in range(6):
        loss = balance(**closures(ours, step))
        scaler.scale(loss).backward()
        overflow = step == 3
        if overflow:
            ours.encoder[0].weight.grad[0, 0] = float("inf")
        scaler.step(optimizers[0])
        scaler.update()
        optimizers[0].zero_grad()
        balance.step()
        if not overflow:
            each = {task: closure() for task, closure in closures(theirs, step).items()}
            (each["sentiment"] + gamma(step) * (each["pos"] + each["ner"])).backward()
            optimizers[1].step()
            optimizers[1].zero_grad()
    assert (scaler.get_scale(), balance.steps) == (2.0**9, 6)
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("work", [mt2st.Exact(), mt2st.Skip(floor=0.3)], ids=["exact", "skip"])
def test_accumulated_gradients_are_of_one_step_in_time(make_model, closures, work):
    """Two halves of a batch, summed, are the whole; all of them meet one weight and one decision."""
    ours, theirs = make_model(), make_model()
    balance = balance_of(mt2st.Diminish(rate=3.0), ours, work=work, seed=5)
    whole = balance_of(mt2st.Diminish(rate=3.0), theirs, work=work, seed=5)
    optimizers = [torch.optim.SGD(model.parameters(), lr=0.1) for model in (ours, theirs)]
    for step in range(TOTAL):
        active = balance.active()
        for micro in (2 * step, 2 * step + 1):
            (balance(**closures(ours, micro)) / 2).backward()
            assert balance.active() == active
        halves = zip(*(closures(theirs, micro).values() for micro in (2 * step, 2 * step + 1)), strict=True)
        both = {task: lambda a=a, b=b: (a() + b()) / 2 for task, (a, b) in zip(TASKS, halves, strict=True)}
        whole(**both).backward()
        for optimizer, each in zip(optimizers, (balance, whole), strict=True):
            optimizer.step()
            optimizer.zero_grad()
            each.step()
    assert (balance.steps, whole.steps) == (TOTAL, TOTAL)
    assert balance.ledger["pos"].ran == 2 * whole.ledger["pos"].ran
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-5, atol=1e-6)


def test_clipping_clips_the_sum_and_not_its_parts(model, closures):
    balance = balance_of(mt2st.Constant(weight=50.0), model)
    balance(**closures(model, 0)).backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5)
    assert norm.item() > 5.0
    clipped = math.sqrt(sum(each.grad.square().sum().item() for each in model.parameters()))
    assert clipped == pytest.approx(0.5, rel=1e-4)


def test_a_compiled_encoder_is_found_in_the_graph_and_trains_alike():
    command = [sys.executable, str(Path(__file__).with_name("compiled.py"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.stdout == "alike\n", done.stderr


def test_a_sharded_encoder_trains_alike_where_nothing_is_named_as_shared():
    pytest.importorskip("torch.distributed.fsdp._fully_shard", reason="this torch has no fully_shard")
    command = [sys.executable, str(Path(__file__).with_name("sharded.py"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    said = "the loss of 'sentiment' does not reach the shared parameters at step 0"
    assert done.stdout.startswith(f"alike\n{said}"), done.stderr
    assert done.stdout.endswith("fully_shard has put others in their place: then leave shared= out\n")


def test_examples_without_a_label_of_a_task_count_for_the_others(model, batch):
    """A third of a batch has labels of ``pos``, one batch in four none; the loss is the mean over those that have."""
    balance = balance_of(mt2st.Constant(weight=0.5), model)

    def pos(step):
        x, y = batch(step, "pos")
        known = torch.arange(8) % 3 == 0 if step % 4 else torch.zeros(8, dtype=torch.bool)
        if not known.any():
            return None
        y = torch.where(known, y, -100)
        return torch.nn.functional.cross_entropy(model.heads["pos"](model.encoder(x)), y, ignore_index=-100)

    for step in range(TOTAL):
        loss = balance(
            sentiment=lambda: model.loss("sentiment", batch(balance.steps, "sentiment")),
            pos=lambda: pos(balance.steps),
            ner=lambda: model.loss("ner", batch(balance.steps, "ner")),
        )
        by_hand = model.loss("sentiment", batch(step, "sentiment")) + 0.5 * model.loss("ner", batch(step, "ner"))
        if step % 4:
            x, y = (part[[0, 3, 6]] for part in batch(step, "pos"))
            by_hand = by_hand + 0.5 * torch.nn.functional.cross_entropy(model.heads["pos"](model.encoder(x)), y)
        assert loss.item() == pytest.approx(by_hand.item(), rel=1e-6)
        balance.step()
    assert (balance.ledger["pos"].ran, balance.ledger["pos"].empty) == (9, 3)


class Run:
    """A whole training run, with several optimisers, heads that are dropped, and skipping."""

    def __init__(self, make_model, strategy, work):
        self.model = make_model()
        self.optimizers = [
            torch.optim.Adam(self.model.encoder.parameters(), lr=0.01),
            torch.optim.SGD(
                [{"params": list(h.parameters())} for h in self.model.heads.values()], lr=0.1, momentum=0.9
            ),
        ]
        self.balance = balance_of(
            strategy, self.model, self.optimizers, work=work, seed=7, heads=self.model.heads, drop=0.05
        )

    def train(self, closures, until):
        while self.balance.steps < until:
            self.balance(**closures(self.model, self.balance.steps)).backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            for optimizer in self.optimizers:
                optimizer.step()
                optimizer.zero_grad()
            self.balance.step()
            self.balance.observe([0.5, 0.6, 0.65, 0.66][min(self.balance.steps, 3)])
        return self

    def state(self):
        return {
            "balance": json.loads(json.dumps(self.balance.state_dict())),
            "model": copy.deepcopy(self.model.state_dict()),
            "optimizers": [copy.deepcopy(optimizer.state_dict()) for optimizer in self.optimizers],
        }

    def load(self, state):
        self.balance.load_state_dict(state["balance"])
        self.model.load_state_dict(state["model"])
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)
        return self


@pytest.mark.parametrize("work", [mt2st.Exact(), mt2st.Skip(floor=0.2), mt2st.Every(2)], ids=lambda w: type(w).__name__)
@pytest.mark.parametrize(
    "strategy",
    [
        mt2st.Diminish(rate=4.0),
        mt2st.Switch(at="auto", window=1, patience=1, latest=0.8),
        mt2st.PretrainThenFinetune(at=0.4),
        mt2st.Composed({"pos": mt2st.Linear(end=0.6), "ner": mt2st.Constant(0.5)}),
    ],
    ids=lambda s: s.name,
)
def test_a_loop_resumed_at_any_step_ends_in_the_same_bits(make_model, closures, bits, strategy, work):
    whole = Run(make_model, strategy, work)
    states = [whole.train(closures, step).state() for step in range(1, TOTAL)]
    whole.train(closures, TOTAL)
    for step, saved in enumerate(states, 1):
        again = Run(make_model, strategy, work).load(saved).train(closures, TOTAL)
        assert bits(again.model) == bits(whole.model), step
        found, expected = (run.balance.state_dict() for run in (again, whole))
        assert {**found, "seconds": 0} == {**expected, "seconds": 0}
