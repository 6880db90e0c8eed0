"""Balance in a plain loop: the sum of equation 3, and nothing else computed."""

import json
import math
import pickle
import subprocess
import sys

import numpy as np
import pytest

import mt2st
from mt2st.errors import CheckpointError, ConfigError, GradientPathError
from mt2st.strategies import plan
from mt2st.training.balance import agenda

torch = pytest.importorskip("torch")

STRATEGIES = [
    mt2st.SingleTask(),
    mt2st.Constant(weight={"pos": 0.5, "ner": 2.0}),
    mt2st.Diminish(rate=5.0, time="fraction"),
    mt2st.Switch(at=0.4),
    mt2st.Linear(end=0.7),
    mt2st.Cosine(end=0.7),
    mt2st.PretrainThenFinetune(at=0.3),
    mt2st.Composed({"pos": mt2st.Diminish(rate=2.0), "ner": mt2st.Switch(at=0.25)}),
]


def balance_of(strategy, model, total=10, **kwargs):
    return mt2st.Balance("sentiment", ["pos", "ner"], strategy, total, shared=model.encoder.parameters(), **kwargs)


def test_the_loop_of_the_documentation(model, batch):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    balance = mt2st.Balance(
        primary="sentiment",
        auxiliaries=["pos", "ner"],
        strategy=mt2st.Diminish(rate=5.0, time="fraction"),
        total_steps=1000,
        shared=model.encoder.parameters(),
    )
    for _ in range(3):
        loss = balance(
            sentiment=lambda: model.loss("sentiment", batch(balance.steps, "sentiment")),
            pos=lambda: model.loss("pos", batch(balance.steps, "pos")),
            ner=lambda: model.loss("ner", batch(balance.steps, "ner")),
        )
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        balance.step()
    assert balance.steps == 3
    assert {task: account.ran for task, account in balance.ledger.items()} == {"sentiment": 3, "pos": 3, "ner": 3}


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda s: s.name)
def test_value_and_gradient_are_those_of_equation_3_written_by_hand(make_model, closures, strategy):
    ours, theirs = make_model(), make_model()
    balance = balance_of(strategy, ours)
    bound = strategy.bind("sentiment", ["pos", "ner"], mt2st.Clock(10))
    for step in range(10):
        loss = balance(**closures(ours, step))
        by_hand = sum(weight * closures(theirs, step)[task]() for task, weight in bound.weights(step).items())
        assert loss.item() == pytest.approx(by_hand.item(), rel=1e-6)
        for model, total in ((ours, loss), (theirs, by_hand)):
            model.zero_grad()
            total.backward()
        for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
            other_gradient = torch.zeros_like(other) if other.grad is None else other.grad
            one_gradient = torch.zeros_like(one) if one.grad is None else one.grad
            torch.testing.assert_close(one_gradient, other_gradient, rtol=1e-5, atol=1e-7)
        balance.step()


@pytest.mark.parametrize("work", [mt2st.Exact(), mt2st.Skip(floor=0.1), mt2st.Every(3)], ids=lambda w: type(w).__name__)
@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda s: s.name)
def test_what_is_active_is_known_ahead_and_nothing_else_is_computed(model, closures, strategy, work):
    balance = balance_of(strategy, model, 300, work=work, seed=4)
    said = [balance.active(step) for step in range(300)]
    calls = []
    for step in range(300):
        called = []
        assert balance.active() == said[step]
        balance(**{task: loss for task, loss in closures(model, step, called).items() if task in said[step]})
        assert tuple(called) == said[step]
        calls += called
        balance.step()
    for task, account in balance.ledger.items():
        assert (account.ran, account.skipped) == (calls.count(task), 300 - calls.count(task))


def test_what_is_dropped_on_the_way_is_known_ahead_too(model, closures):
    balance = balance_of(mt2st.Diminish(rate=8.0), model, 100, drop=0.02)
    assert [step for step in range(100) if "pos" in balance.active(step)] == list(range(49))


def test_endings_are_not_sought_anew_for_each_auxiliary_that_ends(monkeypatch):
    """With a hundred of them that took seconds."""
    sought, seek = [], agenda.ending
    monkeypatch.setattr(agenda, "ending", lambda *args: sought.append(args) or seek(*args))
    balance = mt2st.Balance("p", [f"a{number}" for number in range(20)], mt2st.Switch(at=0.5), 2)
    sought.clear()
    balance.step()
    assert (len(balance.dropped), sought) == (20, [])


def test_the_account_of_many_tasks_that_run_by_chance_does_not_grow_with_the_steps():
    """Of twenty such hardly two steps run the same."""
    w, tasks, sizes = torch.nn.Parameter(torch.ones(())), [f"a{number}" for number in range(20)], []
    balance = mt2st.Balance("p", tasks, mt2st.Constant(0.5), 1000, work=mt2st.Skip(), shared=[w])
    ran = dict.fromkeys(("p", *tasks), 0)
    for _ in range(1000):
        for task in balance.active():
            ran[task] += 1
        balance(**dict.fromkeys(ran, lambda: 1.0 * w))
        balance.step()
        sizes.append(len(balance._tally.calls))
    assert {task: account.ran for task, account in balance.ledger.items()} == ran
    assert all(ran[task] + account.skipped == 1000 for task, account in balance.ledger.items())
    assert max(sizes) <= agenda.AHEAD
    assert len(json.dumps(balance.state_dict()["tally"])) < 1000


def test_decisions_are_those_of_the_plan_of_seed_and_step(model):
    work, strategy = mt2st.Skip(floor=0.1), mt2st.Constant(weight={"pos": 0.4, "ner": 0.2})
    balance = balance_of(strategy, model, 200, work=work, seed=9)
    weights = {"sentiment": 1.0, "pos": 0.4, "ner": 0.2}
    for step in range(200):
        assert balance.active() == tuple(plan(weights, work, 9, step, "sentiment"))
        balance.step()


def test_skipping_is_unbiased_in_the_gradient_of_the_shared_parameters(model, closures):
    """The mean gradient over 4,000 seeds is equation 3's, within three standard errors in every coordinate."""
    weights = {"pos": 0.3, "ner": 0.02}
    shared = [model.encoder[0].weight, model.encoder[0].bias]
    gradients = {
        task: torch.cat([each.flatten() for each in torch.autograd.grad(closures(model, 0)[task](), shared)])
        for task in ("sentiment", "pos", "ner")
    }
    expected = gradients["sentiment"] + sum(weight * gradients[task] for task, weight in weights.items())
    ran = []
    for seed in range(4000):
        balance = balance_of(mt2st.Constant(weights), model, 3, work=mt2st.Skip(floor=0.05), seed=seed)
        terms = balance._agenda.todo(0)
        ran.append(sum(factor * gradients[task] for task, factor in terms.items()))
    found = torch.stack(ran)
    error = found.std(0) / math.sqrt(len(ran))
    assert bool(((found.mean(0) - expected).abs() <= 3.5 * error + 1e-7).all())
    # And what the loss does with those factors is that sum.
    balance = balance_of(mt2st.Constant(weights), model, 3, work=mt2st.Skip(floor=0.05), seed=2)
    model.zero_grad()
    balance(**closures(model, 0)).backward()
    done = torch.cat([each.grad.flatten() for each in shared])
    torch.testing.assert_close(done, ran[2], rtol=1e-5, atol=1e-7)


def test_auto_switches_on_what_it_is_told_and_stops_paying_at_that_step(model, closures):
    balance = balance_of(mt2st.Switch(at="auto", window=1, patience=1), model, 100)
    for step, score in enumerate([0.5, 0.6, 0.6], 1):
        balance(**closures(model, step))
        balance.step()
        balance.observe(score)
    assert balance.active() == ("sentiment",)
    assert balance.dropped == dict.fromkeys(("pos", "ner"), "step 3: nothing of its schedule's weight is left")


@pytest.mark.parametrize("bad", ["sentiment", "po"])
def test_names_that_make_no_sense_are_refused(model, closures, bad):
    if bad == "sentiment":
        with pytest.raises(ConfigError, match="names of tasks must differ, found 'sentiment' and pos, sentiment"):
            mt2st.Balance("sentiment", ["pos", bad], mt2st.Constant(), 10)
    else:
        with pytest.raises(ConfigError, match="there is no task 'po'; did you mean 'pos'"):
            balance_of(mt2st.Constant(), model)(**closures(model, 0), po=lambda: 0)


def test_a_task_that_runs_needs_a_closure_and_one_that_rests_does_not(model, closures):
    given = {"sentiment": closures(model, 0)["sentiment"]}
    with pytest.raises(ConfigError, match=r"pos runs at step 0 and has no closure: give pos=lambda: ..., see active"):
        balance_of(mt2st.Constant(), model)(**given)
    assert balance_of(mt2st.SingleTask(), model)(**given).item() == given["sentiment"]().item()


def test_a_misspelt_closure_is_told_from_a_missing_one(model, closures):
    given = closures(model, 0)
    with pytest.raises(ConfigError, match="there is no task 'poss'; did you mean 'pos'"):
        balance_of(mt2st.Constant(), model)(**{"sentiment": given["sentiment"], "poss": given["pos"]})


def test_a_task_may_have_any_name():
    w = torch.nn.Parameter(torch.ones(()))
    balance = mt2st.Balance("self", ["part-of-speech", "closures"], mt2st.Constant(), 10)
    names = ("self", "part-of-speech", "closures")
    assert balance(**{name: lambda: 2 * w for name in names}).item() == 6.0


def test_time_that_stands_still_is_warned_of_once_and_gathered_gradients_are_not():
    w = torch.nn.Parameter(torch.ones(()))
    balance = mt2st.Balance("p", ["a"], mt2st.Constant(), 150)
    given = {"p": lambda: 2 * w, "a": lambda: 2 * w}
    for _ in range(149):
        balance(**given)
    with pytest.warns(UserWarning, match=r"150 calls at step 0 and total_steps=150: .* call balance.step\(\) once for"):
        balance(**given)
    balance(**given)
    gathering = mt2st.Balance("p", ["a"], mt2st.Constant(), 2)
    for _ in range(99):
        gathering(**given)


def test_a_share_that_is_none_is_refused(model):
    with pytest.raises(ConfigError, match="drop must be at least 0 and under 1, found 1"):
        balance_of(mt2st.Constant(), model, drop=1)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda loss: loss.detach(), "the loss of 'pos' has no gradient at step 0; likely cause: it is computed on a"),
        (lambda loss: torch.zeros(()), "no gradient at step 0.*; where the batch has no label of it, return None"),
        (lambda loss: loss.item(), "a tensor of one number, found float at step 0: return the tensor itself, no .item"),
        (lambda loss: torch.stack([loss, loss]), r"found \(2,\) at step 0: take its mean"),
    ],
)
def test_a_loss_that_trains_nothing_is_refused_at_its_first_step(model, closures, spoil, message):
    given = closures(model, 0)
    pos = given["pos"]
    with pytest.raises((GradientPathError, ConfigError), match=message):
        balance_of(mt2st.Constant(), model)(**{**given, "pos": lambda: spoil(pos())})


def test_a_loss_that_trains_its_head_alone_is_refused(model, closures, batch):
    def detached():
        x, y = batch(0, "pos")
        return torch.nn.functional.cross_entropy(model.heads["pos"](model.encoder(x).detach()), y)

    with pytest.raises(GradientPathError, match="the loss of 'pos' does not reach the shared parameters at step 0"):
        balance_of(mt2st.Constant(), model)(**{**closures(model, 0), "pos": detached})


def test_heads_may_be_trained_first_and_losses_must_reach_what_is_shared_once_that_is_trained(model, closures, batch):
    balance = balance_of(mt2st.Constant(), model)
    model.encoder.requires_grad_(False)
    for _ in range(2):
        balance(**closures(model, balance.steps)).backward()
        balance.step()
    assert model.encoder[0].weight.grad is None
    model.encoder.requires_grad_(True)
    x, y = batch(0, "ner")
    detached = torch.nn.functional.cross_entropy(model.heads["ner"](model.encoder(x).detach()), y)
    with pytest.raises(GradientPathError, match="the loss of 'ner' does not reach the shared parameters at step 2"):
        balance(**{**closures(model, 2), "ner": lambda: detached})


def test_state_of_another_run_is_refused(model):
    state = balance_of(mt2st.Constant(), model, seed=1).state_dict()
    with pytest.raises(CheckpointError, match=r"'seed': 1.*resume with the saved settings"):
        balance_of(mt2st.Constant(), model, seed=2).load_state_dict(state)
    with pytest.raises(CheckpointError, match="resume with the saved settings"):
        balance_of(mt2st.Constant(weight=0.5), model, seed=1).load_state_dict(state)


def test_state_goes_through_json_and_reset_returns_to_the_first(model, closures):
    def timeless(balance):
        return {key: value for key, value in balance.state_dict().items() if key != "seconds"}

    balance = balance_of(mt2st.Switch(at="auto", window=1, patience=1), model, 20, work=mt2st.Skip(0.2))
    first = timeless(balance)
    for step in range(6):
        balance(**closures(model, step))
        balance.step()
        balance.observe(0.5)
    other = balance_of(mt2st.Switch(at="auto", window=1, patience=1), model, 20, work=mt2st.Skip(0.2))
    other.load_state_dict(json.loads(json.dumps(balance.state_dict())))
    assert timeless(other) == timeless(balance) != first
    assert [other.active(step) for step in range(6, 20)] == [balance.active(step) for step in range(6, 20)]
    other.load_state_dict({**balance.state_dict(), "seconds": 50.0})
    assert 50.0 < other.state_dict()["seconds"] < 100.0
    balance.reset()
    assert timeless(balance) == first
    assert balance.active() == ("sentiment", "pos", "ner")


def test_the_name_is_there_without_torch_and_says_how_to_install_it():
    code = """
import sys
sys.modules["torch"] = None
import mt2st
try:
    mt2st.Balance("p", ["a"], mt2st.Constant(), 10)
except mt2st.Mt2stError as error:
    print(error)
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out == "mt2st.Balance needs packages that are not installed: pip install 'mt2st[torch]'\n"


def test_it_imports_neither_torch_before_it_is_made_nor_our_engines_at_all():
    code = """
import sys, mt2st
mt2st.Balance
before = "torch" in sys.modules
mt2st.Balance("p", ["a"], mt2st.Constant(), 10)
heavy = {"numba", "sklearn", "pydantic", "matplotlib"}
print(before, "torch" in sys.modules, heavy & set(sys.modules))
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out == "False True set()\n"


CONFIGS = {
    "strategy must be one of mt2st's strategies, as mt2st.Diminish.., found 'diminish'": {"strategy": "diminish"},
    "found the class Diminish: write Diminish..": {"strategy": mt2st.Diminish},
    "work must be mt2st.Exact.., mt2st.Skip.. or mt2st.Every.n., found 'skip'": {"work": "skip"},
    "work must be .* found <class": {"work": mt2st.Exact},
    "auxiliaries must be a list of names, found 'ab': write": {"auxiliaries": "ab"},
    "total_steps must be a whole number and at least 1, found 15.5": {"total_steps": 15.5},
    "steps_per_epoch must be finite and above 0, found nan": {"steps_per_epoch": math.nan},
    "drop must be at least 0 and under 1, found 'all'": {"drop": "all"},
    "seed must be a whole number, found 1.5": {"seed": 1.5},
    "shared has no parameters, found an empty generator: .* give the module": {"shared": torch.nn.ReLU().parameters()},
    "shared has no parameters, found an empty ReLU": {"shared": torch.nn.ReLU()},
    "optimizers must be torch's, one or several, found None": {"optimizers": None},
    "optimizers must be torch's, one or several, found 'a'": {"optimizers": "adam"},
    "heads must be a ModuleDict, or a dictionary, by task, found ReLU": {"heads": torch.nn.ReLU()},
    "weight names 'c', which is no auxiliary": {"strategy": mt2st.Constant({"a": 1, "b": 1, "c": 1})},
}


@pytest.mark.parametrize("message", CONFIGS)
def test_arguments_that_are_none_are_refused(message):
    given = {"auxiliaries": ["a", "b"], "strategy": mt2st.Constant(), "total_steps": 10, **CONFIGS[message]}
    with pytest.raises(ConfigError, match=message):
        mt2st.Balance("p", **given)


def test_whole_steps_may_come_as_a_float(model):
    one, other = (balance_of(mt2st.Constant(), model, total).state_dict()["run"] for total in (15.0, 15))
    assert json.dumps(one) == json.dumps(other)


def test_arguments_of_numpy_are_saved_as_json(model):
    state = balance_of(mt2st.Constant(), model, np.int64(15), seed=np.int64(3), drop=np.float32(0.25)).state_dict()
    assert json.loads(json.dumps(state)) == state


def test_a_loss_in_the_place_of_a_closure_is_named_at_any_step(model, closures):
    balance = balance_of(mt2st.Constant(), model)
    for step in range(2):
        given = closures(model, step)
        with pytest.raises(ConfigError, match=r"pos must be a closure, found a Tensor: write pos=lambda: ..."):
            balance(**{**given, "pos": given["pos"]()})
        balance(**given)
        balance.step()


def test_a_vector_is_named_after_the_first_step_too(model, closures):
    balance = balance_of(mt2st.Constant(), model)
    balance(**closures(model, 0))
    balance.step()
    given = closures(model, 1)
    with pytest.raises(ConfigError, match=r"the loss of 'ner' must be a tensor of one number, found \(2,\) at step 1"):
        balance(**{**given, "ner": lambda: torch.stack([given["ner"](), given["ner"]()])})


def test_errors_of_a_closure_itself_come_through(model, closures):
    def wrong():
        raise TypeError("mine")

    balance = balance_of(mt2st.Constant(), model)
    with pytest.raises(TypeError, match=r"^mine$"):
        balance(**{**closures(model, 0), "ner": wrong})


def test_an_unknown_name_is_found_after_the_first_step_too(model, closures):
    balance = balance_of(mt2st.Constant(), model, 300)
    balance(**closures(model, 0))
    with pytest.raises(ConfigError, match="there is no task 'po'; did you mean 'pos'"):
        for step in range(1, 100):
            balance.step()
            balance(**closures(model, step), po=lambda: 0)


def test_scores_of_numpy_are_saved_as_json(model, closures):
    balance = balance_of(mt2st.Switch(at="auto"), model)
    balance(**closures(model, 0))
    balance.step()
    balance.observe(np.float32(0.5), noise=np.float32(0.25))
    assert json.loads(json.dumps(balance.state_dict()))["strategy"]["memory"]["points"] == [[0.1, 0.5]]


def test_a_balance_can_be_pickled(model, closures):
    balance = balance_of(mt2st.Feedback(trial=0, depth=0), model)
    balance(**closures(model, 0))
    balance.step()
    again = pickle.loads(pickle.dumps(balance))
    assert {**again.state_dict(), "seconds": 0} == {**balance.state_dict(), "seconds": 0}


@pytest.mark.parametrize("part", ["run", "steps", "dropped", "bad", "strategy", "tally", "cosines", "seconds"])
def test_a_state_that_lacks_a_part_is_refused(model, part):
    balance = balance_of(mt2st.Constant(), model)
    state = {key: value for key, value in balance.state_dict().items() if key != part}
    with pytest.raises(CheckpointError, match=f"the saved state lacks '{part}': load what balance.state_dict.. re"):
        balance.load_state_dict(state)


def test_what_is_no_state_is_refused(model):
    with pytest.raises(CheckpointError, match=r"the saved state is a NoneType: load what balance.state_dict"):
        balance_of(mt2st.Constant(), model).load_state_dict(None)


def test_work_of_a_number_of_numpy_is_the_same_work(model):
    saved = balance_of(mt2st.Constant(), model, work=mt2st.Every(np.int64(2))).state_dict()
    balance_of(mt2st.Constant(), model, work=mt2st.Every(2)).load_state_dict(saved)


@pytest.mark.parametrize("shared", [lambda m: m.encoder, lambda m: m.encoder[0], lambda m: m.encoder[0].weight])
def test_what_is_shared_may_be_a_module_or_one_parameter(model, closures, shared):
    balance = mt2st.Balance("sentiment", ["pos"], mt2st.Constant(), 10, shared=shared(model))
    given = closures(model, 0)
    balance(sentiment=given["sentiment"], pos=given["pos"])
    assert balance.shared[0] is model.encoder[0].weight


@pytest.mark.parametrize(
    ("shared", "found"), [(lambda m: m.named_parameters(), "tuple"), (lambda m: [m.encoder], "Sequential"), (id, "int")]
)
def test_what_can_not_be_shared_is_refused(model, shared, found):
    with pytest.raises(ConfigError, match=f"shared must be parameters, found a {found}: write shared=model.encoder"):
        mt2st.Balance("sentiment", ["pos"], mt2st.Constant(), 10, shared=shared(model))


def test_epochs_need_their_length(model):
    with pytest.raises(ConfigError, match="give steps_per_epoch=len"):
        balance_of(mt2st.Switch(at=2, time="epochs"), model)
    assert balance_of(mt2st.Switch(at=2, time="epochs"), model, steps_per_epoch=3).strategy.transition() == 6
