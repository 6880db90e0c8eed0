"""Losses that are missing or no numbers."""

import math
from contextlib import suppress

import pytest

import mt2st
from mt2st.errors import NonFiniteLossError
from mt2st.training.balance.losses import weighted_sum

torch = pytest.importorskip("torch")


@pytest.fixture
def w():
    return torch.nn.Parameter(torch.tensor(3.0))


def balance_of(w, total=100, **kwargs):
    return mt2st.Balance("p", ["a", "b"], mt2st.Constant({"a": 0.5, "b": 2.0}), total, shared=[w], **kwargs)


def test_the_sum_by_hand(w):
    # 2 * 3 ** 2 + 0.5 * 3; its derivative 4 * 3 + 0.5
    total = weighted_sum([("p", 2.0, w.square()), ("a", 0.5, w * 1.0)])
    total.backward()
    assert (total.item(), w.grad.item()) == (19.5, 12.5)


def test_nothing_to_sum_is_a_zero_that_can_go_backward(w):
    total = weighted_sum([])
    total.backward()
    assert (total.item(), w.grad) == (0.0, None)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_bad_auxiliary_is_left_out_and_counted(w, bad):
    balance = balance_of(w)
    total = balance(p=lambda: w.square(), a=lambda: w * bad, b=lambda: w * 1.0)
    total.backward()
    assert (total.item(), w.grad.item()) == (15.0, 8.0)
    assert [balance.ledger[task].not_finite for task in "pab"] == [0, 1, 0]
    assert balance.ledger["a"].ran == 1


def test_two_infinities_of_opposite_sign_are_both_found(w):
    balance = balance_of(w)
    total = balance(p=lambda: w.square(), a=lambda: w * float("inf"), b=lambda: w * float("-inf"))
    assert total.item() == 9.0
    assert [balance.ledger[task].not_finite for task in "pab"] == [0, 1, 1]


def test_ten_in_a_row_drop_a_task_and_nine_do_not(w):
    balance = balance_of(w)
    bad_steps = {*range(1, 10), *range(11, 21)}
    for step in range(40):
        factor = float("nan") if step in bad_steps else 1.0
        balance(p=lambda: w.square(), a=lambda factor=factor: w * factor, b=lambda: w * 1.0)
        balance.step()
        assert ("a" in balance.active()) == (step < 20), step
    assert balance.dropped == {"a": "step 21: its last 10 losses were not finite"}
    assert balance.weights == {"p": 1.0, "a": 0.0, "b": 2.0}
    assert (balance.ledger["a"].not_finite, balance.ledger["a"].ran, balance.ledger["a"].skipped) == (19, 21, 19)
    assert balance.ledger["b"].ran == 40


def test_the_count_of_bad_ones_survives_being_saved(w):
    first, second = balance_of(w), balance_of(w)
    given = {"p": lambda: w.square(), "a": lambda: w * float("nan"), "b": lambda: w * 1.0}
    for balance, steps in ((first, 7), (second, 3)):
        for _ in range(steps):
            balance(**given)
            balance.step()
        second.load_state_dict(first.state_dict())
    assert list(second.dropped) == []
    for _ in range(3):
        second(**given)
        second.step()
    assert second.dropped == {"a": "step 10: its last 10 losses were not finite"}


def test_a_task_that_was_dropped_before_a_resume_is_not_waited_for(w):
    """Single losses are looked at until every task has had a first one; a dropped task never will."""
    first, second = balance_of(w), balance_of(w)
    for _ in range(10):
        first(p=lambda: w.square(), a=lambda: w * float("nan"), b=lambda: w * 1.0)
        first.step()
    second.load_state_dict(first.state_dict())
    assert second.active() == ("p", "b")
    second(p=lambda: w.square(), b=lambda: w * 1.0)
    assert second._loss_checks.unchecked == set()


def test_a_bad_primary_stops_and_says_at_which_step(w):
    balance = balance_of(w)
    for _ in range(4):
        balance(p=lambda: w.square(), a=lambda: w * 1.0, b=lambda: w * 1.0)
        balance.step()
    with pytest.raises(NonFiniteLossError, match="the loss of the primary 'p' is nan at step 4: it changed nothing"):
        balance(p=lambda: w * float("nan"), a=lambda: w * 1.0, b=lambda: w * 1.0)


@pytest.mark.parametrize("bad", [1, 7])
def test_a_loop_may_leave_out_the_batch_of_a_bad_primary_before_and_after_the_switch(bad):
    ends = []
    for good in (range(10), [step for step in range(10) if step != bad]):
        w = torch.nn.Parameter(torch.tensor(2.0))
        optimizer = torch.optim.Adam([w], lr=0.1)
        balance = mt2st.Balance("p", ["a"], mt2st.Switch(at=0.5), 10, shared=[w])
        for step in range(10):
            if step in good:
                factor = math.nan if step == bad else 1.0
                with suppress(NonFiniteLossError):
                    balance(p=lambda: factor * w.square(), a=lambda: 3 * w).backward()  # noqa: B023
                    optimizer.step()
                    optimizer.zero_grad()
            balance.step()
        ends.append((w.item(), balance.dropped))
    assert ends[0] == ends[1]


def test_a_task_without_labels_in_a_batch_is_left_out_and_is_not_bad(w):
    balance = balance_of(w)
    for _ in range(30):
        total = balance(p=lambda: w.square(), a=lambda: None, b=lambda: w * 1.0)
        assert total.item() == 15.0
        balance.step()
    account = balance.ledger["a"]
    assert (account.ran, account.skipped, account.empty, account.not_finite) == (0, 0, 30, 0)
    assert balance.dropped == {}


def test_a_batch_without_labels_of_the_primary_trains_the_others(w):
    balance = balance_of(w)
    assert balance(p=lambda: None, a=lambda: w * 1.0, b=lambda: w * 1.0).item() == 7.5
    assert balance(p=lambda: None, a=lambda: None, b=lambda: None).item() == 0.0
    assert balance.ledger["p"].empty == 2


def test_where_all_auxiliaries_were_dropped_before_the_primary_begins_it_begins_then(w):
    balance = mt2st.Balance("p", ["a"], mt2st.PretrainThenFinetune(at=0.5), 100, shared=[w])
    for step in range(12):
        assert balance.active() == (("a",) if step < 10 else ("p",))
        assert balance.weights == ({"p": 0.0, "a": 1.0} if step < 10 else {"p": 1.0, "a": 0.0})
        total = balance(p=lambda: w.square(), a=lambda: w * float("nan"))
        balance.step()
    assert total.item() == 9.0


def test_auxiliaries_are_over_with_the_run(w):
    balance = balance_of(w, total=3)
    for _ in range(3):
        balance(p=lambda: w.square(), a=lambda: w * 1.0, b=lambda: w * 1.0)
        balance.step()
    assert balance.dropped == dict.fromkeys("ab", "step 3: all steps of the run are done, 3")


@pytest.mark.parametrize(
    "strategy", [mt2st.Constant(), mt2st.Switch(at=0.5), mt2st.SingleTask(), mt2st.Diminish(tolerance=0.1)]
)
def test_the_first_step_past_the_last_warns_also_where_the_primary_is_alone_by_then(w, strategy):
    balance = mt2st.Balance("p", ["a"], strategy, 10, shared=[w])
    for _ in range(10):
        balance(p=lambda: w.square(), a=lambda: w * 1.0)
        balance.step()
    with pytest.warns(UserWarning, match="step 10 is past total_steps=10: only the primary is trained from here on"):
        balance(p=lambda: w.square())
    balance.step()
    balance.observe(0.5)
    assert balance(p=lambda: w.square()).item() == 9.0  # and no second warning, which would be an error
