"""The file of a comparison's trainings: what they came to, and what they depend on."""

from pathlib import Path

import pytest

from mt2st.errors import DataError
from mt2st.training.cells import Cell, CellResult
from mt2st.training.comparison_store import ComparisonStore
from mt2st.training.settings import parse_settings

RESULTS = (
    CellResult(Cell("switch", (1 / 3, 3.0), 1000), 0.5, None, 1.5, ((0.1, 1 / 3), (0.2, 0.5))),
    CellResult(Cell("switch", (1.0, 1.0), 1), 0.5, 2 / 3, 1.5, (), 0.25),
)


@pytest.fixture
def store(tmp_path, job_values):
    """Return a store of a small job with some changes."""
    return lambda changes=None: ComparisonStore(tmp_path / "runs.jsonl", parse_settings(job_values(changes)))


def test_results_come_back_as_they_were(store):
    first = store()
    for result in RESULTS:
        first.add(result)
    assert store().results == first.results == {result.cell: result for result in RESULTS}


def test_what_a_comparison_decides_itself_may_differ(store):
    store().add(RESULTS[0])
    own = {"strategy.name": "constant", "training.seed": 9, "training.max_seconds": 5.0}
    assert store({**own, "auxiliary.film.strategy": {"name": "constant"}}).results


def test_other_settings_or_data_are_refused_by_what_differs(store, job_values):
    store().add(RESULTS[0])
    with pytest.raises(DataError, match=r"runs\.jsonl: the runs .*\(training\.steps \d+, here 77\): use those, or"):
        store({"training.steps": 77})
    data = job_values()["primary"]["data"]
    with Path(data).open("a") as reviews:
        reviews.write("pos\tone more\n")
    with pytest.raises(DataError, match=rf"\(SHA-256 of {data} '\w{{12}}', here '\w{{12}}'\)"):
        store()
