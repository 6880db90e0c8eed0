"""What trainings came to, by hand."""

from dataclasses import dataclass

import pytest

from mt2st.experiments.outcomes import MEASURES, Outcome, outcomes
from mt2st.experiments.tables import Table
from mt2st.experiments.trials import Grid, Trial


def record(accuracy, development, curve, seconds=1.0):
    return {"test": dict.fromkeys(MEASURES, accuracy), "development": development, "curve": curve, "seconds": seconds}


SLOW = Outcome(
    0.1,
    [
        record(0.60, 0.7, [[1, 1.0, 0.9, 0.5], [2, 2.0, 0.5, 0.7]], 2.0),
        record(0.70, 0.8, [[1, 1.0, 0.7, 0.6], [2, 3.0, None, 0.8]], 4.0),
    ],
)
FAST = Outcome(
    0.2,
    [
        record(0.70, 0.9, [[1, 0.5, 0.9, 0.7], [2, 0.9, 0.5, 0.9]]),
        record(0.76, 0.8, [[1, 0.5, 0.7, 0.6], [2, 0.7, 0.2, 0.8]]),
    ],
)


def test_means_and_paired_differences():
    assert SLOW.interval().mean == pytest.approx(0.65) and SLOW.seconds == 3.0
    # Differences 0.10 and 0.06: mean 0.08, half of the interval t(0.975, 1) * 0.02828 / sqrt(2) = 12.706 * 0.02.
    difference = FAST.minus(SLOW)
    assert difference.mean == pytest.approx(0.08) and difference.high == pytest.approx(0.08 + 12.7062 * 0.02, abs=1e-4)


def test_seconds_to_the_other_s_best_are_of_the_same_seed():
    assert FAST.seconds_to(SLOW) == pytest.approx((0.5 + 0.7) / 2)
    assert SLOW.seconds_to(FAST) is None, "the first never gets to 0.9"
    assert SLOW.seconds_to(SLOW) == 2.5


def test_less_of_the_score_is_reached_sooner_and_time_may_be_short():
    assert SLOW.seconds_to(FAST, less=0.21) == pytest.approx((2.0 + 1.0) / 2)
    assert FAST.best_within(0.6) == pytest.approx((0.7 + 0.6) / 2)
    assert SLOW.best_within(2.5) == pytest.approx((0.7 + 0.6) / 2) and SLOW.best_within(0.5) == 0


def test_curves_are_means_where_all_have_a_value():
    assert SLOW.curve(3) == [(1, pytest.approx(0.55)), (2, pytest.approx(0.75))]
    assert SLOW.curve(2) == [(1, pytest.approx(0.8))]


@dataclass(frozen=True)
class Method:
    name: str
    rates: tuple


def test_only_finished_cells_have_an_outcome():
    a, b = Method("a", (0.1,)), Method("b", (0.1, 0.2))
    grid = Grid((a, b), seeds=2, search_seeds=1)
    records = {Trial(a, 0.1, seed).key: record(0.5, 0.5, []) for seed in (1, 2)}
    records |= {Trial(b, 0.1, 1000).key: record(0.5, 0.5, [])}
    assert list(outcomes(grid, records)) == [a]
    assert outcomes(grid, records)[a].rate == 0.1


def test_a_table_is_the_same_in_both_forms():
    table = Table("sums", ("what", "sum"), [("a", "1"), ("b", "2")])
    rich = table.rich()
    assert [list(column.cells) for column in rich.columns] == [["a", "b"], ["1", "2"]]
    assert table.markdown().splitlines()[-1] == "| b | 2 |"
