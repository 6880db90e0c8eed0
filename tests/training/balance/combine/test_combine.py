"""Balance with TorchJD's combiners: what they give by hand, in loops as people write them, and over the switch."""

import copy
import io
import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

import mt2st
from mt2st.errors import CheckpointError, ConfigError, GradientPathError, NonFiniteLossError

torch = pytest.importorskip("torch")
aggregation = pytest.importorskip("torchjd.aggregation")
from torchjd import scalarization  # noqa: E402
from torchjd.autojac import backward, jac_to_grad, mtl_backward  # noqa: E402

TASKS = ("sentiment", "pos", "ner")
TOTAL = 10
AGGREGATORS = {
    "UPGrad": aggregation.UPGrad,
    "PCGrad": aggregation.PCGrad,
    "MGDA": aggregation.MGDA,
    "IMTLG": aggregation.IMTLG,
    "GradVac": aggregation.GradVac,
    "AlignedMTL": aggregation.AlignedMTL,
    "ConFIG": aggregation.ConFIG,
    "CAGrad": lambda: aggregation.CAGrad(c=0.4),
    "Mean": aggregation.Mean,
}
SCALARIZERS = {
    "GeometricMean": scalarization.GeometricMean,
    "STCH": lambda: scalarization.STCH(mu=0.5),
    "DWA": scalarization.DWA,
    "Mean": scalarization.Mean,
}


def balance_of(model, combine, strategy=None, **kwargs):
    strategy = mt2st.Diminish(rate=3.0) if strategy is None else strategy
    shared = model.encoder.parameters()
    return mt2st.Balance("sentiment", ["pos", "ner"], strategy, TOTAL, shared=shared, combine=combine, **kwargs)


def gradients(model):
    return [torch.zeros_like(each) if each.grad is None else each.grad.clone() for each in model.parameters()]


def same(ours, theirs, **kwargs):
    for one, other in zip(gradients(ours), gradients(theirs), strict=True):
        torch.testing.assert_close(one, other, **{"rtol": 1e-5, "atol": 1e-6, **kwargs})


def weighted(closures, model, step, rate=3.0):
    """Return the losses of a step times their weights of Diminish."""
    gamma = math.exp(-rate * step / TOTAL)
    found = {task: closure() for task, closure in closures(model, step).items()}
    return [found["sentiment"], gamma * found["pos"], gamma * found["ner"]]


def test_two_gradients_in_conflict_by_hand():
    """J = [[1, 0], [-1, 1]]. PCGrad: each loses its part along the other, [.5, .5] and [0, 1]."""
    w = torch.nn.Parameter(torch.zeros(2))
    balance = mt2st.Balance("p", ["a"], mt2st.Constant(0.5), 10, shared=[w], combine=aggregation.PCGrad())
    loss = balance(p=lambda: w @ torch.tensor([1.0, 0.0]) + 3, a=lambda: w @ torch.tensor([-2.0, 2.0]) + 4)
    loss.backward()
    assert loss.item() == 5.0
    torch.testing.assert_close(w.grad, torch.tensor([0.5, 1.5]))


@pytest.mark.parametrize("name", AGGREGATORS)
def test_an_aggregator_gives_what_torchjd_does_by_hand(make_model, closures, name):
    if name == "CAGrad":
        pytest.importorskip("cvxpy", reason="pip install 'torchjd[cagrad]'")
    ours, theirs = make_model(), make_model()
    balance, combine = balance_of(ours, AGGREGATORS[name]()), AGGREGATORS[name]()
    for step in range(5):
        torch.manual_seed(step)  # PCGrad draws its order
        ours.zero_grad()
        loss = balance(**closures(ours, step))
        loss.backward()
        torch.manual_seed(step)
        theirs.zero_grad()
        losses = weighted(closures, theirs, step)
        shared = list(theirs.encoder.parameters())
        backward(losses, inputs=shared, retain_graph=True)
        jac_to_grad(shared, combine)
        for parameter, gradient in zip(
            theirs.heads.parameters(), torch.autograd.grad(sum(losses), list(theirs.heads.parameters())), strict=True
        ):
            parameter.grad = gradient
        assert loss.item() == pytest.approx(sum(losses).item(), rel=1e-6)
        same(ours, theirs)
        balance.step()


@pytest.mark.parametrize("name", ["UPGrad", "PCGrad"])
def test_heads_on_the_features_of_one_pass_give_what_mtl_backward_does(make_model, batch, name):
    ours, theirs = make_model(), make_model()
    x, y = batch(0, "pos")

    def losses(model):
        features = model.encoder(x)
        entropy = torch.nn.functional.cross_entropy
        return features, {task: entropy(model.heads[task](features), (y + n) % 3) for n, task in enumerate(TASKS)}

    combine = AGGREGATORS[name]
    _, mine = losses(ours)
    torch.manual_seed(3)
    balance_of(ours, combine(), mt2st.Constant(0.5))(**{t: lambda t=t: mine[t] for t in TASKS}).backward()
    features, others = losses(theirs)
    torch.manual_seed(3)
    mtl_backward([others["sentiment"], 0.5 * others["pos"], 0.5 * others["ner"]], features=features)
    jac_to_grad(list(theirs.encoder.parameters()), combine())
    same(ours, theirs)


def test_what_two_tasks_have_in_common_but_is_not_shared_gets_the_sum():
    """Of v the gradients are 2 and -0.5 * 6; of w in conflict PCGrad makes 1 and -0.5 two zeros."""
    w, v = (torch.nn.Parameter(torch.zeros(1)) for _ in range(2))
    balance = mt2st.Balance("p", ["a"], mt2st.Constant(0.5), 10, shared=[w], combine=aggregation.PCGrad())
    balance(p=lambda: (w + 2 * v).sum(), a=lambda: (-w - 6 * v).sum()).backward()
    assert (w.grad.item(), v.grad.item()) == (0.0, -1.0)


@pytest.mark.parametrize("name", SCALARIZERS)
def test_a_scalariser_gives_what_it_does_by_hand(make_model, closures, name):
    ours, theirs = make_model(), make_model()
    balance, combine = balance_of(ours, SCALARIZERS[name]()), SCALARIZERS[name]()
    for step in range(5):
        ours.zero_grad()
        theirs.zero_grad()
        loss = balance(**closures(ours, step))
        loss.backward()
        by_hand = combine(torch.stack(weighted(closures, theirs, step)))
        by_hand.backward()
        assert loss.item() == pytest.approx(by_hand.item(), rel=1e-6)
        same(ours, theirs)
        balance.step()


@pytest.mark.parametrize("combine", [aggregation.UPGrad, scalarization.GeometricMean])
def test_once_the_primary_is_alone_its_plain_loss_is_returned(model, closures, combine, monkeypatch):
    balance = balance_of(model, combine(), mt2st.Switch(at=0.3))
    calls, forward = [], combine.forward
    monkeypatch.setattr(combine, "forward", lambda self, values: calls.append(1) or forward(self, values))
    for step in range(TOTAL):
        given = closures(model, step)
        plain = given["sentiment"]()
        loss = balance(**{**given, "sentiment": lambda plain=plain: plain})
        loss.backward()
        assert (loss is plain) == (step >= 3)
        assert len(calls) == min(step + 1, 3)
        balance.step()
    assert balance.ledger["sentiment"].ran == TOTAL


def test_a_step_that_skips_all_auxiliaries_is_not_combined(model, closures):
    balance = balance_of(model, scalarization.Mean(), mt2st.Constant(0.2), work=mt2st.Skip(), seed=1)
    assert {1, 2} <= {len(balance.active(step)) for step in range(TOTAL)}
    for step in range(TOTAL):
        loss, plain = balance(**closures(model, step)), closures(model, step)
        tasks = balance.active()
        assert loss.item() == pytest.approx(sum(plain[task]() for task in tasks).item() / len(tasks), rel=1e-6)
        balance.step()


def test_halves_of_a_batch_accumulate_and_a_scaler_scales(make_model, closures):
    ours, theirs = make_model(), make_model()
    balance = balance_of(ours, aggregation.UPGrad())
    for micro in (0, 1):
        (balance(**closures(ours, micro)) / 3 * 2.0**14).backward()
        other = balance_of(theirs, aggregation.UPGrad())
        other(**closures(theirs, micro)).backward()
    for one, by_hand in zip(gradients(ours), gradients(theirs), strict=True):
        torch.testing.assert_close(one * 3 / 2.0**14, by_hand, rtol=1e-5, atol=1e-7)


def test_an_overflow_under_a_scaler_skips_the_step_and_halves_the_scale(model, closures, bits):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**127, growth_interval=1000)
    balance, before = balance_of(model, aggregation.AlignedMTL()), bits(model)  # which stops at what is not finite
    scaler.scale(
        balance(**{task: lambda loss=loss: 8 * loss() for task, loss in closures(model, 0).items()})
    ).backward()
    scaler.step(optimizer)
    scaler.update()
    assert (scaler.get_scale(), bits(model)) == (2.0**126, before)


def test_clipping_hooks_and_several_optimisers_see_the_combined_gradient(make_model, closures):
    ours, theirs = make_model(), make_model()
    seen = []
    ours.encoder[0].weight.register_post_accumulate_grad_hook(lambda each: seen.append(each.grad.clone()))
    optimizers = [torch.optim.SGD(part.parameters(), lr=0.1) for part in (ours.encoder, ours.heads)]
    other = torch.optim.SGD(theirs.parameters(), lr=0.1)
    balance = balance_of(ours, aggregation.UPGrad(), mt2st.Constant(40.0))
    balance(**closures(ours, 0)).backward()
    balance_of(theirs, aggregation.UPGrad(), mt2st.Constant(40.0))(**closures(theirs, 0)).backward()
    assert len(seen) == 1
    torch.testing.assert_close(seen[0], theirs.encoder[0].weight.grad)
    for model in (ours, theirs):
        assert torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5) > 1
    for optimizer in (*optimizers, other):
        optimizer.step()
    for one, by_hand in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(one, by_hand)


def test_bfloat16_autocast_and_losses_of_different_precision(make_model, closures):
    ours, theirs = make_model(), make_model()
    balance = balance_of(ours, aggregation.UPGrad(), mt2st.Constant(0.5))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        given = closures(ours, 0)
        loss = balance(**{**given, "ner": lambda: given["ner"]().bfloat16()})
    loss.backward()
    balance_of(theirs, aggregation.UPGrad(), mt2st.Constant(0.5))(**closures(theirs, 0)).backward()
    assert loss.dtype == torch.float32
    same(ours, theirs, rtol=5e-2, atol=5e-3)
    mixed = mt2st.Balance("p", ["a"], mt2st.Constant(), 9, shared=[ours.encoder[0].bias], combine=scalarization.Mean())
    bias = ours.encoder[0].bias.sum()
    assert mixed(p=lambda: bias, a=lambda: bias.bfloat16()).dtype == torch.float32


def test_a_reentrant_checkpoint_is_refused_as_no_gradient_can_be_taken_singly(make_model, batch):
    def given(model, reentrant):
        x, y = batch(0, "pos")

        def loss(task):
            hidden = torch.utils.checkpoint.checkpoint(model.encoder, x.requires_grad_(), use_reentrant=reentrant)
            return torch.nn.functional.cross_entropy(model.heads[task](hidden), y)

        return {task: lambda task=task: loss(task) for task in TASKS}

    ours, theirs = make_model(), make_model()
    with pytest.raises(GradientPathError, match=r"'sentiment' goes through checkpoint.*: write use_reentrant=False"):
        balance_of(ours, aggregation.UPGrad())(**given(ours, reentrant=True))
    balance_of(ours, aggregation.UPGrad())(**given(ours, reentrant=False)).backward()
    x, y = batch(0, "pos")
    entropy = torch.nn.functional.cross_entropy
    plain = {task: lambda task=task: entropy(theirs.heads[task](theirs.encoder(x)), y) for task in TASKS}
    balance_of(theirs, aggregation.UPGrad())(**plain).backward()
    same(ours, theirs)


@pytest.mark.parametrize("sparse", [True, False])
def test_an_embedding_with_sparse_gradients_is_combined_too(sparse):
    """Rows 0 and 1 in conflict, row 2 of one task alone: PCGrad of [[1, 0, 0], [-1, 1, 1]] by hand."""
    words = torch.nn.Embedding(4, 1, sparse=sparse)
    balance = mt2st.Balance("p", ["a"], mt2st.Constant(), 10, shared=words, combine=aggregation.PCGrad())

    def times(*numbers):
        return lambda: (words(torch.tensor([0, 1, 2])) * torch.tensor(numbers)[:, None]).sum()

    balance(p=times(1.0, 0.0, 0.0), a=times(-1.0, 1.0, 1.0)).backward()
    assert words.weight.grad.is_sparse == sparse
    # Each less its part along the other: [2/3, 1/3, 1/3] and [0, 1, 1].
    expected = torch.tensor([[2 / 3], [4 / 3], [4 / 3], [0.0]])
    torch.testing.assert_close(words.weight.grad.to_dense(), expected)


def test_a_bad_auxiliary_is_left_out_of_the_combination(make_model, closures):
    ours, theirs = make_model(), make_model()
    balance = balance_of(ours, aggregation.UPGrad(), mt2st.Constant(0.5))
    given = closures(ours, 0)
    balance(**{**given, "ner": lambda: given["ner"]() * float("nan")}).backward()
    losses = closures(theirs, 0)
    shared = list(theirs.encoder.parameters())
    backward([losses["sentiment"](), 0.5 * losses["pos"]()], inputs=shared)
    jac_to_grad(shared, aggregation.UPGrad())
    for one, other in zip(ours.encoder.parameters(), shared, strict=True):
        torch.testing.assert_close(one.grad, other.grad)
    assert balance.ledger["ner"].not_finite == 1


def test_a_bad_primary_stops_before_anything_is_combined(model, closures):
    given = closures(model, 0)
    with pytest.raises(NonFiniteLossError, match="the loss of the primary 'sentiment' is nan at step 0"):
        balance_of(model, aggregation.UPGrad())(**{**given, "sentiment": lambda: given["sentiment"]() * float("nan")})


def test_a_scalariser_that_makes_no_number_of_good_losses_stops(model, closures):
    given = closures(model, 0)
    with pytest.raises(NonFiniteLossError, match=r"FAMO makes nan of the losses \[-.*\], step 0"):
        balance_of(model, scalarization.FAMO(3))(**{**given, "sentiment": lambda: -given["sentiment"]()})


def test_a_combined_loss_goes_backward_once_and_lets_go_of_its_graph(model, closures):
    loss = balance_of(model, aggregation.UPGrad())(**closures(model, 0))
    loss.backward(retain_graph=True)
    with pytest.raises(ConfigError, match=r"backward ran twice on one combined loss: call balance\(...\) again"):
        loss.backward()


@pytest.mark.parametrize("bad", [aggregation.UPGrad, aggregation.UPGradWeighting(), "UPGrad", sum, torch.nn.ReLU()])
def test_what_combines_nothing_is_refused(model, bad):
    with pytest.raises(ConfigError, match=r"combine must be an aggregator or a scalariser of torchjd, as .*UPGrad\(\)"):
        balance_of(model, bad)


def test_an_aggregator_needs_shared_parameters_and_a_scalariser_does_not(model):
    with pytest.raises(ConfigError, match="combine=UPGrad combines gradients of shared parameters: give them as"):
        mt2st.Balance("p", ["a"], mt2st.Constant(), 10, combine=aggregation.UPGrad())
    mt2st.Balance("p", ["a"], mt2st.Constant(), 10, combine=scalarization.Mean())


def test_one_for_a_fixed_number_of_tasks_says_what_it_needs(model, closures):
    balance = balance_of(model, scalarization.UW(2))
    with pytest.raises(ConfigError, match=r"UW cannot combine sentiment, pos, ner at step 0: .*needs all at every"):
        balance(**closures(model, 0))
    balance = balance_of(model, aggregation.Constant(torch.tensor([1.0, 2.0])))
    with pytest.raises(ConfigError, match="cannot combine sentiment, pos, ner at step 0"):
        balance(**closures(model, 0)).backward()


class Run:
    def __init__(self, make_model, combine, strategy):
        self.model = make_model()
        self.combine = combine()
        own = list(self.combine.parameters())
        self.optimizer = torch.optim.Adam([*self.model.parameters(), *own], lr=0.01)
        self.balance = balance_of(self.model, self.combine, strategy, heads=self.model.heads, optimizers=self.optimizer)

    def train(self, closures, until):
        while self.balance.steps < until:
            self.balance(**closures(self.model, self.balance.steps)).backward()
            self.optimizer.step()
            self.optimizer.zero_grad()
            self.balance.step()
        return self


COMBINERS = {
    "UPGrad": (aggregation.UPGrad, mt2st.Diminish(rate=3.0)),
    "MGDA": (aggregation.MGDA, mt2st.Switch(at=0.5)),
    "PCGrad": (aggregation.PCGrad, mt2st.Switch(at=0.5)),
    "UW": (lambda: scalarization.UW(3), mt2st.Switch(at=0.5)),
    "IMTLL": (lambda: scalarization.IMTLL(3), mt2st.Switch(at=0.5)),
}


@pytest.mark.parametrize("name", COMBINERS)
def test_a_loop_resumed_at_any_step_ends_in_the_same_bits(make_model, closures, bits, name):
    """With the state of torch's generator, which PCGrad draws from, as of every loop that draws."""
    combine, strategy = COMBINERS[name]
    torch.manual_seed(1)
    whole = Run(make_model, combine, strategy)
    states = []
    while whole.balance.steps < TOTAL:
        optimizer = copy.deepcopy(whole.optimizer.state_dict())
        weights = copy.deepcopy(whole.model.state_dict())
        states.append((json.dumps(whole.balance.state_dict()), weights, optimizer, torch.get_rng_state()))
        whole.train(closures, whole.balance.steps + 1)
    for balance, model, optimizer, chance in states:
        again = Run(make_model, combine, strategy)
        again.balance.load_state_dict(json.loads(balance))
        again.model.load_state_dict(model)
        again.optimizer.load_state_dict(optimizer)
        torch.set_rng_state(chance)
        assert bits(again.train(closures, TOTAL).model) == bits(whole.model)
        assert again.balance.state_dict()["combine"] == whole.balance.state_dict()["combine"]


def test_state_of_another_combiner_is_refused_and_a_reset_reaches_it(model, closures):
    summed, combined = balance_of(model, None), balance_of(model, scalarization.UW(3))
    with pytest.raises(CheckpointError, match="the saved run has combine=None, this UW: resume with the saved one"):
        combined.load_state_dict(summed.state_dict())
    with pytest.raises(CheckpointError, match="the saved run has combine=UW, this None"):
        summed.load_state_dict(combined.state_dict())
    with torch.no_grad():
        combined._combine.module.log_var += 1
    assert combined.state_dict()["combine"] == {"kind": "UW", "own": {"log_var": [1.0, 1.0, 1.0]}, "memory": []}
    combined.reset()
    assert combined.state_dict()["combine"]["own"] == {"log_var": [0.0, 0.0, 0.0]}


def test_a_state_saved_before_there_were_combiners_is_a_sums(model):
    state = balance_of(model, None).state_dict()
    del state["combine"]
    balance_of(model, None).load_state_dict(state)


def remembering(kind):
    """Return what makes a combiner whose weights come of what it has seen."""
    return {"FAMO": lambda: scalarization.FAMO(3), "DWA": scalarization.DWA}.get(kind) or getattr(aggregation, kind)


@pytest.mark.parametrize("kind", ["DWA", "FAMO", "GradVac", "PCD", "ExcessMTL"])
def test_a_combiner_that_was_saved_whole_goes_on_in_the_same_bits(make_model, closures, bits, kind):
    def train(run, steps):
        torch.manual_seed(0)  # GradVac draws its order
        for _ in range(steps):
            run.train(closures, run.balance.steps + 1)
            if kind == "FAMO":
                run.combine.update(torch.tensor([1.0, 2.0, 3.0]) / run.balance.steps)
            if kind == "DWA" and run.balance.steps % 2:
                run.combine.step()
        return bits(run.model)

    whole, saved = Run(make_model, remembering(kind), mt2st.Constant(0.5)), io.BytesIO()
    train(whole, 6)
    torch.save((whole.combine, whole.model.state_dict(), whole.optimizer.state_dict()), saved)
    state = json.dumps(whole.balance.state_dict())
    saved.seek(0)
    combine, model, optimizer = torch.load(saved, weights_only=False)
    again = Run(make_model, lambda: combine, mt2st.Constant(0.5))
    again.balance.load_state_dict(json.loads(state))
    again.model.load_state_dict(model)
    again.optimizer.load_state_dict(optimizer)
    assert train(again, 4) == train(whole, 4)
    with pytest.warns(UserWarning, match=rf"{kind}.* starts over, without .*: save it too, by torch.save\(combine, "):
        Run(make_model, remembering(kind), mt2st.Constant(0.5)).balance.load_state_dict(json.loads(state))


def test_what_a_combiner_keeps_of_all_parameters_is_not_written_as_json(model, closures):
    balance = balance_of(model, aggregation.ExcessMTL())
    balance(**closures(model, 0)).backward()
    assert balance.state_dict()["combine"] == {"kind": "ExcessMTL", "own": {}, "memory": [
        "weighting._initial_w", "weighting._sq_grad_sum", "weighting._warmup_w_sum", "weighting._weights",
    ]}  # fmt: skip


@pytest.mark.skipif(not torch.distributed.is_available(), reason="this torch is built without torch.distributed")
def test_two_ranks_average_what_each_combines():
    script = Path(__file__).with_name("two_ranks.py")
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2", str(script)]
    done = subprocess.run(launch, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr[-4000:]
