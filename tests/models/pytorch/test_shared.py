from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from mt2st.embeddings import new_table  # noqa: E402
from mt2st.embeddings.pairs import PairModel  # noqa: E402
from mt2st.embeddings.table import whole_rows  # noqa: E402
from mt2st.errors import ConfigError  # noqa: E402
from mt2st.models.pytorch.encoders import make_encoder  # noqa: E402
from mt2st.models.pytorch.row_sparse import Adam, moving_rows  # noqa: E402
from mt2st.models.pytorch.shared import TorchShared  # noqa: E402
from mt2st.tasks import LanguageModel, Sampler  # noqa: E402
from mt2st.text import Ragged  # noqa: E402

SENTENCES = Ragged.from_lists([[1, 2, 3], [4, 2], [2, 2, 1]])


def make(rate=0.01, table_rate=0.02):
    return TorchShared(
        make_encoder("bilstm", new_table(6, 4, seed=1), {"hidden_size": 3}, 0.2), rate=rate, table_rate=table_rate
    )


def run(shared, steps):
    for step in steps:
        shared.begin_step(step)
        shared.encoder(SENTENCES, np.array([step % 3, 1])).square().sum().backward()
        shared.finish_step(1 - step / 10)


def copies(arrays):
    return {name: array.copy() for name, array in arrays.items()}


def assert_same(one, other):
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def test_training_does_not_import_torchs_compiler():
    # It takes seconds, and torch.optim.Adam does.
    code = (
        "import sys, torch, numpy as np\n"
        "from mt2st.models.pytorch.encoders import make_encoder\n"
        "from mt2st.models.pytorch.shared import TorchShared\n"
        "shared = TorchShared(make_encoder('bilstm', np.zeros((2, 2), np.float32), {'hidden_size': 2}))\n"
        "shared.encoder.embedding.weight.sum().backward()\n"
        "shared.finish_step(1.0)\n"
        "sys.exit('torch._dynamo' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_dense_adam_is_torchs():
    ours, theirs = (torch.nn.Parameter(torch.tensor([[0.5, -2.0], [1.0, 3.0]])) for _ in range(2))
    adam, reference = Adam(ours), torch.optim.Adam([theirs], lr=0.1)
    for step in range(1, 30):
        for parameter in (ours, theirs):
            parameter.grad = torch.tensor([[1.0, 1e-6 * step], [-step, 0.0]])
        adam.step(0.1)
        reference.step()
        assert ours.grad is None
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


def test_rows_that_always_move_are_torchs_sparse_adam():
    ours, theirs = (torch.nn.Parameter(torch.ones(5, 2)) for _ in range(2))
    adam, reference = Adam(ours, by_row=True), torch.optim.SparseAdam([theirs], lr=0.1)
    # A row named twice counts once, with the sum.
    places, values = torch.tensor([[3, 1, 3]]), torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 0.5]])
    for step in range(1, 30):
        for parameter in (ours, theirs):
            parameter.grad = torch.sparse_coo_tensor(places, values * step, (5, 2), check_invariants=True)
        adam.step(0.1)
        reference.step()
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)
    assert adam.steps.flatten().tolist() == [0, 29, 0, 29, 0]


def test_a_word_first_met_late_moves_by_one_rate():
    def first_move(optimiser, parameter, step):
        for row in [0] * 500 + [1]:
            parameter.grad = torch.sparse_coo_tensor([[row]], [[1.0]], (2, 1), check_invariants=True)
            step()
        return -float(parameter.detach()[1])

    ours, theirs = (torch.nn.Parameter(torch.zeros(2, 1)) for _ in range(2))
    adam, reference = Adam(ours, by_row=True), torch.optim.SparseAdam([theirs], lr=0.1)
    assert first_move(adam, ours, lambda: adam.step(0.1)) == pytest.approx(0.1, rel=1e-4)
    # What the docstring says of SparseAdam: fresh moments, corrected as if they were old.
    late = 0.1 / 0.001**0.5 * (1 - 0.999**501) ** 0.5
    assert late > 1.9
    assert first_move(reference, theirs, reference.step) == pytest.approx(0.1 * late, rel=1e-3)


def test_untouched_rows_stay_bit_equal():
    shared = make()
    before = shared.table.copy()
    run(shared, [0])
    assert (shared.table != before).any(1).tolist() == [False, True, True, True, True, False]
    after, state = shared.table.copy(), copies(shared.rows.arrays("table"))
    shared.begin_step(1)
    shared.encoder(SENTENCES, np.array([1])).square().sum().backward()
    shared.finish_step(1.0)
    for name, array in shared.rows.arrays("table").items():
        np.testing.assert_array_equal(array[[0, 1, 3, 5]], state[name][[0, 1, 3, 5]], err_msg=name)
    assert (shared.table[[2, 4]] != after[[2, 4]]).all()


def test_a_dense_gradient_moves_its_rows_only():
    shared = make()
    before = shared.table.copy()
    shared.encoder.embedding.weight[[1, 5]].sum().backward()
    shared.finish_step(0.5)
    np.testing.assert_allclose(
        before - shared.table, np.isin(np.arange(6), [1, 5])[:, None] * 0.01 * np.ones(4), atol=1e-7
    )


def test_rows_named_twice_are_summed_and_rows_of_zeros_left_out():
    values = torch.tensor([[1.0], [0.0], [0.5], [2.0], [-2.0]])
    rows, sums = moving_rows(torch.sparse_coo_tensor([[3, 2, 3, 0, 0]], values, (5, 1), check_invariants=True))
    assert rows.tolist() == [3] and sums.tolist() == [[1.5]]


def test_sparse_and_dense_gradients_add_up():
    weight = make().encoder.embedding.weight
    torch.nn.functional.embedding(torch.tensor([2, 2]), weight, sparse=True).sum().backward()
    (3 * weight[4].sum()).backward()
    rows, values = moving_rows(weight.grad)
    assert rows.tolist() == [2, 4] and values[:, 0].tolist() == [2.0, 3.0]


def test_only_what_got_a_gradient_is_stepped():
    shared = make()
    one, other = (shared.register(torch.nn.Linear(6, 2), rate) for rate in (None, 0.5))
    before, encoder = copies(other.arrays("")), copies(shared.arrays())
    one.module(torch.ones(6)).sum().backward()
    shared.finish_step(1.0)
    assert_same(before, other.arrays(""))
    assert_same(encoder, shared.arrays())
    assert one.arrays("")["weight.steps"].tolist() == [1] and one.module.weight.grad is None
    shared.finish_step(1.0)
    assert one.arrays("")["weight.steps"].tolist() == [1]


def test_rates_are_scaled_and_heads_have_their_own():
    shared = make(rate=0.01)
    heads = [shared.register(torch.nn.Linear(6, 2), rate) for rate in (None, 0.5)]
    before = [head.module.bias.detach().clone() for head in heads]
    for head in heads:
        head.module(torch.ones(6)).sum().backward()
    shared.finish_step(0.5)
    moves = [(old - head.module.bias.detach()).tolist() for old, head in zip(before, heads, strict=True)]
    assert moves[0] == pytest.approx([0.005] * 2, rel=1e-3) and moves[1] == pytest.approx([0.25] * 2, rel=1e-3)


def test_same_seeds_same_bits_and_other_seeds_do_not():
    one, same, other = make(), make(), make()
    run(one, range(4))
    run(same, range(4))
    run(other, [0, 1, 2, 7])
    assert_same(one.arrays(), same.arrays())
    assert not np.array_equal(one.table, other.table)


def test_resumed_is_uninterrupted():
    whole, first, second = make(), make(), make()
    run(whole, range(6))
    run(first, range(3))
    saved = copies(first.arrays())
    for name, array in second.arrays().items():
        array[...] = saved[name]
    run(second, range(3, 6))
    assert_same(whole.arrays(), second.arrays())


def test_arrays_are_live_and_whole():
    shared = make()
    arrays = shared.arrays()
    assert arrays["table"].ctypes.data == shared.table.ctypes.data
    assert len(arrays) == 4 * (1 + 8)
    assert {"table.steps", "encoder.lstm.weight_hh_l0_reverse.second"} <= set(arrays)
    run(shared, range(2))
    assert arrays["table.steps"].max() == 2 and arrays["encoder.lstm.bias_ih_l0.first"].any()


def test_trace_sees_values_and_pending_gradients():
    shared = make()
    empty = shared.trace()
    assert [len(part) for part in empty[9:]] == [0] * 9
    (shared.encoder(SENTENCES, np.arange(3)).sum() * 0).backward()
    assert all(np.array_equal(a, b) for a, b in zip(empty, shared.trace(), strict=True))
    shared.encoder(SENTENCES, np.array([1])).sum().backward()
    traced = shared.trace()
    assert traced[9].shape == (2, 4)
    shared.finish_step(1.0)
    assert not np.array_equal(traced[0], shared.trace()[0])
    assert np.array_equal(traced[0], empty[0])


def test_native_language_model_and_torch_take_turns_on_one_padded_memory():
    shared = make()
    weight, padded = shared.encoder.embedding.weight, whole_rows(shared.table)
    assert weight.data_ptr() == padded.ctypes.data
    assert weight.stride() == (padded.shape[1], 1) and padded.shape[1] > weight.shape[1]
    counts, sampler = np.array([1, 3, 5, 2, 2, 1]), Sampler(3, 5, 5, seed=1, name="text")
    task = LanguageModel("text", PairModel(shared.table, counts, sample=0.0), SENTENCES, sampler, rate=0.5)
    shared.encoder.eval()
    for step in range(3):
        before = shared.encoder(SENTENCES, np.arange(3)).detach()
        task.learn(sampler.draw(), 1.0, 1.0)
        assert not torch.equal(shared.encoder(SENTENCES, np.arange(3)).detach(), before), "torch reads what it wrote"
        loss = task.learn(np.arange(3), 1.0, 0.0).loss
        run(shared, [step])
        assert task.learn(np.arange(3), 1.0, 0.0).loss != loss, "and it reads what torch wrote"
        assert np.array_equal(weight.detach().numpy(), shared.table)
        assert not padded[:, shared.table.shape[1] :].any()


def test_a_padded_table_trains_as_a_plain_one():
    padded, table = make(), np.ascontiguousarray(make().table)
    plain = TorchShared(make_encoder("bilstm", table, {"hidden_size": 3}, 0.2), rate=0.01, table_rate=0.02)
    for shared in (padded, plain):
        run(shared, range(4))
    assert_same(padded.arrays(), plain.arrays())


def test_rows_beside_the_table_are_saved_and_nothing_else():
    memory = new_table(9, 4, seed=1)
    shared = TorchShared(make_encoder("bilstm", memory[:6], {"hidden_size": 3}), beside={"subwords": memory[6:]})
    assert shared.arrays()["subwords"].ctypes.data == memory[6:].ctypes.data
    before = memory.copy()
    run(shared, range(2))
    assert (memory[:6] != before[:6]).any() and np.array_equal(memory[6:], before[6:])
    assert [len(array) for name, array in shared.arrays().items() if name.startswith("table")] == [6] * 4


@pytest.mark.parametrize("columns", [[0], [1, 3]])
@pytest.mark.parametrize("sparse", [True, False])
def test_frozen_columns_and_their_moments_rest_and_others_step_as_without(columns, sparse):
    active = [column for column in range(4) if column not in columns]
    adams = []
    for frozen in ([], columns):
        torch.manual_seed(3)
        embedding = torch.nn.Embedding(6, 4, sparse=sparse)
        adam = Adam(embedding.weight, by_row=True)
        adam.columns = torch.tensor(active) if frozen else None
        for step in range(3):
            (embedding(torch.tensor([1, 2, 2, 5])) * (step + torch.arange(4.0))).square().sum().backward()
            adam.step(0.1)
        adams.append((adam, embedding.weight.detach()))
    (plain, whole), (adam, part) = adams
    torch.manual_seed(3)
    start = torch.nn.Embedding(6, 4).weight
    assert torch.equal(part[:, columns], start[:, columns]) and not part[:, active].equal(start[:, active])
    assert not adam.first[:, columns].any() and not adam.second[:, columns].any()
    torch.testing.assert_close(part[:, active], whole[:, active])
    assert adam.steps.flatten().tolist() == plain.steps.flatten().tolist() == [0, 3, 3, 0, 0, 3]


def test_a_row_whose_active_columns_have_no_gradient_rests():
    value = torch.nn.Parameter(torch.zeros(2, 2))
    adam = Adam(value, by_row=True)
    adam.columns = torch.tensor([0])
    value.grad = torch.tensor([[0.0, 5.0], [5.0, 5.0]])
    adam.step(1.0)
    assert adam.steps.flatten().tolist() == [0, 1] and value.tolist() == [[0.0, 0.0], [-1.0, 0.0]]


def test_the_norm_of_pending_gradients_is_of_what_trains():
    shared = make()
    shared.encoder(SENTENCES, np.array([0, 1])).sum().backward()
    whole = [parameter.grad.coalesce().to_dense() if parameter.grad.is_sparse else parameter.grad
             for parameter in shared.parameters()]  # fmt: skip
    assert shared.gradient_norm() == pytest.approx(float(torch.cat([g.flatten() for g in whole]).norm()), rel=1e-6)
    shared.freeze(np.array([0, 2]))
    whole[0] = whole[0][:, [1, 3]]
    assert shared.gradient_norm() == pytest.approx(float(torch.cat([g.flatten() for g in whole]).norm()), rel=1e-6)


def test_all_columns_and_layers_frozen_leave_nothing_to_differentiate():
    shared = make()
    names = [name for name, _ in shared.encoder.layers.named_parameters()]
    shared.freeze(np.arange(4), names)
    assert not shared.encoder(SENTENCES, np.array([0, 1])).requires_grad
    assert np.isnan(shared.gradient_norm())
    shared.freeze(np.arange(0))
    never_frozen = make()
    for each in (shared, never_frozen):
        run(each, range(2))
    assert_same(copies(shared.arrays()), never_frozen.arrays())


@pytest.mark.parametrize("columns", [8, 37])
def test_rows_that_are_in_every_batch_are_dense_adams(columns):
    generator = torch.Generator().manual_seed(4)
    start = torch.randn(7, columns, generator=generator)
    ours, theirs = (torch.nn.Parameter(start.clone()) for _ in range(2))
    adam, reference = Adam(ours, by_row=True), torch.optim.Adam([theirs], lr=0.05)
    for _ in range(40):
        # Each row at least once, some two or three times, as words of a batch.
        places = torch.cat((torch.arange(7), torch.randint(7, (9,), generator=generator)))
        values = torch.randn(16, columns, generator=generator)
        ours.grad = torch.sparse_coo_tensor(places[None], values, ours.shape, check_invariants=True)
        theirs.grad = torch.zeros(ours.shape).index_add(0, places, values)
        adam.step(0.05)
        reference.step()
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)
    moments = reference.state[theirs]
    torch.testing.assert_close(adam.first, moments["exp_avg"], rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(adam.second, moments["exp_avg_sq"], rtol=1e-5, atol=1e-6)


def test_a_row_that_was_in_a_batch_once_rests_where_dense_adam_moves_it_on():
    ours, theirs = (torch.nn.Parameter(torch.zeros(2, 1)) for _ in range(2))
    adam, reference = Adam(ours, by_row=True), torch.optim.Adam([theirs], lr=0.1)
    for step in range(3):
        gradient = torch.tensor([[1.0], [float(step == 0)]])
        ours.grad, theirs.grad = gradient.clone(), gradient
        adam.step(0.1)
        reference.step()
    assert ours[1].item() == pytest.approx(-0.1, rel=1e-5)
    # 0.9 / 1.9 / sqrt(0.999 / 1.999), then 0.81 / 2.71 / sqrt(0.998001 / 2.997001), by hand.
    after = 1 + 0.9 / 1.9 / (0.999 / 1.999) ** 0.5 + 0.81 / 2.71 / (0.998001 / 2.997001) ** 0.5
    assert theirs[1].item() == pytest.approx(-0.1 * after, rel=1e-4)
    torch.testing.assert_close(ours[0], theirs[0])


@pytest.mark.parametrize("start", [torch.ones(3, 4, dtype=torch.float64), torch.ones(4, 3).t()])
def test_other_precisions_and_layouts_are_stepped_too(start):
    ours, theirs = (torch.nn.Parameter(start.clone()) for _ in range(2))
    adam, reference = Adam(ours), torch.optim.Adam([theirs], lr=0.1)
    for step in range(5):
        for parameter in (ours, theirs):
            parameter.grad = (torch.arange(12.0).view(3, 4) - step).to(start.dtype)
        adam.step(0.1)
        reference.step()
    torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


def test_autograd_sees_that_a_parameter_has_changed():
    for by_row in (False, True):
        value = torch.nn.Parameter(torch.ones(2, 2))
        adam, loss = Adam(value, by_row=by_row), value.square().sum()
        value.grad = torch.ones(2, 2)
        adam.step(0.1)
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            loss.backward()


@pytest.mark.parametrize("cast", [lambda encoder: encoder.double(), lambda encoder: encoder.to("meta")])
def test_a_table_that_is_no_longer_shared_with_numpy_is_refused(cast):
    encoder = cast(make_encoder("bilstm", np.ones((4, 3), np.float32), {"hidden_size": 2}))
    with pytest.raises(ConfigError, match=r"rows train in float32 on the CPU, torch.float.* found: leave the encoder"):
        TorchShared(encoder)


def test_an_encoder_that_is_cast_later_is_refused_at_its_next_step():
    shared = make()
    shared.encoder.double()
    shared.encoder(SENTENCES, np.array([0])).sum().backward()
    with pytest.raises(ConfigError, match=r"rows train in float32 on the CPU, torch.float64 on cpu found"):
        shared.finish_step(1.0)
