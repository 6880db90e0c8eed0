"""PhaseLR: rates of all groups follow the phases, through dropped heads, saved states and late groups."""

import copy
import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

import mt2st  # noqa: E402
from mt2st.errors import ConfigError  # noqa: E402
from mt2st.training.balance.phase_lr import PhaseLR  # noqa: E402

STEPS = 10


def make(model, rates=None, **settings):
    groups = [{"params": model.encoder.parameters(), "lr": 1.0}]
    groups += [{"params": head.parameters(), "lr": 0.1} for head in model.heads.values()]
    optimizer = torch.optim.AdamW(groups)
    settings = {"strategy": mt2st.Switch(at=0.4), "heads": model.heads, "optimizers": optimizer, **settings}
    balance = mt2st.Balance("sentiment", ["pos", "ner"], total_steps=STEPS, **settings)
    return optimizer, balance, PhaseLR(optimizer, balance, rates)


def run(model, parts, closures, steps):
    optimizer, balance, scheduler = parts
    seen = []
    for step in steps:
        seen.append([group["lr"] for group in optimizer.param_groups])
        balance(**closures(model, step)).backward()
        optimizer.step()
        optimizer.zero_grad()
        balance.step()
        scheduler.step()
    return seen


def test_rates_are_those_of_the_schedule_in_every_group(model, closures):
    rates = mt2st.Rates(single_task=0.5, warm=0.5, low=0.0, end=0.1)
    seen = run(model, make(model, rates), closures, range(STEPS))
    # Multi-task: 1 down to 0.1 over 4 steps; then up over 3 of 6 and down over 3, halved.
    shares = [1.0, 0.775, 0.55, 0.325, 0.0, 1 / 6, 1 / 3, 0.5, 0.35, 0.2]
    for found, share in zip(seen, shares, strict=True):
        assert found == pytest.approx([share, 0.1 * share, 0.1 * share, 0.1 * share])


@pytest.mark.parametrize("turns", [0.2, 2])
def test_a_scheduler_out_of_step_with_its_balance_is_warned_of(model, turns):
    """Once per epoch of five steps, as Lightning does by default, and once for each of two processes."""
    optimizer, balance, scheduler = make(model)
    optimizer.step()
    with pytest.warns(UserWarning, match="over a tenth of the run apart.*interval.*do not prepare it") as told:
        for step in range(1, STEPS + 1):
            balance.step()
            for _ in range(int(step * turns) - int((step - 1) * turns)):
                scheduler.step()
    assert {Path(each.filename).name for each in told} == {Path(__file__).name}


@pytest.mark.parametrize("first", [True, False])
def test_a_scheduler_may_step_just_before_its_balance(model, first):
    optimizer, balance, scheduler = make(model)
    optimizer.step()
    for _ in range(STEPS):
        for each in (scheduler, balance) if first else (balance, scheduler):
            each.step()


def test_each_group_has_rates_of_its_own_also_once_heads_are_gone(model, closures):
    each = [mt2st.Rates(single_task=factor, end=1.0) for factor in (2.0, 3.0, 4.0, 5.0)]
    parts = make(model, each)
    seen = run(model, parts, closures, range(STEPS))
    assert list(model.heads) == ["sentiment"]
    assert seen[3] == [1.0, 0.1, 0.1, 0.1] and seen[-1] == pytest.approx([2.0, 0.3, 0.4, 0.5])


def test_a_saved_run_goes_on_with_the_same_rates(make_model, closures):
    rates = mt2st.Rates(single_task=0.3, warm=0.3)
    whole = run(model := make_model(), make(model, rates), closures, range(STEPS))
    model = make_model()
    parts = make(model, rates)
    first = run(model, parts, closures, range(6))
    saved = json.loads(json.dumps(parts[2].state_dict()))
    optimizer, balance, scheduler = fresh = make(other := make_model(), rates)
    balance.load_state_dict(parts[1].state_dict())
    other.load_state_dict(model.state_dict())
    optimizer.load_state_dict(parts[0].state_dict())
    scheduler.load_state_dict(saved)
    assert first + run(other, fresh, closures, range(6, STEPS)) == whole


@pytest.mark.parametrize("rate", [1.0, torch.tensor(1.0)])
def test_rates_are_the_same_whether_a_score_is_observed_before_or_after_they_are_set(model, closures, rate):
    strategy, found = mt2st.Feedback(mt2st.Constant(), trial=0.5, depth=1.0, patience=1, noise=0.01), []
    scores = [0.5, 0.6, 0.5, 0.6, 0.5, 0.7, 0.8, 0.3, 0.9, 0.9, 0.9, 0.9]
    for early in (True, False):
        optimizer = torch.optim.SGD(model.parameters(), lr=rate if isinstance(rate, float) else rate.clone())
        balance = mt2st.Balance(
            "sentiment", ["pos", "ner"], strategy, 12, shared=model.encoder, model=model, optimizers=optimizer
        )
        scheduler, seen, told = PhaseLR(optimizer, balance, mt2st.Rates(warm_first=0.5)), [], []
        for step, score in enumerate(scores):
            seen.append(float(optimizer.param_groups[0]["lr"]))
            balance(**closures(model, step)).backward()
            optimizer.step()
            balance.step()
            for each in (0, 1):
                if early == (each == 0):
                    told += balance.observe(score)
                else:
                    scheduler.step()
        assert {"restore", "rate"} <= {action.name for action in told}
        found.append((seen, scheduler.get_last_lr(), scheduler.last_epoch))
    assert found[0] == found[1]
    assert len(set(found[0][0])) > 3


def test_a_copy_of_a_balance_has_no_part_in_the_rates(model):
    _, balance, scheduler = make(model)
    again = copy.deepcopy(balance)
    assert (len(balance.followers), again.followers) == (1, [])
    assert scheduler.balance is balance


def test_phases_are_sought_only_where_they_may_have_changed(monkeypatch):
    parameter = torch.nn.Parameter(torch.ones(()))
    optimizer, rates = torch.optim.SGD([parameter], lr=1.0), mt2st.Rates(single_task=0.5, warm=0.25)
    balance = mt2st.Balance("p", ["a"], mt2st.Switch(at=0.4), 1000)
    scheduler, strategy = PhaseLR(optimizer, balance, rates), balance.strategy
    expected = [rates.share(strategy.phase(step), step) for step in range(1001)]
    sought, seek = [], strategy.phase
    monkeypatch.setattr(strategy, "phase", lambda step: sought.append(step) or seek(step))
    for step in range(1000):
        assert optimizer.param_groups[0]["lr"] == pytest.approx(expected[step])
        optimizer.step()
        balance.step()
        scheduler.step()
    assert len(sought) < 20


@pytest.mark.parametrize("rate", [8.0, torch.tensor(8.0)])
def test_a_group_added_later_follows_from_its_own_rate(rate, model, closures):
    optimizer, balance, scheduler = parts = make(model)
    run(model, parts, closures, range(1))
    optimizer.add_param_group({"params": [torch.nn.Parameter(torch.ones(1))], "lr": rate})
    for share in (0.5, 0.25):
        balance.step()
        scheduler.step()
        assert float(optimizer.param_groups[-1]["lr"]) == pytest.approx(8.0 * share)


def test_the_switch_that_is_found_starts_rates_anew(model, closures):
    optimizer, balance, _ = parts = make(model, strategy=mt2st.Switch(at="auto", window=1, patience=1, latest=0.9))
    run(model, parts, closures, range(1))
    for step, score in enumerate((0.5, 0.6, 0.6), start=1):
        balance.observe(score)
        run(model, parts, closures, [step])
    assert balance.strategy.transition() == 3
    assert optimizer.param_groups[0]["lr"] == pytest.approx(1 - 1 / 7)


def test_the_single_task_phase_begins_where_the_last_auxiliary_is_dropped(make_model, closures):
    strategy = mt2st.Diminish(rate=5.0)
    rates = mt2st.Rates(single_task=0.1, end=0.5)
    parts = make(model := make_model(), rates, strategy=strategy, drop=0.2)
    turn = next(step for step in range(STEPS) if parts[1].active(step) == ("sentiment",))
    assert 1 < turn < 6 and strategy.bind("a", ["b"], mt2st.strategies.Clock(STEPS)).transition() == STEPS
    seen = [group[0] for group in run(model, parts, closures, range(STEPS))]
    multi = [1.0 - 0.5 * step / turn for step in range(turn)]
    single = [0.1 * (1.0 - 0.5 * step / (STEPS - turn)) for step in range(STEPS - turn)]
    assert seen == pytest.approx([*multi, *single])
    other = make(again := make_model(), rates, strategy=strategy, drop=0.2)
    state = parts[1].state_dict()
    other[1].load_state_dict({**state, "steps": 8})
    other[2].load_state_dict({**parts[2].state_dict(), "last_epoch": 7})
    other[2].step()
    assert other[0].param_groups[0]["lr"] == pytest.approx(seen[8]) and list(again.heads) == ["sentiment"]
    assert other[1].turn == parts[1].turn == turn
    earlier = make(make_model(), rates, strategy=strategy, drop=0.2)[1]
    earlier.load_state_dict({key: value for key, value in state.items() if key != "ended"})
    assert earlier.turn == STEPS, "a state of before this was kept: alone from where it was saved on"


def test_losses_that_are_not_finite_end_the_multi_task_phase_too(model, closures):
    optimizer, balance, scheduler = make(model, mt2st.Rates(single_task=0.1, end=1.0), strategy=mt2st.Constant())
    bad = dict.fromkeys(("pos", "ner"), lambda: torch.tensor(float("nan"), requires_grad=True))
    balance._loss_checks.unchecked.clear()
    balance._loss_checks.bad = dict.fromkeys(bad, 7)
    seen = []
    for step in range(6):
        seen.append(optimizer.param_groups[0]["lr"])
        balance(**{**closures(model, step), **bad}).backward()
        optimizer.step()
        balance.step()
        scheduler.step()
    assert seen == pytest.approx([1.0, 1.0, 1.0, 0.1, 0.1, 0.1])
    assert [reason[:7] for reason in balance.dropped.values()] == ["step 3:"] * 2


@pytest.mark.parametrize("rates", [mt2st.Rates, "fast", [0.1, 0.2]])
def test_what_are_no_rates_is_refused(model, rates):
    with pytest.raises(ConfigError, match=r"rates must be mt2st.Rates\(...\), or a list of them, found"):
        make(model, rates)


def test_rates_for_too_few_groups_are_refused(model):
    with pytest.raises(ConfigError, match="one for each of the optimiser's 4 groups, found 2"):
        make(model, [mt2st.Rates()] * 2)


def test_a_fall_that_feedback_sees_halves_the_rates_until_the_switch():
    weight = torch.nn.Parameter(torch.ones(2))
    optimizer = torch.optim.SGD([weight], lr=1.0)
    strategy = mt2st.Feedback(mt2st.Switch(at=0.5), trial=0, patience=1, depth=1.0, noise=0.01)
    model = torch.nn.ParameterList([weight])
    balance = mt2st.Balance("p", ["a"], strategy, 8, model=model, optimizers=optimizer)
    scheduler = mt2st.PhaseLR(optimizer, balance, mt2st.Rates(end=1.0))
    found = []
    for step in range(8):
        found.append(optimizer.param_groups[0]["lr"])
        balance(p=lambda: weight.sum(), a=lambda: weight.sum()).backward()
        optimizer.step()
        balance.step()
        balance.observe(0.5 if step == 1 else 0.9)
        scheduler.step()
    assert found == [1.0, 1.0, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0]


def test_a_trial_that_waits_to_be_observed_stays_at_the_rates_of_its_end():
    """Two steps, two more, and two late ones; the score comes before the scheduler moves on."""
    table = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.SGD([table], lr=1.0)
    strategy = mt2st.Feedback(mt2st.Switch(at=0.5), trial=0.25, depth=0)
    balance = mt2st.Balance("p", ["a", "b"], strategy, 28, model=torch.nn.ParameterList([table]), optimizers=optimizer)
    scheduler, rates = mt2st.PhaseLR(optimizer, balance, mt2st.Rates(end=0.2)), []
    for step in range(1, 10):
        rates.append(round(optimizer.param_groups[0]["lr"], 3))
        balance(p=lambda: table.sum(), a=lambda: table.sum(), b=lambda: table.sum())
        optimizer.step()
        balance.step()
        if step == 6:
            balance.observe(0.5)
        scheduler.step()
    assert rates == [1.0, 0.6, 1.0, 0.6, 0.2, 0.2, 1.0, 0.6, 1.0]
