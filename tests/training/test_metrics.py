import pytest

from mt2st.errors import CheckpointError
from mt2st.training.metrics import MetricsLog, read_metrics


def test_records_are_appended_and_read(tmp_path):
    path = tmp_path / "metrics.jsonl"
    log = MetricsLog(path)
    log.append({"step": 1, "loss": 0.1})
    assert read_metrics(path) == [{"step": 1, "loss": 0.1}], "at once, not when it is closed"
    log.append({"step": 2, "loss": None})
    log.close()
    assert read_metrics(path) == [{"step": 1, "loss": 0.1}, {"step": 2, "loss": None}]


def test_records_after_the_checkpoint_are_cut_off(tmp_path):
    path = tmp_path / "metrics.jsonl"
    log = MetricsLog(path)
    log.append({"step": 1})
    keep = log.size
    log.append({"step": 2})
    log.close()
    with path.open("a") as file:
        file.write('{"step": 3, "lo')  # what a kill leaves
    again = MetricsLog(path, keep)
    assert read_metrics(path) == [{"step": 1}]
    again.append({"step": 2, "new": True})
    again.close()
    assert read_metrics(path) == [{"step": 1}, {"step": 2, "new": True}]


def test_a_file_that_has_lost_records_is_refused(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 1}\n')
    with pytest.raises(CheckpointError, match=r"has lost records .* start over"):
        MetricsLog(path, keep=100)
    assert path.read_text() == '{"step": 1}\n'
