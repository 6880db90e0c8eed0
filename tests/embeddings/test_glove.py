from threading import Thread

import numpy as np
import pytest

from mt2st.embeddings import aligned_zeros, new_table
from mt2st.embeddings.glove import Glove
from mt2st.embeddings.table import padded
from mt2st.errors import ConfigError, DataError

WORDS = 12


def padded_table(words, vector_size, width, seed=1):
    table = aligned_zeros(words, width)
    table[:, :vector_size] = new_table(words, vector_size, seed, scale=20)
    return table


def make_records(count, words=WORDS, seed=2):
    random = np.random.default_rng(seed)
    rows, columns = (random.integers(0, words, count).astype(np.int32) for _ in range(2))
    return rows, columns, np.exp(random.uniform(-2, 7, count)).astype(np.float32)


class Oracle:
    """GloVe with AdaGrad as the paper and Stanford's program have it, in float64."""

    def __init__(self, glove):
        size, width = glove.vector_size, glove.table.shape[1]
        self.w, self.c = (array[: glove.words, :size].astype(np.float64) for array in (glove.table, glove.contexts))
        self.b, self.d = (array[:, width].astype(np.float64) for array in (glove.history, glove.context_history))
        self.sw, self.sc, self.sb, self.sd = (np.ones_like(array) for array in (self.w, self.c, self.b, self.d))

    def advance(self, rows, columns, values, rate, x_max=100.0, alpha=0.75):
        cost = 0.0
        for i, j, x in zip(rows, columns, values.astype(np.float64), strict=True):
            difference = self.w[i] @ self.c[j] + self.b[i] + self.d[j] - np.log(x)
            slope = min(1.0, (x / x_max) ** alpha) * difference
            cost += 0.5 * slope * difference
            gradients = *np.clip([slope * self.c[j], slope * self.w[i]], -100, 100), slope, slope
            places = (self.w, self.sw, i), (self.c, self.sc, j), (self.b, self.sb, i), (self.d, self.sd, j)
            for (parameter, squares, at), gradient in zip(places, gradients, strict=True):
                parameter[at] -= rate * gradient / np.sqrt(squares[at])
                squares[at] += (rate * gradient) ** 2
        return cost


@pytest.mark.parametrize(("vector_size", "width"), [(1, 8), (3, 3), (37, 37), (64, 64), (100, 104), (100, 112)])
@pytest.mark.parametrize("settings", [{}, {"x_max": 5.0, "alpha": 0.5}, {"alpha": 0.0}])
def test_it_does_what_the_equations_say(vector_size, width, settings):
    glove = Glove(padded_table(WORDS, vector_size, width), WORDS, vector_size, **settings)
    oracle, records = Oracle(glove), make_records(400)
    for rate in (0.05, 0.2):
        expected = oracle.advance(*records, rate, **settings)
        found = glove.advance(*records, rate)
        assert found.cost == pytest.approx(expected, rel=1e-5)
        assert (found.records, found.not_finite) == (400, 0)
    history, other = glove.history, glove.context_history
    for array, truth in (
        (glove.table[:, :vector_size], oracle.w),
        (glove.contexts[:, :vector_size], oracle.c),
        (history[:, :vector_size], oracle.sw),
        (other[:, :vector_size], oracle.sc),
        (history[:, width], oracle.b),
        (other[:, width], oracle.d),
        (history[:, width + 1], oracle.sb),
        (other[:, width + 1], oracle.sd),
    ):
        np.testing.assert_allclose(array, truth, rtol=2e-4, atol=1e-5)
    np.testing.assert_allclose(glove.vectors(), oracle.w + oracle.c, rtol=2e-4, atol=2e-5)
    assert not glove.table[:, vector_size:].any()
    assert not glove.contexts[:, vector_size:].any()


def test_one_record_by_hand():
    glove = Glove(np.array([[2.0]], np.float32), words=1, vector_size=1)
    glove.contexts[:] = 3.0
    glove.history[:, 1], glove.context_history[:, 1] = 0.5, 0.25
    # 2 x 3 + 0.5 + 0.25 - log 1 = 6.75; f = 0.01 ** 0.75 = 0.0316228; step = 0.1 f 6.75 = 0.0213454.
    found = glove.advance(np.zeros(1, np.int32), np.zeros(1, np.int32), np.ones(1, np.float32), rate=0.1)
    assert found.cost == pytest.approx(0.0316228 * 6.75**2 / 2)
    assert glove.table[0, 0] == pytest.approx(2 - 3 * 0.0213454)
    assert glove.contexts[0, 0] == pytest.approx(3 - 2 * 0.0213454)
    assert glove.history[0, :3] == pytest.approx([1 + 0.0640361**2, 0.5 - 0.0213454, 1 + 0.0213454**2])
    assert glove.context_history[0, :3] == pytest.approx([1 + 0.0426907**2, 0.25 - 0.0213454, 1 + 0.0213454**2])


def test_gradients_are_bounded_as_in_stanfords_program():
    glove = Glove(np.array([[200.0]], np.float32), words=1, vector_size=1)
    glove.contexts[:] = 3.0
    glove.advance(np.zeros(1, np.int32), np.zeros(1, np.int32), np.full(1, 100, np.float32), rate=0.1)
    # A slope of 595.4 x 3 is beyond 100, and so is 595.4 x 200.
    assert glove.table[0, 0] == pytest.approx(200 - 0.1 * 100)
    assert glove.contexts[0, 0] == pytest.approx(3 - 0.1 * 100)


def test_vectors_that_other_tasks_made_long_stay_finite():
    glove = Glove(padded_table(WORDS, 10, 16) * 20, WORDS, 10)
    costs = [glove.advance(*make_records(400)) for _ in range(50)]
    assert not any(cost.not_finite for cost in costs)
    assert costs[-1].cost < costs[0].cost / 100


def test_the_start():
    glove = Glove(new_table(500, 20, seed=1), words=500, vector_size=20, seed=3)
    again, other = (Glove(new_table(500, 20, seed=1), 500, 20, seed=seed) for seed in (3, 4))
    for name, array in glove.arrays().items():
        np.testing.assert_array_equal(array, again.arrays()[name])
        assert (array != other.arrays()[name]).any() == ("squares" not in name)
    assert all(array.ctypes.data % 64 == 0 for array in (glove.contexts, glove.history, glove.context_history))
    width = padded(20)
    for values in (glove.contexts[:, :20], glove.history[:, width], glove.context_history[:, width]):
        assert 0.024 < abs(values).max() <= 0.025
        assert abs(values.mean()) < 0.003
    assert (glove.history[:, :width] == 1).all()
    assert (glove.history[:, width + 1] == 1).all()
    assert not glove.history[:, width + 2 :].any()


def test_only_rows_of_the_records_move():
    table = padded_table(9, 5, 8)
    glove, before = Glove(table, words=7, vector_size=5), table.copy()
    contexts = glove.contexts.copy()
    glove.advance(np.array([2, 6], np.int32), np.array([3, 3], np.int32), np.array([9, 9], np.float32))
    assert np.flatnonzero((table != before).any(axis=1)).tolist() == [2, 6]
    assert np.flatnonzero((glove.contexts != contexts).any(axis=1)).tolist() == [3]


def test_the_weight_scales_the_rate_and_none_is_no_work():
    weighted, plain, off = (Glove(padded_table(WORDS, 10, 16), WORDS, 10) for _ in range(3))
    records = make_records(50)
    assert weighted.advance(*records, rate=0.1, weight=0.5) == plain.advance(*records, rate=0.05)
    np.testing.assert_array_equal(weighted.table, plain.table)
    before = off.table.copy()
    assert off.advance(*records, weight=0.0) == (0.0, 0, 0)
    np.testing.assert_array_equal(off.table, before)


def test_quanta_and_a_restored_state_come_to_the_same_bits():
    whole, first = (Glove(padded_table(WORDS, 10, 16), WORDS, 10) for _ in range(2))
    records = make_records(300)
    whole.advance(*records)
    first.advance(*(array[:100] for array in records))
    second = Glove(first.table.copy(), WORDS, 10, seed=99)
    for name, array in second.arrays().items():
        array[:] = first.arrays()[name]
    second.advance(*(array[100:] for array in records))
    np.testing.assert_array_equal(second.table, whole.table)
    for name, array in second.arrays().items():
        np.testing.assert_array_equal(array, whole.arrays()[name])


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
def test_what_is_not_finite_is_left_out(bad):
    glove, clean = (Glove(padded_table(WORDS, 10, 16), WORDS, 10) for _ in range(2))
    glove.table[4, 2] = bad
    rows, columns, values = make_records(200)
    fine = rows != 4
    expected = clean.advance(rows[fine], columns[fine], values[fine])
    assert glove.advance(rows, columns, values) == (expected.cost, fine.sum(), (~fine).sum())
    for name, array in glove.arrays().items():
        np.testing.assert_array_equal(array, clean.arrays()[name])
    assert not glove.table[:, 10:].any()


def test_a_value_of_zero_is_left_out():
    glove = Glove(padded_table(WORDS, 10, 16), WORDS, 10)
    found = glove.advance(np.zeros(2, np.int32), np.ones(2, np.int32), np.array([0, 5], np.float32))
    assert (found.records, found.not_finite) == (1, 1)
    assert np.isfinite(glove.vectors()).all()


def test_records_may_be_mapped_read_only(tmp_path):
    glove = Glove(padded_table(WORDS, 10, 16), WORDS, 10)
    for name, array in zip("rcv", make_records(30), strict=True):
        np.save(tmp_path / f"{name}.npy", array)
    assert glove.advance(*(np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in "rcv")).records == 30


def test_two_threads_learn_what_one_does():
    random = np.random.default_rng(5)
    truth = random.normal(size=(2, 200, 4)) / 2
    rows, columns = (random.integers(0, 200, 40_000).astype(np.int32) for _ in range(2))
    values = (60 * np.exp((truth[0, rows] * truth[1, columns]).sum(axis=1))).astype(np.float32)
    costs = []
    for parts in (1, 2):
        glove = Glove(new_table(200, 8, seed=1), 200, 8)
        for _ in range(12):
            threads = [
                Thread(
                    target=glove.advance,
                    args=(rows[k::parts].copy(), columns[k::parts].copy(), values[k::parts].copy()),
                )
                for k in range(parts)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        costs.append(glove.advance(rows, columns, values).cost / len(rows))
    assert max(costs) < 0.02
    assert costs[1] == pytest.approx(costs[0], rel=0.5)


@pytest.mark.parametrize(
    ("table", "words", "size", "message"),
    [
        (np.zeros((3, 4)), 3, 4, "float32 in rows, float64"),
        (np.zeros((3, 4), np.float32).T, 3, 3, "make it with new_table"),
        (np.zeros((3, 4), np.float32), 4, 4, "4 words of 4"),
        (np.zeros((3, 4), np.float32), 3, 5, "3 words of 5"),
        (np.zeros((3, 4), np.float32), 0, 4, "0 words"),
        (np.ones((3, 4), np.float32), 3, 3, "padding"),
    ],
)
def test_tables_that_do_not_fit(table, words, size, message):
    with pytest.raises(ConfigError, match=message):
        Glove(table, words, size)


@pytest.mark.parametrize("settings", [{"x_max": 0.0}, {"x_max": np.nan}, {"alpha": -0.1}])
def test_settings_out_of_bounds(settings):
    with pytest.raises(ConfigError, match="x_max must be above 0"):
        Glove(new_table(3, 4, seed=1), 3, 4, **settings)


@pytest.mark.parametrize(("row", "column"), [(3, 0), (0, 3), (-1, 0), (0, -1)])
def test_records_of_no_word(row, column):
    glove = Glove(new_table(5, 4, seed=1), 3, 4)
    with pytest.raises(DataError, match="words 0 to 2"):
        glove.advance(np.array([row], np.int32), np.array([column], np.int32), np.ones(1, np.float32))


def test_records_of_unequal_lengths():
    glove = Glove(new_table(5, 4, seed=1), 3, 4)
    with pytest.raises(DataError, match="2, 1, 1"):
        glove.advance(np.zeros(2, np.int32), np.zeros(1, np.int32), np.ones(1, np.float32))
