"""What an aggregator makes of losses and parameters that are not as usual."""

import pytest

import mt2st

torch = pytest.importorskip("torch")
aggregation = pytest.importorskip("torchjd.aggregation")

ROWS = {"p": torch.tensor([1.0, 0.0]), "a": torch.tensor([-1.0, 1.0])}
COMBINED = torch.tensor([0.5, 1.5])  # of both, in conflict, by PCGrad: [.5, .5] + [0, 1]


def balance_of(w, combine=aggregation.PCGrad):
    return mt2st.Balance("p", ["a"], mt2st.Constant(), 10, shared=[w], combine=combine())


def losses(w, rows=ROWS):
    return {task: lambda row=row: (w * row).sum() for task, row in rows.items()}


@pytest.mark.parametrize("name", ["UPGrad", "PCGrad", "MGDA", "CAGrad", "AlignedMTL", "IMTLG", "ConFIG", "DualProj"])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_combined_in_single(name, dtype):
    if name == "CAGrad":
        pytest.importorskip("cvxpy", reason="pip install 'torchjd[cagrad]'")
    found = []
    for each in (dtype, torch.float32):
        w = torch.nn.Parameter(torch.zeros(2, dtype=each))
        combine = getattr(aggregation, name)
        rows = {task: row.to(each) for task, row in ROWS.items()}
        balance_of(w, lambda: combine(c=0.4) if name == "CAGrad" else combine())(**losses(w, rows)).backward()  # noqa: B023
        found.append(w.grad)
    assert found[0].dtype == dtype
    torch.testing.assert_close(found[0], found[1].to(dtype))


@pytest.mark.parametrize("name", ["UPGrad", "IMTLG", "MGDA"])
def test_backward_within_autocast_is_combined_in_single_too(name):
    combine, found = getattr(aggregation, name), []
    for enabled in (True, False):
        w = torch.nn.Parameter(torch.zeros(2))
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled):
            balance_of(w, combine)(
                **losses(w, {"p": torch.tensor([1.0, 0.1]), "a": torch.tensor([-0.7, 1.3])})
            ).backward()
        found.append(w.grad)
    torch.testing.assert_close(*found, rtol=1e-5, atol=1e-6)


def test_single_and_double_precision_side_by_side():
    w, v = torch.nn.Parameter(torch.zeros(1)), torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    balance = mt2st.Balance("p", ["a"], mt2st.Constant(), 10, shared=[w, v], combine=aggregation.PCGrad())
    balance(p=lambda: w.sum() + 0 * v.sum(), a=lambda: v.sum() - w.sum()).backward()
    assert (w.grad.dtype, v.grad.dtype) == (torch.float32, torch.float64)
    torch.testing.assert_close(torch.stack([w.grad[0], v.grad[0].float()]), COMBINED)


def test_hooks_on_parameters_are_called_once_with_what_came_of_all_tasks():
    w, v = torch.nn.Parameter(torch.zeros(2)), torch.nn.Parameter(torch.zeros(1))
    seen = []
    for each in (w, v):
        each.register_hook(lambda gradient: seen.append(gradient.clone()) or gradient / 2)
    rows = losses(w)
    balance = balance_of(w)
    for _ in range(2):
        w.grad = v.grad = None
        balance(p=lambda: rows["p"]() + v.sum(), a=lambda: rows["a"]() + 3 * v.sum()).backward()
        torch.testing.assert_close(w.grad, COMBINED / 2)
        assert v.grad.item() == 2.0
    assert len(seen) == 4


def test_a_loss_without_a_gradient_adds_to_the_value_alone():
    """As of a batch without labels of its task, in loops that return a zero for it."""
    w = torch.nn.Parameter(torch.ones(2))
    calls, combine = [], aggregation.PCGrad()
    combine.register_forward_hook(lambda *_: calls.append(1))
    balance, given = balance_of(w, lambda: combine), losses(w)
    balance(**given)
    loss = balance(p=given["p"], a=lambda: torch.tensor(4.0))
    loss.backward()
    assert loss.item() == 5.0
    torch.testing.assert_close(w.grad, ROWS["p"])
    assert calls == []


@pytest.mark.parametrize(("factor", "expected"), [(0.0, 0.0), (float("inf"), float("nan"))])
def test_gradients_that_are_zero_or_no_numbers_are_not_combined(factor, expected):
    w = torch.nn.Parameter(torch.zeros(2))
    (balance_of(w, aggregation.AlignedMTL)(**losses(w)) * factor).backward()  # which stops at what is not finite
    torch.testing.assert_close(w.grad[0].item(), expected, equal_nan=True)
