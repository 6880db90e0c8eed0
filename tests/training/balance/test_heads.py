"""What a dropped auxiliary leaves behind: nothing."""

import copy
import gc
import pickle
import weakref

import pytest

import mt2st
from mt2st.errors import CheckpointError, ConfigError
from mt2st.training.balance.heads import Heads

torch = pytest.importorskip("torch")

OPTIMIZERS = {
    "sgd": lambda groups: torch.optim.SGD(groups, lr=0.1, momentum=0.9),
    "adam": lambda groups: torch.optim.Adam(groups, lr=0.01),
    "adagrad": lambda groups: torch.optim.Adagrad(groups, lr=0.1),
}


def groups_of(model):
    return [{"params": list(model.encoder.parameters())}] + [
        {"params": list(head.parameters())} for head in model.heads.values()
    ]


def train(model, optimizer, balance, closures, steps):
    for _ in range(steps):
        balance(**closures(model, balance.steps)).backward()
        optimizer.step()
        optimizer.zero_grad()
        balance.step()


def balance_of(strategy, model, optimizer, total=10, **kwargs):
    shared = model.encoder.parameters()
    return mt2st.Balance(
        "sentiment", ["pos", "ner"], strategy, total, shared=shared, heads=model.heads, optimizers=optimizer, **kwargs
    )


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_head_and_optimiser_state_are_really_gone(model, closures, kind):
    optimizer = OPTIMIZERS[kind](groups_of(model))
    balance = balance_of(mt2st.Switch(at=0.4), model, optimizer)
    head = weakref.ref(model.heads["pos"])
    weight = weakref.ref(model.heads["pos"].weight)
    train(model, optimizer, balance, closures, 3)
    assert (len(optimizer.param_groups), len(optimizer.state)) == (4, 8)
    moments = [weakref.ref(value) for value in optimizer.state[weight()].values() if torch.is_tensor(value)]
    assert moments
    train(model, optimizer, balance, closures, 1)
    gc.collect()
    assert list(model.heads) == ["sentiment"]
    assert ([len(group["params"]) for group in optimizer.param_groups], len(optimizer.state)) == ([2, 2, 0, 0], 4)
    assert head() is None
    assert weight() is None
    assert not [moment for moment in moments if moment() is not None]
    train(model, optimizer, balance, closures, 6)
    assert balance.ledger["pos"].ran == 4


def test_from_there_on_it_trains_as_single_task_training_from_the_same_state(make_model, closures, bits):
    ours = make_model()
    optimizer = torch.optim.Adam(groups_of(ours), lr=0.01)
    balance = balance_of(mt2st.Switch(at=0.4), ours, optimizer)
    train(ours, optimizer, balance, closures, 4)
    theirs = make_model()
    for task in ("pos", "ner"):
        del theirs.heads[task]
    theirs.load_state_dict(ours.state_dict())
    other = torch.optim.Adam([*groups_of(theirs), {"params": []}, {"params": []}], lr=0.01)
    other.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    train(ours, optimizer, balance, closures, 6)
    for step in range(4, 10):
        closures(theirs, step)["sentiment"]().backward()
        other.step()
        other.zero_grad()
    assert bits(ours) == bits(theirs)


def test_a_tolerance_drops_what_has_little_left_to_give(model, closures):
    optimizer = torch.optim.SGD(groups_of(model), lr=0.1)
    balance = balance_of(mt2st.Diminish(rate=8.0), model, optimizer, 100, drop=0.02)
    train(model, optimizer, balance, closures, 100)
    # exp(-8 t) is 0.02 at t 0.489; of the sum up to the end a little less is left.
    assert balance.dropped["pos"] == "step 49: at most 0.02 of its schedule's weight is left"
    assert balance.ledger["pos"].ran == 49
    assert list(model.heads) == ["sentiment"]


def test_one_group_of_all_parameters_keeps_the_others(model, closures):
    optimizer = torch.optim.Adam(model.named_parameters(), lr=0.01)
    balance = balance_of(mt2st.Switch(at=0.2), model, optimizer)
    train(model, optimizer, balance, closures, 3)
    (group,) = optimizer.param_groups
    assert group["param_names"] == [name for name, _ in model.named_parameters()]
    assert [id(each) for each in group["params"]] == [id(each) for each in model.parameters()]
    assert len(optimizer.state) == 4


def test_groups_keep_their_places_for_a_scheduler(model, closures):
    optimizer = torch.optim.SGD(groups_of(model), lr=0.1)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, [lambda n: 1, lambda n: 1, lambda n: 2, lambda n: 3])
    balance = balance_of(mt2st.Switch(at=0.2), model, optimizer)
    train(model, optimizer, balance, closures, 4)
    scheduler.step()
    assert [len(group["params"]) for group in optimizer.param_groups] == [2, 2, 0, 0]
    assert scheduler.get_last_lr() == [0.1, 0.1, 0.2, pytest.approx(0.3)]


def test_groups_keep_their_places_for_a_scheduler_that_leaves_no_trace_in_them(model, closures):
    optimizer = torch.optim.SGD(groups_of(model), lr=0.1)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=0, min_lr=[0.01, 0.02, 0.03, 0.04])
    balance = balance_of(mt2st.Switch(at=0.2), model, optimizer)
    train(model, optimizer, balance, closures, 4)
    for _ in range(3):
        scheduler.step(1.0)
    assert [group["lr"] for group in optimizer.param_groups] == pytest.approx([0.01, 0.02, 0.03, 0.04])


def test_without_heads_an_averaged_copy_goes_on_over_the_switch(model, closures):
    """As the guide has it; a copy pairs parameters by their places."""
    averaged = torch.optim.swa_utils.AveragedModel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    balance = mt2st.Balance("sentiment", ["pos", "ner"], mt2st.Switch(at=0.2), 10, shared=model.encoder)
    seen = []
    for _ in range(4):
        train(model, optimizer, balance, closures, 1)
        averaged.update_parameters(model)
        seen.append(model.heads["sentiment"].weight.detach().clone())
    torch.testing.assert_close(averaged.module.heads["sentiment"].weight, sum(seen) / 4)


def test_several_optimisers_each_lose_their_part(model, closures):
    first = torch.optim.Adam(model.encoder.parameters(), lr=0.01)
    second = torch.optim.SGD(model.heads.parameters(), lr=0.1, momentum=0.9)
    balance = balance_of(mt2st.Switch(at=0.2), model, [first, second])
    for step in range(4):
        balance(**closures(model, step)).backward()
        for optimizer in (first, second):
            optimizer.step()
            optimizer.zero_grad()
        balance.step()
    assert (len(first.state), len(second.state)) == (2, 2)
    assert len(second.param_groups[0]["params"]) == 2


def test_what_a_head_shares_stays(model):
    tied = torch.nn.Linear(5, 3)
    tied.weight = model.heads["sentiment"].weight
    odd = torch.nn.Sequential(model.encoder, tied)
    modules = {"sentiment": model.heads["sentiment"], "pos": odd}
    optimizer = torch.optim.SGD([*model.encoder.parameters(), *modules["sentiment"].parameters(), tied.bias], lr=0.1)
    odd(torch.ones(1, 6)).sum().backward()
    Heads(modules, optimizer, tuple(model.encoder.parameters())).release("pos")
    assert tied.bias.grad is None, "a gradient that waits for a step goes too"
    assert tied.weight.grad is not None
    kept = [*model.encoder.parameters(), *model.heads["sentiment"].parameters()]
    assert [id(each) for each in optimizer.param_groups[0]["params"]] == [id(each) for each in kept]


class Tied(torch.nn.Module):
    """A language model whose output is its table."""

    def __init__(self):
        super().__init__()
        self.words, self.layer = torch.nn.Embedding(20, 5), torch.nn.Linear(5, 5)
        self.heads = torch.nn.ModuleDict({"p": torch.nn.Linear(5, 2), "lm": torch.nn.Linear(5, 20, bias=False)})
        self.heads["lm"].weight = self.words.weight

    def closures(self):
        ids = torch.arange(20)
        return {t: lambda t=t: self.heads[t](self.layer(self.words(ids)).tanh()).square().mean() for t in ("p", "lm")}


def train_tied(tied, strategy, shared, heads, **kwargs):
    optimizer = torch.optim.Adam(tied.parameters(), lr=0.01)
    balance = mt2st.Balance("p", ["lm"], strategy, 4, shared=shared, heads=heads, optimizers=optimizer, **kwargs)
    train(tied, optimizer, balance, lambda model, _: model.closures(), 4)
    assert list(balance.dropped) == ["lm"]
    return [id(each) for each in optimizer.param_groups[0]["params"]]


STRATEGIES = [mt2st.Switch(at=0.5), mt2st.PretrainThenFinetune(at=0.5)]


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda each: each.name)
def test_a_table_that_the_primary_needs_does_not_leave_the_optimiser_unnoticed(strategy):
    tied = Tied()
    with pytest.raises(ConfigError, match=r"of 'p' goes through the head of 'lm' at step [02], .*stays in shared="):
        train_tied(tied, strategy, tied.layer, tied.heads)


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda each: each.name)
@pytest.mark.parametrize("heads", [lambda tied: tied.heads, lambda tied: dict(tied.heads)])
def test_a_table_that_is_shared_or_elsewhere_in_the_model_stays(strategy, heads):
    for known in ("shared", "model"):
        tied = Tied()
        shared = [*tied.words.parameters(), *tied.layer.parameters()] if known == "shared" else tied.layer
        own = {"model": tied} if known == "model" else {}
        left = train_tied(tied, strategy, shared, heads(tied), **own)
        kept = [tied.words, tied.layer, tied.heads["p"]]
        assert left == [id(each) for module in kept for each in module.parameters()]


def test_a_parameter_made_after_a_head_is_gone_is_none_of_it(model, closures):
    """Python makes it where that one was."""
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    balance = balance_of(mt2st.PretrainThenFinetune(at=0.2), model, optimizer)
    train(model, optimizer, balance, closures, 1)
    places = {id(each) for task in ("pos", "ner") for each in model.heads[task].parameters()}
    train(model, optimizer, balance, closures, 1)
    pickle.dumps(balance)
    gc.collect()
    made = [torch.nn.Parameter(torch.ones(())) for _ in range(100)]
    assert {id(each) for each in made} & places, "or this shows nothing"
    balance(**{**closures(model, 2), "sentiment": lambda: closures(model, 2)["sentiment"]() * torch.stack(made).prod()})


@pytest.mark.parametrize("again", [copy.deepcopy, lambda run: pickle.loads(pickle.dumps(run))], ids=["copy", "pickle"])
@pytest.mark.parametrize("steps", [0, 1])
def test_a_shared_table_stays_in_the_optimiser_of_a_copy_too(steps, again):
    tied = Tied()
    optimizer = torch.optim.Adam(tied.parameters(), lr=0.01)
    shared, names = [*tied.words.parameters(), *tied.layer.parameters()], ("p", ["lm"])
    balance = mt2st.Balance(*names, mt2st.Switch(at=0.5), 4, shared=shared, heads=tied.heads, optimizers=optimizer)
    train(tied, optimizer, balance, lambda model, _: model.closures(), steps)
    other, others, copied = again((tied, optimizer, balance))
    train(other, others, copied, lambda model, _: model.closures(), 4 - steps)
    assert list(copied.dropped) == ["lm"]
    assert [id(each) for each in others.param_groups[0]["params"]] == [id(each) for each in other.parameters()]


def test_without_heads_nothing_is_taken_and_a_reset_brings_the_task_back(model, closures):
    balance = mt2st.Balance("sentiment", ["pos", "ner"], mt2st.Switch(at=0.2), 10)
    for step in range(3):
        balance(**closures(model, step))
        balance.step()
    assert (list(balance.dropped), balance.active()) == (["pos", "ner"], ("sentiment",))
    balance.reset()
    assert (balance.dropped, balance.active()) == ({}, ("sentiment", "pos", "ner"))
    assert list(model.heads) == ["sentiment", "pos", "ner"]


def test_a_released_head_does_not_come_back(model, closures):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    balance = balance_of(mt2st.Switch(at=0.2), model, optimizer)
    before = balance.state_dict()
    train(model, optimizer, balance, closures, 3)
    now = {**balance.state_dict(), "seconds": 0}
    for go_back in (balance.reset, lambda: balance.load_state_dict(before)):
        with pytest.raises(CheckpointError, match="head of 'pos' was released and cannot come back: build a new model"):
            go_back()
        assert {**balance.state_dict(), "seconds": 0} == now, "nothing is changed by what is refused"


def test_a_head_by_another_name_than_its_tasks_is_refused(model):
    heads = {"POS": model.heads["pos"], "ner": model.heads["ner"]}
    with pytest.raises(ConfigError, match="must go by the names of tasks, found 'POS', while 'pos' has none: rename"):
        mt2st.Balance("sentiment", ["pos", "ner"], mt2st.Constant(), 10, heads=heads)
    mt2st.Balance("sentiment", ["pos"], mt2st.Constant(), 10, heads=model.heads)  # ner is for another balance
    mt2st.Balance("sentiment", ["pos", "ner"], mt2st.Constant(), 10, heads={"ner": model.heads["ner"]})
