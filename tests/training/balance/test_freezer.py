"""Freezer in plain PyTorch loops: what is frozen, bit-equal under every optimiser, moments kept, states resumed."""

import json
from copy import deepcopy

import pytest

torch = pytest.importorskip("torch")

import mt2st  # noqa: E402
from mt2st.errors import CheckpointError, ConfigError, GradientPathError  # noqa: E402
from mt2st.models.pytorch.relevance import relevance_of  # noqa: E402

WORDS, SIZE = 30, 6
OPTIMIZERS = {
    "sgd with momentum and decay": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.1),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1, amsgrad=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, momentum=0.9, weight_decay=0.1, centered=True),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1, weight_decay=0.1),
}


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(2)
        self.words = torch.nn.Embedding(WORDS, SIZE)
        self.body = torch.nn.ModuleDict({name: torch.nn.Linear(SIZE, SIZE) for name in ("one", "two", "three")})
        self.head = torch.nn.Linear(SIZE, 2)

    def forward(self, ids):
        hidden = self.words(ids).mean(1)
        for layer in self.body.values():
            hidden = hidden + torch.tanh(layer(hidden))
        return self.head(hidden)


def loss(model, seed):
    chance = torch.Generator().manual_seed(seed)
    ids, labels = torch.randint(WORDS, (8, 5), generator=chance), torch.randint(2, (8,), generator=chance)
    return torch.nn.functional.cross_entropy(model(ids), labels)


def losses(model):
    return [lambda seed=seed: loss(model, seed) for seed in range(100, 104)]


def train(model, optimizer, steps):
    for step in steps:
        loss(model, step).backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)  # a gradient of zeros lets momentum and weight decay act


def columns_of(model):
    return [column for column in range(SIZE) if column not in model.words.columns["frozen"]]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_frozen_dimensions_are_bit_equal_and_others_go_on_as_without_freezing(name):
    model, plain = Model(), Model()
    optimizers = [OPTIMIZERS[name](each.parameters()) for each in (model, plain)]
    for each, optimizer in zip((model, plain), optimizers, strict=True):
        train(each, optimizer, range(5))
    freezer = mt2st.Freezer(model, optimizers[0])
    freezer.freeze(losses(model), embedding="words", share=0.5)
    frozen, active = freezer.frozen["words"], columns_of(model)
    before = model.words.weight.detach().clone()
    assert torch.equal(before, plain.words.weight)
    train(model, optimizers[0], [5])
    train(plain, optimizers[1], [5])
    # The first step is the very same, moments and all; from the second on gradients differ.
    torch.testing.assert_close(model.words.weight[:, active], plain.words.weight[:, active], rtol=1e-5, atol=1e-7)
    train(model, optimizers[0], range(6, 12))
    assert torch.equal(model.words.weight[:, frozen], before[:, frozen])
    assert not torch.equal(model.words.weight[:, active], before[:, active])
    assert not torch.equal(plain.words.weight[:, frozen], before[:, frozen]), "while these would have moved"


def test_adafactor_goes_on_with_the_columns_that_are_left():
    """Its rows and columns have one moment each, so that its step is not that without freezing."""
    model = Model()
    optimizer = torch.optim.Adafactor(model.parameters(), lr=0.01)
    train(model, optimizer, range(3))
    moments = {key: value.clone() for key, value in optimizer.state[model.words.weight].items()}
    mt2st.Freezer(model, optimizer).freeze(losses(model), embedding="words", share=0.5)
    state, before = optimizer.state[model.words.active], model.words.frozen.clone()
    assert torch.equal(state["row_var"], moments["row_var"])
    assert torch.equal(state["col_var"], moments["col_var"][:, columns_of(model)])
    train(model, optimizer, range(3, 6))
    assert torch.equal(model.words.frozen, before)


def test_the_least_relevant_are_chosen():
    model = Model()
    relevance, _ = relevance_of(losses(model), model.words)
    freezer = mt2st.Freezer(model)
    freezer.freeze(losses(model), embedding="words", share=1 / 3)
    assert freezer.frozen["words"] == sorted(relevance.argsort()[:2].tolist())


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_an_evaluation_may_freeze_without_gradients_of_its_own(mode):
    plain, other = Model(), Model()
    for model, within in ((plain, torch.enable_grad), (other, mode)):
        optimizer = torch.optim.AdamW(model.parameters())
        train(model, optimizer, range(2))
        with within():
            mt2st.Freezer(model, optimizer).freeze(losses(model), embedding="words", layers=["body.one", "body.two"])
        train(model, optimizer, range(2, 4))
    for one, two in zip(plain.state_dict().values(), other.state_dict().values(), strict=True):
        assert torch.equal(one, two)


def test_all_dimensions_frozen_need_no_gradient():
    model = Model()
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.5)
    train(model, optimizer, range(3))
    mt2st.Freezer(model, optimizer).freeze(losses(model), embedding="words", share=1.0)
    before = model.words.weight.clone()
    train(model, optimizer, range(3, 6))
    assert torch.equal(model.words.weight, before) and model.words.weight.grad is None


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_layers_rest_the_least_relevant_first(name):
    model = Model()
    optimizer = OPTIMIZERS[name](model.parameters())
    train(model, optimizer, range(3))
    with torch.no_grad():
        model.body["two"].weight.mul_(1e-4)
        model.body["two"].bias.mul_(1e-4)
    freezer = mt2st.Freezer(model, optimizer)
    names = [f"body.{layer}" for layer in model.body]
    freezer.freeze(losses(model), layers=names, layer_share=0.4)
    assert freezer.layers == ["body.two"] and not freezer.frozen
    before = {key: value.clone() for key, value in model.state_dict().items()}
    train(model, optimizer, range(3, 8))
    for key, value in model.state_dict().items():
        assert torch.equal(value, before[key]) == key.startswith("body.two."), key


def test_a_layer_is_worth_the_mean_over_its_numbers():
    # Two numbers in the first layer, six in the second; the gradient of each is 1.
    model = torch.nn.ModuleDict({"small": torch.nn.Linear(1, 1), "large": torch.nn.Linear(2, 2)})
    with torch.no_grad():
        for value, layer in zip((2.0, 1.0), model.values(), strict=True):
            for parameter in layer.parameters():
                parameter.fill_(value)
    freezer = mt2st.Freezer(model)
    total = lambda: sum(p.sum() for p in model.parameters())  # noqa: E731
    freezer.freeze([total], layers=["small", "large"], layer_share=0.5)
    assert freezer.layers == ["large"], "1 on average, against 2; their sums are 6 and 4"


def test_a_saved_run_goes_on_bit_for_bit():
    def start():
        model = Model()
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
        return model, optimizer, mt2st.Freezer(model, optimizer)

    model, optimizer, freezer = start()
    train(model, optimizer, range(3))
    freezer.freeze(losses(model), embedding="words", layers=["body.one", "body.two"])
    train(model, optimizer, range(3, 5))
    states = deepcopy((model.state_dict(), optimizer.state_dict()))  # optimisers would share their moments
    saved = json.loads(json.dumps(freezer.state_dict())), *states
    other, other_optimizer, other_freezer = start()
    for part, state in zip((other_freezer, other, other_optimizer), saved, strict=True):
        part.load_state_dict(state)
    for each, its_optimizer in ((model, optimizer), (other, other_optimizer)):
        train(each, its_optimizer, range(5, 9))
    one, two = model.state_dict(), other.state_dict()
    assert one.keys() == two.keys() and all(torch.equal(one[key], two[key]) for key in one)
    with pytest.raises(CheckpointError, match="frozen already: load the state into a newly built model"):
        other_freezer.load_state_dict(saved[0])


def test_with_balance_from_the_switch_on():
    model = Model()
    optimizer = torch.optim.Adam(model.parameters())
    balance = mt2st.Balance("a", ["b"], mt2st.Switch(at=0.5), total_steps=6, shared=model.words.parameters())
    freezer = mt2st.Freezer(model, optimizer)
    for step in range(6):
        if step == balance.strategy.transition():
            freezer.freeze(losses(model), embedding="words", share=0.5)
            before = model.words.frozen.clone()
        balance(a=lambda: loss(model, step), b=lambda: loss(model, 50 + step)).backward()  # noqa: B023
        optimizer.step()
        optimizer.zero_grad()
        balance.step()
    assert torch.equal(model.words.frozen, before)


def test_a_share_of_zero_changes_nothing():
    model = Model()
    mt2st.Freezer(model).freeze(losses(model), embedding="words", share=0.0)
    assert type(model.words) is torch.nn.Embedding and model.words.weight.requires_grad


def test_what_cannot_be_frozen_is_refused():
    model = Model()
    freezer = mt2st.Freezer(model)
    with pytest.raises(ConfigError, match="optimizers must be torch's, one or several, found None"):
        mt2st.Freezer(model, None)
    with pytest.raises(ConfigError, match="no module 'wrods' in the model; did you mean 'words'"):
        freezer.freeze(losses(model), embedding="wrods")
    with pytest.raises(ConfigError, match=r"head must be a torch.nn.Embedding that is not frozen, found Linear"):
        freezer.freeze(losses(model), embedding="head")
    with pytest.raises(GradientPathError, match="does not reach it"):
        freezer.freeze([lambda: model.words(torch.tensor([1])).sum() * 0], embedding="words")
    freezer.freeze(losses(model), embedding="words")
    with pytest.raises(ConfigError, match="not frozen, found PartlyFrozenEmbedding"):
        freezer.freeze(losses(model), embedding="words")
    tied = Model()
    tied.out = torch.nn.Linear(SIZE, WORDS)
    tied.out.weight = tied.words.weight
    with pytest.raises(ConfigError, match=r"the weight of 'words' is held by words.weight, out.weight: untie it"):
        mt2st.Freezer(tied).freeze(losses(tied), embedding="words")
    with pytest.raises(ConfigError, match="share must be at least 0 and at most 1, found 'half'"):
        freezer.freeze(losses(model), layers=["head"], share="half")
    with pytest.raises(ConfigError, match="losses must be a list of closures, one a batch"):
        freezer.freeze(lambda: loss(model, 1), layers=["head"])
    with pytest.raises(ConfigError, match="losses must be a list of closures, one a batch"):
        freezer.freeze([loss(model, 1)], layers=["head"])


def test_what_is_frozen_already_is_refused_by_name():
    model = Model()
    freezer = mt2st.Freezer(model)
    freezer.freeze(losses(model), embedding="words", share=1.0, layers=["body.one"], layer_share=1.0)
    with pytest.raises(ConfigError, match=r"no parameter of 'body.one' is trained, or all are frozen already: leave"):
        freezer.freeze(losses(model), layers=["body.one", "body.two"])
    with pytest.raises(ConfigError, match=r"words must be a torch.nn.Embedding that is not frozen, found a frozen Emb"):
        freezer.freeze(losses(model), embedding="words")
    freezer.freeze(losses(model), layers="body", layer_share=1.0)
    assert not any(each.requires_grad for each in model.body.parameters()), "a layer with a part that rests already"


def test_running_statistics_of_a_frozen_layer_stay():
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 1))
    x = torch.randn(8, 3, generator=torch.Generator().manual_seed(0))
    model(x)
    freezer = mt2st.Freezer(model)
    freezer.freeze([lambda: model(x).square().sum()], layers=["1"], layer_share=1.0)
    before = {key: value.clone() for key, value in model[1].state_dict().items()}
    model.train()
    hidden = model[0](5.0 * x)
    found = model[1](hidden)
    assert all(torch.equal(value, before[key]) for key, value in model[1].state_dict().items())
    torch.testing.assert_close(found, (hidden - before["running_mean"]) / (before["running_var"] + 1e-5).sqrt())


def test_a_balance_whose_shared_embedding_is_frozen_goes_on():
    model = Model()
    optimizer = torch.optim.Adam(model.parameters())
    balance = mt2st.Balance("a", ["b"], mt2st.Constant(), 4, shared=model.words.parameters(), optimizers=optimizer)
    mt2st.Freezer(model, optimizer).freeze(losses(model), embedding="words", share=0.5)
    balance(a=lambda: loss(model, 1), b=lambda: loss(model, 2)).backward()
    assert balance.shared == (model.words.active,) and model.words.active.grad.shape == (WORDS, 3)
