"""Loops on a GPU: weights, earlier states, resumed runs, frozen parts and mixed precision, as on the processor."""

import copy
import io

import pytest

torch = pytest.importorskip("torch")

import mt2st  # noqa: E402

TASKS = ("sentiment", "pos", "ner")
TOTAL = 24
FEEDBACK = mt2st.Feedback(mt2st.Constant(), trial=0.25, probe=2, depth=1.0, patience=1, noise=0.05)
FADING = mt2st.Composed({"pos": mt2st.Switch(at=0.3), "ner": mt2st.Diminish(rate=4.0)})
OPTIMIZERS = {
    "adam": lambda groups: torch.optim.Adam(groups, lr=0.05),
    "fused": lambda groups: torch.optim.AdamW(groups, lr=0.05, fused=True),
    "capturable": lambda groups: torch.optim.Adam(groups, lr=torch.tensor(0.05), capturable=True),
    "momentum": lambda groups: torch.optim.SGD(groups, lr=0.05, momentum=0.9),
}


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.words = torch.nn.Embedding(30, 6)
        self.encoder = torch.nn.Sequential(torch.nn.Linear(6, 5), torch.nn.Tanh())
        self.heads = torch.nn.ModuleDict({task: torch.nn.Linear(5, 3) for task in TASKS})

    def loss(self, task, step):
        chance = torch.Generator().manual_seed(1000 * step + TASKS.index(task))
        where = self.words.weight.device if isinstance(self.words, torch.nn.Embedding) else self.words.active.device
        words, labels = torch.randint(30, (8, 4), generator=chance), torch.randint(3, (8,), generator=chance)
        scores = self.heads[task](self.encoder(self.words(words.to(where)).mean(1)))
        return torch.nn.functional.cross_entropy(scores, labels.to(where))


class Loop:
    """A loop of three tasks whose scores rise with each step, but fall at some."""

    def __init__(self, device, strategy=FADING, optimizer="adam", work=mt2st.Skip(floor=0.5), **settings):  # noqa: B008
        self.model = Model().to(device)
        self.optimizer = OPTIMIZERS[optimizer](self.model.parameters())
        self.balance = mt2st.Balance(
            "sentiment", ["pos", "ner"], strategy, TOTAL, shared=self.model.encoder, work=work, seed=3,
            heads=self.model.heads, optimizers=self.optimizer, model=self.model, **settings,
        )  # fmt: skip
        self.rates = mt2st.PhaseLR(self.optimizer, self.balance, mt2st.Rates(single_task=0.5, warm=0.2))
        self.actions = []

    def closures(self):
        step = self.balance.steps
        return {task: lambda task=task: self.model.loss(task, step) for task in TASKS}

    def run_to(self, last, score=lambda step: {2: 0.5, 3: 0.5, 20: 0.3}.get(step, 0.9)):
        while self.balance.steps < last:
            self.balance(**self.closures()).backward()
            self.optimizer.step()
            self.optimizer.zero_grad()
            self.balance.step()
            self.actions += [action.text() for action in self.balance.observe(score(self.balance.steps))]
            self.rates.step()
        return self

    def values(self):
        return [each.detach() for each in self.model.parameters()]


def check(found, expected):
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one.cpu(), other.cpu(), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("strategy", [FADING, FEEDBACK])
@pytest.mark.parametrize("optimizer", ["adam", "momentum"])
def test_a_run_does_and_finds_what_it_does_on_the_processor(strategy, optimizer, device):
    there, here = (Loop(where, strategy, optimizer).run_to(TOTAL) for where in (device, "cpu"))
    assert there.actions == here.actions
    assert list(there.model.heads) == list(here.model.heads)
    assert there.balance.ledger == here.balance.ledger
    check(there.values(), here.values())


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loaded", ["cpu", "cuda"])
@pytest.mark.parametrize("cut", [3, 19])  # within the first trial; after the best state, before the score falls
def test_a_run_goes_on_bit_for_bit_wherever_its_states_were_loaded_to(cut, optimizer, loaded, device):
    first = Loop(device, FEEDBACK, optimizer).run_to(cut)
    parts = (first.model, first.optimizer, first.rates, first.balance)
    file = io.BytesIO()
    torch.save([first.balance.kept_state_dict(), *(part.state_dict() for part in parts)], file)
    first.run_to(TOTAL)
    again = Loop(device, FEEDBACK, optimizer)
    file.seek(0)
    kept, model, adam, rates, balance = torch.load(file, map_location=loaded)
    again.balance.load_kept_state_dict(kept)
    again.balance.load_state_dict(balance)
    again.model.load_state_dict(model)
    again.optimizer.load_state_dict(adam)
    again.rates.load_state_dict(rates)
    again.run_to(TOTAL)
    assert again.actions == first.actions[-len(again.actions) :] and "restore the best" in " ".join(again.actions)
    for one, other in zip(again.values(), first.values(), strict=True):
        assert torch.equal(one, other)


def test_rates_that_are_tensors_follow_the_phases(device):
    plain, tensors = (Loop(device, optimizer=name).run_to(TOTAL) for name in ("adam", "capturable"))
    for one, other in zip(plain.optimizer.param_groups, tensors.optimizer.param_groups, strict=True):
        assert float(other["lr"]) == pytest.approx(float(one["lr"]))


def test_frozen_dimensions_rest_and_the_others_learn(device):
    loop = Loop(device, mt2st.Switch(at=0.5)).run_to(4)
    losses = [lambda step=step: loop.model.loss("sentiment", step) for step in range(3)]
    mt2st.Freezer(loop.model, loop.optimizer).freeze(losses, embedding="words", share=0.5)
    before = copy.deepcopy(loop.model.words)
    loop.run_to(TOTAL)
    assert loop.model.words.frozen.is_cuda and torch.equal(loop.model.words.frozen, before.frozen)
    assert not torch.equal(loop.model.words.active, before.active)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_mixed_precision_with_a_scaler_ends_nearby_and_leaves_out_what_is_not_finite(dtype, device):
    mixed, plain = (Loop(device, optimizer="momentum", work=mt2st.Exact()) for _ in range(2))
    scaler = torch.amp.GradScaler("cuda", enabled=dtype == torch.float16)
    for step in range(TOTAL):
        closures = mixed.closures()
        if step == 2:
            closures["pos"] = lambda: mixed.model.loss("pos", 2) * torch.inf
        with torch.autocast("cuda", dtype):
            loss = mixed.balance(**closures)
        scaler.scale(loss).backward()
        scaler.unscale_(mixed.optimizer)
        torch.nn.utils.clip_grad_norm_(mixed.model.parameters(), 10.0)
        scaler.step(mixed.optimizer)
        scaler.update()
        mixed.optimizer.zero_grad()
        mixed.balance.step()
        mixed.balance.observe(0.5)
        mixed.rates.step()
    assert mixed.balance.ledger["pos"].not_finite == 1
    for one, other in zip(mixed.values(), plain.run_to(TOTAL).values(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0.05)


@pytest.mark.filterwarnings("default:called a synchronizing CUDA operation")
def test_a_call_waits_once_for_the_gpu_whatever_runs(device):
    loop = Loop(device, mt2st.Switch(at=0.5), work=mt2st.Exact()).run_to(2)  # each task has been looked at
    loop.run_to(3)
    alone = Loop(device, mt2st.SingleTask()).run_to(3)
    torch.cuda.set_sync_debug_mode("warn")
    try:
        for each in (loop, alone):
            losses = {task: each.model.loss(task, each.balance.steps) for task in each.balance.active()}
            with pytest.warns(UserWarning, match="synchronizing CUDA operation") as caught:
                each.balance(**{task: lambda loss=loss: loss for task, loss in losses.items()})
            assert len(caught) == 1
    finally:
        torch.cuda.set_sync_debug_mode("default")


def test_memory_does_not_grow_with_the_steps(device):
    strategy = mt2st.Composed({"pos": mt2st.Switch(at=0.9), "ner": mt2st.Constant(0.5)})
    loop = Loop(device, strategy, work=mt2st.Exact()).run_to(4)
    before = torch.cuda.memory_allocated()
    loop.run_to(20)
    assert torch.cuda.memory_allocated() <= before


def test_a_compiled_model_gives_the_same_losses(device):
    loop = Loop(device, mt2st.Constant(0.5))
    plain = loop.balance(**loop.closures())
    loop.model.encoder.compile()
    torch.testing.assert_close(loop.balance(**loop.closures()), plain)


@pytest.mark.parametrize("name", ["UPGrad", "PCGrad", "CAGrad", "MGDA"])
def test_methods_on_gradients_give_the_same(name, device):
    aggregation = pytest.importorskip("torchjd.aggregation")
    settings = {"c": 0.5} if name == "CAGrad" else {}
    try:
        there, here = (
            Loop(where, mt2st.Switch(at=0.5), combine=getattr(aggregation, name)(**settings))
            for where in (device, "cpu")
        )
    except ImportError as error:
        pytest.skip(str(error))
    torch.manual_seed(1)
    there.run_to(TOTAL)
    torch.manual_seed(1)
    here.run_to(TOTAL)
    check(there.values(), here.values())
