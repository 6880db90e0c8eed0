"""Against the real Accelerator: gradients accumulate, are clipped, and all of it resumes in the same bits."""

import pytest

import mt2st
from mt2st.errors import CheckpointError

torch = pytest.importorskip("torch")
accelerate = pytest.importorskip("accelerate")

from mt2st.adapters.accelerate import AcceleratedBalance  # noqa: E402

TOTAL = 9


@pytest.fixture(autouse=True)
def nothing_of_another_trainer():
    """Accelerate keeps how gradients are gathered for the whole process, of transformers' trainers too."""
    accelerate.state.AcceleratorState._reset_state(reset_partial_state=True)
    accelerate.state.GradientState._reset_state()


def balance_of(model, strategy=None, **kwargs):
    strategy = mt2st.Switch(at=0.5) if strategy is None else strategy
    return mt2st.Balance(
        "sentiment", ["pos", "ner"], strategy, TOTAL, shared=model.encoder.parameters(), heads=model.heads, **kwargs
    )


class Run:
    def __init__(self, model_class, data, clip=None):
        self.accelerator = accelerate.Accelerator(cpu=True, gradient_accumulation_steps=2)
        self.clip, model, (x, y) = clip, model_class(), data
        self.batches = list(zip(x.split(8), y.split(8), strict=True))
        self.model, self.optimizer = self.accelerator.prepare(model, torch.optim.Adam(model.parameters(), lr=0.01))
        self.balance = AcceleratedBalance(balance_of(self.model, optimizers=self.optimizer), self.accelerator)

    def train(self, until):
        calls = 2 * self.balance.balance.steps
        while self.balance.balance.steps < until:
            x, y = self.batches[calls % 6]
            calls += 1
            with self.accelerator.accumulate(self.model):
                self.accelerator.backward(self.balance(**self.model.closures(self.model.encoder(x), y)))
                if self.clip and self.accelerator.sync_gradients:
                    self.accelerator.clip_grad_norm_(self.model.parameters(), self.clip)
                self.optimizer.step()
                self.optimizer.zero_grad()
                self.balance.step()
        return self


def test_a_task_may_have_any_name():
    balance = AcceleratedBalance(
        mt2st.Balance("self", ["closures"], mt2st.Constant(), TOTAL), accelerate.Accelerator(cpu=True)
    )
    weight = torch.nn.Parameter(torch.tensor(2.0))
    assert balance(self=lambda: weight, closures=lambda: 3 * weight).item() == 8.0


@pytest.mark.parametrize("clip", [None, 0.1])
def test_the_model_is_that_of_a_plain_loop(data, model_class, by_hand, same_parameters, timeless, clip):
    run, other = Run(model_class, data, clip).train(TOTAL), model_class()
    balance = by_hand(other, balance_of, TOTAL, clip=clip)
    assert timeless(run.balance.balance) == timeless(balance)
    assert balance.ledger["sentiment"].ran == 2 * TOTAL
    assert len(run.optimizer.state) == 4
    same_parameters(run.model, other)


@pytest.mark.parametrize("stop", [2, 5, 8])
def test_it_resumes_in_the_same_bits(tmp_path, data, model_class, same_parameters, timeless, stop):
    """Before the heads are dropped, at step 5, and after; without a pickle of our own."""
    whole = Run(model_class, data).train(TOTAL)
    Run(model_class, data).train(stop).accelerator.save_state(str(tmp_path / "state"))
    assert (tmp_path / "state" / "balance.json").is_file()
    again = Run(model_class, data)
    again.accelerator.load_state(str(tmp_path / "state"))
    assert again.balance.balance.steps == stop
    again.train(TOTAL)
    assert timeless(again.balance.balance) == timeless(whole.balance.balance)
    same_parameters(again.model, whole.model, rtol=0, atol=0)


def test_accelerates_own_registration_takes_a_balance_too(tmp_path, data, model_class, timeless):
    model = model_class()
    one, other = (mt2st.Balance("p", ["a"], mt2st.Constant(), 9, shared=model.encoder.parameters()) for _ in range(2))
    one.step()
    for balance, do in ((one, "save_state"), (other, "load_state")):
        accelerator = accelerate.Accelerator(cpu=True)
        accelerator.register_for_checkpointing(balance)
        getattr(accelerator, do)(str(tmp_path / "state"))
    assert timeless(other) == timeless(one)


def test_what_a_balance_has_it_has_too(data, model_class):
    run = Run(model_class, data)
    assert run.balance.active(0) == ("sentiment", "pos", "ner") and run.balance.strategy is run.balance.balance.strategy
    scheduler = mt2st.PhaseLR(run.optimizer.optimizer, run.balance, mt2st.Rates(single_task=0.5, end=1.0))
    for _ in range(5):
        run.optimizer.optimizer.step()
        run.balance.balance.step()
        scheduler.step()
    assert run.optimizer.param_groups[0]["lr"] == 0.005
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = run.balance.nothing


def test_a_score_is_told(data, model_class):
    run = Run(model_class, data)
    auto = balance_of(run.model, mt2st.Switch(at="auto", window=1, patience=1, latest=1.0))
    balance = AcceleratedBalance(auto, run.accelerator)
    for score in (0.5, 0.6, 0.6):
        auto.step()
        balance.observe(score)
    assert auto.active() == ("sentiment",)


def test_a_state_without_a_balance_is_refused(tmp_path, data, model_class):
    accelerate.Accelerator(cpu=True).save_state(str(tmp_path / "state"))
    with pytest.raises(CheckpointError, match=r"there is no .*balance.json: was this checkpoint saved with"):
        Run(model_class, data).accelerator.load_state(str(tmp_path / "state"))
