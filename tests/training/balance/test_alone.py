"""Once the primary is alone a call takes a shorter way, on which every promise still holds."""

import json

import pytest

import mt2st
from mt2st.errors import ConfigError, GradientPathError, NonFiniteLossError

torch = pytest.importorskip("torch")


@pytest.fixture
def w():
    return torch.nn.Parameter(torch.tensor(3.0))


def alone(w, strategy=None, total=100):
    """Return a balance whose auxiliaries are over, after one step."""
    strategy = mt2st.SingleTask() if strategy is None else strategy
    balance = mt2st.Balance("p", ["a", "b"], strategy, total, shared=[w])
    balance(p=lambda: w.square(), a=lambda: w * 1.0, b=lambda: w * 1.0)
    balance.step()
    return balance


def test_the_loss_itself_is_returned_and_nothing_else_is_called(w):
    balance, loss = alone(w), w.square()
    assert balance(p=lambda: loss, a=lambda: 1 / 0, b=lambda: 1 / 0) is loss
    assert balance.active() == ("p",)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_bad_loss_stops_there_too_and_the_closure_is_called_once(w, bad):
    balance, calls = alone(w), []
    with pytest.raises(NonFiniteLossError, match=f"the loss of the primary 'p' is {bad} at step 1: it changed nothing"):
        balance(p=lambda: calls.append(1) or w * bad)
    assert len(calls) == 1


def test_none_is_a_zero_that_is_counted_and_the_closure_is_called_once(w):
    balance, calls = alone(w), []
    assert balance(p=lambda: calls.append(1)).item() == 0.0
    account = balance.ledger["p"]
    assert (len(calls), account.ran, account.empty) == (1, 1, 1)


def test_a_missing_closure_is_named(w):
    with pytest.raises(ConfigError, match="p runs at step 1 and has no closure"):
        alone(w)(a=lambda: w * 1.0)


def test_calls_are_counted_whatever_the_number_of_steps_and_survive_being_saved(w):
    balance = alone(w)
    for _ in range(3):
        balance(p=lambda: w.square())
        balance(p=lambda: w.square())
        balance.step()
    again = mt2st.Balance("p", ["a", "b"], mt2st.SingleTask(), 100, shared=[w])
    again(p=lambda: w.square())
    again.step()
    again(p=lambda: w.square())
    again.load_state_dict(json.loads(json.dumps(balance.state_dict())))
    for each in (balance, again):
        assert each.steps == 4
        assert (each.ledger["p"].ran, each.ledger["p"].skipped) == (7, 0)
        assert (each.ledger["a"].ran, each.ledger["a"].skipped) == (0, 7)
        each(p=lambda: w.square())
        assert each.ledger["p"].ran == 8
        each(p=lambda: w.square())
        assert each._tally.losses == 9


def test_it_ends_with_a_reset_and_with_the_load_of_an_earlier_state(w):
    balance = mt2st.Balance("p", ["a", "b"], mt2st.Switch(at=0.02), 100, shared=[w])
    first = balance.state_dict()
    for back in (balance.reset, lambda: balance.load_state_dict(first)):
        for step in range(5):
            assert balance.active() == (("p", "a", "b") if step < 2 else ("p",))
            loss = balance(p=lambda: w.square(), a=lambda: w * 1.0, b=lambda: w * 1.0)
            assert loss.item() == (15.0 if step < 2 else 9.0)
            balance.step()
        back()


def test_a_score_told_on_the_way_changes_nothing(w):
    balance = alone(w)
    for _ in range(3):
        balance.observe(0.5)
        assert balance(p=lambda: w.square()).item() == 9.0
        balance.step()
    assert balance.ledger["p"].ran == 4


def test_the_first_loss_is_still_looked_at(w):
    balance = mt2st.Balance("p", ["a"], mt2st.SingleTask(), 10, shared=[w])
    balance.step()
    with pytest.raises(GradientPathError, match="the loss of 'p' has no gradient at step 1"):
        balance(p=lambda: torch.tensor(1.0))


@pytest.mark.parametrize(
    ("closure", "message"),
    [
        (
            lambda w: lambda: w * torch.ones(2),
            r"the loss of 'p' must be a tensor of one number, found \(2,\) at step 1",
        ),
        (lambda w: lambda: 3.0, "the loss of 'p' must be a tensor of one number, found float at step 1"),
        (lambda w: w.square(), "p must be a closure, found a Tensor: write p=lambda: ..."),
    ],
)
def test_what_is_no_loss_or_no_closure_is_named(w, closure, message):
    with pytest.raises(ConfigError, match=message):
        alone(w)(p=closure(w))


@pytest.mark.parametrize("shape", [(1,), (1, 1)])
def test_one_number_of_any_shape_goes_on_alone(shape):
    w = torch.nn.Parameter(torch.full(shape, 2.0))
    balance = mt2st.Balance("p", ["a"], mt2st.Switch(at=0.5), 4)
    found = []
    for _ in range(4):
        loss = balance(p=lambda: w.square(), a=lambda: 3 * w)
        loss.backward()
        found.append(loss.item())
        balance.step()
    assert found == [10.0, 10.0, 4.0, 4.0]
    assert (w.grad.item(), balance.ledger["p"].ran) == (2 * 7.0 + 2 * 4.0, 4)
