"""Feedback in any loop: cosines against autograd, earlier states against copies, resume in the middle of trials."""

import copy
from pathlib import Path

import pytest
import torch

import mt2st
from mt2st.errors import CheckpointError, ConfigError, GradientPathError
from mt2st.training.balance.cosines import GradientCosines
from mt2st.training.balance.kept import KeptStates

TOTAL = 24
FEEDBACK = mt2st.Feedback(mt2st.Constant(), trial=0.25, probe=2, depth=1.0, patience=1, noise=0.05)


class Loop:
    """A loop whose score falls when it is told to."""

    def __init__(self, model, closures, scores, strategy=FEEDBACK, *, late=False):
        self.model, self.closures, self.scores = model, closures, scores
        self.optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
        self.balance = mt2st.Balance(
            "sentiment", ["pos", "ner"], strategy, TOTAL, shared=model.encoder.parameters(), heads=model.heads,
            optimizers=() if late else self.optimizer, model=model,
        )  # fmt: skip
        if late:
            self.balance.attach(self.optimizer)
        self.actions = []

    def run_to(self, step):
        while self.balance.steps < step:
            loss = self.balance(**self.closures(self.model, self.balance.steps))
            loss.backward()
            self.optimizer.step()
            self.optimizer.zero_grad()
            self.balance.step()
            self.actions += self.balance.observe(self.scores(self.balance.steps))
        return self

    def values(self):
        return [each.detach().clone() for each in self.model.parameters()]


def all_pay(step):
    """Both auxiliaries gain, and later on a score falls."""
    return {2: 0.5, 3: 0.5, 4: 0.5}.get(step, 0.3 if step == 20 else 0.9)


def test_after_each_trial_all_is_as_it_was_at_first(make_model, closures):
    loop, first = Loop(make_model(), closures, all_pay), make_model()
    length = loop.balance.strategy._course.trials.part * 2
    for trial in (1, 2, 3):
        loop.run_to(trial * length)
        for now, then in zip(loop.model.parameters(), first.parameters(), strict=True):
            assert torch.equal(now, then)
        assert not any(loop.optimizer.state.values())
    assert [action.task for action in loop.actions] == ["sentiment", "pos", "ner"]
    assert loop.balance.active() == ("sentiment", "pos", "ner")


def test_running_statistics_go_back_to_before_the_first_batch_too(model, closures):
    model.encoder.append(torch.nn.BatchNorm1d(5))
    first = copy.deepcopy(model.encoder[-1].state_dict())
    loop = Loop(model, closures, all_pay)
    loop.run_to(2 * loop.balance.strategy._course.trials.part)
    assert {name: value.tolist() for name, value in model.encoder[-1].state_dict().items()} == {
        name: value.tolist() for name, value in first.items()
    }


def test_scores_may_be_observed_within_inference_mode(make_model, closures, bits):
    plain, other = (Loop(make_model(), closures, all_pay) for _ in range(2))
    other.balance.observe = torch.inference_mode()(other.balance.observe)
    assert "best" in {action.state for action in plain.run_to(TOTAL).actions}
    assert bits(other.run_to(TOTAL).model) == bits(plain.model)


def test_a_model_that_lacks_what_is_trained_is_refused_before_the_first_step(model, closures):
    balance = mt2st.Balance(
        "sentiment", ["pos", "ner"], FEEDBACK, TOTAL, shared=model.encoder, model=model.encoder,
        optimizers=torch.optim.Adam(model.parameters()),
    )  # fmt: skip
    with pytest.raises(ConfigError, match=r"model= must have all that is trained.*\(3, 5\) is in optimizers= alone"):
        balance(**closures(model, 0))


def test_weights_of_a_scalariser_may_be_trained_beside_the_model(model, closures):
    uw = pytest.importorskip("torchjd.scalarization").UW(3)
    balance = mt2st.Balance(
        "sentiment", ["pos", "ner"], FEEDBACK, TOTAL, model=model, combine=uw,
        optimizers=torch.optim.Adam([*model.parameters(), *uw.parameters()]),
    )  # fmt: skip
    assert balance(**closures(model, 0)).requires_grad


@pytest.mark.parametrize("late", [False, True])
def test_a_fall_brings_the_best_state_back(make_model, closures, late):
    after = 3 * 2 * Loop(make_model(), closures, all_pay).balance.strategy._course.trials.part + 1
    scores = {step: 0.5 + 0.01 * step if step < after else 0.9 for step in range(5, after + 1)}
    loop = Loop(make_model(), closures, lambda step: scores.get(step, 0.3), late=late).run_to(after)
    best = loop.values()
    moments = copy.deepcopy([loop.optimizer.state[each]["exp_avg"] for each in loop.model.encoder.parameters()])
    loop.run_to(after + 1)
    for now, then in zip(loop.model.parameters(), best, strict=True):
        assert torch.equal(now, then)
    for parameter, moment in zip(loop.model.encoder.parameters(), moments, strict=True):
        assert torch.equal(loop.optimizer.state[parameter]["exp_avg"], moment)
    assert [action.name for action in loop.actions[-2:]] == ["restore", "rate"]


def test_an_auxiliary_that_loses_is_dropped_with_its_head(make_model, closures):
    strategy = mt2st.Feedback(mt2st.Constant(), trial=0.25, depth=0.0, noise=0.05)
    part = Loop(make_model(), closures, lambda _: 0.5, strategy).balance.strategy._course.trials.part
    scores = [0.4] * part + [0.5] * part + [0.4] * part + [0.9] * part + [0.4] * part + [0.4] * part
    loop = Loop(make_model(), closures, lambda step: (scores + [0.9] * TOTAL)[step - 1], strategy).run_to(6 * part)
    assert list(loop.balance.dropped) == ["ner"]
    assert "its trial gained -0.100 over the primary alone" in loop.balance.dropped["ner"]
    assert set(loop.model.heads) == {"sentiment", "pos"}
    loop.run_to(TOTAL)  # the head that is gone is not asked for when the first state was restored


def saved(loop):
    return copy.deepcopy(
        (
            loop.balance.kept_state_dict(),
            loop.balance.state_dict(),
            loop.model.state_dict(),
            loop.optimizer.state_dict(),
        )
    )


def resumed(states, loop):
    """Return another loop, gone on from saved states to the end."""
    kept, state, model, optimizer = states
    loop.balance.load_kept_state_dict(kept)
    loop.balance.load_state_dict(state)
    loop.model.load_state_dict(model)
    loop.optimizer.load_state_dict(optimizer)
    return loop.run_to(TOTAL)


def same_bits(one, other):
    return all(torch.equal(a, b) for a, b in zip(one.model.parameters(), other.model.parameters(), strict=True))


@pytest.mark.parametrize("step", range(1, TOTAL, 3))
def test_a_run_resumed_at_any_step_ends_in_the_same_bits(make_model, closures, step):
    whole = Loop(make_model(), closures, all_pay).run_to(TOTAL)
    states = saved(Loop(make_model(), closures, all_pay).run_to(step))
    other = resumed(states, Loop(make_model(seed=5), closures, all_pay))
    assert same_bits(whole, other)
    assert whole.balance.strategy.state_dict() == other.balance.strategy.state_dict()


def test_to_go_on_without_the_kept_states_is_refused(make_model, closures):
    _, state, _, _ = saved(Loop(make_model(), closures, all_pay).run_to(3))
    with pytest.raises(CheckpointError, match="load_kept_state_dict"):
        Loop(make_model(), closures, all_pay).balance.load_state_dict(state)


def test_a_gradient_of_another_state_does_not_outlive_it():
    layer = torch.nn.Linear(2, 1)
    kept = KeptStates(layer, ())
    kept.keep("start")
    layer(torch.ones(2)).backward()
    kept.restore("start")
    assert [each.grad for each in layer.parameters()] == [None, None]


@pytest.mark.parametrize(("settings", "steps"), [({}, "cpu"), ({"capturable": True}, "meta")])
def test_kept_states_that_were_loaded_to_the_processor_go_to_the_device_of_the_model(settings, steps):
    layer = torch.nn.Linear(1, 1, device="meta")  # a device without a GPU
    optimizer = torch.optim.Adam(layer.parameters(), **settings)
    moments = {"step": torch.tensor(3.0), "exp_avg": torch.ones(1, 1), "exp_avg_sq": torch.ones(1, 1)}
    tensors = {"weight": torch.ones(1, 1), "bias": torch.ones(1)}
    kept = KeptStates(layer, [optimizer])
    kept.load_state_dict({"best": {"tensors": tensors, "optimizers": [{"weight": moments}]}})
    kept.restore("best")
    found = {name: value.device.type for name, value in optimizer.state[layer.weight].items()}
    assert found == {"step": steps, "exp_avg": "meta", "exp_avg_sq": "meta"}


def test_kept_states_of_another_model_are_refused(make_model):
    kept = KeptStates(make_model(), ())
    kept.keep("start")
    with pytest.raises(CheckpointError, match=r"'start' lacks 'weight'"):
        KeptStates(torch.nn.Linear(2, 2), ()).load_state_dict(kept.state_dict())


def test_a_strategy_that_goes_back_needs_something_to_go_back_in(model, closures):
    with pytest.raises(ConfigError, match=r"give Balance model= and optimizers= .* model is missing"):
        mt2st.Balance("sentiment", ["pos"], mt2st.Feedback(), 10)
    late = mt2st.Balance("sentiment", ["pos"], mt2st.Feedback(), 10, model=model)
    with pytest.raises(ConfigError, match="optimizers is missing"):
        late(**{task: closures(model, 0)[task] for task in ("sentiment", "pos")})
    mt2st.Balance("sentiment", ["pos"], mt2st.Feedback(trial=0, depth=0), 10)


def test_cosines_are_those_of_autograd_and_leave_the_loss_its_graph(model, batch):
    losses = {task: model.loss(task, batch(0, task)) for task in ("sentiment", "pos", "ner")}
    weight = model.encoder[0].weight
    gradients = {task: torch.autograd.grad(loss, weight, retain_graph=True)[0] for task, loss in losses.items()}
    compared = GradientCosines([weight], "sentiment")
    compared.compare(list(losses), [(task, 1.0, loss) for task, loss in losses.items()])
    expected = [
        torch.nn.functional.cosine_similarity(gradients[task].flatten(), gradients["sentiment"].flatten(), 0).item()
        for task in ("pos", "ner")
    ]
    assert list(compared.means.take().values()) == pytest.approx(expected, abs=1e-6)
    assert compared.means.take() == {}
    sum(losses.values()).backward()
    torch.testing.assert_close(weight.grad, sum(gradients.values()))


def test_hooks_on_a_parameter_are_not_called_with_gradients_that_are_only_compared(model, batch):
    layer, seen = model.encoder[0].weight, []
    layer.register_hook(lambda gradient: seen.append(gradient))
    cosines = GradientCosines(list(model.encoder.parameters()), "sentiment")
    losses = {task: model.loss(task, batch(0, task)) for task in ("sentiment", "pos")}
    cosines.compare(("sentiment", "pos"), [(task, 1.0, loss) for task, loss in losses.items()])
    assert not seen
    losses["pos"].backward()
    assert len(seen) == 1


def test_gradients_behind_a_reentrant_checkpoint_are_not_passed_over_in_silence(model, batch):
    x, y = batch(0, "sentiment")
    hidden = torch.utils.checkpoint.checkpoint(model.encoder, x.requires_grad_(), use_reentrant=True)
    losses = {t: torch.nn.functional.cross_entropy(model.heads[t](hidden), y) for t in ("sentiment", "pos")}
    compared = GradientCosines([model.encoder[0].weight], "sentiment")
    with pytest.raises(GradientPathError, match=r"'sentiment' goes through checkpoint.*: write use_reentrant=False"):
        compared.compare(list(losses), [(task, 1.0, loss) for task, loss in losses.items()])


def test_a_task_without_a_loss_is_passed_over(model, batch):
    compared = GradientCosines([model.encoder[0].weight], "sentiment")
    loss = model.loss("sentiment", batch(0, "sentiment"))
    compared.compare(["sentiment", "pos", "ner"], [("sentiment", 1.0, loss), ("ner", 1.0, 2.0 * loss)])
    assert compared.means.take() == {"ner": pytest.approx(1.0)}
    compared.compare(["sentiment", "pos"], [("sentiment", 1.0, loss), ("pos", 1.0, torch.zeros(()))])
    assert compared.means.take() == {}


def by_hand(model):
    model.encoder[2].requires_grad_(False)


def by_freezer(model):
    mt2st.Freezer(model).freeze([lambda: model.encoder(torch.ones(1, 6)).sum()], layers="encoder.2", layer_share=1)


@pytest.mark.parametrize("freeze", [by_hand, by_freezer])
def test_once_a_layer_is_frozen_gradients_of_another_are_compared(make_model, closures, freeze):
    model = make_model()
    model.encoder = torch.nn.Sequential(*model.encoder, torch.nn.Linear(5, 5))
    strategy = mt2st.Feedback(mt2st.Constant(), trial=0, depth=0, probe=1)
    balance, seen = mt2st.Balance("sentiment", ["pos", "ner"], strategy, 20, shared=model.encoder), []
    for part in (None, freeze, lambda model: model.encoder.requires_grad_(False)):
        if part is not None:
            part(model)
        balance(**closures(model, balance.steps)).backward()
        balance.step()
        seen.append(set(balance.state_dict()["cosines"]["sums"]))
        balance.observe(0.5)
    assert seen == [{"pos", "ner"}, {"pos", "ner"}, set()]


def test_an_auxiliary_whose_gradient_opposes_the_primary_is_dropped(model, closures):
    """Its loss is minus the primary's: the cosine is -1 at every step that is compared."""
    strategy = mt2st.Feedback(mt2st.Constant(weight=0.1), trial=0, depth=0, probe=1, patience=2)
    balance = mt2st.Balance("sentiment", ["pos"], strategy, 20, shared=model.encoder.parameters())
    told = []
    for step in range(6):
        primary = closures(model, step)["sentiment"]
        balance(sentiment=primary, pos=lambda primary=primary: -primary())
        balance.step()
        told += balance.observe(0.5)
    assert [(action.step, action.name) for action in told] == [(2, "scale"), (4, "drop"), (4, "switch")]
    assert balance.active() == ("sentiment",)
    assert balance.comparison_seconds > 0


def ner_loses(step):
    """Trials of four steps: the primary alone, then pos, which pays, then ner, which does not; all rises from there."""
    trial = [0.4, 0.4, 0.5, 0.5, 0.4, 0.4, 0.9, 0.9, 0.4, 0.4, 0.3, 0.3]
    return trial[step - 1] if step <= len(trial) else 0.5 + 0.01 * step


LOSER = mt2st.Feedback(mt2st.Constant(), trial=0.25, patience=1, noise=0.05)


@pytest.mark.parametrize("step", [13, 16, 20])
def test_a_run_whose_best_state_came_after_a_head_was_dropped_is_resumed(make_model, closures, step):
    whole = Loop(make_model(), closures, ner_loses, LOSER).run_to(TOTAL)
    assert "ner" in whole.balance.dropped
    states = saved(Loop(make_model(), closures, ner_loses, LOSER).run_to(step))
    assert "heads.ner.weight" not in states[0]["best"]["tensors"]
    assert same_bits(whole, resumed(states, Loop(make_model(seed=5), closures, ner_loses, LOSER)))


def test_kept_states_of_another_step_are_refused_and_nothing_is_changed(make_model, closures):
    """The best state has no head of ner any more, and at step 3 there is one."""
    kept, _, _, _ = saved(Loop(make_model(), closures, ner_loses, LOSER).run_to(16))
    _, state, _, _ = saved(Loop(make_model(), closures, ner_loses, LOSER).run_to(3))
    other = Loop(make_model(), closures, ner_loses, LOSER)
    before = {**other.balance.state_dict(), "seconds": 0}
    other.balance.load_kept_state_dict(kept)
    with pytest.raises(CheckpointError, match=r"'best' lacks 'heads.ner.weight': it is of another model, or step"):
        other.balance.load_state_dict(state)
    assert {**other.balance.state_dict(), "seconds": 0} == before
    assert set(other.model.heads) == {"sentiment", "pos", "ner"}


def test_a_trial_that_is_never_observed_is_warned_of(model, closures):
    balance = mt2st.Balance(
        "sentiment",
        ["pos"],
        mt2st.Feedback(mt2st.Constant(), trial=0.1),
        400,
        shared=model.encoder,
        model=model,
        optimizers=torch.optim.SGD(model.parameters(), lr=0.1),
    )
    given = {task: closures(model, 0)[task] for task in ("sentiment", "pos")}
    with pytest.warns(UserWarning, match="Feedback has waited for a score through a quarter of the run") as told:
        for _ in range(200):
            balance(**given)
            balance.step()
    assert {Path(each.filename).name for each in told} == {Path(__file__).name}
    assert balance.ledger["pos"].ran == 0


@pytest.mark.parametrize("every", [1, 5, 8, 9])
def test_a_trial_observed_late_stays_its_own_until_then(model, closures, every):
    """Trials of four steps, the first two with the auxiliary; what follows them waits for the score."""
    strategy = mt2st.Feedback(mt2st.Switch(at=0.5), trial=0.25, depth=0)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    balance = mt2st.Balance("sentiment", ["pos", "ner"], strategy, 28, model=model, optimizers=optimizer)
    part, ran, trial = 2, [], []
    assert balance.strategy._course.trials.part == part
    while len(ran) < 3:
        assert balance.active(balance.steps) == balance.active()
        trial.append(balance.active()[1:])
        assert balance.weights == {
            "sentiment": 1.0, **{task: float(task in trial[-1]) for task in ("pos", "ner")}
        }  # fmt: skip
        balance(**closures(model, balance.steps))
        balance.step()
        if balance.steps % every == 0 and balance.observe(0.5):
            ran.append(trial)
            trial = []
    for own, steps in zip([(), ("pos",), ("ner",)], ran, strict=True):
        assert steps == [own] * part + [()] * (len(steps) - part)
    assert set(balance.dropped) == set()


def test_a_reset_run_goes_back_to_its_own_first_state(make_model, closures):
    loop = Loop(make_model(), closures, all_pay).run_to(1)
    loop.balance.reset()
    with torch.no_grad():
        for each in loop.model.parameters():
            each += 1.0
    first = loop.values()
    loop.run_to(4)
    assert [action.name for action in loop.actions] == ["restore"]
    for now, then in zip(loop.values(), first, strict=True):
        assert torch.equal(now, then)


class Words(torch.nn.Module):
    """An embedding to be frozen in part."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.words = torch.nn.Embedding(20, 6)
        self.heads = torch.nn.ModuleDict({task: torch.nn.Linear(6, 2) for task in ("p", "a")})

    def loss(self, task, step):
        chance = torch.Generator().manual_seed(step)
        ids, labels = torch.randint(20, (8, 5), generator=chance), torch.randint(2, (8,), generator=chance)
        return torch.nn.functional.cross_entropy(self.heads[task](self.words(ids).mean(1)), labels)


def words_of(kind, steps, freeze=None):
    """Train by a feedback without trials whose score rises up to step 4 and then falls; maybe freeze on the way."""
    model = Words()
    optimizer = kind(model.parameters())
    freezer = mt2st.Freezer(model, optimizer)
    strategy = mt2st.Feedback(mt2st.Switch(at=0.1), trial=0, depth=1.0, patience=1, noise=0.05)
    balance = mt2st.Balance("p", ["a"], strategy, 20, model=model, optimizers=optimizer)
    told = []
    while balance.steps < steps:
        if balance.steps == freeze:
            freezer.freeze([lambda: model.loss("p", 50)], embedding="words", share=0.5)
        balance(p=lambda: model.loss("p", balance.steps), a=lambda: model.loss("a", balance.steps)).backward()
        optimizer.step()
        optimizer.zero_grad()
        balance.step()
        told += balance.observe(0.5 + 0.1 * balance.steps if balance.steps < 5 else 0.3)
    return model, optimizer, freezer, balance, told


@pytest.mark.parametrize(
    "kind", [lambda p: torch.optim.Adam(p, lr=0.1), lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)]
)
def test_a_best_state_from_before_freezing_comes_back_in_the_parts_that_there_are_now(kind):
    best, old, *_ = words_of(kind, 4)
    model, optimizer, freezer, balance, told = words_of(kind, 6, freeze=5)
    assert [action.name for action in told] == ["restore", "rate"] * 2
    assert torch.equal(model.words.weight, best.words.weight)
    assert torch.equal(model.heads["p"].weight, best.heads["p"].weight)
    active = model.words.columns["active"]
    for key, value in old.state[best.words.weight].items():
        now = optimizer.state[model.words.active][key]
        assert torch.equal(now, value[:, active] if value.dim() else value)
    again = Words()
    optimizer = kind(again.parameters())
    mt2st.Freezer(again, optimizer).load_state_dict(freezer.state_dict())
    other = mt2st.Balance("p", ["a"], balance.strategy, 20, model=again, optimizers=optimizer)
    other.load_kept_state_dict(balance.kept_state_dict())
    other.load_state_dict(balance.state_dict())
