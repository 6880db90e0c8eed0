"""The file of finished trainings: what is in it comes back, whatever happened while it was written."""

import pytest

from mt2st.errors import DataError
from mt2st.training.store import Store

HEADER = {"labels": 750, "rates": (0.1, 0.2)}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "runs.jsonl"


def test_records_come_back_and_more_are_added(path):
    Store(path, HEADER).add("a", {"score": 0.1})
    Store(path, HEADER).add("b", {"score": 1 / 3})
    assert Store(path, HEADER).records == {"a": {"score": 0.1}, "b": {"score": 1 / 3}}


@pytest.mark.parametrize("cut", [1, 10, 25])
def test_a_line_that_was_not_finished_is_left_out_and_written_anew(path, cut):
    store = Store(path, HEADER)
    store.add("a", {"score": 0.1})
    store.add("b", {"score": 0.2})
    path.write_bytes(path.read_bytes()[:-cut])
    again = Store(path, HEADER)
    assert again.records == {"a": {"score": 0.1}}
    again.add("b", {"score": 0.3})
    assert Store(path, HEADER).records["b"] == {"score": 0.3}


def test_a_file_cut_within_its_header_begins_anew(path):
    Store(path, HEADER).add("a", {})
    path.write_bytes(path.read_bytes()[:9])
    assert Store(path, HEADER).records == {} == Store(path, HEADER).records


def test_another_experiment_is_refused_with_what_differs_and_left_as_it_is(path):
    Store(path, HEADER).add("a", {})
    before = path.read_bytes()
    with pytest.raises(DataError, match=r"other settings or data \(labels 750, here 100\): use those, or give"):
        Store(path, {**HEADER, "labels": 100})
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", ["no json\n", '{"key": "a"}\n'])
def test_a_file_that_is_none_of_ours_is_refused(path, content):
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(DataError, match=r"not a file of finished runs|no header"):
        Store(path, HEADER)
